using System.Linq;
using Sluice.Model;

namespace Sluice.Tests.Model;

/// <summary>The control flow of a body: every way through it, with the exceptions that may leave it.</summary>
public sealed class FlowTests
{
    [Theory]
    [InlineData("A(); B();", "A B exit")]
    [InlineData("A(); T(); B();", "A T B exit", "A T raise")]
    [InlineData("if (x) A(); else B(); C();", "A C exit", "B C exit")]
    [InlineData("if (A() && B()) C();", "A B C exit", "A B exit", "A exit")]
    [InlineData("_ = A() ? B() : C();", "A B exit", "A C exit")]
    [InlineData("while (A()) { B(); }", "A exit")]
    [InlineData("do { B(); } while (A()); C();", "B A C exit")]
    [InlineData("throw new Exception();", "raise")]
    [InlineData("var e = new Exception(); throw e;", "raise")]
    [InlineData("_ = o ?? throw new Exception(); A();", "A exit", "raise")]
    public void Statements(string statements, params string[] ways) => Same(statements, ways);

    [Theory]
    [InlineData("try { T(); } finally { A(); } B();", "T A B exit", "T A raise")]
    [InlineData("try { try { T(); } finally { A(); } } finally { B(); } C();", "T A B C exit", "T A B raise")]
    [InlineData("try { if (x) return; A(); } finally { B(); } C();", "A B C exit", "B exit")]
    [InlineData("while (A()) { try { if (x) break; B(); } finally { C(); } } D();", "A C D exit", "A D exit")]
    [InlineData("try { A(); } finally { T(); B(); } C();", "A T B C exit", "A T raise")]
    [InlineData("try { T(); } finally { try { A(); } finally { B(); } C(); } D();", "T A B C D exit", "T A B C raise")]
    [InlineData("try { A(); } finally { if (x) { B(); } C(); }", "A B C exit", "A C exit")]
    [InlineData("try { T(); } finally { try { T(); } catch { A(); } B(); }", "T T A B exit", "T T A B raise", "T T B exit", "T T B raise")]
    [InlineData("try { return; } finally { A(); }", "A exit")]
    public void A_finally_ends_where_it_was_entered_for(string statements, params string[] ways) => Same(statements, ways);

    [Theory]
    [InlineData("try { T(); A(); } catch { B(); } C();", "T A C exit", "T B C exit")]
    [InlineData("try { T(); A(); } catch (Exception) { B(); } C();", "T A C exit", "T B C exit")]
    [InlineData("try { T(); A(); } catch (IOException) { B(); } C();", "T A C exit", "T B C exit", "T raise")]
    [InlineData("try { T(); } catch (IOException) { A(); } catch { B(); }", "T A exit", "T B exit", "T exit")]
    [InlineData("try { T(); } catch { A(); throw; }", "T A raise", "T exit")]
    [InlineData("try { T(); } catch (Exception e) { A(); throw new Exception(\"\", e); }", "T A raise", "T exit")]
    [InlineData("try { try { T(); } catch { A(); throw; } } catch { B(); }", "T A B exit", "T exit")]
    [InlineData("try { try { T(); } finally { A(); } } catch { B(); } C();", "T A B C exit", "T A C exit")]
    [InlineData("try { T(); } catch { A(); } finally { B(); }", "T A B exit", "T B exit")]
    [InlineData("try { T(); } catch { T(); } finally { B(); }", "T B exit", "T T B exit", "T T B raise")]
    public void Handlers(string statements, params string[] ways) => Same(statements, ways);

    [Theory]
    [InlineData("try { T(); A(); } catch (Exception) when (x) { B(); }", "T A exit", "T B exit", "T raise")]
    [InlineData("try { T(); } catch (IOException) when (x) { A(); } catch { B(); }", "T A exit", "T B exit", "T exit")]
    [InlineData("try { T(); } catch (Exception) when (A()) { B(); }", "T A B exit", "T A raise", "T exit")]
    [InlineData("try { T(); } catch (Exception) when (A()) { B(); } catch { C(); }", "T A B exit", "T A C exit", "T exit")]
    [InlineData("try { T(); } catch (Exception) when (T()) { B(); } catch { C(); }", "T T B exit", "T T C exit", "T exit")]
    [InlineData("try { A(); } finally { try { T(); } catch (Exception) when (x) { B(); } C(); } D();", "A T B C D exit", "A T C D exit", "A T raise")]
    public void A_filter_that_says_no_leads_to_the_next_handler(string statements, params string[] ways) => Same(statements, ways);

