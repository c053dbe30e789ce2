using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC3006_NotAtomicTests() : RuleTest("SLC3006")
{
    private static string In(string code) => $$"""
        class C
        {
            private volatile int _n;
            private volatile uint _bits;
            private volatile bool _on;
            private int _m;
            private long _sum;
            {{code}}
        }
        """;

    [Fact]
    public Task Reports_increment() => Reports(In("void M() { [|_n++|]; }"));

    [Fact]
    public Task Reports_prefix_in_expression() => Reports(In("int M() => [|++_n|];"));

    [Fact]
    public Task Reports_postfix_in_expression() => Reports(In("int M() => [|_n++|];"));

    [Fact]
    public Task Reports_add() => Reports(In("void M(int k) { [|_n += k|]; }"));

    [Fact]
    public Task Reports_spelled_out() => Reports(In("void M() { [|_n = _n + 1|]; }"));

    [Fact]
    public Task Reports_bits() => Reports(In("void M() { [|_bits |= 4|]; }"));

    [Fact]
    public Task Reports_toggle_with_or() => Reports(In("void M(bool b) { [|_on |= b|]; }"));

    [Fact]
    public Task Reports_interlocked_read() => Reports(In("void M() { [|_sum = Interlocked.Read(ref _sum) + 1|]; }"));

    [Fact]
    public Task Reports_volatile_write_of_read() => Reports(In("void M() { [|Volatile.Write(ref _m, Volatile.Read(ref _m) + 1)|]; }"));

    [Fact]
    public Task Reports_exchange_of_sum() => Reports(In("void M() { [|Interlocked.Exchange(ref _m, _m + 1)|]; }"));

    [Fact]
    public Task Silent_interlocked() => Silent(In("void M() { Interlocked.Increment(ref _m); Interlocked.Add(ref _sum, 3); }"));

    [Fact]
    public Task Silent_plain_write_and_read() => Silent(In("void M() { _n = 3; int x = _n + 1; _on = !(x > 3); }"));

    [Fact]
    public Task Silent_not_volatile() => Silent(In("void M() { _m++; _sum += 1; }"));

    [Fact]
    public Task Silent_under_a_lock() => Silent(In("void M() { lock (this) { _n++; } }"));

    [Fact]
    public Task Silent_when_the_lock_is_asserted() => Silent(In("void M() { System.Diagnostics.Debug.Assert(Monitor.IsEntered(this), \"Take the lock.\"); _bits |= 4; }"));

    [Fact]
    public Task Reports_though_something_else_is_asserted() => Reports(In("void M(int k) { System.Diagnostics.Debug.Assert(k > 0); [|_n += k|]; }"));

    [Fact]
    public Task Silent_when_one_thread_alone_writes() => Silent(In("void M() { Volatile.Write(ref _m, _m + 1); }"));

    [Fact]
    public Task Silent_constructor() => Silent(In("C() { _n++; }"));

    [Fact]
    public Task Silent_other_field() => Silent(In("void M() { _n = _m + 1; Volatile.Write(ref _m, _n + 1); }"));

    [Fact]
    public Task Silent_other_object() => Silent(In("void M(C c) { _n = c._n + 1; }"));

    [Fact]
    public Task Silent_exchange_of_value() => Silent(In("int M() => Interlocked.Exchange(ref _m, 0) + 1;"));

    [Fact]
    public Task Silent_compare_exchange() => Silent(In("void M() { int old; do { old = _n; } while (Interlocked.CompareExchange(ref _n, old * 2, old) != old); }"));

    [Fact]
    public Task Silent_local() => Silent(In("int M() { int x = 0; x++; return x; }"));

    [Fact]
    public Task Fixes_each_form() => Fixes(
        In("int M(int k) { [|_n++|]; [|_n += k|]; [|_n = _n + 1|]; [|_sum = Interlocked.Read(ref _sum) + 1|]; [|Volatile.Write(ref _m, Volatile.Read(ref _m) - 1)|]; return [|++_n|]; }"),
        In("int M(int k) { Interlocked.Increment(ref _n); Interlocked.Add(ref _n, k); Interlocked.Increment(ref _n); Interlocked.Increment(ref _sum); Interlocked.Decrement(ref _m); return Interlocked.Increment(ref _n); }"));

    [Theory]
    [InlineData("volatile int _n; void M() { [|_n = _n == 0 ? 1 : 0|]; }")]
    [InlineData("volatile bool _on; void M() { [|_on = !_on|]; }")]
    [InlineData("int _n; void M(int x) { var old = Volatile.Read(ref _n); [|Volatile.Write(ref _n, old + x)|]; }")]
    public Task Reports_other_forms(string code) => Reports("class F { " + code + " }");

    [Theory]
    [InlineData("int _n; int[] _a; void M(int x) { var at = Volatile.Read(ref _n); _a[at] = x; Volatile.Write(ref _n, at + 1); }")]
    [InlineData("volatile int _state; bool InEventLoop => true; void M() { if (InEventLoop) { _state |= 1; } }")]
    public Task Silent_with_one_writer(string code) => Silent("class F { " + code + " }");

    [Fact]
    public Task Silent_with_one_writer_in_a_base() => Silent("class B { public bool InEventLoop => true; protected void Ask() { if (!InEventLoop) { throw new Exception(); } } } class F : B { volatile int _state; void M() { _state |= 1; } }");

    [Fact]
    public Task Silent_under_a_monitor_with_another_name() => Silent("""
        static class Gate { public static void Enter(object o) => Monitor.Enter(o); public static void Exit(object o) => Monitor.Exit(o); }
        class D { private volatile int _n; public int N => _n; void M() { Gate.Enter(this); try { _n++; } finally { Gate.Exit(this); } } }
        """);

    [Fact]
    public Task Silent_under_a_semaphore() => Silent("class D { private readonly SemaphoreSlim _one = new(1, 1); private volatile int _n; public int N => _n; async Task M() { await _one.WaitAsync(); try { _n++; } finally { _one.Release(); } } }");

    private static string Immutable(string code) => $$"""
        using System.Collections.Immutable;

        record Options(int Size, string Name);

        class C
        {
            private volatile ImmutableDictionary<string, int> _routes = ImmutableDictionary<string, int>.Empty;
            private volatile string[] _all = new string[0];
            private volatile Options _options = new(1, "a");
            private volatile Dictionary<string, int> _map = new();
            private ImmutableHashSet<string> _plain = ImmutableHashSet<string>.Empty;
            private readonly object _gate = new();
            {{code}}
        }
        """;

    [Theory]
    [InlineData("public void Set(string k, int v) { [|_routes = _routes.SetItem(k, v)|]; }")]
    [InlineData("public void Set(string k, int v) => [|_routes = _routes.Remove(k).Add(k, v)|];")]
    [InlineData("public void Set(string k, int v) { var old = _routes; if (!old.ContainsKey(k)) { [|_routes = old.Add(k, v)|]; } }")]
    [InlineData("public void Set(string k, int v) { var next = _routes.ToBuilder(); next[k] = v; [|_routes = next.ToImmutable()|]; }")]
    [InlineData("public void Set(string x) { [|_all = [.. _all, x]|]; }")]
    [InlineData("public void Set(string x) { [|_all = _all.Append(x).ToArray()|]; }")]
    [InlineData("public void Set(int n) { [|_options = _options with { Size = n }|]; }")]
    [InlineData("public void Set(string k) { [|_map = new Dictionary<string, int>(_map) { [k] = 1 }|]; }")]
    [InlineData("public void Set(string k) { var copy = new Dictionary<string, int>(_map); copy.Remove(k); [|_map = copy|]; }")]
    [InlineData("public void Set(string x) { [|Volatile.Write(ref _plain, Volatile.Read(ref _plain).Add(x))|]; }")]
    [InlineData("public void Set(string x) { [|Interlocked.Exchange(ref _plain, _plain.Add(x))|]; }")]
    [InlineData("public void Set(string k) => Put(k); private void Put(string k) { [|_routes = _routes.SetItem(k, 1)|]; }")]
    public Task Reports_changed_copy(string code) => Reports(Immutable(code));

    [Theory]
    [InlineData("public void Set(ImmutableDictionary<string, int> all) { _routes = all; _map = new Dictionary<string, int>(all); }")]
    [InlineData("public void Set() { _routes = _routes.Clear(); _all = new string[] { \"x\" }; }")]
    [InlineData("public C(string k) { _routes = _routes.Add(k, 1); _all = [.. _all, k]; }")]
    [InlineData("public void Set(string k) { lock (_gate) { _routes = _routes.Add(k, 1); _all = _all.Append(k).ToArray(); } }")]
    [InlineData("public void Set(string k) { lock (_gate) { Put(k); } } private void Put(string k) { _routes = _routes.SetItem(k, 1); }")]
    [InlineData("public C(string k) { Put(k); } private void Put(string k) { _routes = _routes.SetItem(k, 1); }")]
    [InlineData("internal void PutUnderLock(string k) { _routes = _routes.SetItem(k, 1); }")]
    [InlineData("public void Set(string x) { _plain = _plain.Add(x); }")]
    [InlineData("public void Set(string x) { Volatile.Write(ref _plain, _plain.Add(x)); }")]
    [InlineData("public void Set(string k) => ImmutableInterlocked.Update(ref _plain, (all, one) => all.Add(one), k);")]
    [InlineData("public ImmutableDictionary<string, int> With(string k) => _routes.Add(k, 1);")]
    [InlineData("public void Set(C other, string k) { _routes = other._routes.Add(k, 1); }")]
    public Task Silent_on_a_copy_that_loses_nothing(string code) => Silent(Immutable(code));

    [Fact]
    public Task Silent_in_a_private_method_that_is_called_under_the_lock() => Silent(In("public void A() { lock (this) { Step(); } } public void B() { lock (this) { Step(); } } private void Step() { _n++; }"));

    [Fact]
    public Task Reports_private_method_that_is_also_called_without_the_lock() => Reports(In("public void A() { lock (this) { Step(); } } public void B() { Step(); } private void Step() { [|_n++|]; }"));

    [Fact]
    public Task Reports_private_method_that_is_handed_over() => Reports(In("public void A() { lock (this) { Step(); } } public Action B() => Step; private void Step() { [|_n++|]; }"));
}
