using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC3005_PlainAndAtomicTests() : RuleTest("SLC3005")
{
    private static string In(string code) => $$"""
        class C
        {
            private int _n;
            private long _sum;
            private bool _on;
            private object _x;
            private static int s_n;
            {{code}}
        }
        """;

    [Fact]
    public Task Reports_plain_increment() => Reports(In("public void A() => Interlocked.Increment(ref _n); public void B() { [|_n++|]; }"));

    [Fact]
    public Task Reports_plain_write() => Reports(In("public void A() => Interlocked.Increment(ref _n); public void B() { [|_n = 0|]; }"));

    [Fact]
    public Task Reports_plain_add() => Reports(In("public void A() => Interlocked.Increment(ref _n); public void B(int k) { [|_n += k|]; }"));

    [Fact]
    public Task Reports_plain_write_after_a_read() => Reports(In("public void A() => Interlocked.Exchange(ref _sum, 1); public long B() { var n = Interlocked.Read(ref _sum); [|_sum = 0|]; return n; }"));

    [Fact]
    public Task Reports_plain_read_in_a_loop() => Reports(In("public void A() => Interlocked.Exchange(ref _n, 1); public void B() { while ([|_n|] == 0) { Thread.SpinWait(1); } }"));

    [Theory]
    [InlineData("public int B() { Interlocked.Increment(ref _n); return [|_n|]; }")]
    [InlineData("public void B() { Interlocked.Decrement(ref _n); if ([|_n|] == 0) { _x = null; } }")]
    public Task Reports_count_that_is_read_again(string code) => Reports(In(code));

    [Fact]
    public Task Reports_check_then_act() => Reports(In("public void A() => Interlocked.Increment(ref _n); public bool B() { if ([|_n|] > 0) { Interlocked.Decrement(ref _n); return true; } return false; }"));

    [Theory]
    [InlineData("public int N => _n;")]
    [InlineData("public bool Is() { return _n > 3; }")]
    [InlineData("public void Is() { if (_n != 0) { throw new ObjectDisposedException(null); } }")]
    [InlineData("public void Reset() { _n = 0; }")]
    [InlineData("public async Task B() { while (_n == 0) { await Task.Delay(1); } }")]
    [InlineData("private void AcquireLock() { } public void B() { AcquireLock(); _n++; }")]
    public Task Silent_where_the_newest_value_is_not_needed(string code) => Silent(In("public void A() => Interlocked.Increment(ref _n); " + code));

    [Fact]
    public Task Silent_single_writer() => Silent(In("public void A() { Volatile.Write(ref _n, _n + 1); _n++; } public int N => Volatile.Read(ref _n);"));

    [Fact]
    public Task Silent_part_of_another_struct() => Silent("struct V { public long N; } class C { V _a, _b; void A() => Interlocked.Increment(ref _a.N); void B() { _b.N = 3; _b.N++; } }");

    [Fact]
    public Task Reports_long_sum() => Reports(In("public void A(int k) => Interlocked.Add(ref _sum, k); public long S() => [|_sum|];"));

    [Fact]
    public Task Reports_static_counter() => Reports(In("public static void A() => Interlocked.Increment(ref s_n); public static void N() => [|s_n--|];"));

    [Fact]
    public Task Reports_volatile_write_and_plain_read() => Reports(In("public void Stop() => Volatile.Write(ref _on, false); public void Run() { while ([|_on|]) { } }"));

    [Fact]
    public Task Reports_field_of_another_object() => Reports("class S { public int N; } class C { static bool End(S s) => Interlocked.Decrement(ref s.N) == 0; void Begin(S s) { [|s.N += 2|]; } }");

    [Fact]
    public Task Silent_all_atomic() => Silent(In("public void A() => Interlocked.Increment(ref _n); public int N => Volatile.Read(ref _n); public void R() => Interlocked.Exchange(ref _n, 0);"));

    [Fact]
    public Task Silent_constructor() => Silent(In("public void A() => Interlocked.Increment(ref _n); public C(int n) { _n = n; }"));

    [Fact]
    public Task Silent_after_await() => Silent(In("public void A() => Interlocked.Increment(ref _n); public async Task<int> M() { await Task.WhenAll(Task.Run(A), Task.Run(A)); return _n; }"));

    [Fact]
    public Task Silent_after_parallel() => Silent(In("public int M(int k) { Parallel.For(0, k, i => Interlocked.Increment(ref _n)); return _n; }"));

    [Fact]
    public Task Silent_under_a_lock() => Silent(In("public void A() => Interlocked.Increment(ref _n); public int M() { lock (this) { return _n; } }"));

    [Fact]
    public Task Reports_state_that_is_set_whatever_it_is() => Reports(In("public bool Enter() => Interlocked.CompareExchange(ref _n, 1, 0) == 0; public void Fail() { [|_n = 2|]; }"));

    [Fact]
    public Task Silent_who_won_gives_it_back() => Silent(In("public void M() { if (Interlocked.CompareExchange(ref _n, 1, 0) == 0) { try { Console.Write(1); } finally { _n = 0; } } }"));

    [Fact]
    public Task Silent_compare_exchange_loop() => Silent(In("public void M() { int old; do { old = _n; } while (Interlocked.CompareExchange(ref _n, old * 2, old) != old); }"));

    [Fact]
    public Task Silent_reference_made_at_first_use() => Silent(In("public object X => _x ?? Interlocked.CompareExchange(ref _x, new object(), null) ?? _x;"));

    [Fact]
    public Task Silent_reference_taken_once() => Silent(In("public void Set(object x) { _x = x; } public void End() { (Interlocked.Exchange(ref _x, null) as IDisposable)?.Dispose(); }"));

    [Fact]
    public Task Silent_reference_read_with_volatile() => Silent(In("public void Set(object x) { _x = x; } public object X => Volatile.Read(ref _x);"));

    [Fact]
    public Task Reports_handler_added_plainly() => Reports("class C { private Action _changed; void End() => Interlocked.Exchange(ref _changed, null); void Add(Action a) { [|_changed += a|]; } }");

    [Fact]
    public Task Silent_when_only_shown() => Silent(In("public void A() => Interlocked.Increment(ref _n); public override string ToString() => $\"{_n} open\"; public void Log() => Console.WriteLine(_n);"));

    [Fact]
    public Task Silent_when_the_lock_is_asserted() => Silent(In("public void A() => Interlocked.Increment(ref _n); void B() { System.Diagnostics.Debug.Assert(Monitor.IsEntered(this)); _n += 2; }"));

    [Fact]
    public Task Silent_local() => Silent(In("public int M(int k) { int n = 0; Parallel.For(0, k, i => Interlocked.Increment(ref n)); n++; return n; }"));

    [Fact]
    public Task Silent_only_plain() => Silent(In("public void A() => _n++; public int N => _n;"));

    [Fact]
    public Task Silent_nameof() => Silent(In("public void A() => Interlocked.Increment(ref _n); public string B() => nameof(_n);"));

    [Fact]
    public Task Silent_volatile_field() => Silent("class C { private volatile bool _on; bool A() => _on; void B() => _on = true; void D() => Volatile.Write(ref _on, false); }");

    [Fact]
    public Task Fixes_each_form() => Fixes(
        In("public void A() => Interlocked.Increment(ref _n); public void B() { [|_n++|]; [|_n--|]; [|_n += 2|]; [|_n = 0|]; } public void D() { while ([|_n|] > 0) { } }"),
        In("public void A() => Interlocked.Increment(ref _n); public void B() { Interlocked.Increment(ref _n); Interlocked.Decrement(ref _n); Interlocked.Add(ref _n, 2); Volatile.Write(ref _n, 0); } public void D() { while (Volatile.Read(ref _n) > 0) { } }"));

    [Fact]
    public Task Reports_a_figure_of_two_words() => Reports("""
        class C
        {
            private long _hits;
            public long Hits => [|_hits|];
            public void Hit() => Interlocked.Increment(ref _hits);
        }
        """);

    [Fact]
    public Task Silent_where_an_old_value_does_no_harm() => Silent("""
        class C
        {
            private int _left;
            public void Take() { Interlocked.Decrement(ref _left); System.Diagnostics.Debug.Assert(_left >= 0); }
            public void Trim(Queue<int> items) { while (_left > 10 && items.Count > 0) { Interlocked.Add(ref _left, -items.Dequeue()); } }
        }
        struct Header
        {
            private long _word;
            public bool IsValid { get => (_word & 1) != 0; set => _word |= 1; }
            public void Clear() => _word &= ~4;
            public bool TryMark() => (Interlocked.Add(ref _word, 2) & 2) != 0;
        }
        """);

    [Theory]
    [InlineData("public bool Enter(int limit) { if ([|_n|] >= limit) { return false; } Interlocked.Increment(ref _n); return true; }")]
    [InlineData("public void Enter(int limit) { if ([|_n|] >= limit) throw new InvalidOperationException(); Console.Write(1); Interlocked.Increment(ref _n); }")]
    [InlineData("public bool Enter(bool open, int limit) { if (!open || limit <= [|_n|]) return false; try { Interlocked.Add(ref _n, 1); return true; } finally { Console.Write(1); } }")]
    [InlineData("public void All(int[] a, int limit) { foreach (var one in a) { if ([|_n|] >= limit) continue; Interlocked.Increment(ref _n); } }")]
    public Task Reports_guard_before_a_step(string code) => Reports(In(code + " public void Leave() => Interlocked.Decrement(ref _n);"));

    [Theory]
    [InlineData("public bool Enter(int limit) { if (_n >= limit) { return false; } if (Interlocked.Increment(ref _n) > limit) { Interlocked.Decrement(ref _n); return false; } return true; }")]
    [InlineData("public bool Enter(int limit) { if (Interlocked.Increment(ref _n) <= limit) { return true; } Interlocked.Decrement(ref _n); return false; }")]
    [InlineData("public bool Enter(int limit) { if (_n >= limit) { Console.WriteLine(1); } Interlocked.Increment(ref _n); return true; }")]
    [InlineData("public bool IsFull(int limit) { if (_n >= limit) { return true; } return false; }")]
    [InlineData("public int Count { get { Console.WriteLine(1); return _n; } }")]
    [InlineData("public bool Enter(int limit) { lock (this) { if (_n >= limit) { return false; } Interlocked.Increment(ref _n); return true; } }")]
    [InlineData("private int _all; public bool Enter(int limit) { if (_n >= limit) { return false; } Interlocked.Increment(ref _all); return true; }")]
    [InlineData("public bool Take() { if (_n > 0) { return Interlocked.Decrement(ref _n) >= 0; } return false; }")]
    public Task Silent_guard_that_no_step_depends_on(string code) => Silent(In(code + " public void Leave() => Interlocked.Decrement(ref _n);"));

    [Theory]
    [InlineData("public void Run() { while (![|_on|]) { Console.Read(); Thread.Sleep(100); } }")]
    [InlineData("public void Run(Action step) { while (![|_on|]) { step(); } }")]
    [InlineData("public async Task Run() { while (![|_on|]) { await Task.Delay(100); } }")]
    [InlineData("public void Run(Action step) { do { step(); } while (![|_on|]); }")]
    [InlineData("public void Run(Action step) { for (int i = 0; i < 9 && ![|_on|]; i++) { step(); } }")]
    [InlineData("public void Run(Action step) { while (true) { if ([|_on|]) { return; } step(); } }")]
    [InlineData("public void Run(Action step) { for (;;) { step(); if ([|_on|]) break; } }")]
    public Task Reports_flag_that_a_loop_asks(string code) => Reports(In(code + " public void Stop() => Volatile.Write(ref _on, true);"));

    [Theory]
    [InlineData("public void Run(Action step) { while ([|_n|] == 0) { step(); } } public void Stop() => Interlocked.Exchange(ref _n, 1);")]
    [InlineData("public void Run(Action step) { while ([|_n|] != 1) { step(); } } public bool Stop() => Interlocked.CompareExchange(ref _n, 1, 0) == 0;")]
    public Task Reports_word_that_is_a_flag(string code) => Reports(In(code));

    [Theory]
    [InlineData("public void Run(Action step) { while (!Volatile.Read(ref _on)) { step(); } }")]
    [InlineData("public void Run(Action step) { while (!_on) { lock (this) { step(); } } }")]
    [InlineData("public void Run(Action step) { while (true) { if (!_on) { step(); } } }")]
    [InlineData("public bool On => _on;")]
    [InlineData("public void Once(Action step) { if (_on) { return; } step(); }")]
    [InlineData("public void Each(int[] a, Action step) { foreach (var one in a) { if (one > 3) { step(); } } Console.Write(_on); }")]
    [InlineData("public void Run(Action step) { while (true) { step(); Console.WriteLine(_on); } }")]
    [InlineData("public void Run(Action step) { while (!_on) { step(); if (Console.Read() == 3) { Volatile.Write(ref _on, true); } } }")]
    public Task Silent_flag_that_no_loop_waits_for(string code) => Silent(In(code + " public void Stop() => Volatile.Write(ref _on, true);"));

    [Fact]
    public Task Silent_position_of_one_writer() => Silent(In("private int _read; private int[] _ring = new int[8]; public void Write(int x) { while (_n - Volatile.Read(ref _read) == 8) { Thread.Yield(); } _ring[_n & 7] = x; Volatile.Write(ref _n, _n + 1); } public int N => Volatile.Read(ref _n);"));

    [Fact]
    public Task Silent_flag_that_is_only_written_plainly() => Silent(In("public void Run(Action step) { while (!_on) { step(); } } public void Stop() => _on = true;"));

    [Fact]
    public Task Reports_a_derived_type_that_steps_the_field_of_its_base_plainly() => Reports("""
        abstract class Pump
        {
            protected int Pending;
            public void Add() => Interlocked.Increment(ref Pending);
            public void Done() => Interlocked.Decrement(ref Pending);
        }
        sealed class Slow : Pump { public void Skip() => [|Pending--|]; }
        """);

    [Fact]
    public Task Reports_a_derived_type_that_asks_the_flag_of_its_base_each_round() => Reports("""
        abstract class Pump
        {
            protected bool Stopping;
            public void Stop() => Volatile.Write(ref Stopping, true);
        }
        sealed class Slow : Pump { public void Run() { while (![|Stopping|]) { Thread.Sleep(10); } } }
        """);

    [Fact]
    public Task Silent_on_a_derived_type_that_keeps_to_it() => Silent("""
        abstract class Pump
        {
            protected int Pending;
            public void Add() => Interlocked.Increment(ref Pending);
        }
        sealed class Slow : Pump { public void Skip() => Interlocked.Decrement(ref Pending); }
        """);

    // Subscribers in a field that somebody changes by compare and exchange.
    private static string Swapped(string code) => $$"""
        using System.Collections.Immutable;

        class Hub
        {
            private ImmutableList<string> _names = ImmutableList<string>.Empty;
            private string[] _all = new string[0];
            private readonly object _gate = new();

            public void Add(string name)
            {
                ImmutableList<string> old;
                do
                {
                    old = Volatile.Read(ref _names);
                }
                while (Interlocked.CompareExchange(ref _names, old.Add(name), old) != old);

                string[] all;
                do
                {
                    all = _all;
                }
                while (Interlocked.CompareExchange(ref _all, all.Append(name).ToArray(), all) != all);
            }

            {{code}}
        }
        """;

    [Theory]
    [InlineData("public void Drop(string name) => [|_names = _names.Remove(name)|];")]
    [InlineData("public void Drop(string name) { var old = _names; if (old.Contains(name)) { [|_names = old.Remove(name)|]; } }")]
    [InlineData("public void Drop(string name) { var next = _names.ToBuilder(); next.Remove(name); [|_names = next.ToImmutable()|]; }")]
    [InlineData("public void Drop(string name) { [|_all = _all.Where(one => one != name).ToArray()|]; }")]
    [InlineData("public void Put(string name) { [|_all = [.. _all, name]|]; }")]
    [InlineData("public void Drop(string name) { Free(name); } private void Free(string name) { [|_names = _names.Remove(name)|]; }")]
    public Task Reports_copy_that_is_written_back(string code) => Reports(Swapped(code));

    [Fact]
    public Task Reports_copy_beside_ImmutableInterlocked() => Reports("""
        using System.Collections.Immutable;

        class Hub
        {
            private ImmutableDictionary<string, int> _ports = ImmutableDictionary<string, int>.Empty;
            public void Add(string name, int port) => ImmutableInterlocked.AddOrUpdate(ref _ports, name, port, (_, _) => port);
            public void Drop(string name) { [|_ports = _ports.Remove(name)|]; }
        }
        """);

    [Theory]
    [InlineData("public void Set(ImmutableList<string> names) { _names = names; }")]
    [InlineData("public void Forget() { _names = ImmutableList<string>.Empty; }")]
    [InlineData("public void Forget() { _names = _names.Clear(); }")]
    [InlineData("public Hub(IEnumerable<string> names) { _names = _names.AddRange(names); }")]
    [InlineData("public void Drop(string name) { lock (_gate) { _names = _names.Remove(name); } }")]
    [InlineData("public void Drop(string name) { lock (_gate) { Free(name); } } private void Free(string name) { _names = _names.Remove(name); }")]
    [InlineData("public void Drop(string name) => ImmutableInterlocked.Update(ref _names, (names, gone) => names.Remove(gone), name);")]
    [InlineData("public ImmutableList<string> Without(string name) => _names.Remove(name);")]
    [InlineData("public void Sorted(string[] other) { _all = other.Append(\"x\").ToArray(); }")]
    [InlineData("private ImmutableList<string> _other = ImmutableList<string>.Empty; public void Drop(string name) { _other = _other.Remove(name); }")]
    public Task Silent_where_no_change_is_undone(string code) => Silent(Swapped(code));

    private static string Buckets(string code) => $$"""
        class Histogram
        {
            private long[] _buckets = new long[8];
            private readonly int[] _claims = new int[8];
            private readonly object _gate = new();

            public void Record(int at) => Interlocked.Increment(ref _buckets[at]);
            public bool Claim(int at) => Interlocked.CompareExchange(ref _claims[at], 1, 0) == 0;

            {{code}}
        }
        """;

    [Theory]
    [InlineData("public long Take(int at) { var taken = _buckets[at]; [|_buckets[at] = 0|]; return taken; }")]
    [InlineData("public void Again(int at) { [|_buckets[at]++|]; }")]
    [InlineData("public void Again(int at, int n) { [|_buckets[at] += n|]; }")]
    [InlineData("public void Again(int at) { var all = _buckets; [|all[at]++|]; }")]
    [InlineData("public void Next(int at) { [|_claims[at]++|]; }")]
    public Task Reports_element_that_others_count(string code) => Reports(Buckets(code));

    [Theory]
    [InlineData("public Histogram() { _buckets[0] = 1; }")]
    [InlineData("public void Reset() { for (int i = 0; i < 8; i++) { _buckets[i] = 0; } }")]
    [InlineData("public void Done(int at) { _claims[at] = 0; }")]
    [InlineData("public long Sum() { long sum = 0; for (int i = 0; i < 8; i++) { sum += _buckets[i]; } return sum; }")]
    [InlineData("public long[] Copy() { var taken = new long[8]; for (int i = 0; i < 8; i++) { taken[i] = _buckets[i]; taken[i]++; } return taken; }")]
    [InlineData("public void Grow() { _buckets = new long[16]; _buckets[0] = 1; }")]
    [InlineData("public Histogram Clone() { var copy = new Histogram(); copy._buckets[0] = 3; return copy; }")]
    [InlineData("public void Again(int at) { lock (_gate) { _buckets[at]++; } }")]
    [InlineData("private readonly long[] _own = new long[8]; public void Own(int at) { _own[at]++; _own[at] = 0; }")]
    [InlineData("public long Take(int at) => Interlocked.Exchange(ref _buckets[at], 0);")]
    [InlineData("public long this[int at] { get => Interlocked.Read(ref _buckets[at]); set => _buckets[at] = value; }")]
    [InlineData("public void Forget(int at) { _buckets[at] = 0; Interlocked.MemoryBarrier(); }")]
    public Task Silent_on_an_element_that_nobody_else_counts(string code) => Silent(Buckets(code));

    [Fact]
    public Task Silent_on_another_element() => Silent("class C { private readonly int[] _n = new int[4]; public void A() => Interlocked.Increment(ref _n[0]); public void B() { _n[1]++; _n[2] = 4; } }");
}
