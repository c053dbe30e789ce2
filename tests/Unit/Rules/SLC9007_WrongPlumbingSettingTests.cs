using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC9007_WrongPlumbingSettingTests() : PlumbingRuleTest("SLC9007")
{
    private Setup Set(string setting) => Setup with { Files = [], Plumbing = setting, AllowErrors = true };

    [Fact]
    public Task Reports_an_unknown_value() => Reports("using [|Sluice|];\nclass C { Chan<int>? Jobs; }", Set("shared"));

    [Fact]
    public Task Reports_none_where_channels_are_used() => Reports("using [|Sluice|];\nclass C { Chan<int>? Jobs; }", Set("none"));

    [Theory]
    [InlineData("internal")]
    [InlineData("Public")]
    [InlineData("")]
    public Task Silent_for_what_it_can_be(string setting) => Silent("using Sluice;\nclass C { Chan<int>? Jobs; }", Set(setting));

    [Theory]
    [InlineData("none")]
    [InlineData("shared")]
    public Task Silent_where_nobody_asks(string setting) => Silent("class C { }", Set(setting));
}
