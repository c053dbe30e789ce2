using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC3004_NotGuardedTests() : RuleTest("SLC3004")
{
    private static string In(string code) => $$"""
        class C
        {
            private readonly object _gate = new();
            private readonly SemaphoreSlim _one = new(1, 1);
            private readonly ReaderWriterLockSlim _rw = new();
            private int _n;
            private readonly List<int> _list = new();
            private string[] _names = [];
            {{code}}
        }
        """;

    [Fact]
    public Task Reports_read_without_lock() => Reports(In("public void A() { lock (_gate) { _n++; } } public void B() { lock (_gate) { _n--; } } public int Get() => [|_n|];"));

    [Fact]
    public Task Reports_write_without_lock() => Reports(In("public void A() { lock (_gate) { _n++; } } public void B() { lock (_gate) { _n--; } } public void Reset() { [|_n|] = 0; }"));

    [Fact]
    public Task Reports_property() => Reports(In("public void A() { lock (_gate) { _n++; } } public void B() { lock (_gate) { _n--; } } public int N { get { return [|_n|]; } }"));

    [Fact]
    public Task Reports_collection() => Reports(In("public void A(int x) { lock (_gate) { _list.Add(x); } } public void B(int x) { lock (_gate) { _list.Remove(x); } } public int Count => [|_list.Count|];"));

    [Fact]
    public Task Reports_semaphore() => Reports(In("public async Task A() { await _one.WaitAsync(); try { _n++; } finally { _one.Release(); } } public async Task B() { await _one.WaitAsync(); try { _n--; } finally { _one.Release(); } } public void R() => [|_n|] = 0;"));

    [Fact]
    public Task Reports_reader_writer() => Reports(In("public void A() { _rw.EnterWriteLock(); try { _n++; } finally { _rw.ExitWriteLock(); } } public int B() { _rw.EnterReadLock(); try { return _n; } finally { _rw.ExitReadLock(); } } public int R() => [|_n|];"));

    [Fact]
    public Task Reports_after_the_lock() => Reports(In("public void A() { lock (_gate) { _n++; } } public void B() { lock (_gate) { _n--; } } public int Get() { lock (_gate) { } return [|_n|]; }"));

    [Fact]
    public Task Reports_private_helper_called_without() => Reports(In("public void A() { lock (_gate) { Add(); } } public void B() { lock (_gate) { _n--; } } public void D() { lock (_gate) { _n = 3; } } public void E() { Add(); } private void Add() => [|_n|]++;"));

    [Fact]
    public Task Reports_in_a_task() => Reports(In("public void A() { lock (_gate) { _n++; } } public void B() { lock (_gate) { _n--; } } public Task T() => Task.Run(() => [|_n|] = 3);"));

    [Fact]
    public Task Reports_static_state() => Reports("class C { private static readonly object s_gate = new(); private static int s_n; public static void A() { lock (s_gate) { s_n++; } } public static void B() { lock (s_gate) { s_n--; } } public static int N => [|s_n|]; }");

    [Fact]
    public Task Silent_when_all_hold_it() => Silent(In("public void A() { lock (_gate) { _n++; } } public void B() { lock (_gate) { _n--; } } public int Get() { lock (_gate) { return _n; } }"));

    [Fact]
    public Task Silent_constructor() => Silent(In("public void A() { lock (_gate) { _n++; } } public void B() { lock (_gate) { _n--; } } public C() { _n = 3; }"));

    [Fact]
    public Task Silent_private_helper_called_with() => Silent(In("public void A() { lock (_gate) { Add(); } } public void B() { lock (_gate) { Add(); _n--; } } private void Add() => _n++;"));

    [Fact]
    public Task Silent_no_majority() => Silent(In("public void A() { lock (_gate) { _n++; } } public int Get() => _n; public int Get2() => _n;"));

    [Fact]
    public Task Silent_never_written_under_the_lock() => Silent(In("public int A() { lock (_gate) { return _n; } } public int B() { lock (_gate) { return _n + 1; } } public void Set(int n) => _n = n;"));

    [Fact]
    public Task Silent_atomic_read() => Silent(In("public void A() { lock (_gate) { _n++; } } public void B() { lock (_gate) { _n--; } } public int Get() => Volatile.Read(ref _n);"));

    [Fact]
    public Task Silent_double_check() => Silent(In("private object _x; public object A() { if (_x == null) { lock (_gate) { if (_x == null) { _x = new object(); } } } return _x; } public void B() { lock (_gate) { _x = null; } }"));

    [Fact]
    public Task Silent_snapshot() => Silent(In("public void A(string s) { lock (_gate) { _names = _names.Append(s).ToArray(); } } public void B() { lock (_gate) { _names = []; } } public int Count() => _names.Length;"));

    [Fact]
    public Task Silent_dispose() => Silent(In("public void A() { lock (_gate) { _n++; } } public void B() { lock (_gate) { _n--; } } public void Dispose() { _n = 0; }"));

    [Fact]
    public Task Silent_another_lock_of_a_field_each() => Silent(In("private readonly object _other = new(); private int _m; public void A() { lock (_gate) { _n++; } lock (_other) { _m++; } } public void B() { lock (_gate) { _n--; } lock (_other) { _m--; } }"));

    [Fact]
    public Task Silent_readonly_field() => Silent(In("private readonly int _max = 3; public bool A() { lock (_gate) { return _n++ < _max; } } public bool B() { lock (_gate) { return _n-- < _max; } } public int Max => _max;"));

    [Fact]
    public Task Silent_before_the_only_work_that_takes_the_lock_is_started() => Silent(In("private Timer _timer; public void Run() { _n = 3; _timer = new Timer(Tick, null, 0, 10); } void Tick(object s) { lock (_gate) { if (_n > 9) { return; } _n++; } }"));

    [Fact]
    public Task Reports_before_work_that_is_not_the_only_one_to_take_the_lock() => Reports(In("private Timer _timer; public void Run() { [|_n|] = 3; _timer = new Timer(Tick, null, 0, 10); } public void Add() { lock (_gate) { _n++; } } void Tick(object s) { lock (_gate) { if (_n > 9) { return; } _n++; } }"));

    [Theory]
    [InlineData("public void A() { lock (_gate) { Interlocked.Increment(ref _n); } } public void B() { lock (_gate) { Interlocked.Decrement(ref _n); } } public int Get() => _n;")]
    [InlineData("public void A() { lock (_gate) { _n++; } } public void B() { lock (_gate) { _n--; } } public int Get() { var n = _n; Thread.MemoryBarrier(); return n; }")]
    [InlineData("public void A() { lock (_gate) { _n++; } } public void B() { lock (_gate) { _n--; } } public int Start { init => _n = value; }")]
    public Task Silent_where_something_else_keeps_it(string code) => Silent(In(code));

    [Fact]
    public Task Silent_in_what_a_test_framework_calls_first() => Silent("""
        class OneTimeSetUpAttribute : Attribute { }
        class C
        {
            private readonly object _gate = new();
            private int _n;
            [OneTimeSetUp] public void Init() => _n = 3;
            public void A() { lock (_gate) { _n++; } }
            public void B() { lock (_gate) { _n--; } }
        }
        """);

    [Fact]
    public Task Reports_a_write_under_a_lock_for_readers_though_little_else_is_seen() => Reports("""
        class C
        {
            private readonly ReaderWriterLockSlim _rw = new();
            private double _sum;
            public void Add(double x) { _rw.EnterReadLock(); try { [|_sum|] += x; } finally { _rw.ExitReadLock(); } }
            public double Get() { _rw.EnterReadLock(); try { return _sum; } finally { _rw.ExitReadLock(); } }
        }
        """);

    private static string Declared(string code) => $$"""
        using Sluice;
        class C
        {
            private readonly object _gate = new();
            private readonly object _other = new();
            private readonly SemaphoreSlim _one = new(1, 1);
            private readonly ReaderWriterLockSlim _rw = new();
            [GuardedBy(nameof(_gate))] private int _n;
            [GuardedBy("_gate")] private readonly List<int> _list = new();
            [GuardedBy("_one")] private int _m;
            [GuardedBy("_rw")] private int _r;
            [GuardedBy("this")] private int _own;
            [Holds("_gate")] private void Add() => _n++;
            {{code}}
        }
        """;

    [Theory]
    [InlineData("public int Get() => [|_n|];")]
    [InlineData("public void Set() => [|_n|] = 1;")]
    [InlineData("public int Count => [|_list|].Count;")]
    [InlineData("public void B() { lock (_other) { [|_n|]++; } }")]
    [InlineData("public void B() { lock (_gate) { } [|_n|]++; }")]
    [InlineData("public void B() { [|Add()|]; }")]
    [InlineData("public void B() { lock (_gate) { _n++; Task.Run(() => [|_n|]++); } }")]
    [InlineData("public void B() { Helper(); } private void Helper() => [|_n|]++;")]
    [InlineData("public void B() { [|_m|]++; }")]
    [InlineData("public void B() { _rw.EnterReadLock(); try { [|_r|]++; } finally { _rw.ExitReadLock(); } }")]
    [InlineData("public void B() { [|_own|]++; }")]
    [InlineData("public void B() { AppDomain.CurrentDomain.ProcessExit += (_, _) => [|_n|]++; }")]
    [InlineData("public C() { Task.Run(() => [|_n|]++); }")]
    public Task Reports_against_a_declared_lock(string code) => Reports(Declared(code), Setup.WithPlumbing);

    [Theory]
    [InlineData("public int Get() { lock (_gate) { return _n; } }")]
    [InlineData("public int Get() { Monitor.Enter(_gate); try { return _n; } finally { Monitor.Exit(_gate); } }")]
    [InlineData("public void B() { lock (_gate) { _list.Add(1); Add(); } }")]
    [InlineData("public void B() { lock (_gate) { Helper(); } } private void Helper() => _n++;")]
    [InlineData("[Holds(\"_gate\")] public void B() { Add(); _n++; }")]
    [InlineData("public C() { _n = 1; _list.Add(2); Add(); }")]
    [InlineData("public async Task B() { await _one.WaitAsync(); try { _m++; } finally { _one.Release(); } }")]
    [InlineData("public int B() { _rw.EnterReadLock(); try { return _r; } finally { _rw.ExitReadLock(); } }")]
    [InlineData("public void B() { _rw.EnterWriteLock(); try { _r++; } finally { _rw.ExitWriteLock(); } }")]
    [InlineData("public void B() { lock (this) { _own++; } }")]
    [InlineData("public void B() { lock (_gate) { _ = _list.Where(x => x > _n).ToList(); } }")]
    [InlineData("public int B() => Volatile.Read(ref _n);")]
    [InlineData("public string B() => nameof(_n);")]
    public Task Silent_with_the_declared_lock(string code) => Silent(Declared(code), Setup.WithPlumbing);

    [Fact]
    public Task Reports_a_lock_that_does_not_exist() => Reports("using Sluice;\nclass C { readonly object _gate = new(); [[|GuardedBy(\"_gat\")|]] int _n; public void A() { lock (_gate) { _n++; } } }", Setup.WithPlumbing);

    [Fact]
    public Task Reports_another_type_that_uses_a_guarded_field() => Reports("""
        using Sluice;
        class Stats { internal readonly object Gate = new(); [GuardedBy("Gate")] internal int Count; }
        class C
        {
            private readonly Stats _stats = new();
            public void A() { lock (_stats.Gate) { _stats.Count++; } }
            public Task B() => Task.Run(() => [|_stats.Count|]++);
        }
        """, Setup.WithPlumbing);

    [Fact]
    public Task Reports_against_an_attribute_of_ones_own() => Reports("""
        class GuardedByAttribute : Attribute { public GuardedByAttribute(string gate) { } }
        class C { readonly object _gate = new(); [GuardedBy("_gate")] int _n; public void A() { lock (_gate) { _n++; } } public int B() => [|_n|]; }
        """);

    [Fact]
    public Task Silent_on_an_attribute_that_names_no_lock() => Silent("""
        class HoldsAttribute : Attribute { public HoldsAttribute(int n) { } }
        class C { [Holds(3)] void A() { } public void B() => A(); }
        """);

    [Fact]
    public Task Says_what_is_declared() => Says(
        "using Sluice;\nclass C { object _gate = new(); [GuardedBy(\"_gate\")] int _n; [Holds(\"_gate\")] void A() { _n++; }\n public void B() { A(); }\n public int N => _n;\n [GuardedBy(\"_gat\")] int _m; }",
        "'A' is called here without '_gate', which whoever calls it has to hold: take the lock around the call, or say [Holds(\"_gate\")] here too and let the callers take it",
        "'_n' is used here without '_gate', though it is declared as guarded by it: take the lock, or say [Holds(\"_gate\")] here and let the callers take it",
        "'_m' is declared to need the lock '_gat', but 'C' has nothing of that name, so it protects nothing: name the field or property that is the lock, '_gate' perhaps");

    [Fact]
    public Task Says_how_many_hold_it() => Says("class C { object _gate = new(); int _n;\n public void A() { lock (_gate) { _n++; } }\n public void B() { lock (_gate) { _n--; } }\n public int N => _n; }", "'_n' is read here without '_gate', but 2 of 3 accesses hold '_gate', and what they do can come between: take the lock here too");

    [Fact]
    public Task Silent_on_what_is_needed_to_take_the_lock() => Silent(In("""
        private CancellationToken _token;
        public async Task A() { await _one.WaitAsync(_token); try { _n++; _token = default; } finally { _one.Release(); } }
        public async Task B() { await this._one.WaitAsync(_token); try { _n--; Console.Write(_token); } finally { _one.Release(); } }
        public async Task D(CancellationToken token) { await _one.WaitAsync(token); try { _token = token; } finally { _one.Release(); } }
        """));

    [Fact]
    public Task Silent_when_only_the_end_comes_without_the_lock() => Silent(In("""
        public void A() { lock (_gate) { _n++; End(); } }
        public void B() { lock (_gate) { _n--; End(); } }
        public void Dispose() => End();
        private void End() { _n = 0; }
        """));

    [Fact]
    public Task Reports_when_others_come_without_the_lock_too() => Reports(In("""
        public void A() { lock (_gate) { _n++; End(); } }
        public void B() { lock (_gate) { _n--; End(); } }
        public void Dispose() => End();
        public void Reset() => End();
        private void End() { [|_n|] = 0; }
        """));

    private const string Guarded = "public void A() { lock (_gate) { _n++; } } public void B() { lock (_gate) { _n--; } } public void Z() { lock (_gate) { _n = 1; } } public void Y() { lock (_gate) { _n = 2; } } ";

    [Theory]
    [InlineData("public int Get() => [|_n|];", "public int Get() { lock (_gate) { return _n; } }")]
    [InlineData("public int N => [|_n|];", "public int N { get { lock (_gate) { return _n; } } }")]
    [InlineData("public int N { get => [|_n|]; }", "public int N { get { lock (_gate) { return _n; } } }")]
    [InlineData("public void Reset() { [|_n|] = 0; }", "public void Reset() { lock (_gate) { _n = 0; } }")]
    [InlineData("public void Reset() => this.[|_n|] = 0;", "public void Reset() { lock (_gate) { this._n = 0; } }")]
    [InlineData("public int Get() { return [|_n|]; }", "public int Get() { lock (_gate) { return _n; } }")]
    [InlineData("public void Set() { if ([|_n|] < 3) { [|_n|] = 3; } }", "public void Set() { lock (_gate) { if (_n < 3) { _n = 3; } } }")]
    public Task Fixes_by_taking_the_lock(string before, string after) => Fixes(In(Guarded + before.Replace("this.[|_n|]", "[|this._n|]", System.StringComparison.Ordinal)), In(Guarded + after));

    [Fact]
    public Task Fixes_a_member_on_its_lines() => Fixes(
        """
        class C
        {
            private readonly object _gate = new();
            private int _n;

            public void A() { lock (_gate) { _n++; } }

            public void B() { lock (_gate) { _n--; } }

            // How many.
            public int N => [|_n|]; // now
        }
        """,
        """
        class C
        {
            private readonly object _gate = new();
            private int _n;

            public void A() { lock (_gate) { _n++; } }

            public void B() { lock (_gate) { _n--; } }

            // How many.
            public int N
            {
                get
                {
                    lock (_gate)
                    {
                        return _n;
                    }
                }
            } // now
        }
        """);

    [Theory]
    [InlineData("public async Task M() { [|_n|] = await Task.FromResult(1); }")]
    [InlineData("public int M() { var n = [|_n|]; return n + 1; }")]
    public Task Offers_no_lock_around(string code) => NotFixed(In(Guarded + code));

    [Fact]
    public Task Offers_no_lock_on_a_semaphore() => NotFixed(In("public async Task A() { await _one.WaitAsync(); try { _n++; } finally { _one.Release(); } } public async Task B() { await _one.WaitAsync(); try { _n--; } finally { _one.Release(); } } public void R() => [|_n|] = 0;"));

    [Fact]
    public Task Silent_when_asserted() => Silent(In(Guarded + "public void M() { System.Diagnostics.Debug.Assert(_n > 0); }"));

    [Fact]
    public Task Silent_on_what_all_may_read() => Silent(In("public int P { get; private set; } public void A() { lock (_gate) { P++; } } public void B() { lock (_gate) { P--; } } public bool D() => P > 0;"));

    [Theory]
    [InlineData("public void A(int n) { lock (_gate) { _n += n; } } public bool B(int n) { lock (_gate) { if (_n < n) { return false; } _n -= n; return true; } } public int N => [|_n|];")]
    [InlineData("public void A(int n) { lock (_gate) { _n = n; } } public int B() { lock (_gate) { return _n; } } public void D() { [|_n|] = 0; }")]
    [InlineData("private readonly object _other = new(); public void A() { lock (_gate) { _n++; } } public void B() { lock (_gate) { _n--; } } public int D() { lock (_other) { return [|_n|]; } }")]
    public Task Reports_in_small_classes(string code) => Reports(In(code));

    [Fact]
    public Task Silent_on_what_is_changed_atomically_elsewhere() => Silent(In(Guarded + "public void Count() { Interlocked.Increment(ref _n); } public bool Any() => _n > 0;"));

    [Fact]
    public Task Silent_on_a_lock_that_is_passed_with_what_it_guards() => Silent("""
        class D
        {
            private readonly object _oneGate = new(), _twoGate = new();
            private readonly List<int> _one = new(), _two = new();
            public void A() { lock (_oneGate) { _one.Add(1); } lock (_twoGate) { _two.Add(1); } }
            public void B() { lock (_oneGate) { _one.Clear(); } lock (_twoGate) { _two.Clear(); } }
            public void Prune()
            {
                Remove(_one, _oneGate);
                Remove(_two, _twoGate);
                void Remove(List<int> from, object gate) { lock (gate) { from.Remove(1); } }
            }
        }
        """);

    [Fact]
    public Task Silent_where_what_is_read_without_the_lock_cannot_be_wrong() => Silent("""
        class C
        {
            private readonly object _gate = new(); private readonly List<int> _items = []; private int _held; private Connection? _connection; private Dictionary<int, string> _names = [];
            [System.Diagnostics.DebuggerNonUserCode] internal string State { get { if (_held == 0) { return "free"; } return "held"; } }
            public void Add(int item) { lock (_gate) { _items.Add(item); _held++; } }
            public void Remove(int item) { lock (_gate) { if (_held > 0) { _items.Remove(item); _held--; } } }
            public void Connect() { lock (_gate) { if (_connection is null) { _connection = new Connection(); } _connection.Ping(); } }
            public void Send() { Connect(); _connection!.Ping(); }
            public void Reconnect() { if (_connection is not null) { return; } Connect(); }
            public string? NameOf(int id) => _names.TryGetValue(id, out var name) ? name : null;
            public void Name(int id, string name) { lock (_gate) { var names = new Dictionary<int, string>(_names) { [id] = name }; _names = names; } }
        }
        class Connection { public void Ping() { } }
        """);

    [Theory]
    [InlineData("public void A() { _rw.EnterWriteLock(); try { _n++; } finally { _rw.ExitWriteLock(); } } public int B() { _rw.EnterReadLock(); try { return _n; } finally { _rw.ExitReadLock(); } } public void R() { _rw.EnterReadLock(); try { [|_n|] = 0; } finally { _rw.ExitReadLock(); } }")]
    [InlineData("public int A() { _rw.EnterReadLock(); try { return _list.Count; } finally { _rw.ExitReadLock(); } } public int B() { _rw.EnterReadLock(); try { return _list[0]; } finally { _rw.ExitReadLock(); } } public void R() { _rw.EnterReadLock(); try { [|_list.Add(1)|]; } finally { _rw.ExitReadLock(); } }")]
    public Task Reports_a_write_under_the_lock_of_readers(string code) => Reports(In(code));

    [Fact]
    public Task Silent_on_a_write_under_the_upgraded_lock() => Silent(In("""
        public int A() { _rw.EnterReadLock(); try { return _n; } finally { _rw.ExitReadLock(); } }
        public int B() { _rw.EnterReadLock(); try { return _n; } finally { _rw.ExitReadLock(); } }
        public void R() { _rw.EnterUpgradeableReadLock(); try { if (_n > 3) { _rw.EnterWriteLock(); try { _n = 0; } finally { _rw.ExitWriteLock(); } } } finally { _rw.ExitUpgradeableReadLock(); } }
        """));

    [Fact]
    public Task Reports_a_reset_of_what_is_made_under_the_semaphore() => Reports(In("""
        private string _token;
        public async Task<string> Get() { await _one.WaitAsync(); try { if (_token is null) { _token = await Load(); } return _token; } finally { _one.Release(); } }
        static Task<string> Load() => Task.FromResult("a");
        public void Expire() => [|_token|] = null;
        """));

    [Fact]
    public Task Silent_on_a_reset_under_the_semaphore() => Silent(In("""
        private string _token;
        public async Task<string> Get() { await _one.WaitAsync(); try { if (_token is null) { _token = await Load(); } return _token; } finally { _one.Release(); } }
        static Task<string> Load() => Task.FromResult("a");
        public bool Has => _token is not null;
        public void Expire() { _one.Wait(); try { _token = null; } finally { _one.Release(); } }
        """));

    [Fact]
    public Task Reports_a_nested_type_that_uses_the_field_of_its_owner() => Reports("""
        class Journal
        {
            private readonly object _gate = new();
            private long _position;
            public void Append(int n) { lock (_gate) { _position += n; } }
            public long Position() { lock (_gate) { return _position; } }
            public IDisposable Begin() => new Scope(this);
            private sealed class Scope(Journal owner) : IDisposable
            {
                public void Dispose() => Undo();
                public void Rewind() => [|owner._position|] = 0;
                private void Undo() { lock (owner._gate) { owner._position--; } }
            }
        }
        """);

    [Fact]
    public Task Silent_on_a_nested_type_that_is_called_under_the_lock() => Silent("""
        class Journal
        {
            private readonly object _gate = new();
            private readonly Cursor _cursor;
            private long _position;
            public Journal() => _cursor = new(this);
            public void Append(int n) { lock (_gate) { _position += n; _cursor.Rewind(); } }
            public long Position() { lock (_gate) { return _position; } }
            private sealed class Cursor(Journal owner)
            {
                public void Rewind() => owner._position = 0;
                public void Skip() { lock (owner._gate) { owner._position++; } }
            }
        }
        """);

    [Fact]
    public Task Reports_a_derived_type_that_forgets_the_lock_of_its_base() => Reports("""
        abstract class Store
        {
            protected readonly object Gate = new();
            protected readonly Dictionary<string, int> Items = new();
            protected int Total;
            public void Add(string key) { lock (Gate) { Items[key] = 1; Total++; } }
            public void Remove(string key) { lock (Gate) { Items.Remove(key); Total--; } }
            public int Count() { lock (Gate) { return Items.Count + Total; } }
        }
        sealed class Counted : Store
        {
            public void Reset() { [|Total|] = 0; }
            public void Drop(string key) { lock (Gate) { Items.Remove(key); } }
        }
        """);

    [Fact]
    public Task Silent_on_a_derived_type_that_takes_the_lock_of_its_base() => Silent("""
        abstract class Store
        {
            protected readonly object Gate = new();
            protected int Total;
            public void Add() { lock (Gate) { Total++; Changed(); } }
            public void Remove() { lock (Gate) { Total--; } }
            protected abstract void Changed();
        }
        sealed class Counted : Store
        {
            public Counted() => Total = 1;
            protected override void Changed() => Total++;
            public void Reset() { lock (Gate) { Total = 0; } }
        }
        """);

    [Fact]
    public Task Silent_on_what_was_taken_away_under_the_lock() => Silent("""
        class C
        {
            private readonly object _gate = new();
            private List<string> _open = new();
            public void Add(string s) { lock (_gate) { _open.Add(s); } }
            public int Count() { lock (_gate) { return _open.Count; } }
            public void Flush()
            {
                List<string> taken;
                lock (_gate) { taken = _open; _open = new List<string>(); }
                for (int i = 0; i < taken.Count; i++) { Console.Write(taken[i]); }
                foreach (string s in taken) { Write(taken); }
            }
            private static void Write(List<string> all) { foreach (string s in all) { Console.Write(s); } }
        }
        """);
}
