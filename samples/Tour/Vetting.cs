using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Sluice.Tour;

/// <summary>Asks every rule about every project.</summary>
internal sealed class Vetting(Progress progress)
{
    private readonly HashSet<(string Id, string Place, string Message)> _seen = [];

    public async Task<Verdict> VetAsync(IReadOnlyList<Project> projects, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var verdict = new Verdict();
        foreach (var project in projects)
        {
            progress.Say($"vetting project {verdict.Projects + verdict.Broken.Count + 1} of {projects.Count}: {project.Name}");
            await VetAsync(project, verdict, cancellation);
        }

        progress.Rest();
        verdict.Findings.Sort(ByRuleAndPlace);
        verdict.Time = clock.Elapsed;
        return verdict;
    }

    private async Task VetAsync(Project project, Verdict verdict, CancellationToken cancellation)
    {
        var compilation = await project.GetCompilationAsync(cancellation) ?? throw new InvalidOperationException("A C# project has a compilation.");
        var errors = compilation.GetDiagnostics(cancellation).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && !diagnostic.IsWarningAsError).ToList();
        if (errors.Count > 0)
        {
            verdict.Broken.Add((project, errors));
            return;
        }

        var options = new CompilationWithAnalyzersOptions(project.AnalyzerOptions, onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        var diagnostics = await compilation.WithAnalyzers(Rulebook.Analyzers, options).GetAnalyzerDiagnosticsAsync(cancellation);
        verdict.Findings.AddRange(diagnostics
            .Where(diagnostic => diagnostic.Severity > DiagnosticSeverity.Hidden && !diagnostic.IsSuppressed)
            .Where(diagnostic => _seen.Add((diagnostic.Id, diagnostic.Location.GetLineSpan().ToString(), diagnostic.GetMessage(null))))
            .Select(diagnostic => Finding.Of(project, diagnostic)));
        verdict.Projects++;
        foreach (var document in Loaded.SourcesOf(project))
        {
            verdict.Files++;
            verdict.Lines += (await document.GetTextAsync(cancellation)).Lines.Count;
        }
    }

    private static int ByRuleAndPlace(Finding one, Finding other)
    {
        var order = string.CompareOrdinal(one.Id, other.Id);
        order = order != 0 ? order : string.CompareOrdinal(one.Path, other.Path);
        return order != 0 ? order : one.Diagnostic.Location.SourceSpan.CompareTo(other.Diagnostic.Location.SourceSpan);
    }
}
