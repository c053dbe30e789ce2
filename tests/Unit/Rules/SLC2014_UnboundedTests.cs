using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC2014_UnboundedTests() : RuleTest("SLC2014")
{
    [Theory]
    [InlineData("private readonly Channel<int> _c = [|Channel.CreateUnbounded<int>()|];")]
    [InlineData("void M() { var c = [|Channel.CreateUnbounded<int>(new UnboundedChannelOptions { SingleReader = true })|]; }")]
    [InlineData("Func<Channel<int>> M() => () => [|Channel.CreateUnbounded<int>()|];")]
    [InlineData("void M() { var c = [|Channel.CreateUnboundedPrioritized<int>()|]; }")]
    public Task Reports_a_channel_without_a_limit(string member) => Reports($"class C {{ {member} }}");

    [Theory]
    [InlineData("private readonly Channel<int> _c = Channel.CreateBounded<int>(1);")]
    [InlineData("void M() { var c = Channel.CreateBounded<int>(new BoundedChannelOptions(1)); }")]
    [InlineData("static void CreateUnbounded() { } void M() { CreateUnbounded(); }")]
    public Task Silent_where_there_is_a_limit(string member) => Silent($"class C {{ {member} }}");

    [Fact]
    public void Off_by_default() => Assert.False(UnderTest.Rules["SLC2014"].IsEnabledByDefault);
}
