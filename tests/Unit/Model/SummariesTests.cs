using System;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Tests.Model;

/// <summary>What a call does to the objects of its caller, and whether it may throw.</summary>
public sealed class SummariesTests
{
    private const string Give = "private readonly object _gate = new(); private readonly SemaphoreSlim _sem = new(1); private void Give() => Monitor.Exit(_gate); ";

    [Theory]
    [InlineData("void M() { Give(); }", "Give: Monitor Release _gate")]
    [InlineData("void Two() => Give(); void M() { Two(); }", "Two: Monitor Release _gate")]
    [InlineData("void Two() => Give(); void Three() => Two(); void M() { Three(); }", "Three: Monitor Release _gate")]
    [InlineData("void Two() => Give(); void Three() => Two(); void Four() => Three(); void M() { Four(); }")]
    [InlineData("void Again(int n) { Give(); Again(n - 1); } void M() { Again(3); }", "Again: Monitor Release _gate")]
    [InlineData("void Ping() { Pong(); } void Pong() { Ping(); } void M() { Ping(); }")]
    [InlineData("void Both() { Monitor.Enter(_gate); Monitor.Exit(_gate); } void M() { Both(); }", "Both: Monitor Acquire _gate", "Both: Monitor Release _gate")]
    [InlineData("void Scoped() { lock (_gate) { } } void M() { Scoped(); }")]
    public void Calls_are_followed_to_a_depth(string members, params string[] told) => Assert.Equal(told, Modelled.BodyOf(Give + members).ToldOfCalls());

    [Theory]
    [InlineData("void Perhaps() { if (x) Give(); } void M() { Perhaps(); }", "Perhaps: Monitor Release _gate perhaps")]
    [InlineData("void Early() { if (x) return; Give(); } void M() { Early(); }", "Early: Monitor Release _gate perhaps")]
    [InlineData("void Either() { if (x) Give(); else Monitor.Exit(_gate); } void M() { Either(); }", "Either: Monitor Release _gate")]
    [InlineData("void Last() { try { T(); } finally { Give(); } } void M() { Last(); }", "Last: Monitor Release _gate")]
    [InlineData("void OrThrow() { if (x) throw new Exception(); Give(); } void M() { OrThrow(); }", "OrThrow: Monitor Release _gate")]
    [InlineData("void Loop() { foreach (var i in new List<int>()) { Give(); } } void M() { Loop(); }", "Loop: Monitor Release _gate perhaps")]
    [InlineData("void Nested() { Perhaps(); void Perhaps() { if (x) Give(); } } void M() { Nested(); }", "Nested: Monitor Release _gate perhaps")]
    public void What_is_done_on_some_paths_only_is_marked(string members, params string[] told) => Assert.Equal(told, Modelled.BodyOf(Give + members).ToldOfCalls());

    [Theory]
    [InlineData("static void Exit(object o) => Monitor.Exit(o); void M() { Exit(_gate); }", "Exit: Monitor Release _gate")]
    [InlineData("static void Exit(Example e) => Monitor.Exit(e._gate); void M() { Exit(this); }", "Exit: Monitor Release _gate")]
    [InlineData("void M(Example other) { other.Give(); }", "Give: Monitor Release other._gate")]
    [InlineData("static readonly object One = new(); static void Exit() => Monitor.Exit(One); void M() { Exit(); }", "Exit: Monitor Release One")]
    [InlineData("static void Exit(object a, object b) => Monitor.Exit(b); void M(object c) { Exit(b: c, a: _gate); }", "Exit: Monitor Release c")]
    [InlineData("void Own() { var mine = new object(); Monitor.Enter(mine); } void M() { Own(); }")]
    [InlineData("static Example Make() => new(); void M() { Make().Give(); }")]
    [InlineData("void M() { var local = new object(); Inner(); void Inner() { Monitor.Exit(local); } }", "Inner: Monitor Release local")]
    [InlineData("void M() { Inner(); void Inner() => Monitor.Exit(_gate); }", "Inner: Monitor Release _gate")]
    [InlineData("void M() { Inner(_gate); void Inner(object o) => Monitor.Exit(o); }", "Inner: Monitor Release _gate")]
    [InlineData("static void Take(object o, ref bool taken) => Monitor.Enter(o, ref taken); void M() { bool t = false; Take(_gate, ref t); }", "Take: Monitor Acquire _gate flag t")]
    public void The_object_is_named_as_the_caller_does(string members, params string[] told) => Assert.Equal(told, Modelled.BodyOf(Give + members).ToldOfCalls());

    [Theory]
    [InlineData("public virtual void Open() => Give(); void M() { Open(); }")]
    [InlineData("public override string ToString() { Give(); return string.Empty; } void M() { ToString(); }")]
    [InlineData("public sealed override string ToString() { Give(); return string.Empty; } void M() { ToString(); }", "ToString: Monitor Release _gate")]
    [InlineData("interface IGate { void Give(); } void M(IGate gate) { gate.Give(); }")]
    [InlineData("void M() { Action give = Give; give(); }")]
    public void Somebody_elses_code_is_unknown(string members, params string[] told) => Assert.Equal(told, Modelled.BodyOf(Give + members).ToldOfCalls());

