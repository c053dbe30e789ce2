using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice.Tests;

/// <summary>The pages of the rules are short, complete and true: their examples are run.</summary>
public sealed class PageTests
{
    public static TheoryData<string> Rules { get; } = [.. UnderTest.Rules.Keys];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Is_short_and_has_every_section(string id)
    {
        var page = RulePage.Of(id);
        Assert.StartsWith($"# {id}", page.Text, StringComparison.Ordinal);
        Assert.InRange(page.Lines, 1, 40);
        Assert.Equal(["Reports", "Why", "Fix", "When to suppress"], page.Sections());
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Marked_lines_are_the_reported_lines(string id)
    {
        var examples = RulePage.Of(id).Examples("Reports");
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var marked = Lines(example).Where(line => line.Text.Contains($"// {id}", StringComparison.Ordinal)).Select(line => line.Number).ToList();
            Assert.NotEmpty(marked);
            Assert.Equal(marked, await ReportedLines(id, example));
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Fix_is_not_reported(string id)
    {
        var examples = RulePage.Of(id).Examples("Fix");
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            Assert.Empty(await ReportedLines(id, example));
        }
    }

    [Fact]
    public void Every_page_has_its_rule()
    {
        var pages = Repository.Files("analyzers/Rules", "SLC*.md").Select(name => name[..^".md".Length]);
        Assert.Equal(UnderTest.Rules.Keys, pages.Where(id => id != SluiceAnalyzer.RuleFailed.Id));
    }

    private static IEnumerable<(int Number, string Text)> Lines(string source) => source.Split('\n').Select((text, index) => (index, text));

    private static async Task<IReadOnlyList<int>> ReportedLines(string id, string source)
    {
        var compilation = RulePage.Compilation(source);
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

        // A page of a rule that is off by default shows it switched on.
        var options = UnderTest.Rules[id].IsEnabledByDefault ? compilation.Options : compilation.Options.WithSpecificDiagnosticOptions([new(id, ReportDiagnostic.Warn)]);
        var reported = (await UnderTest.Analyze(compilation.WithOptions(options), RulePage.Plumbing(source), RulePage.Packages(source))).Where(diagnostic => diagnostic.Id == id);
        return [.. reported.Select(diagnostic => diagnostic.Location.GetLineSpan().StartLinePosition.Line)];
    }
}
