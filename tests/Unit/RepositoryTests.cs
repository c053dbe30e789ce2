using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Sluice.Tests;

/// <summary>Rules, pages, fixes, tests and release notes stay in step, and no rule throws on code that is still being typed.</summary>
public sealed class RepositoryTests
{
    public static TheoryData<string> Rules { get; } = [.. UnderTest.Rules.Keys];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_has_one_file_one_page_and_one_test(string id)
    {
        Assert.Single(Repository.Files("analyzers/Rules", $"{id}_*.cs"));
        Assert.Single(Repository.Files("analyzers/Rules", $"{id}.md"));
        Assert.Single(Repository.Files("tests/Unit/Rules", $"{id}_*Tests.cs"));
    }

    [Fact]
    public void Every_rule_file_fix_and_test_belongs_to_a_rule()
    {
        IEnumerable<string> files = [.. Repository.Files("analyzers/Rules", "SLC*.cs"), .. Repository.Files("codefixes", "SLC*.cs"), .. Repository.Files("tests/Unit/Rules", "SLC*.cs")];
        Assert.All(files, name => Assert.Contains(name.Split('_')[0], UnderTest.Rules.Keys));
    }

    [Fact]
    public void Every_fix_has_a_file_named_by_its_rule()
    {
        var fixedRules = UnderTest.Fixes.Select(fix => fix.FixableDiagnosticIds[0]).Order();
        Assert.Equal(fixedRules, Repository.Files("codefixes", "SLC*_*.cs").Select(name => name.Split('_')[0]));
    }

    [Fact]
    public void Every_fix_supports_fix_all_in_dotnet_format() => Assert.All(UnderTest.Fixes, fix =>
    {
        var fixAll = fix.GetFixAllProvider();
        Assert.NotNull(fixAll);
        Assert.True(fixAll != WellKnownFixAllProviders.BatchFixer, $"{fix.GetType().Name}: dotnet format needs BatchFix instead, which says why.");
    });

    [Fact]
    public void Every_rule_is_in_the_release_notes()
    {
        string notes = Repository.Read("analyzers/AnalyzerReleases.Shipped.md") + Repository.Read("analyzers/AnalyzerReleases.Unshipped.md");
        Assert.All(UnderTest.Rules.Keys, id => Assert.Contains($"\n{id} |", notes, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_rule_leads_to_its_page() =>
        Assert.All(UnderTest.Rules.Values, rule => Assert.EndsWith($"/analyzers/Rules/{rule.Id}.md", rule.HelpLinkUri, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Nothing_throws_on_code_that_breaks_off(string id)
    {
        const int Cuts = 30;
        var page = RulePage.Of(id);
        foreach (var example in page.Examples("Reports").Concat(page.Examples("Fix")))
        {
            for (int cut = 1; cut < Cuts; cut++)
            {
                string source = example[..(example.Length * cut / Cuts)];
                var reported = await UnderTest.Analyze(UnderTest.Compilation(source, plumbing: "none"));
                Assert.DoesNotContain(reported, diagnostic => diagnostic.Id is "SLC0000" or "AD0001");
            }
        }
    }
}
