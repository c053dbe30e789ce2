using System;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Sluice.Tests;

/// <summary>The README's table of rules is made from the rules.</summary>
public sealed class ReadmeTests
{
    private const string Start = "<!-- rules -->\n";
    private const string End = "<!-- /rules -->";

    [Fact]
    public void Table_lists_the_rules()
    {
        string readme = Repository.Read("README.md");
        int start = readme.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        int end = readme.IndexOf(End, start, StringComparison.Ordinal);
        var rows = UnderTest.Rules.Values.Select(Row).Prepend("| id | reports | severity | fix |\n|---|---|---|---|\n");
        Produced.Keep("README.md", readme[..start] + string.Concat(rows) + readme[end..]);
    }

    private static string Row(DiagnosticDescriptor rule)
    {
        bool isFixed = UnderTest.Fixes.Any(fix => fix.FixableDiagnosticIds.Contains(rule.Id));
        return $"| {rule.Id} | [{rule.Title}](analyzers/Rules/{rule.Id}.md) | {Severity(rule)} | {(isFixed ? "yes" : string.Empty)} |\n";
    }

    private static string Severity(DiagnosticDescriptor rule) => rule switch
    {
        { IsEnabledByDefault: false } => "in `strict`",
        { DefaultSeverity: DiagnosticSeverity.Info or DiagnosticSeverity.Hidden } => "suggestion",
        _ => rule.DefaultSeverity.ToString().ToLowerInvariant(),
    };
}
