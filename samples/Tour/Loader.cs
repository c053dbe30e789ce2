using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.MSBuild;

namespace Sluice.Tour;

/// <summary>Loads a project or solution as the compiler would see it.</summary>
internal sealed class Loader(Workbench bench, Progress progress)
{
    public async Task<Loaded> LoadAsync(string target, CancellationToken cancellation)
    {
        progress.Say($"restoring {Path.GetFileName(target)} (into a temporary folder)");
        var problems = (await bench.RestoreAsync(target, cancellation)).Select(error => "restore: " + error).ToList();

        var workspace = MSBuildWorkspace.Create(bench.Properties.ToDictionary());
        workspace.SkipUnrecognizedProjects = true;
        var steps = new LoadSteps(progress);
        if (Target.IsSolution(target))
        {
            await workspace.OpenSolutionAsync(target, progress: steps, cancellationToken: cancellation);
        }
        else
        {
            await workspace.OpenProjectAsync(target, progress: steps, cancellationToken: cancellation);
        }

        problems.AddRange(workspace.Diagnostics.Where(diagnostic => diagnostic.Kind == WorkspaceDiagnosticKind.Failure).Select(diagnostic => diagnostic.Message));
        var projects = workspace.CurrentSolution.Projects
            .Where(project => project.Language == LanguageNames.CSharp && (Target.IsSolution(target) || SameFile(project.FilePath, target)))
            .GroupBy(project => project.FilePath)
            .Select(frameworks => frameworks.OrderByDescending(Framework.Rank).ToList())
            .OrderBy(frameworks => frameworks[0].FilePath, StringComparer.Ordinal)
            .ToList();
        var notes = projects.Where(frameworks => frameworks.Count > 1)
            .Select(frameworks => $"{Framework.Without(frameworks[0].Name)}: vetted as {Framework.Of(frameworks[0])}, not again as {string.Join(", ", frameworks.Skip(1).Select(Framework.Of))}")
            .ToList();
        return new Loaded(workspace, projects.ConvertAll(frameworks => frameworks[0]), problems, notes);
    }

    private static bool SameFile(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private sealed class LoadSteps(Progress progress) : IProgress<ProjectLoadProgress>
    {
        private readonly HashSet<string> _seen = [];

        public void Report(ProjectLoadProgress value)
        {
            lock (_seen)
            {
                _seen.Add(value.FilePath);
                progress.Say($"loading project {_seen.Count}: {Path.GetFileNameWithoutExtension(value.FilePath)}");
            }
        }
    }
}