    [Theory]
    [InlineData("Environment.FailFast(\"\"); A();", "")]
    [InlineData("if (x) Environment.Exit(1); A();", "A exit")]
    [InlineData("[System.Diagnostics.CodeAnalysis.DoesNotReturn] static void Fail() => throw new Exception(); Fail(); A();", "Fail raise")]
    public void Calls_that_never_return(string statements, params string[] ways) => Same(statements, ways[0].Length == 0 ? [] : ways);

    [Theory]
    [InlineData("using (var s = new MemoryStream()) { T(); } A();", "T Dispose A exit", "T Dispose raise")]
    [InlineData("using var s = new MemoryStream(); T(); A();", "T A Dispose exit", "T Dispose raise")]
    [InlineData("lock (this) { T(); } A();", "Enter T Exit A exit", "Enter T Exit raise")]
    [InlineData("foreach (var i in new List<int>()) { T(); } A();", "GetEnumerator MoveNext Dispose A exit", "GetEnumerator MoveNext T Dispose raise")]
    public void What_the_language_adds(string statements, params string[] ways)
    {
        var all = Modelled.BodyOf($"void M() {{ {statements} }}").Ways();
        Assert.All(ways, way => Assert.Contains(way, all));
    }

    [Theory]
    [InlineData("lock (this) { T(); }")]
    [InlineData("lock (_lock) { T(); }")]
    [InlineData("lock (this.o!) { T(); }")]
    public void A_lock_statement_takes_the_lock_at_one_node(string statement)
    {
        var body = Modelled.BodyOf($"void M() {{ A(); {statement} B(); }}");
        var paths = new Paths(body, body.Flow!);
        var node = Assert.Single(paths.NodesOf(body.Facts.Single().Operation));
        Assert.Null(paths.Find(body.At("A"), next => next == body.At("T"), next => next == node));
        Assert.NotNull(paths.Find(node, next => next == body.At("B")));
        Assert.NotNull(paths.Find(node, next => next == body.Flow!.Raise));
    }

    // What a Lock becomes in the graph differs between versions of Roslyn: a monitor, a scope, or nothing where the context is nullable.
    [Fact]
    public void A_lock_on_the_Lock_type_is_left_on_every_way()
    {
        var ways = Modelled.BodyOf("void M() { lock (_lock) { T(); } A(); }").Ways();
        string[][] forms = [["Enter T Exit A exit", "Enter T Exit raise"], ["EnterScope T Dispose A exit", "EnterScope T Dispose raise"], ["T A exit", "T raise"]];
        Assert.Contains(forms, form => form.All(ways.Contains));
    }

    [Theory]
    [InlineData("await using (var d = new MemoryStream()) { T(); } A();", "T DisposeAsync A exit", "T DisposeAsync raise")]
    [InlineData("await foreach (var i in Xs()) { A(); } B();", "Xs GetAsyncEnumerator MoveNextAsync DisposeAsync B exit", "Xs GetAsyncEnumerator MoveNextAsync DisposeAsync raise")]
    [InlineData("await Task.Yield(); A();", "Yield A exit")]
    [InlineData("await Task.WhenAll(); A();", "WhenAll A exit", "WhenAll raise")]
    public void Asynchronous_code(string statements, params string[] ways)
    {
        var all = Modelled.BodyOf($"async Task M() {{ {statements} }} static IAsyncEnumerable<int> Xs() => null!;").Ways();
        Assert.All(ways, way => Assert.Contains(way, all));
    }

    [Theory]
    [InlineData("A(); yield return 1; B();", "A yield B exit", "A yield raise")]
    [InlineData("try { A(); yield return 1; } finally { B(); } C();", "A yield B C exit", "A yield B raise")]
    [InlineData("if (x) yield break; A(); yield return 1;", "A yield exit", "A yield raise", "exit")]
    public void An_iterator_may_be_left_at_each_yield(string statements, params string[] ways) =>
        Assert.Equal(ways, Modelled.BodyOf($"IEnumerable<int> M() {{ {statements} }}").Ways());

    [Theory]
    [InlineData("switch (o) { case string: A(); break; case int i when T(): B(); break; default: C(); break; } D();", "A D exit", "C D exit", "T B D exit", "T C D exit", "T raise")]
    [InlineData("_ = o switch { string => A(), null => B(), _ => C() };", "A exit", "B exit", "C exit")]
    [InlineData("_ = x switch { true => A(), false => B() };", "A exit", "B exit")]
    [InlineData("switch (1) { case 1: A(); goto case 2; case 2: B(); break; }", "A B exit", "B exit", "exit")]
    [InlineData("if (x) goto end; A(); end: B();", "A B exit", "B exit")]
    [InlineData("if (o is string { Length: > 3 } s && s.Length > 4) A();", "A exit", "exit")]
    public void Switches_patterns_and_goto(string statements, params string[] ways) => Same(statements, ways);

