using System;
using System.IO;
using System.Linq;

namespace Sluice.EndToEnd;

/// <summary>A test that links a native program and runs it in an empty root: on x64 Linux, as root, where gcc and zlib are. Elsewhere it is skipped and says so.</summary>
internal sealed class StaticLinkFactAttribute : FactAttribute
{
    private static readonly string[] Tools = ["gcc", "objcopy", "chroot"];

    public StaticLinkFactAttribute() => Skip = Missing();

    private static string? Missing()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "A static program is linked and run in an empty root on Linux, as root.";
        }

        var path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        var missing = Tools.Where(tool => !path.Any(folder => File.Exists(Path.Combine(folder, tool)))).ToList();
        return missing.Count == 0 ? null : $"A static program is linked by gcc: {string.Join(", ", missing)} missing (apt-get install gcc zlib1g-dev).";
    }
}
