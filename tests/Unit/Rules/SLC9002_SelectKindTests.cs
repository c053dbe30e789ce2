using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC9002_SelectKindTests() : PlumbingRuleTest("SLC9002")
{
    [Fact]
    public Task Reports_what_cannot_be_a_select() => Reports("""
        [Select] static partial class [|A|] { }
        [Select] partial record [|B|];
        [Select] file partial class [|C|] { }
        class Base { }
        [Select] partial class [|D|] : Base { }
        [Select] partial class E { }
        [Select] partial class [|F|] : E { }
        """);

    [Fact]
    public Task Silent_for_classes_that_can() => Silent("""
        [Select] partial class A { }
        [Select] sealed partial class B : Selector, IComparable { public int CompareTo(object? other) => 0; }
        [Select] abstract partial class C { }
        class D : C { }
        """);

    [Fact]
    public Task Silent_where_the_compiler_speaks() => Silent("[Select] partial struct A { } [Select] partial interface B { }", Unfinished);
}
