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
        var sdk = await Sdk.OfAsync(target, bench, cancellation);
        progress.Say($"restoring {Path.GetFileName(target)} (into a temporary folder)");
        var problems = (await bench.BuildAsync("restore", target, sdk.Folder, cancellation)).Select(error => "restore: " + error).ToList();

        var workspace = await OpenAsync(target, sdk, cancellation);
        if (await BuildGeneratorsAsync(workspace.CurrentSolution, sdk, cancellation))
        {
            workspace.Dispose();
            workspace = await OpenAsync(target, sdk, cancellation);
        }

        problems.AddRange(workspace.Diagnostics.Where(diagnostic => diagnostic.Kind == WorkspaceDiagnosticKind.Failure).Select(diagnostic => diagnostic.Message));
        var projects = workspace.CurrentSolution.Projects
            .Where(project => project.Language == LanguageNames.CSharp && !IsBelow(project.FilePath, sdk.StandIns))
            .Where(project => Target.IsSolution(target) || string.Equals(project.FilePath, target, StringComparison.OrdinalIgnoreCase))
            .GroupBy(project => project.FilePath)
            .Select(frameworks => frameworks.OrderByDescending(Framework.Rank).ToList())
            .OrderBy(frameworks => frameworks[0].FilePath, StringComparer.Ordinal)
            .ToList();
        var notes = projects.Where(frameworks => frameworks.Count > 1)
            .Select(frameworks => $"{Framework.Without(frameworks[0].Name)}: vetted as {Framework.Of(frameworks[0])}, not again as {string.Join(", ", frameworks.Skip(1).Select(Framework.Of))}");
        var missing = (await sdk.ProjectsOfAsync(target, cancellation)).Except(projects.Select(frameworks => frameworks[0].FilePath!), StringComparer.OrdinalIgnoreCase);
        return new Loaded(workspace, projects.ConvertAll(frameworks => frameworks[0]), [.. missing], [.. problems.Distinct()], [.. sdk.Notes, .. notes]);
    }

    private async Task<MSBuildWorkspace> OpenAsync(string target, Sdk sdk, CancellationToken cancellation)
    {
        var properties = bench.Properties.ToDictionary();
        var steps = new LoadSteps(progress);
        try
        {
            var (path, solutionFolder) = await sdk.ToOpenAsync(target, cancellation);
            if (solutionFolder is not null)
            {
                properties["SolutionDir"] = solutionFolder + Path.DirectorySeparatorChar;
            }

            var workspace = MSBuildWorkspace.Create(properties);
            workspace.SkipUnrecognizedProjects = true;
            if (Target.IsSolution(path))
            {
                await workspace.OpenSolutionAsync(path, progress: steps, cancellationToken: cancellation);
            }
            else
            {
                await workspace.OpenProjectAsync(path, progress: steps, cancellationToken: cancellation);
            }

            return workspace;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new CannotVetException($"'{target}' cannot be loaded: {exception.Message.Split("   at ")[0].Trim()}");
        }
    }

    /// <summary>Builds the source generators and analyzers that come from the vetted code itself: a design-time build leaves them out.</summary>
    private async Task<bool> BuildGeneratorsAsync(Solution solution, Sdk sdk, CancellationToken cancellation)
    {
        var missing = solution.Projects.SelectMany(project => project.AnalyzerReferences).Select(reference => reference.FullPath).Where(path => !File.Exists(path)).ToHashSet();
        var makers = solution.Projects.Where(project => missing.Contains(project.OutputFilePath)).Select(project => project.FilePath!).Distinct().ToList();
        foreach (var maker in makers)
        {
            progress.Say($"building {Path.GetFileNameWithoutExtension(maker)}, which makes code for the others (into a temporary folder)");
            await bench.BuildAsync("build", maker, sdk.Folder, cancellation);
        }

        return makers.Count > 0;
    }

    private static bool IsBelow(string? file, string folder) => file?.StartsWith(folder, StringComparison.Ordinal) == true;

    private sealed class LoadSteps(Progress progress) : IProgress<ProjectLoadProgress>
    {
        private readonly HashSet<string> _seen = [];

        public void Report(ProjectLoadProgress value)
        {
            lock (_seen)
            {
                if (_seen.Add(value.FilePath))
                {
                    progress.Say($"loading project {_seen.Count}: {Path.GetFileNameWithoutExtension(value.FilePath)}");
                }
            }
        }
    }
}
