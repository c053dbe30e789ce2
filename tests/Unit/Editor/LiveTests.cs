using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.Tests.Editor;

/// <summary>Every rule reports while its reader types, and its fixes can be looked at before they are applied. The code is that of the rules' pages.</summary>
public sealed class LiveTests
{
    /// <summary>The rules that are on and do not wait for the end of the compilation.</summary>
    public static TheoryData<string> LiveRules { get; } =
        [.. UnderTest.Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).Where(rule => IsLive(rule) && rule.IsEnabledByDefault).Select(rule => rule.Id).Intersect(UnderTest.Rules.Keys).Order()];

    public static TheoryData<string> FixedRules { get; } = [.. UnderTest.Fixes.SelectMany(fix => fix.FixableDiagnosticIds).Distinct().Order()];

    [Theory]
    [MemberData(nameof(LiveRules))]
    public async Task Open_document_shows_what_a_build_reports(string id)
    {
        int shown = 0;
        foreach (var example in RulePage.Of(id).Examples("Reports"))
        {
            using var editor = new EditorHost(example);
            var underlined = await Underlined(editor.Document, id);
            var built = (await UnderTest.Analyze(RulePage.Compilation(example), RulePage.Plumbing(example))).Where(diagnostic => diagnostic.Id == id && IsLive(diagnostic.Descriptor));
            Assert.Equal(built.Select(Shown), underlined.Select(Shown));
            shown += underlined.Count;
        }

        Assert.NotEqual(0, shown);
    }

    [Theory]
    [MemberData(nameof(LiveRules))]
    public async Task Reports_move_with_the_text(string id)
    {
        foreach (var example in RulePage.Of(id).Examples("Reports"))
        {
            using var editor = new EditorHost(example);
            var before = await Underlined(editor.Document, id);
            editor.Type(new TextChange(default, "// A line above.\n"));
            var after = await Underlined(editor.Document, id);
            Assert.Equal(before.Select(diagnostic => Line(diagnostic) + 1), after.Select(Line));
        }
    }

    [Theory]
    [MemberData(nameof(LiveRules))]
    public async Task Nothing_is_thrown_while_the_code_is_typed(string id)
    {
        foreach (var example in RulePage.Of(id).Examples("Reports"))
        {
            var text = SourceText.From(example);
            foreach (var line in text.Lines)
            {
                // Half of the line is typed, and nothing after it.
                using var editor = new EditorHost(text.ToString(TextSpan.FromBounds(0, line.Start + (line.Span.Length / 2))));
                Assert.Empty(await Underlined(editor.Document, SluiceAnalyzer.RuleFailed.Id));
            }
        }
    }

    [Theory]
    [MemberData(nameof(FixedRules))]
    public async Task Fix_is_previewed_and_mends_what_it_is_offered_for(string id)
    {
        int offered = 0;
        foreach (var example in RulePage.Of(id).Examples("Reports"))
        {
            using var editor = new EditorHost(example);
            var before = await Underlined(editor.Document, id);
            foreach (var diagnostic in before)
            {
                foreach (var offer in await editor.Offers(diagnostic))
                {
                    offered++;
                    var preview = await editor.Preview(offer);
                    var applied = await editor.Apply(offer);
                    Assert.NotEqual(example, await Text(preview));
                    Assert.Equal(await Text(preview), await Text(applied));
                    Assert.Empty(await Errors(applied));
                    Assert.True((await Underlined(applied, id)).Count < before.Count, $"'{offer.Title}' leaves the report where it was.");
                }
            }
        }

        Assert.NotEqual(0, offered);
    }

    private static bool IsLive(DiagnosticDescriptor rule) => !rule.CustomTags.Contains(WellKnownDiagnosticTags.CompilationEnd);

    private static async Task<IReadOnlyList<Diagnostic>> Underlined(Document document, string id)
    {
        var underlined = await EditorHost.Underlined(document);
        var tree = await document.GetSyntaxTreeAsync();
        Assert.All(underlined, diagnostic => Assert.Same(tree, diagnostic.Location.SourceTree));
        return [.. underlined.Where(diagnostic => diagnostic.Id == id)];
    }

    private static async Task<IEnumerable<Diagnostic>> Errors(Document document) =>
        (await document.GetSemanticModelAsync())!.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    private static async Task<string> Text(Document document) => (await document.GetTextAsync()).ToString();

    private static int Line(Diagnostic diagnostic) => diagnostic.Location.GetLineSpan().StartLinePosition.Line;

    private static (TextSpan Where, string What) Shown(Diagnostic diagnostic) => (diagnostic.Location.SourceSpan, diagnostic.GetMessage(null));
}
