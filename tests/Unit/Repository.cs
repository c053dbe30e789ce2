using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Sluice.Tests;

/// <summary>The files of this repository, for the tests that keep code, pages and tests in step.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(BuildValue("RepositoryRoot"));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    /// <summary>The names, without folder, of the files in <paramref name="folder"/> that match <paramref name="pattern"/>.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern) =>
        Directory.Exists(Path.Combine(Root, folder))
            ? [.. Directory.GetFiles(Path.Combine(Root, folder), pattern).Select(path => Path.GetFileName(path)).Order()]
            : [];

    /// <summary>What the build wrote into this assembly under <paramref name="key"/>.</summary>
    public static string BuildValue(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}
