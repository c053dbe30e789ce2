using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Sluice.Model.Imports;

namespace Sluice.Rules;

/// <summary>Namespaces that need each other in a circle. Go refuses to compile them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ImportCycle() : FileRule(Descriptor)
{
    private const string Id = "SLC0003";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Namespaces that import each other",
        "'{0}' needs '{1}', which needs '{0}' again: {2}; none of them can be understood, tested or moved without the others: move what they share to a namespace of its own",
        Family.Discipline,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: false,
        description: "A namespace that needs another, which needs the first again, makes one lump of both. Go's compiler refuses packages that import each other.",
        Page.Of(Id),
        WellKnownDiagnosticTags.CompilationEnd);

    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context)
    {
        context.RegisterCompilationStartAction(start =>
        {
            var names = new Lazy<OwnNames>(() => new OwnNames(start.Compilation));
            var graph = new NamespaceGraph();
            start.RegisterSemanticModelAction(file => graph.Add(names.Value.TiesIn(file.SemanticModel, file.CancellationToken).ToList()));
            start.RegisterCompilationEndAction(end =>
            {
                foreach (var cycle in graph.Cycles())
                {
                    end.ReportDiagnostic(Report(cycle));
                }
            });
        });
    }

    // Each namespace of a circle is reported, where it first needs the next one.
    private static Diagnostic Report(IReadOnlyList<Tie> cycle) => Diagnostic.Create(
        Descriptor,
        cycle[0].Location,
        cycle.Skip(1).Select(tie => tie.Location),
        cycle[0].From,
        string.Join("', which needs '", cycle.Skip(1).Select(tie => tie.From)),
        string.Join(", ", cycle.Select((tie, index) => $"'{tie.User}' uses '{tie.Used}'{(index == 0 ? " here" : $" at {Place(tie, cycle[0])}")}")));

    private static string Place(Tie tie, Tie from)
    {
        string line = "line " + (tie.Location.GetLineSpan().StartLinePosition.Line + 1).ToString(CultureInfo.InvariantCulture);
        string path = tie.Location.SourceTree!.FilePath;
        return tie.Location.SourceTree == from.Location.SourceTree ? line : $"{path.Substring(path.LastIndexOfAny(['/', '\\']) + 1)} {line}";
    }
}
