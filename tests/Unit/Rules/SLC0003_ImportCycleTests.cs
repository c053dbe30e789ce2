using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC0003_ImportCycleTests() : RuleTest("SLC0003")
{
    protected override Setup Setup { get; } = new() { OnBuild = true };

    [Fact]
    public Task Reports_two_that_need_each_other() => Reports("""
        namespace Shop.Orders { class Order { Billing.[|Invoice|]? Invoice; Billing.Invoice? Last; } }
        namespace Shop.Billing { class Invoice { Orders.[|Order|]? Order; } }
        """);

    [Fact]
    public Task Reports_across_files_with_usings() => Reports("""
        using Shop.Billing;
        namespace Shop.Orders;
        class Order { void Pay() => new [|Invoice|]().Send(); }
        """, Setup with { Files = [("Billing.cs", """
        using Shop.Orders;
        namespace Shop.Billing;
        class Invoice { public void Send() { } public static string Of([|Order|] order) => order.ToString()!; }
        """)] });

    [Fact]
    public Task Reports_a_longer_circle() => Reports("""
        namespace A { class A1 : B.[|B1|]; class A2 { } }
        namespace B { class B1 { C.[|C1|]? c; } }
        namespace C { class C1 { void M() => D.[|D1|].N(); } }
        namespace D { class D1 { public static void N() { _ = typeof(A.[|A2|]); } } }
        namespace E { class E1 { A.A2? a; } }
        """);

    [Fact]
    public Task Reports_an_extension_an_attribute_a_generic_and_a_static_using() => Reports("""
        namespace A { using B; class A1 { void M() => this.[|Mark|](); } class MarkAttribute : Attribute { } class Box<T> { } class Util { public static void Do() { } } }
        namespace B { [A.[|Mark|]] static class B1 { public static void Mark(this object o) { } } }
        namespace C { using static D.[|Tool|]; class C1 { void M() => Run(); } }
        namespace D { class Tool { public static void Run() { } List<C.[|C1|]>? _all; } }
        """);

    [Fact]
    public Task Says_the_shortest_way_and_what_ties() => Says("""
        namespace A { class A1 { B.B1? b; } }
        namespace B { class B1 { C.C1? c; D.D1? d; } }
        namespace C { class C1 { D.D1? d; } }
        namespace D { class D1 { A.A1? a; } }
        """,
        "'A' needs 'B', which needs 'D', which needs 'A' again: 'A1' uses 'B1' here, 'B1' uses 'D1' at line 2, 'D1' uses 'A1' at line 4; none of them can be understood, tested or moved without the others: move what they share to a namespace of its own",
        "'B' needs 'D', which needs 'A', which needs 'B' again: 'B1' uses 'D1' here, 'D1' uses 'A1' at line 4, 'A1' uses 'B1' at line 1; none of them can be understood, tested or moved without the others: move what they share to a namespace of its own",
        "'C' needs 'D', which needs 'A', which needs 'B', which needs 'C' again: 'C1' uses 'D1' here, 'D1' uses 'A1' at line 4, 'A1' uses 'B1' at line 1, 'B1' uses 'C1' at line 2; none of them can be understood, tested or moved without the others: move what they share to a namespace of its own",
        "'D' needs 'A', which needs 'B', which needs 'D' again: 'D1' uses 'A1' here, 'A1' uses 'B1' at line 1, 'B1' uses 'D1' at line 2; none of them can be understood, tested or moved without the others: move what they share to a namespace of its own");

    [Fact]
    public Task Silent_between_a_namespace_and_those_within_it() => Silent("""
        namespace Shop { class Shop1 { Orders.Order? o; Orders.Items.Item? i; } }
        namespace Shop.Orders { class Order { Shop1? s; Items.Item? i; } }
        namespace Shop.Orders.Items { class Item { Order? o; Shop1? s; } }
        """);

    [Fact]
    public Task Silent_where_all_needs_go_one_way() => Silent("""
        namespace A { class A1 { B.B1? b; C.C1? c; } }
        namespace B { class B1 { C.C1? c; } }
        namespace C { class C1 { List<int>? own; } }
        """);

    [Fact]
    public Task Silent_for_a_using_alone() => Silent("""
        namespace A { using B; class A1 { } }
        namespace B { class B1 { A.A1? a; } }
        """);

    [Fact]
    public Task Silent_for_the_same_name_elsewhere() => Silent("""
        namespace A { class Task1 { B.B1? b; int Order => 1; void M() { int Invoice = Order; _ = Invoice; } } class Order { } }
        namespace B { class B1 { enum Kind { Order } Kind k = Kind.Order; string Order = "Order"; /* A.Order */ } class Invoice { } }
        """);

    [Fact]
    public Task Silent_for_documentation_and_code_without_a_namespace() => Silent("""
        class Program { A.A1? a; }
        namespace A { class A1 { Program? p; B.B1? b; } }
        /// <summary>See <see cref="A.A1"/>.</summary>
        namespace B { /// <summary>Of <see cref="A.A1"/>.</summary>
        class B1 { } }
        """);

    [Fact]
    public Task Silent_for_generated_code() => Silent("""
        namespace A { class A1 { B.B1? b; } }
        namespace B { partial class B1 { } }
        """, Setup with { Files = [("B.g.cs", "namespace B { partial class B1 { A.A1? a; } }")] });

    [Fact]
    public Task Silent_on_code_that_is_being_typed() => Silent("""
        namespace A { class A1 { B.B1? b; B. } }
        namespace B { class B1 { A1? a; Missing.A1? m; } }
        """, Setup with { AllowErrors = true });
}
