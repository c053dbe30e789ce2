using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Tests.Model;

/// <summary>Which ways are feasible: tests of one unchanged variable agree.</summary>
public sealed class PathsTests
{
    [Theory]
    [InlineData("if (p) A(); if (!p) B();")]
    [InlineData("if (p) A(); if (p == false) B();")]
    [InlineData("if (p == true) A(); if (p is false) B();")]
    [InlineData("if (p) { A(); } else { return; } if (p) return; B();")]
    [InlineData("if (p && A()) { } if (!p) B();")]
    [InlineData("bool done = false; if (p) { A(); done = true; } if (!done) B();")]
    [InlineData("bool done = true; A(); if (!done) B();")]
    [InlineData("if (s is null) A(); if (s is not null) B();")]
    [InlineData("if (s == null) A(); if (s is { }) B();")]
    [InlineData("if (s is not null) A(); if (null == s || s is null) B();")]
    [InlineData("if (s is { Length: > 3 }) A(); if (s == null) B();")]
    [InlineData("s = null; A(); if (s != null) B();")]
    [InlineData("s = new string('x', 1); A(); if (s == null) B();")]
    [InlineData("s = null; A(); _ = s?.Contains(B() ? \"\" : \"\");")]
    [InlineData("if (r) A(); if (!r) B();")]
    [InlineData("if (false) { } A(); if (1 > 2) B();")]
    [InlineData("try { A(); return; } catch { } B();")]
    [InlineData("A(); while (true) { }\n#pragma warning disable CS0162\nB();")]
    [InlineData("for (;;) { A(); break; } return; B();")]
    public void Not_from_A_to_B(string statements) => Assert.False(Leads(statements));

    [Theory]
    [InlineData("if (p) A(); if (p) B();")]
    [InlineData("if (p) A(); p = C(); if (!p) B();")]
    [InlineData("if (p) A(); Change(ref p); if (!p) B();")]
    [InlineData("if (s is null) A(); s = \"\"; if (s is not null) B();")]
    [InlineData("if (s is { Length: > 3 }) { } else { A(); if (s != null) B(); }")]
    [InlineData("bool was = x; x = false; A(); if (was) B();")]
    [InlineData("while (p) { A(); p = C(); } if (!p) B();")]
    [InlineData("for (int i = 0; i < 3; i++) { if (i == 2) B(); if (i == 1) A(); }")]
    [InlineData("if (x) A(); Touch(); if (!x) B();")]
    [InlineData("(p, var q) = (true, 1); A(); p = false; if (!p) B();")]
    [InlineData("p = true; A(); (p, _) = (C(), 1); if (!p) B();")]
    [InlineData("if (t.IsCompleted) A(); if (!t.IsCompleted) B();")]
    [InlineData("Action f = () => p = false; if (p) A(); Touch(); if (!p) B();")]
    public void From_A_to_B(string statements) => Assert.True(Leads(statements));

    [Fact]
    public void What_others_may_change_is_forgotten_over_a_call_unless_fields_are_steady()
    {
        var body = Modelled.BodyOf("void Touch() { x = A(); } void M() { if (x) B(); Touch(); if (!x) C(); }");
        Assert.True(Leads(body, "B", "C", new(body, body.Flow!)));
        Assert.False(Leads(body, "B", "C", new(body, body.Flow!, steady: true)));
    }

    [Fact]
    public void What_others_may_change_is_forgotten_over_an_await()
    {
        var body = Modelled.BodyOf("async Task M() { if (x) A(); await Task.Yield(); if (!x) B(); }");
        Assert.True(Leads(body, "A", "B", new(body, body.Flow!)));
        Assert.False(Leads(body, "A", "B", new(body, body.Flow!, steady: true)));
    }

    [Theory]
    [InlineData("if (A()) { C(); } else { B(); }")]
    [InlineData("if (!A()) { B(); }")]
    [InlineData("bool ok = A(); if (!ok) B();")]
    [InlineData("if (p && A()) return; B();")]
    [InlineData("while (!A()) { B(); }")]
    public void Not_to_B_when_A_has_answered_yes(string statements)
    {
        var body = BodyOf(statements);
        var paths = new Paths(body, body.Flow!);
        Assert.Null(paths.Find(body.At("A"), node => node == body.At("B"), yes: true));
        Assert.NotNull(paths.Find(body.At("A"), node => node == body.At("B")));
    }

    [Fact]
    public void What_is_given_holds()
    {
        var body = BodyOf("A(); if (p) B();");
        var given = Assumptions.None.Assign(Place.Of(((IMethodSymbol)body.Symbol!).Parameters[0]), Known.False);
        Assert.Null(new Paths(body, body.Flow!).Find(body.At("A"), node => node == body.At("B"), given: given));
    }

    [Fact]
    public void The_first_operation_has_not_failed_but_a_later_one_may()
    {
        var body = BodyOf("try { T(); } catch { A(); }");
        Assert.Null(new Paths(body, body.Flow!).Find(body.At("T"), node => node == body.At("A")));
        Assert.NotNull(new Paths(body, body.Flow!).Find(body.Flow!.Entry, node => node == body.At("A")));
    }

    [Fact]
    public void Without_exceptions_no_handler_is_reached()
    {
        var body = BodyOf("A(); try { T(); } catch { B(); }");
        Assert.Null(new Paths(body, body.Flow!).Find(body.At("A"), node => node == body.At("B"), throws: _ => false));
    }

    [Fact]
    public void A_path_tells_its_operations_and_who_threw()
    {
        var body = BodyOf("A(); try { T(); } finally { B(); }");
        var path = new Paths(body, body.Flow!).Find(body.At("A"), node => node == body.Flow!.Raise)!;
        Assert.Equal(["A", "T", "B"], path.Operations.OfType<IInvocationOperation>().Select(call => call.TargetMethod.Name));
        Assert.Equal("T", ((IInvocationOperation)path.Thrower!).TargetMethod.Name);
    }

    [Fact]
    public void An_operation_in_a_finally_has_a_node_for_each_way_on()
    {
        var body = BodyOf("try { if (p) return; T(); } finally { A(); } B();");
        var call = body.Operations.OfType<IInvocationOperation>().Single(operation => operation.TargetMethod.Name == "A");
        Assert.Equal(3, new Paths(body, body.Flow!).NodesOf(call).Count());
    }

    private static bool Leads(string statements)
    {
        var body = BodyOf(statements);
        return Leads(body, "A", "B", new(body, body.Flow!));
    }

    private static bool Leads(Body body, string from, string to, Paths paths) =>
        body.Flow!.Nodes.Any(node => node.Operation is IInvocationOperation { TargetMethod.Name: var name } && name == to)
        && paths.Find(body.At(from), node => node.Operation is IInvocationOperation { TargetMethod.Name: var name } && name == to) is not null;

    private static Body BodyOf(string statements) => Modelled.BodyOf($"readonly bool r; static void Change(ref bool b) {{ b = false; }} void Touch() {{ x = false; }} void M(bool p, string? s, Task t) {{ {statements} }}");
}
