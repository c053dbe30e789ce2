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
    public Task Says_how_many_hold_it() => Says("class C { object _gate = new(); int _n;\n public void A() { lock (_gate) { _n++; } }\n public void B() { lock (_gate) { _n--; } }\n public int N => _n; }", "'_n' is read here without '_gate', but 2 of 3 accesses hold '_gate', and what they do can come between: take the lock here too");
}