    [Fact]
    public void A_lambda_has_a_flow_of_its_own()
    {
        var body = Modelled.BodyOf("void M() { A(); Action f = () => { B(); T(); }; C(); }");
        Assert.Equal(["A C exit"], body.Ways());
        Assert.Equal(["B T exit", "B T raise"], body.Lambda().Ways());
    }

    [Fact]
    public void A_lambda_in_a_lambda_has_a_flow() =>
        Assert.Equal(["T exit", "T raise"], Modelled.BodyOf("void M() { Action f = () => { Func<Task> g = async () => { T(); await Task.Yield(); }; A(); }; }").Lambda().Lambda().Ways().Select(way => way.Replace(" Yield", string.Empty, System.StringComparison.Ordinal)));

    [Fact]
    public void A_local_function_has_a_flow_of_its_own()
    {
        var type = Modelled.Members("void M() { A(); Inner(); void Inner() { B(); if (x) { void Deep() { C(); } Deep(); } } }");
        Assert.Equal(["A Inner exit"], type.Body().Ways());
        Assert.Equal(["B Deep exit", "B exit"], type.Body("Inner").Ways());
        Assert.Equal(["C exit"], type.Body("Deep").Ways());
    }

    [Theory]
    [InlineData("public Example() : this(A()) { B(); } private Example(bool b) { }", ".ctor", "A .ctor B exit")]
    [InlineData("static Example() { A(); }", ".cctor", "A exit")]
    [InlineData("int P { get { A(); return 1; } }", "get_P", "A exit")]
    [InlineData("bool P => A();", "get_P", "A exit")]
    [InlineData("int P { set => A(); }", "set_P", "A exit")]
    [InlineData("bool this[int i] => A();", "get_Item", "A exit")]
    [InlineData("event Action E { add { A(); } remove { } }", "add_E", "A exit")]
    [InlineData("public static bool operator !(Example e) => A();", "op_LogicalNot", "A exit")]
    [InlineData("bool M() => A();", "M", "A exit")]
    [InlineData("bool _f = A();", "_f", "A exit")]
    [InlineData("bool F { get; } = A();", "F", "A exit")]
    public void Every_kind_of_member(string member, string name, params string[] ways) => Assert.Equal(ways, Modelled.BodyOf(member, name).Ways());

    [Fact]
    public void Top_level_statements()
    {
        var type = Modelled.File("lock (Gate.One) { F(); } void F() { } static class Gate { public static readonly object One = new(); }", "Program");
        Assert.Contains("Enter F Exit exit", type.Body("<Main>$").Ways());
        Assert.Equal(["exit"], type.Body("F").Ways());
    }

    [Fact]
    public void All_parts_of_a_type_and_its_primary_constructor()
    {
        var type = Modelled.File("partial class Example(object gate) { void M() { lock (gate) { } } } partial class Example { partial void N(); } partial class Example { partial void N() { M(); } }");
        Assert.Contains("Enter Exit exit", type.Body().Ways());
        Assert.Equal(["M exit"], type.Body("N").Ways().Where(way => way.EndsWith("exit", System.StringComparison.Ordinal)));
    }

    [Fact]
    public void Too_much_to_look_at_has_no_flow()
    {
        string nested = string.Concat(Enumerable.Repeat("try { T(); } finally { ", 15)) + string.Concat(Enumerable.Repeat(" }", 15));
        Assert.Null(Modelled.BodyOf($"void M() {{ {nested} }}").Flow);
    }

    [Fact]
    public void The_same_code_gives_the_same_flow()
    {
        const string Source = "void M() { lock (this) { try { T(); } catch (IOException) when (x) { A(); } finally { B(); } } foreach (var i in new List<int>()) { if (y) continue; C(); } }";
        var first = Modelled.BodyOf(Source).Flow!;
        var second = Modelled.BodyOf(Source).Flow!;
        Assert.Equal(first.Nodes.Select(node => node.Operation?.Syntax.ToString()), second.Nodes.Select(node => node.Operation?.Syntax.ToString()));
        Assert.Equal(first.Nodes.Select(node => node.Next.Count), second.Nodes.Select(node => node.Next.Count));
    }

    private static void Same(string statements, string[] ways) =>
        Assert.Equal(ways.Order(System.StringComparer.Ordinal), Modelled.BodyOf($"void M() {{ {statements} }}").Ways());
}
