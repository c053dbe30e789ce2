using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CSharp;

namespace Sluice.Tests.Rules;

public sealed class SLC9006_PlumbingTooOldTests() : PlumbingRuleTest("SLC9006")
{
    private Setup OldFramework => Setup with { AllowErrors = true, Files = [], PreprocessorSymbols = ["NET", "NET6_0_OR_GREATER"] };

    private Setup OldLanguage => On(LanguageVersion.CSharp11) with { Files = [] };

    [Fact]
    public Task Reports_the_first_mention_of_each_file() => Reports(
        """
        using [|Sluice|];

        class C { Chan<int>? Jobs; Sluice.Chan<int>? More; }
        """,
        OldLanguage with { Files = [("More.cs", "class D { {|SLC9006:Sluice|}.Chan<int>? Jobs; }")] });

    [Fact]
    public Task Reports_an_old_framework() => Reports("using [|Sluice|];\n[Select] class C { }", OldFramework);

    [Fact]
    public Task Reports_global_usings_of_the_SDK() => Reports("class C { }", OldFramework with { Files = [("Consumer.GlobalUsings.g.cs", "global using global::{|SLC9006:Sluice|};")] });

    [Fact]
    public Task Silent_where_channels_can_be() => Silent("using Sluice;\nclass C { Chan<int>? Jobs; }", Setup with { Files = [], Language = LanguageVersion.CSharp12 });

    [Fact]
    public Task Silent_attribute_about_sharing_in_full() => Silent("class C { [Sluice.GuardedBy(\"this\")] int N; int M() => N; }", OldFramework with { Generators = true });

    [Fact]
    public Task Silent_where_nobody_asks() => Silent("class C { string? Sluice; string? M(C c) => c.Sluice; }", OldLanguage);

    [Fact]
    public Task Silent_for_a_namespace_of_ones_own() => Silent("using Sluice;\nnamespace Sluice { class Gate { } }\nclass C { Gate? Gate; }", OldLanguage);
}
