using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Sluice.Tour;

/// <summary>
/// Keeps the promise honest: a project may have build targets of its own that write where they like. This sees it.
/// </summary>
internal sealed class Untouched(string folder)
{
    private readonly Dictionary<string, (long Length, DateTime Written)> _before = Files(folder);

    /// <summary>The files that appeared, changed or went since.</summary>
    public IReadOnlyList<string> Changes()
    {
        var after = Files(folder);
        return after.Where(file => !_before.TryGetValue(file.Key, out var was) || was != file.Value).Select(file => file.Key)
            .Concat(_before.Keys.Where(file => !after.ContainsKey(file)))
            .Order(StringComparer.Ordinal).ToList();
    }

    private static Dictionary<string, (long Length, DateTime Written)> Files(string folder) =>
        new DirectoryInfo(folder)
            .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(file => !file.FullName.Contains($"{Path.DirectorySeparatorChar}.git{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .ToDictionary(file => file.FullName, file => (file.Length, file.LastWriteTimeUtc));
}
