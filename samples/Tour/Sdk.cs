using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Sluice.Tour;

/// <summary>
/// Where `dotnet` is run for a target. Mostly in its own folder; but when its global.json asks for an SDK that is not installed, in the
/// workbench, with the SDK that is. The loader takes the SDK of the first project, so there a stand-in goes first.
/// </summary>
internal sealed record Sdk(string Folder, string StandIns, IReadOnlyList<string> Notes)
{
    public static async Task<Sdk> OfAsync(string target, Workbench bench, CancellationToken cancellation)
    {
        var standIns = Path.Combine(bench.Folder, "standin");
        var own = Path.GetDirectoryName(target)!;
        if ((await Workbench.RunAsync(own, ["--version"], cancellation)).ExitCode == 0)
        {
            return new Sdk(own, standIns, []);
        }

        var (exitCode, output) = await Workbench.RunAsync(bench.Folder, ["--version"], cancellation);
        return exitCode == 0
            ? new Sdk(bench.Folder, standIns, [$"The SDK that its global.json asks for is not installed: loaded with {output[0].Trim()} instead."])
            : throw new CannotVetException("There is no .NET SDK that runs here.");
    }

    /// <summary>What to open for <paramref name="target"/>, and the folder of its solution when that is not the same.</summary>
    public async Task<(string Path, string? SolutionFolder)> ToOpenAsync(string target, CancellationToken cancellation)
    {
        if (Notes.Count == 0)
        {
            return (target, null);
        }

        Directory.CreateDirectory(StandIns);
        var first = Path.Combine(StandIns, "StandIn.csproj");
        await File.WriteAllTextAsync(first, """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>netstandard2.0</TargetFramework></PropertyGroup></Project>""", cancellation);
        var projects = await ProjectsOfAsync(target, cancellation);
        var solution = Path.Combine(StandIns, "StandIn.slnx");
        await File.WriteAllTextAsync(solution, $"<Solution>{string.Concat(projects.Where(File.Exists).Prepend(first).Select(project => $"<Project Path=\"{project}\" />"))}</Solution>", cancellation);
        return (solution, Path.GetDirectoryName(target));
    }

    /// <summary>The C# projects that <paramref name="target"/> names, whether they can be loaded or not.</summary>
    public async Task<IReadOnlyList<string>> ProjectsOfAsync(string target, CancellationToken cancellation)
    {
        if (!Target.IsSolution(target))
        {
            return [target];
        }

        var (_, output) = await Workbench.RunAsync(Folder, ["sln", target, "list"], cancellation);
        return [.. output.Select(line => line.Trim()).Where(Target.IsProject).Select(line => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(target)!, line)))];
    }
}
