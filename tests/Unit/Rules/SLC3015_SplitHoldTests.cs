using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC3015_SplitHoldTests() : RuleTest("SLC3015")
{
    private static string In(string code) => $$"""
        interface IAlien { Task<IDisposable> LockAsync(); }
        class Entry { public int References; public bool IsClosing; }
        class C
        {
            private readonly object _gate = new();
            private readonly object _other = new();
            private readonly SemaphoreSlim _one = new(1, 1);
            private readonly SemaphoreSlim _many = new(4);
            private readonly ReaderWriterLockSlim _rw = new();
            private readonly Dictionary<string, Entry> _active = new();
            private readonly Dictionary<string, int> _counts = new();
            private readonly SortedSet<int> _taken = new();
            private readonly List<string> _names = new();
            private readonly int[] _slots = new int[8];
            private bool _started;
            private int _n;
            private int _version;
            private string _text;
            private readonly IAlien _alien = null;
            private readonly Queue<(string Name, int N)> _queue = new();
            private Task _running;
            static Task LoadAsync() => Task.CompletedTask;
            static string Make() => "";
            static void Run() { }
            private int FirstFree() { int free = 0; while (_taken.Contains(free)) free++; return free; }
            private int TakeFree() { int free = 0; while (_taken.Contains(free)) free++; _taken.Add(free); return free; }
            private bool IsFree(int free) => !_taken.Contains(free);
            {{code}}
        }
        """;

    [Theory]
    [InlineData("void M(int d) { int old; lock (_gate) { old = _n; } lock (_gate) { [|_n = old + d|]; } }")]
    [InlineData("void M(int d) { int old; lock (_gate) { old = _n; } int sum = old * 2; lock (_gate) { [|_n = sum|]; } }")]
    [InlineData("void M(string k) { int old; lock (_gate) { _counts.TryGetValue(k, out old); } lock (_gate) { [|_counts[k] = old + 1|]; } }")]
    [InlineData("async Task M() { int free; await _one.WaitAsync(); try { free = FirstFree(); } finally { _one.Release(); } await LoadAsync(); await _one.WaitAsync(); try { [|_taken.Add(free)|]; } finally { _one.Release(); } }")]
    [InlineData("void M() { _rw.EnterReadLock(); int old = _n; _rw.ExitReadLock(); _rw.EnterWriteLock(); [|_n = old + 1|]; _rw.ExitWriteLock(); }")]
    [InlineData("void M() { int at; lock (_gate) { at = _names.IndexOf(\"a\"); } lock (_gate) { [|_names.RemoveAt(at)|]; } }")]
    [InlineData("void M() { int n; lock (_gate) { n = _names.Count; } string name = \"n\" + n; lock (_gate) { [|_names.Add(name)|]; } }")]
    [InlineData("void M(int want) { int n; lock (_gate) { n = Math.Min(_n, want); } Run(); lock (_gate) { [|_n -= n|]; } }")]
    [InlineData("void M() { int free; lock (_gate) { free = Array.IndexOf(_slots, 0); } lock (_gate) { [|_slots[free] = 1|]; } }")]
    [InlineData("void M(int d) { void F() { int old; lock (_gate) { old = _n; } lock (_gate) { [|_n = old + d|]; } } F(); }")]
    public Task Reports_what_is_made_of_an_old_value(string code) => Reports(In(code));

    [Theory]
    [InlineData("void M() { bool start; lock (_gate) { start = !_started; } if (start) { lock (_gate) { [|_started = true|]; } Run(); } }")]
    [InlineData("void M() { bool started; lock (_gate) { started = _started; } if (started) return; Run(); lock (_gate) { [|_started = true|]; } }")]
    [InlineData("void M() { lock (_gate) { if (_started) return; } Run(); lock (_gate) { [|_started = true|]; } }")]
    [InlineData("void M() { bool dirty; lock (_gate) { dirty = _started; } if (dirty) { Run(); lock (_gate) { [|_started = false|]; } } }")]
    [InlineData("void M(string k) { bool last; lock (_gate) { last = --_active[k].References == 0; } if (last) { lock (_gate) { [|_active.Remove(k)|]; } } }")]
    [InlineData("void M(string k) { bool last; lock (_gate) { last = --_active[k].References == 0; } if (last) { lock (_gate) { if ([|_active.Remove(k, out var gone)|]) { gone.References = -1; } } } }")]
    [InlineData("void M(string k) { bool has; lock (_gate) { has = _active.ContainsKey(k); } if (!has) { var made = new Entry(); lock (_gate) { [|_active.Add(k, made)|]; } } }")]
    [InlineData("void M(string k) { bool has; lock (_gate) { has = _names.Contains(k); } if (!has) { lock (_gate) { [|_names.Add(k)|]; } } }")]
    [InlineData("void M(int d) { bool enough; lock (_gate) { enough = _n >= d; } if (!enough) return; Run(); lock (_gate) { [|_n -= d|]; } }")]
    public Task Reports_what_is_done_on_an_old_answer(string code) => Reports(In(code));

    [Theory]
    [InlineData("void M(int d) { lock (_gate) { int old = _n; _n = old + d; } }")]
    [InlineData("void M(int d) { int old; lock (_gate) { old = _n; } lock (_gate) { if (_n == old) { _n = old + d; } } }")]
    [InlineData("void M(int d) { int old; lock (_gate) { old = _n; } lock (_gate) { _n = _n + d + old; } }")]
    [InlineData("void M(int d) { lock (_other) { int old; lock (_gate) { old = _n; } lock (_gate) { _n = old + d; } } }")]
    [InlineData("void M(int d) { int old; lock (_other) { old = _n; } lock (_gate) { _n = old + d; } }")]
    [InlineData("async Task M(int d) { await _many.WaitAsync(); int old = _n; _many.Release(); await _many.WaitAsync(); _n = old + d; _many.Release(); }")]
    [InlineData("void M(int d) { int old, version; lock (_gate) { old = _n; version = _version; } lock (_gate) { if (_version == version) { _n = old + d; } } }")]
    [InlineData("void M() { int old; lock (_gate) { old = _n; _n = 0; } Run(); lock (_gate) { _n = old + 1; } }")]
    [InlineData("void M() { int old; lock (_gate) { old = _n; } old = 7; lock (_gate) { _n = old + 1; } }")]
    [InlineData("void M(bool b) { int old = 0; if (b) { lock (_gate) { old = _n; } } else { lock (_gate) { _n = old + 1; } } }")]
    [InlineData("void M() { int free; lock (_gate) { free = TakeFree(); } Run(); lock (_gate) { _taken.Add(free); } }")]
    [InlineData("void M() { int free; lock (_gate) { free = FirstFree(); } Run(); lock (_gate) { if (!IsFree(free)) return; _taken.Add(free); } }")]
    [InlineData("void M() { int free; lock (_gate) { free = FirstFree(); } Run(); lock (_gate) { if (!_taken.Add(free)) throw new Exception(); } }")]
    [InlineData("void M() { int old; lock (_gate) { old = _n; } Console.Write(old); lock (_gate) { _n = 0; } }")]
    [InlineData("void M() { string name; lock (_gate) { name = _names[0]; } Run(); lock (_gate) { _names.Remove(name); } }")]
    [InlineData("void M() { string old; lock (_gate) { old = _text; } Run(); lock (_gate) { _text = old; } }")]
    [InlineData("void M() { string old; lock (_gate) { old = _text; } string made = old ?? Make(); lock (_gate) { _text = made; } }")]
    [InlineData("void M() { (string Name, int N) first; lock (_gate) { first = _queue.Peek(); } Run(); lock (_gate) { _queue.Enqueue(first); } }")]
    [InlineData("async Task M(int d) { using (await _alien.LockAsync()) { int old; lock (_gate) { old = _n; } await LoadAsync(); lock (_gate) { _n = old + d; } } }")]
    [InlineData("async Task M(int d) { using var held = await _alien.LockAsync(); int old; lock (_gate) { old = _n; } await LoadAsync(); lock (_gate) { _n = old + d; } }")]
    [InlineData("async Task M(int d) { await _many.WaitAsync(); int old; lock (_gate) { old = _n; } await LoadAsync(); lock (_gate) { _n = old + d; } _many.Release(); }")]
    public Task Silent_value(string code) => Silent(In(code));

    [Theory]
    [InlineData("void M() { bool start; lock (_gate) { start = !_started; if (start) { _started = true; } } if (start) { Run(); lock (_gate) { _started = true; } } }")]
    [InlineData("void M() { bool start; lock (_gate) { start = !_started; } if (start) { lock (_gate) { if (_started) return; _started = true; } Run(); } }")]
    [InlineData("string M(string k) { Entry found; lock (_gate) { if (_active.TryGetValue(k, out found)) return Make(); } found = new Entry(); lock (_gate) { _active[k] = found; } return Make(); }")]
    [InlineData("void M(string k) { bool has; lock (_gate) { has = _active.ContainsKey(k); } if (!has) { var made = new Entry(); lock (_gate) { _active.TryAdd(k, made); } } }")]
    [InlineData("void M(string k) { Entry found; lock (_gate) { _active.TryGetValue(k, out found); } if (found == null) { found = new Entry(); lock (_gate) { _active[k] = found; } } }")]
    [InlineData("void M() { string text; lock (_gate) { text = _text; } if (text == null) { text = Make(); lock (_gate) { _text = text; } } }")]
    [InlineData("void M() { string text; lock (_gate) { text = _text; } if (text == null) { lock (_gate) { _text ??= Make(); } } }")]
    [InlineData("void M() { bool more; lock (_gate) { more = _n > 0; } if (more) { Run(); lock (_gate) { _n--; } } }")]
    [InlineData("void M(string k) { bool has; lock (_gate) { has = _active.ContainsKey(k); } if (has) { Run(); lock (_gate) { _active.Remove(k); } } }")]
    [InlineData("void M(string k) { bool last; lock (_gate) { var entry = _active[k]; last = --entry.References == 0; entry.IsClosing = true; } if (last) { lock (_gate) { _active.Remove(k); } } }")]
    [InlineData("void M(string k) { bool last; lock (_gate) { last = --_active[k].References == 0; if (last) { _active.Remove(k); } } if (last) { Run(); } }")]
    [InlineData("void M(string k) { bool last; lock (_gate) { last = _active[k].References == 0; } if (last) { lock (_gate) { if (_active[k].References == 0) { _active.Remove(k); } } } }")]
    [InlineData("void M(int d) { bool has; lock (_gate) { has = _taken.Contains(d); } if (!has) { lock (_gate) { _taken.Add(d); } } }")]
    [InlineData("void M() { bool full; lock (_gate) { full = _names.Count > 9; } if (full) { lock (_gate) { _names.Clear(); } } }")]
    [InlineData("void M() { bool start; lock (_gate) { start = _n > 0; } if (start) { lock (_gate) { _started = true; } } }")]
    [InlineData("void M() { lock (_gate) { if (_started) return; _started = true; } Run(); lock (_gate) { _started = true; } }")]
    [InlineData("async Task M() { Task run; lock (_gate) { if (_started) return; run = _running ??= LoadAsync(); } await run; lock (_gate) { _started = true; _running = null; } }")]
    [InlineData("void M() { lock (_gate) { if (_n + _version <= 3) return; } Run(); lock (_gate) { _n = 7; } }")]
    [InlineData("void M(string k) { lock (_gate) { if (_names.Count > 9) return; } Run(); lock (_gate) { _names.Add(k); } }")]
    [InlineData("void M(string k) { string last = null; lock (_gate) { if (_names.Contains(k)) return; } lock (_gate) { last = _names[0]; _names.RemoveAt(0); } Run(); lock (_gate) { _names.Add(last); } }")]
    [InlineData("C() { bool start; lock (_gate) { start = !_started; } if (start) { lock (_gate) { _started = true; } } }")]
    public Task Silent_answer(string code) => Silent(In(code));

    private static string WithMembers(string code) => $$"""
        interface IBucket { int Left { get; } void Take(int amount); }
        interface IMany { int Left { get; } void Take(int amount); }
        sealed class Bucket : IBucket
        {
            private readonly object _gate = new();
            private int _used;
            public int Left { get { lock (_gate) { return 9 - _used; } } }
            public void Take(int amount) { lock (_gate) { _used += amount; } }
            public void Give() { lock (_gate) { _used--; } }
            public bool TryTake(int amount) { lock (_gate) { if (9 - _used < amount) return false; _used += amount; return true; } }
        }
        class One : IMany { object _g = new(); int _n; public int Left { get { lock (_g) { return _n; } } } public void Take(int amount) { lock (_g) { _n -= amount; } } }
        class Two : IMany { public int Left => 1; public void Take(int amount) { } }
        sealed class Stats
        {
            private readonly Lock _gate = new();
            private int _total;
            private int _peak;
            public int Total { get { lock (_gate) { return _total; } } set { lock (_gate) { _total = value; } } }
            public int Get() { lock (_gate) { return _total; } }
            public void Set(int total) { lock (_gate) { _total = total; } }
            public void SetPeak(int peak) { lock (_gate) { _peak = peak; } }
            public void SetMax(int total) { lock (_gate) { _total = Math.Max(_total, total); } }
        }
        class C
        {
            private readonly object _own = new();
            private readonly Stats _stats = new();
            private readonly Stats _others = new();
            private readonly Bucket _bucket = new();
            static void Run() { }
            {{code}}
        }
        """;

    [Theory]
    [InlineData("void M(int d) { var total = _stats.Get(); [|_stats.Set(total + d)|]; }")]
    [InlineData("void M(int d) { int next = _stats.Get() + d; Run(); [|_stats.Set(next)|]; }")]
    [InlineData("void M(int d) => [|_stats.Set(_stats.Get() + d)|];")]
    [InlineData("void M(int d) { [|_stats.Total = _stats.Total + d|]; }")]
    [InlineData("void M(int d) { [|_stats.Total += d|]; }")]
    [InlineData("void M() { [|_stats.Total++|]; }")]
    [InlineData("void M(Stats stats) { [|stats.Set(stats.Total - 1)|]; }")]
    [InlineData("int M(int n) { if (_bucket.Left < n) { return 0; } [|_bucket.Take(n)|]; return n; }")]
    [InlineData("void M(int n) { if (_bucket.Left >= n) { [|_bucket.Take(n)|]; } }")]
    [InlineData("void M(int n) { int left = _bucket.Left; if (left >= n) { Run(); [|_bucket.Take(n)|]; } }")]
    [InlineData("void M() { if (_bucket.Left < 9) { [|_bucket.Give()|]; } }")]
    [InlineData("int M(IReadOnlyDictionary<string, IBucket> all, int n) { var bucket = all[\"a\"]; if (bucket.Left < n) return 0; [|bucket.Take(n)|]; return n; }")]
    public Task Reports_members_that_each_take_the_lock(string code) => Reports(WithMembers(code));

    [Theory]
    [InlineData("void M(int d) { lock (_own) { var total = _stats.Get(); _stats.Set(total + d); } }")]
    [InlineData("void M(int d) { var total = _stats.Get(); _others.Set(total + d); }")]
    [InlineData("void M(int d) { var total = _stats.Get(); Console.Write(total); _stats.Set(d); }")]
    [InlineData("void M() { var total = _stats.Get(); Run(); _stats.Set(total); }")]
    [InlineData("void M(int d) { var stats = new Stats(); stats.Set(stats.Get() + d); }")]
    [InlineData("void M(int d) { _stats.SetPeak(_stats.Get() + d); }")]
    [InlineData("void M(int d) { _stats.SetMax(_stats.Get() + d); }")]
    [InlineData("void M(int n) { if (_bucket.TryTake(n)) { Run(); } }")]
    [InlineData("void M(int n) { if (_bucket.Left == 0) { Run(); } _bucket.Take(n); }")]
    [InlineData("void M(int n, int m) { if (_bucket.Left < m) return; _bucket.Take(n); }")]
    [InlineData("void M(int n) { lock (_own) { if (_bucket.Left < n) return; _bucket.Take(n); } }")]
    [InlineData("void M(IMany many, int n) { if (many.Left < n) return; many.Take(n); }")]
    [InlineData("void M(int n) { _bucket.Take(n); if (_bucket.Left < n) return; }")]
    public Task Silent_members(string code) => Silent(WithMembers(code));
}