    [Theory]
    [InlineData("async Task Take() { await _sem.WaitAsync(); } async Task M() { await Take(); }", "Take: Semaphore Acquire _sem")]
    [InlineData("async Task Take() { await _sem.WaitAsync(); } async Task M() { await Take().ConfigureAwait(false); }", "Take: Semaphore Acquire _sem")]
    [InlineData("async Task Take() { await _sem.WaitAsync(); } void M() { Take().Wait(); }", "Take: Semaphore Acquire _sem")]
    [InlineData("async Task Take() { await _sem.WaitAsync(); } void M() { _ = Take(); }")]
    [InlineData("async Task Take() { await _sem.WaitAsync(); } async Task M() { var t = Take(); await t; }")]
    public void An_async_callee_counts_where_it_is_waited_for(string members, params string[] told) => Assert.Equal(told, Modelled.BodyOf(Give + members).ToldOfCalls());

    [Fact]
    public void An_async_callee_has_done_its_work_when_the_await_ends()
    {
        var body = Modelled.BodyOf(Give + "async Task Take() { await _sem.WaitAsync(); } async Task M() { await Take(); }");
        Assert.IsAssignableFrom<IAwaitOperation>(Assert.Single(body.Operations.SelectMany(operation => body.FactsAt(operation))).Operation);
    }

    [Fact]
    public void A_parameter_of_a_primary_constructor_is_reached_from_the_object()
    {
        var type = Modelled.File("class Example(object gate) { void Give() => Monitor.Exit(gate); void M() { Give(); } void N(Example other) { other.Give(); } }");
        Assert.Equal(["Give: Monitor Release gate"], type.Body().ToldOfCalls());
        Assert.Equal(["Give: Monitor Release other.gate"], type.Body("N").ToldOfCalls());
    }

    [Fact]
    public void A_partial_method_is_looked_at_where_it_has_code()
    {
        var type = Modelled.File("partial class Example { object _gate = new(); partial void Give(); void M() { Give(); } } partial class Example { partial void Give() { Monitor.Exit(_gate); } }");
        Assert.Equal(["Give: Monitor Release _gate"], type.Body().ToldOfCalls());
    }

    [Fact]
    public void A_generic_method_and_a_generic_type()
    {
        var type = Modelled.File("class Box<T> { public readonly object Gate = new(); public void Give<U>(U u) => Monitor.Exit(Gate); } class Example { readonly Box<int> _box = new(); void M() { _box.Give(\"\"); } private Lock? _l; }");
        Assert.Equal(["Give: Monitor Release _box.Gate"], type.Body().ToldOfCalls());
    }

    [Theory]
    [InlineData("void F() { x = true; }", false)]
    [InlineData("void F() { T(); }", true)]
    [InlineData("void F() { try { T(); } catch { } }", false)]
    [InlineData("void F() { try { T(); } catch (IOException) { } }", true)]
    [InlineData("void F() { try { T(); } catch { throw; } }", true)]
    [InlineData("void F() { try { T(); } finally { } }", true)]
    [InlineData("void F() { throw new InvalidOperationException(); }", true)]
    [InlineData("void F(object? o = null) { if (o is null) throw new ArgumentNullException(nameof(o)); }", false)]
    [InlineData("void F(object? o = null) { ArgumentNullException.ThrowIfNull(o); }", false)]
    [InlineData("void F() { A(); G(); } void G() { A(); }", false)]
    [InlineData("void F() { G(); } void G() { T(); }", true)]
    [InlineData("void F() { F(); }", true)]
    [InlineData("void F() { new List<int>().Add(1); Interlocked.Increment(ref n); } int n;", false)]
    [InlineData("void F() { new Dictionary<int, int>().Add(1, 1); }", false)]
    [InlineData("protected virtual void F() { }", true)]
    [InlineData("void F() { new Random().Next(); }", true)]
    [InlineData("void F() { LogIt(\"\"); } void LogIt(string s) { File.AppendAllText(s, s); }", false)]
    public void Whether_a_callee_may_throw(string members, bool may)
    {
        var body = Modelled.BodyOf(members + " void M() { F(); }");
        Assert.Equal(may, body.Ways().Contains("F raise"));
    }

    [Fact]
    public void The_answer_does_not_depend_on_who_asks_first()
    {
        const string Source = Give + "void Two() => Give(); void Three() => Two(); void Four() => Three(); void M() { Three(); } void N() { Four(); }";
        var forth = Modelled.Members(Source);
        var back = Modelled.Members(Source);
        string[] m = forth.Body().ToldOfCalls(), n = forth.Body("N").ToldOfCalls();
        Assert.Equal(n, back.Body("N").ToldOfCalls());
        Assert.Equal(m, back.Body().ToldOfCalls());
    }

    [Fact]
    public void Many_threads_get_the_same_answer()
    {
        var type = Modelled.Members(Give + string.Concat(Enumerable.Range(0, 20).Select(i => $"void M{i}() {{ Give(); if (x) M{(i + 1) % 20}(); }} ")));
        var expected = type.Body("M0").ToldOfCalls();
        var answers = Enumerable.Range(0, 50).AsParallel().Select(_ => Sluice.Model.TypeModel.Of(type.Symbol, type.Compilation, CancellationToken.None).Body("M0").ToldOfCalls()).ToList();
        Assert.All(answers, answer => Assert.Equal(expected, answer));
    }
}
