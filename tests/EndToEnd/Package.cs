using System.IO;
using System.Linq;
using System.Reflection;

namespace Sluice.EndToEnd;

/// <summary>The package under test, as the build of this project left it.</summary>
internal static class Package
{
    public static string Version { get; } = BuildValue(nameof(Version));

    public static string RepositoryUrl { get; } = BuildValue(nameof(RepositoryUrl));

    /// <summary>Gets the folder that this repository was built in.</summary>
    public static string Repository { get; } = Path.GetFullPath(BuildValue(nameof(Repository)));

    /// <summary>Gets the folder that serves as a package source.</summary>
    public static string Feed { get; } = Path.GetFullPath(BuildValue(nameof(Feed)));

    public static string File { get; } = Path.Combine(Feed, $"Sluice.{Version}.nupkg");

    private static string BuildValue(string key) =>
        typeof(Package).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}
