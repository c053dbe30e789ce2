using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC9001_SelectNotPartialTests() : PlumbingRuleTest("SLC9001")
{
    [Fact]
    public Task Reports_a_class_that_is_not_partial() => Reports("""
        [Select]
        internal sealed class [|Loop|]
        {
            public readonly Receive<int> Jobs = new();
        }
        """);

    [Fact]
    public Task Reports_a_partial_class_in_types_that_are_not() => Reports("""
        class A { struct B { [Select] private partial class [|C|] { } } }
        partial class D { class E { [Select] private class [|F|] { } } }
        """);

    [Fact]
    public Task Says_which_types_are_not() => Says(
        "using Sluice;\nclass A { partial class B { [Select] class C { } } }",
        "'C' has no 'await' and no 'Case': Sluice writes them into another part of the class, and 'C' and 'A' are not partial");

    [Fact]
    public Task Silent_for_partial_classes() => Silent("""
        [Select] internal sealed partial class A { }
        partial class B<T> { partial record C { [Select] private partial class D { public readonly Receive<T> Jobs = new(); } } }
        class E { }
        """);

    [Fact]
    public Task Silent_for_another_attribute_of_that_name() => Silent("""
        namespace Mine
        {
            class SelectAttribute : Attribute { }

            [Select] class C { }
        }
        """);

    [Fact]
    public Task Silent_where_partial_would_not_help() => Silent("[Select] static class C { }");

    [Fact]
    public Task Silent_in_broken_code() => Silent("[Select] class { [Select partial class C [Select", Unfinished);

    [Fact]
    public Task Fixes_the_class_and_what_it_stands_in_once() => Fixes(
        """
        // All of it.
        class A
        {
            public record struct B
            {
                /// <summary>One.</summary>
                [Select]
                private sealed class [|C|] { }

                [Select]
                // Two.
                class [|D|]
                {
                }
            }
        }
        """,
        """
        // All of it.
        partial class A
        {
            public partial record struct B
            {
                /// <summary>One.</summary>
                [Select]
                private sealed partial class C { }

                [Select]
                // Two.
                partial class D
                {
                }
            }
        }
        """);
}
