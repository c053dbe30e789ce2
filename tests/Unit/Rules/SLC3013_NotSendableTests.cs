using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC3013_NotSendableTests() : RuleTest("SLC3013")
{
    protected override Setup Setup { get; } = Setup.WithPlumbing;

    private static string State(string members) => $$"""
        using Sluice;
        [Sendable]
        class C
        {
            private readonly object _gate = new();
            {{members}}
        }
        """;

    private static string Crosses(string code) => $$"""
        using Sluice;
        [assembly: SendableOnly]
        record Order(int Id, string Name);
        class Cart { public int Items; }
        class Quiet { private readonly int _n = 1; public int N => _n; }
        class Safe { private readonly object _gate = new(); private int _n; public void Add() { lock (_gate) { _n++; } } }
        [Sendable] class Shared { private int _n; public void Add() => Interlocked.Increment(ref _n); }
        class C
        {
            static void Use(object value) { }
            {{code}}
        }
        """;

    private static string Keeps(string code) => $$"""
        using Sluice;
        [Confined] class Session { public int N; }
        class C
        {
            [Confined] private int _turn;
            {{code}}
        }
        """;

    [Theory]
    [InlineData("private int [|_n|]; public void Add() => _n++;")]
    [InlineData("public int [|_n|];")]
    [InlineData("public string Name { get; [|set|]; }")]
    [InlineData("private int [|_n|]; public void Add() { lock (_gate) { _n++; } } public int Get() => _n;")]
    [InlineData("private readonly List<int> [|_list|] = new(); public void Add(int x) => _list.Add(x);")]
    [InlineData("public List<int> [|Items|] { get; } = new();")]
    [InlineData("private readonly int[] [|_slots|] = new int[3]; public void Hit(int i) => _slots[i]++;")]
    [InlineData("private DateTime? [|_last|]; public void Touch() => _last = DateTime.Now;")]
    [InlineData("private readonly Inner [|_inner|] = new(); public int N => _inner.N; private sealed class Inner { public int N; }")]
    public Task Reports_state_that_nothing_protects(string members) => Reports(State(members.Replace("Name { get; [|set|]; }", "[|Name|] { get; set; }", System.StringComparison.Ordinal)));

    [Theory]
    [InlineData("private readonly int _n = 3; public int N => _n;")]
    [InlineData("private int _n; public C(int n) => _n = n; public int N => _n;")]
    [InlineData("public string Name { get; init; } = string.Empty;")]
    [InlineData("private volatile bool _stopped; public void Stop() => _stopped = true;")]
    [InlineData("private int _n; public void Add() { lock (_gate) { _n++; } } public int Get() { lock (_gate) { return _n; } }")]
    [InlineData("private int _n; public void Add() => Interlocked.Increment(ref _n); public int N => Volatile.Read(ref _n);")]
    [InlineData("[GuardedBy(\"_gate\")] private int _n; public void Add() { lock (_gate) { _n++; } }")]
    [InlineData("private readonly List<int> _list = new(); public void Add(int x) { lock (_gate) { _list.Add(x); } } public int Count { get { lock (_gate) { return _list.Count; } } }")]
    [InlineData("private readonly System.Collections.Concurrent.ConcurrentDictionary<int, string> _all = new(); public void Add(int x) => _all[x] = string.Empty;")]
    [InlineData("private readonly int[] _primes = { 2, 3, 5 }; public int At(int i) => _primes[i];")]
    [InlineData("private static int s_n; public void Add() => s_n++;")]
    [InlineData("private readonly Channel<int> _jobs = Channel.CreateBounded<int>(1); public ChannelReader<int> Jobs => _jobs.Reader;")]
    [InlineData("public event EventHandler Changed; public void Raise() => Changed?.Invoke(this, EventArgs.Empty);")]
    public Task Silent_on_state_that_is_fixed_guarded_or_atomic(string members) => Silent(State(members));

    [Fact]
    public Task Silent_on_a_type_that_promises_nothing() => Silent("class C { private int _n; public async Task Add() { await Task.Yield(); _n++; } }");

    [Theory]
    [InlineData("Task M(List<int> list) => Task.Run(() => [|list|].Add(1));")]
    [InlineData("async Task M() { var list = new List<int>(); var t = Task.Run(() => [|list|].Add(1)); await t; Use(list); }")]
    [InlineData("Task M(Cart cart) => Task.Run(() => Use([|cart|]));")]
    [InlineData("async Task M(Channel<Cart> jobs, Cart cart) { await jobs.Writer.WriteAsync([|cart|]); }")]
    [InlineData("async Task M(Channel<int[]> jobs) { var a = new int[3]; await jobs.Writer.WriteAsync([|a|]); a[0] = 1; }")]
    [InlineData("void M(Cart cart) { new Thread(() => Use([|cart|])).Start(); }")]
    [InlineData("Task M((int, Cart) pair) => Task.Run(() => Use([|pair|]));")]
    public Task Reports_what_crosses(string code) => Reports(Crosses(code));

    [Theory]
    [InlineData("Task M(Order order, string s, int n) => Task.Run(() => Use(order.Name + s + n));")]
    [InlineData("Task M(System.Collections.Immutable.ImmutableList<int> list) => Task.Run(() => Use(list));")]
    [InlineData("Task M(Quiet q) => Task.Run(() => Use(q.N));")]
    [InlineData("Task M(Safe s) => Task.Run(s.Add);")]
    [InlineData("Task M(Safe s) => Task.Run(() => s.Add());")]
    [InlineData("Task M(Shared s) => Task.Run(() => s.Add());")]
    [InlineData("Task M() { var list = new List<int>(); list.Add(1); return Task.Run(() => list.Add(1)); }")]
    [InlineData("async Task M(Channel<Cart> jobs) { await jobs.Writer.WriteAsync(new Cart()); }")]
    [InlineData("async Task M(Channel<Cart> jobs) { for (int i = 0; i < 3; i++) { var cart = new Cart(); cart.Items = i; await jobs.Writer.WriteAsync(cart); } }")]
    [InlineData("Task M() => Task.Run(() => { var list = new List<int>(); list.Add(1); });")]
    [InlineData("async Task M(Cart cart) { cart.Items++; await Task.Delay(1); cart.Items++; }")]
    [InlineData("async Task M(Cart cart) { await Task.Run(() => Use(cart)); }")]
    public Task Silent_on_what_may_cross(string code) => Silent(Crosses(code));

    [Theory]
    [InlineData("Task M(Session s) => Task.Run(() => [|s|].N++);")]
    [InlineData("Task M() { var s = new Session(); return Task.Run(() => [|s|].N++); }")]
    [InlineData("Task M() => Task.Run(() => [|_turn|]++);")]
    public Task Reports_confined(string code) => Reports(Keeps(code));

    [Theory]
    [InlineData("void M(Session s) { s.N++; _turn++; }")]
    [InlineData("Task M(List<int> list) => Task.Run(() => list.Add(1));")]
    public Task Silent_on_confined_that_stays(string code) => Silent(Keeps(code));

    [Fact]
    public Task Silent_when_the_assembly_did_not_ask() => Silent("using Sluice;\nclass C { Task M(List<int> list) => Task.Run(() => list.Add(1)); }");

    [Fact]
    public Task Says_what_to_do() => Says(
        "using Sluice;\n[Sendable] class C { private int _n; public void Add() => _n++; }",
        "'_n' is state of 'C', which says that it may be shared ([Sendable]), but it is written without a lock that all hold: make it readonly and of a type that may be shared, guard it with one lock, or make it atomic");
}
