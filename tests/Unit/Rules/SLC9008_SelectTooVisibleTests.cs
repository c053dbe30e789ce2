using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC9008_SelectTooVisibleTests() : PlumbingRuleTest("SLC9008")
{
    [Fact]
    public Task Reports_what_other_projects_see() => Reports(
        """
        [Select] public partial class [|A|] { }
        public partial class B { [Select] protected internal partial class [|C|] { } }
        """);

    [Fact]
    public Task Silent_for_what_they_do_not_see() => Silent("""
        [Select] internal partial class A { }
        [Select] partial class B { }
        partial class C { [Select] public partial class D { } }
        """);

    [Fact]
    public Task Silent_where_the_channels_are_public() => Silent("[Select] public partial class A { public readonly Receive<int> Jobs = new(); }", Setup with { Plumbing = "public" });
}
