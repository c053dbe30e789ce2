using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Sluice.Explore;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A wait that nobody can end: found by exploring what the processes of a program can do, and told with the way that leads there.</summary>
internal sealed class NobodyEndsWait : Rule
{
    private const string Id = "SLC4013";
    // What is spent on the roots of one type.
    private const int MostRoots = 16;
    private const int MostStates = 24_000;
    private const int LeastStates = 300;

    // A schedule of more steps is told by its last ones; all of them are among the locations.
    private const int MostTold = 3;

    private static readonly Rule Twice = new ClosedTwice();
    private static readonly Rule AfterClose = new SendAfterClose();
    private static readonly Rule NotHeld = new ReleasedNotHeld();
    private static readonly Rule Miscounted = new CountdownMisuse();

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Nobody can end this wait",
        "'{0}' can wait forever: {1}",
        Family.Deadlocks,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "On some way through the code everybody who could end this wait is gone, or waits himself. The message and the additional locations tell that way, step by step.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Async | Mentions.Spawn;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        var code = type.Compilation.Processes.With(type.Cancellation);
        var left = MostStates;
        foreach (var (root, budget) in Roots.Of(type).Select(root => (root, Roots.Worth(root, type.Compilation, type.Cancellation))).Where(pair => pair.Item2 > 0).Take(MostRoots))
        {
            if (left < LeastStates)
            {
                break;
            }

            var verdict = Explorer.Explore(code, Roots.Begin(root, type.Compilation, type.Cancellation), ImmutableArray<Operand>.Empty, Math.Min(budget, left), type.Cancellation);
            left -= verdict.States;
            foreach (var found in verdict.Findings.Where(finding => finding.Kind != FindingKind.StuckForever))
            {
                TellMisuse(found, type, report);
            }

            // Who waits for a task that never ends is not told beside what that task waits for.
            var stuck = verdict.Findings.Where(finding => finding.Kind == FindingKind.StuckForever).OrderBy(finding => finding.At.Text.StartsWith("await ", StringComparison.Ordinal) ? 1 : 0);
            if (stuck.FirstOrDefault() is { At.Site: SyntaxNode site } first && type.Compilation.Processes.IsNews(site))
            {
                var way = WayOf(first);
                report(Diagnostic.Create(Descriptor, site.GetLocation(), LocationsOf(first), NameOf(first), way.Length == 0 ? "nobody ends it" : $"after {way}, nobody ends it"));
            }
        }
    }

    /// <summary>What the rule of that misuse says, unless it says it already: it knows one way through one body, and this is one of several processes.</summary>
    private static void TellMisuse(Finding found, TypeModel type, Action<Diagnostic> report)
    {
        var (rule, text) = found.Kind switch
        {
            FindingKind.ClosedTwice or FindingKind.CompletedTwice => (Twice, string.Empty),
            FindingKind.SentAfterClose => (AfterClose, string.Empty),
            FindingKind.ReleasedNotHeld => (NotHeld, $"'{NameOf(found)}' can run when nobody holds it"),
            FindingKind.CountedBelowZero => (Miscounted, $"'{NameOf(found)}' can count below zero"),
            FindingKind.CountedUpWhenOver => (Miscounted, $"'{NameOf(found)}' throws when the count has come to zero before it"),
            _ => (default(Rule), string.Empty),
        };
        if (rule is null || found.At.Site is not SyntaxNode site || IsToldAlready(rule, site, type) || !type.Compilation.Processes.IsNews(site))
        {
            return;
        }

        var way = WayOf(found) is { Length: > 0 } told ? $"after {told}" : "as it goes";
        object[] arguments = found.Kind switch
        {
            FindingKind.ClosedTwice => [ObjectOf(found), way, ClosedTwice.Closed, ClosedTwice.Thrown],
            FindingKind.CompletedTwice => [ObjectOf(found), way, "completed", "InvalidOperationException"],
            FindingKind.SentAfterClose => [ObjectOf(found), "another process", way],
            _ => [$"{text}: {way}"],
        };
        report(Diagnostic.Create(rule.Descriptor, site.GetLocation(), LocationsOf(found), arguments));
    }

    private static bool IsToldAlready(Rule rule, SyntaxNode site, TypeModel type)
    {
        var holder = type.Compilation.SemanticModel(site.SyntaxTree).GetEnclosingSymbol(site.SpanStart, type.Cancellation)?.ContainingType ?? type.Symbol;
        var told = new List<TextSpan>();
        rule.Check(TypeModel.Of(holder, type.Compilation, type.Cancellation), diagnostic => told.Add(diagnostic.Location.SourceSpan));
        return told.Any(span => span.IntersectsWith(site.Span));
    }

    private static string NameOf(Finding found) => found.At.Text.StartsWith("await ", StringComparison.Ordinal) ? found.At.Text.Substring("await ".Length) : found.At.Text;

    // What the operation is done to.
    private static string ObjectOf(Finding found) => NameOf(found) is var name && name.LastIndexOf('.') is > 0 and var dot && name[0] != '…' ? name.Substring(0, dot) : NameOf(found);

    private static string WayOf(Finding found)
    {
        var steps = StepsOf(found).ToArray();
        return string.Join(", ", steps.Skip(Math.Max(0, steps.Length - MostTold)).Select(step => $"'{step.Text}' at line {LineOf(step)}"));
    }

    private static IEnumerable<Location> LocationsOf(Finding found) => StepsOf(found).Select(step => ((SyntaxNode)step.Site!).GetLocation());

    private static IEnumerable<Label> StepsOf(Finding found) => found.Schedule.Select(entry => entry.Label).Where(label => label.Site is SyntaxNode);

    private static int LineOf(Label label) => ((SyntaxNode)label.Site!).GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
