using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC3010_CheckThenActTests() : RuleTest("SLC3010")
{
    private static string In(string code) => $$"""
        using System.Collections.Concurrent;

        class C
        {
            private readonly ConcurrentDictionary<string, int> _map = new();
            private readonly Dictionary<string, int> _plain = new();
            static int Make(string key) => key.Length;
            {{code}}
        }
        """;

    [Fact]
    public Task Reports_contains_then_set() => Reports(In("void M(string k) { if (!_map.ContainsKey(k)) { [|_map[k] = Make(k)|]; } }"));

    [Fact]
    public Task Reports_contains_then_add() => Reports(In("void M(string k) { if (!_map.ContainsKey(k)) [|_map.TryAdd(k, Make(k))|]; }"));

    [Fact]
    public Task Reports_try_get_then_set() => Reports(In("int M(string k) { if (!_map.TryGetValue(k, out var v)) { v = Make(k); [|_map[k] = v|]; } return v; }"));

    [Fact]
    public Task Reports_try_get_then_add() => Reports(In("int M(string k) { if (!_map.TryGetValue(k, out var v)) { v = Make(k); [|_map.TryAdd(k, v)|]; } return v; }"));

    [Fact]
    public Task Reports_contains_then_get() => Reports(In("int M(string k) { if (_map.ContainsKey(k)) { return [|_map[k]|]; } return 0; }"));

    [Fact]
    public Task Reports_contains_then_get_in_expression() => Reports(In("int M(string k) => _map.ContainsKey(k) ? [|_map[k]|] : 0;"));

    [Fact]
    public Task Reports_count_up() => Reports(In("void M(string k) { [|_map[k]++|]; }"));

    [Fact]
    public Task Reports_add_to_item() => Reports(In("void M(string k, int n) { [|_map[k] += n|]; }"));

    [Fact]
    public Task Reports_read_and_write_back() => Reports(In("void M(string k) { [|_map[k] = _map[k] + 1|]; }"));

    [Fact]
    public Task Reports_get_then_update() => Reports(In("void M(string k) { if (_map.TryGetValue(k, out var n)) { [|_map[k] = n + 1|]; } }"));

    [Fact]
    public Task Reports_compared_with_false() => Reports(In("void M(string k) { if (_map.ContainsKey(k) == false) { [|_map[k] = 1|]; } }"));

    [Fact]
    public Task Reports_captured_local() => Reports(In("void M(string[] a) { var map = new ConcurrentDictionary<string, int>(); Parallel.ForEach(a, k => { if (!map.ContainsKey(k)) { [|map[k] = 1|]; } }); }"));

    [Fact]
    public Task Silent_get_or_add() => Silent(In("int M(string k) => _map.GetOrAdd(k, Make);"));

    [Fact]
    public Task Silent_add_or_update() => Silent(In("void M(string k) => _map.AddOrUpdate(k, 1, (_, n) => n + 1);"));

    [Fact]
    public Task Silent_try_get_value() => Silent(In("int M(string k) => _map.TryGetValue(k, out var v) ? v : 0;"));

    [Fact]
    public Task Silent_try_add_whose_answer_counts() => Silent(In("bool M(string k) { if (!_map.TryGetValue(k, out var v)) { return _map.TryAdd(k, v); } return false; }"));

    [Fact]
    public Task Silent_plain_dictionary() => Silent(In("void M(string k) { if (!_plain.ContainsKey(k)) { _plain[k] = 1; } }"));

    [Fact]
    public Task Silent_under_a_lock() => Silent(In("void M(string k) { lock (_map) { if (!_map.ContainsKey(k)) { _map[k] = 1; } } }"));

    [Fact]
    public Task Silent_another_key() => Silent(In("void M(string k, string l) { if (!_map.ContainsKey(k)) { _map[l] = 1; } }"));

    [Fact]
    public Task Silent_another_map() => Silent(In("void M(string k, ConcurrentDictionary<string, int> other) { if (!_map.ContainsKey(k)) { other[k] = 1; } }"));

    [Fact]
    public Task Silent_own_local() => Silent(In("int M(string[] a) { var map = new ConcurrentDictionary<string, int>(); foreach (var k in a) { if (!map.ContainsKey(k)) { map[k] = 1; } } return map.Count; }"));

    [Fact]
    public Task Silent_only_asked() => Silent(In("bool M(string k) { if (_map.ContainsKey(k)) { return true; } return false; }"));

    [Fact]
    public Task Silent_plain_set() => Silent(In("void M(string k) { _map[k] = 3; }"));

    [Fact]
    public Task Silent_removed_at_once() => Silent(In("void M(string k) { if (_map.TryRemove(k, out var n)) { Make(n.ToString()); } }"));

    [Fact]
    public Task Fixes_with_try_add() => Fixes(
        In("void M(string k) { if (!_map.ContainsKey(k)) { [|_map[k] = 1|]; } if (!_map.ContainsKey(k)) [|_map.TryAdd(k, 2)|]; }"),
        In("void M(string k) { _map.TryAdd(k, 1); _map.TryAdd(k, 2); }"));

    private static string Map(string code) => "class V { } class F { readonly System.Collections.Concurrent.ConcurrentDictionary<string, V> _map = new(); readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _n = new(); readonly System.Collections.Concurrent.ConcurrentQueue<int> _q = new(); readonly object _gate = new(); " + code + " }";

    [Theory]
    [InlineData("V M(string k) { if (_map.TryGetValue(k, out var v)) return v; v = new V(); [|_map[k] = v|]; return v; }")]
    [InlineData("void M(string k) { [|_n[k] = _n.TryGetValue(k, out var c) ? c + 1 : 1|]; }")]
    [InlineData("int M() { if (!_q.IsEmpty) { [|_q.TryDequeue(out var x)|]; return x; } return 0; }")]
    [InlineData("int M() { if (_q.Count > 0) { [|_q.TryDequeue(out var x)|]; return x; } return 0; }")]
    public Task Reports_other_forms(string code) => Reports(Map(code));

    [Theory]
    [InlineData("V M(string k) { if (_map.TryGetValue(k, out var v)) return v; lock (_gate) { return _map[k] = new V(); } }")]
    [InlineData("int M(string k) { if (_n.TryGetValue(k, out var c)) return c; c = k.Length; _n[k] = c; return c; }")]
    [InlineData("async Task<V> M(string k) { if (_map.TryGetValue(k, out var v)) return v; await Task.Yield(); v = new V(); _map[k] = v; return v; }")]
    [InlineData("V M(string k) { if (!_map.TryGetValue(k, out var v)) { lock (_gate) { if (!_map.TryGetValue(k, out v)) { v = new V(); _map[k] = v; } } } return v; }")]
    [InlineData("int M() { if (!_q.IsEmpty && _q.TryDequeue(out var x)) { return x; } return 0; }")]
    [InlineData("void M() { if (_q.Count > 100) { _q.TryDequeue(out _); } }")]
    public Task Silent_where_nothing_is_lost(string code) => Silent(Map(code));

    [Theory]
    [InlineData("V M(string k) { if (!_map.TryGetValue(k, out var v)) { v = new V(); [|_map[k] = v|]; } return v; }", "V M(string k) { var v = _map.GetOrAdd(k, _ => new V()); return v; }")]
    [InlineData("V M(string k) { if (!_map.TryGetValue(k, out var v)) { v = new V(); [|_map.TryAdd(k, v)|]; } return v; }", "V M(string k) { var v = _map.GetOrAdd(k, _ => new V()); return v; }")]
    public Task Fixes_with_GetOrAdd(string before, string after) => Fixes(Map(before), Map(after));

    [Theory]
    [InlineData("private readonly SemaphoreSlim _one = new(1, 1); async Task M(string k) { await _one.WaitAsync().ConfigureAwait(false); try { if (!_map.ContainsKey(k)) { _map[k] = Make(k); } } finally { _one.Release(); } }")]
    [InlineData("private readonly SemaphoreSlim _one = new(1, 1); async Task M(string k) { if (!_map.ContainsKey(k)) { await _one.WaitAsync(); try { if (!_map.ContainsKey(k)) { _map[k] = Make(k); } } finally { _one.Release(); } } }")]
    [InlineData("private readonly ReaderWriterLockSlim _lock = new(); void M(string k) { _lock.EnterWriteLock(); try { _map[k]++; } finally { _lock.ExitWriteLock(); } }")]
    [InlineData("void M(string k) { Monitor.Enter(_map); try { if (!_map.TryGetValue(k, out var v)) { v = Make(k); _map[k] = v; } } finally { Monitor.Exit(_map); } }")]
    public Task Silent_under_any_lock(string code) => Silent(In(code));

    [Theory]
    [InlineData("private readonly SemaphoreSlim _one = new(1, 1); async Task M(string k) { await _one.WaitAsync(); _one.Release(); if (!_map.ContainsKey(k)) { [|_map[k] = Make(k)|]; } }")]
    [InlineData("private readonly SemaphoreSlim _one = new(1, 1); async Task M(string k) { if (!_map.ContainsKey(k)) { [|_map[k] = Make(k)|]; } await _one.WaitAsync(); _one.Release(); }")]
    public Task Reports_beside_a_lock(string code) => Reports(In(code));

    [Fact]
    public Task Silent_where_two_threads_compute_the_same() => Silent("""
        class C
        {
            private readonly System.Collections.Concurrent.ConcurrentDictionary<Type, Func<object, object>> _getters = new(); private readonly System.Collections.Concurrent.ConcurrentDictionary<Type, Shape> _shapes = new();
            Func<object, object> Getter(Type type) { if (!_getters.TryGetValue(type, out var getter)) { getter = Compile(type); _getters[type] = getter; } return getter; }
            Shape ShapeOf(Type type) { if (_shapes.TryGetValue(type, out var shape)) { return shape; } shape = new Shape(type, type.Name); _shapes[type] = shape; return shape; }
            Func<object, object> Compile(Type type) => value => type;
            sealed class Shape(Type type, string name) { public Type Type { get; } = type; public string Name { get; } = name; }
        }
        """);

    [Theory]
    [InlineData("void M(string k) { _map.TryGetValue(k, out var n); [|_map[k] = n + 1|]; }")]
    [InlineData("void M(string[] a) { foreach (var k in a) { _map.TryGetValue(k, out int n); [|_map[k] = n + 1|]; } }")]
    [InlineData("void M(string k) { var n = _map.GetValueOrDefault(k); [|_map[k] = n + 1|]; }")]
    [InlineData("void M(string k) { int n = _map[k]; [|_map[k] = n - 1|]; }")]
    [InlineData("void M(string k) { var next = _map.TryGetValue(k, out var n) ? n + 1 : 1; [|_map[k] = next|]; }")]
    [InlineData("void M(string k) { var next = _map.GetValueOrDefault(k) + 1; [|_map[k] = next|]; }")]
    [InlineData("void M(string k) { if (!_map.TryGetValue(k, out var n)) { n = 0; } [|_map[k] = n + 1|]; }")]
    [InlineData("int M(string k) { _map.TryGetValue(k, out var n); var next = n + 1; [|_map[k] = next|]; return next; }")]
    [InlineData("void M(string k, int add) { _map.TryGetValue(k, out var n); if (add > 0) { [|_map[k] = n + add|]; } }")]
    [InlineData("readonly ConcurrentDictionary<string, P> _p = new(); record P(int N); void M(string k) { var p = _p[k]; [|_p[k] = p with { N = p.N + 1 }|]; }")]
    [InlineData("readonly ConcurrentDictionary<string, System.Collections.Immutable.ImmutableList<int>> _p = new(); void M(string k) { var p = _p[k]; [|_p[k] = p.Add(1)|]; }")]
    public Task Reports_value_that_is_made_of_the_old_one(string code) => Reports(In(code));

    [Theory]
    [InlineData("void M(string k) { _map.TryGetValue(k, out var n); Make(n.ToString()); }")]
    [InlineData("void M(string k) { _map.TryGetValue(k, out var n); _map[k] = 3; Make(n.ToString()); }")]
    [InlineData("void M(string k, string l) { _map.TryGetValue(k, out var n); _map[l] = n + 1; }")]
    [InlineData("void M(string k) { _plain.TryGetValue(k, out var n); _map[k] = n + 1; }")]
    [InlineData("void M(string k) { _map.TryGetValue(k, out var n); _plain[k] = n + 1; }")]
    [InlineData("void M(string k, ConcurrentDictionary<string, int> other) { other.TryGetValue(k, out var n); _map[k] = n + 1; }")]
    [InlineData("void M(string k) { lock (_map) { _map.TryGetValue(k, out var n); _map[k] = n + 1; } }")]
    [InlineData("private readonly SemaphoreSlim _one = new(1, 1); async Task M(string k) { await _one.WaitAsync(); try { var n = _map.GetValueOrDefault(k); _map[k] = n + 1; } finally { _one.Release(); } }")]
    [InlineData("void M(string k) { int n; do { n = _map.GetValueOrDefault(k); } while (!_map.TryUpdate(k, n + 1, n)); }")]
    [InlineData("int M(string[] a) { var map = new ConcurrentDictionary<string, int>(); foreach (var k in a) { map.TryGetValue(k, out var n); map[k] = n + 1; } return map.Count; }")]
    [InlineData("C(string[] a) { foreach (var k in a) { _map.TryGetValue(k, out var n); _map[k] = n + 1; } }")]
    [InlineData("void M(string k, bool twice) { if (twice) { _map.TryGetValue(k, out var n); Make(n.ToString()); } else { int n = k.Length; _map[k] = n + 1; } }")]
    [InlineData("void M(string k) { _map.TryGetValue(k, out var n); if (n != k.Length) { n = k.Length; _map[k] = n; } }")]
    public Task Silent_value_that_is_not_made_of_the_old_one(string code) => Silent(In(code));

    [Theory]
    [InlineData("_map.TryGetValue(k, out var n); [|_map[k] = n + 1|]; Make(k);", "_map.AddOrUpdate(k, 1, (_, n) => n + 1); Make(k);")]
    [InlineData("var n = _map.GetValueOrDefault(k); [|_map[k] = n + add|];", "_map.AddOrUpdate(k, add, (_, n) => n + add);")]
    [InlineData("[|_map[k] = _map.TryGetValue(k, out var n) ? n + 1 : 1|];", "_map.AddOrUpdate(k, 1, (_, n) => n + 1);")]
    public Task Fixes_with_AddOrUpdate(string before, string after) => Fixes(In($"void M(string k, int add) {{ {before} }}"), In($"void M(string k, int add) {{ {after} }}"));

    private static string Sessions(string code) => $$"""
        using System.Collections.Concurrent;

        record Session(string Id, DateTime Until, bool IsClosed);

        class Sessions
        {
            private readonly ConcurrentDictionary<string, Session> _map = new();
            private readonly object _gate = new();
            static void Use(object value) { }
            {{code}}
        }
        """;

    private const string Renew = "public void Renew(string k, Session s) { _map[k] = s; } ";

    [Theory]
    [InlineData(Renew + "public void Sweep(string k, DateTime now) { if (_map.TryGetValue(k, out var s) && s.Until < now) { [|_map.TryRemove(k, out _)|]; } }")]
    [InlineData(Renew + "public void Sweep(string k, DateTime now) { if (_map.TryGetValue(k, out var s)) { if (s.Until < now) { [|_map.TryRemove(k, out _)|]; } } }")]
    [InlineData(Renew + "public void Sweep(string k, DateTime now) { if (!_map.TryGetValue(k, out var s)) return; if (s.Until >= now) { return; } [|_map.TryRemove(k, out var gone)|]; }")]
    [InlineData(Renew + "public void Sweep() { foreach (var pair in _map) { if (pair.Value.IsClosed) { [|_map.TryRemove(pair.Key, out _)|]; } } }")]
    [InlineData(Renew + "public void Sweep() { foreach (var (k, s) in _map) { if (s.IsClosed && [|_map.TryRemove(k, out _)|]) { Use(k); } } }")]
    [InlineData(Renew + "public void Sweep() { foreach (var pair in _map.Where(p => p.Value.IsClosed)) { [|_map.TryRemove(pair.Key, out _)|]; } }")]
    [InlineData(Renew + "public void Sweep() { foreach (var k in _map.Where(p => p.Value.IsClosed).Select(p => p.Key).ToList()) { [|_map.TryRemove(k, out _)|]; } }")]
    [InlineData("public bool Renew(string k, Session s, Session old) => _map.TryUpdate(k, s, old); public void Sweep(string k) { if (_map.TryGetValue(k, out var s) && s.IsClosed) { [|_map.TryRemove(k, out _)|]; } }")]
    [InlineData("public void Renew(string k, Session s) => _map.AddOrUpdate(k, s, (_, _) => s); public void Sweep(string k) { if (_map.TryGetValue(k, out var s) && s.IsClosed) { [|_map.TryRemove(k, out _)|]; } }")]
    public Task Reports_removal_of_what_may_be_another_value(string code) => Reports(Sessions(code));

    [Theory]
    [InlineData("public void Add(string k, Session s) => _map.TryAdd(k, s); public void Sweep(string k) { if (_map.TryGetValue(k, out var s) && s.IsClosed) { _map.TryRemove(k, out _); } }")]
    [InlineData("public void Add(DateTime t) { var s = new Session(Guid.NewGuid().ToString(), t, false); _map[s.Id] = s; } public void Sweep(string k) { if (_map.TryGetValue(k, out var s) && s.IsClosed) { _map.TryRemove(k, out _); } }")]
    [InlineData("public void Add(Session s) { var id = Guid.NewGuid().ToString(\"N\"); _map[id] = s; } public void Sweep() { foreach (var pair in _map) { if (pair.Value.IsClosed) { _map.TryRemove(pair.Key, out _); } } }")]
    [InlineData("public void Touch(string k, Session s) => _map.AddOrUpdate(k, s, (_, old) => { Use(old); return old; }); public void Sweep(string k) { if (_map.TryGetValue(k, out var s) && s.IsClosed) { _map.TryRemove(k, out _); } }")]
    [InlineData(Renew + "public void Sweep(string k) { if (_map.TryGetValue(k, out var s) && s.IsClosed && _map.TryRemove(k, out var gone) && gone != s) { _map.TryAdd(k, gone); } }")]
    [InlineData(Renew + "public void Sweep(string k) { if (_map.TryGetValue(k, out var s) && s.IsClosed) { _map.TryRemove(new KeyValuePair<string, Session>(k, s)); } }")]
    [InlineData(Renew + "public void Sweep(string k) { lock (_gate) { if (_map.TryGetValue(k, out var s) && s.IsClosed) { _map.TryRemove(k, out _); } } }")]
    [InlineData(Renew + "public void Sweep() { lock (_gate) { Clean(\"x\"); } } private void Clean(string k) { if (_map.TryGetValue(k, out var s) && s.IsClosed) { _map.TryRemove(k, out _); } }")]
    [InlineData("public void Add(Session s) { _map[s.Id] = s; } public void Sweep() { foreach (var pair in _map) { if (pair.Value.IsClosed) { _map.TryRemove(pair.Key, out _); } } }")]
    [InlineData(Renew + "public interface IGates { Task<IDisposable> LockAsync(); } public async Task Sweep(IGates gates, string k) { using (await gates.LockAsync()) { if (_map.TryGetValue(k, out var s) && s.IsClosed) { _map.TryRemove(k, out _); } } }")]
    [InlineData(Renew + "public interface IGates { Task<IDisposable> LockAsync(); } public async Task Sweep(IGates gates, string k) { using var held = await gates.LockAsync(); if (_map.TryGetValue(k, out var s) && s.IsClosed) { _map.TryRemove(k, out _); } }")]
    [InlineData(Renew + "public void End(string k) { if (_map.TryGetValue(k, out var s)) { Use(s); _map.TryRemove(k, out _); } }")]
    [InlineData(Renew + "public void End(string k) { if (_map.TryGetValue(k, out var s) && s != null) { Use(s); _map.TryRemove(k, out _); } }")]
    [InlineData(Renew + "public void End(string k, string other) { if (_map.TryGetValue(k, out var s) && s.IsClosed) { _map.TryRemove(other, out _); } }")]
    [InlineData(Renew + "public void End() { foreach (var pair in _map) { Use(pair.Value); _map.TryRemove(pair.Key, out _); } }")]
    [InlineData(Renew + "public void End() { foreach (var k in _map.Keys.Where(k => k.Length > 3)) { _map.TryRemove(k, out _); } }")]
    public Task Silent_where_the_value_is_the_same(string code) => Silent(Sessions(code));

    [Theory]
    [InlineData("if (_map.TryGetValue(k, out var b) && b.Until.AddSeconds(3) < now) { [|_map.TryRemove(k, out _)|]; }")]
    [InlineData("if (_map.TryGetValue(k, out var b) && b.Name.StartsWith(\"x\")) { [|_map.TryRemove(k, out _)|]; }")]
    [InlineData("if (_map.TryGetValue(k, out var b) && b.Items.Any()) { [|_map.TryRemove(k, out _)|]; }")]
    [InlineData("if (_map.TryGetValue(k, out var b) && b.Items[0] > 3) { [|_map.TryRemove(k, out _)|]; }")]
    public Task Reports_removal_for_the_state_of_the_value(string body) => Reports(Boxes(body));

    [Theory]
    [InlineData("if (_map.TryGetValue(k, out var b) && !b.Deliver(3)) { _map.TryRemove(k, out _); }")]
    [InlineData("if (_map.TryGetValue(k, out var b) && b?.Deliver(3) == false) { _map.TryRemove(k, out _); }")]
    [InlineData("if (_map.TryGetValue(k, out var b) && b.Items?.Remove(3) == true && b.Items.Count == 0) { _map.TryRemove(k, out _); }")]
    [InlineData("if (!_map.TryGetValue(k, out var b)) { return; } if (b.Deliver(3)) { return; } _map.TryRemove(k, out _);")]
    [InlineData("foreach (var pair in _map) { if (!pair.Value.Deliver(3)) { _map.TryRemove(pair.Key, out _); } }")]
    [InlineData("foreach (var pair in _map.Where(p => !p.Value.Deliver(3))) { _map.TryRemove(pair.Key, out _); }")]
    public Task Silent_where_the_value_was_asked_to_do_something(string body) => Silent(Boxes(body));

    private static string Boxes(string body) => $$"""
        using System.Collections.Concurrent;

        class Box
        {
            private int _got;
            public DateTime Until { get; set; }
            public string Name { get; set; } = string.Empty;
            public List<int> Items { get; } = new();
            public bool Deliver(int item) => ++_got < item;
        }

        class Boxes
        {
            private readonly ConcurrentDictionary<string, Box> _map = new();
            public void Open(string k, Box box) => _map[k] = box;
            public void Take(string k, DateTime now) { {{body}} }
        }
        """;

    private static string Hits(string code) => $$"""
        using System.Collections.Concurrent;

        class Limiter
        {
            private readonly ConcurrentQueue<DateTime> _hits = new();
            private readonly ConcurrentQueue<object> _pool = new();
            private readonly object _gate = new();
            private int _entered;
            static void Use(object value) { }
            {{code}}
        }
        """;

    [Theory]
    [InlineData("public void Enter(DateTime from) { while (_hits.TryPeek(out var first) && first < from) { [|_hits.TryDequeue(out _)|]; } }")]
    [InlineData("public void Enter(DateTime from) { while (_hits.TryPeek(out var first) && first < from) _ = [|_hits.TryDequeue(out _)|]; }")]
    [InlineData("public void Enter(DateTime from) { while (_hits.TryPeek(out var first)) { if (first >= from) { break; } [|_hits.TryDequeue(out _)|]; } }")]
    [InlineData("public void Enter(DateTime from) { if (_hits.TryPeek(out var first) && first < from) { [|_hits.TryDequeue(out _)|]; } }")]
    [InlineData("public void Enter(DateTime from) => Trim(from); private void Trim(DateTime from) { while (_hits.TryPeek(out var first) && first < from) { [|_hits.TryDequeue(out _)|]; } }")]
    [InlineData("public bool Enter(int limit, DateTime now) { if (_hits.Count >= limit) { return false; } [|_hits.Enqueue(now)|]; return true; }")]
    [InlineData("public void Enter(int limit, DateTime now) { if (_hits.Count >= limit) { throw new InvalidOperationException(); } [|_hits.Enqueue(now)|]; }")]
    public Task Reports_queue_that_was_only_looked_at(string code) => Reports(Hits(code));

    [Theory]
    [InlineData("public void Add(DateTime now) { _hits.Enqueue(now); while (_hits.Count > 100) { _hits.TryDequeue(out _); } }")]
    [InlineData("public void Add(DateTime now) { _hits.Enqueue(now); if (_hits.Count > 100) { _hits.TryDequeue(out _); } }")]
    [InlineData("public void Clear() { while (_hits.TryDequeue(out _)) { } }")]
    [InlineData("public void Take() { while (_hits.TryPeek(out var first) && first < DateTime.Now && _hits.TryDequeue(out var taken)) { Use(taken); } }")]
    [InlineData("public void Enter(DateTime from) { lock (_gate) { while (_hits.TryPeek(out var first) && first < from) { _hits.TryDequeue(out _); } } }")]
    [InlineData("public void Enter(DateTime from) { lock (_gate) { Trim(from); } } private void Trim(DateTime from) { while (_hits.TryPeek(out var first) && first < from) { _hits.TryDequeue(out _); } }")]
    [InlineData("public async Task Loop(DateTime from) { while (true) { await Task.Delay(9); while (_hits.TryPeek(out var first) && first < from) { _hits.TryDequeue(out _); } } }")]
    [InlineData("private async Task Consume() { while (_hits.TryPeek(out var first)) { await Task.Delay(9); if (first < DateTime.Now) { _hits.TryDequeue(out _); } } }")]
    [InlineData("private void OnTick(object state) { while (_hits.TryPeek(out var first) && first < DateTime.Now) { _hits.TryDequeue(out _); } }")]
    [InlineData("public void Start() { Task.Run(() => { while (_hits.TryPeek(out var first) && first < DateTime.Now) { _hits.TryDequeue(out _); } }); }")]
    [InlineData("public void Trim(DateTime from) { if (Interlocked.Exchange(ref _entered, 1) == 1) { return; } while (_hits.TryPeek(out var first) && first < from) { _hits.TryDequeue(out _); } Volatile.Write(ref _entered, 0); }")]
    [InlineData("public int Count(DateTime from) { var own = new ConcurrentQueue<DateTime>(_hits); while (own.TryPeek(out var first) && first < from) { own.TryDequeue(out _); } return own.Count; }")]
    [InlineData("public void Log(DateTime now) { if (_hits.Count >= 100) { return; } _hits.Enqueue(now); }")]
    [InlineData("public bool Return(object one) { if (_pool.Count >= 100) { return false; } _pool.Enqueue(one); return true; }")]
    [InlineData("public bool Enter(int limit, DateTime now) { lock (_gate) { if (_hits.Count >= limit) { return false; } _hits.Enqueue(now); return true; } }")]
    public Task Silent_on_a_queue_that_may_be_looked_at(string code) => Silent(Hits(code));

    private static string Jobs(string code) => $$"""
        using System.Collections.Concurrent;

        class Shard
        {
            private BlockingCollection<int> _jobs = new();
            private readonly object _gate = new();
            private readonly SemaphoreSlim _slim = new(1);
            static int Next() => 1;
            {{code}}
        }
        """;

    private const string Stop = "public void Stop() => _jobs.CompleteAdding(); ";

    [Theory]
    [InlineData(Stop + "public bool Add(int job) { if (_jobs.IsAddingCompleted) { return false; } [|_jobs.Add(job)|]; return true; }")]
    [InlineData(Stop + "public void Add(int job) { if (!_jobs.IsAddingCompleted) { [|_jobs.Add(job)|]; } }")]
    [InlineData(Stop + "public void Add(int job) { if (_jobs.IsAddingCompleted) throw new ObjectDisposedException(nameof(Shard)); [|this._jobs.Add(job)|]; }")]
    [InlineData(Stop + "public bool Add(int job) => !_jobs.IsAddingCompleted && [|_jobs.TryAdd(job)|];")]
    [InlineData(Stop + "public void Fill() { while (!_jobs.IsAddingCompleted) { [|_jobs.Add(Next())|]; } }")]
    [InlineData("public Shard(CancellationToken token) { token.Register(() => _jobs.CompleteAdding()); } public void Add(int job) { if (!_jobs.IsAddingCompleted) { [|_jobs.Add(job)|]; } }")]
    [InlineData(Stop + "public void Add(int job) { if (_jobs.IsAddingCompleted) { return; } lock (_gate) { [|_jobs.Add(job)|]; } }")]
    [InlineData(Stop + "public void Add(int job) { lock (_gate) { if (_jobs.IsAddingCompleted) { return; } [|_jobs.Add(job)|]; } }")]
    [InlineData("public void Stop() { lock (_gate) { _jobs.CompleteAdding(); } } public void Add(int job) { if (_jobs.IsAddingCompleted) { return; } [|_jobs.Add(job)|]; }")]
    [InlineData(Stop + "public void Add(int job) { if (_jobs.IsAddingCompleted) { return; } try { [|_jobs.Add(job)|]; } catch (ObjectDisposedException) { } }")]
    [InlineData("public void Dispose() { _jobs?.CompleteAdding(); } public void Add(int job) { if (!_jobs.IsAddingCompleted) { Put(job); [|_jobs.Add(job)|]; } } void Put(int job) { }")]
    [InlineData(Stop + "public void Add(int job) { if (_jobs.IsAddingCompleted) { Console.WriteLine(); return; } Put(job); } void Put(int job) { if (!_jobs.IsAddingCompleted) { [|_jobs.Add(job)|]; } }")]
    public Task Reports_what_is_added_after_a_look_whether_it_still_may(string code) => Reports(Jobs(code));

    [Fact]
    public Task Says_who_completes() => Says(
        Jobs(Stop + "public bool Add(int job) { if (_jobs.IsAddingCompleted) { return false; } _jobs.Add(job); return true; }"),
        "'_jobs.Add(job)' acts on what '_jobs.IsAddingCompleted' at line 9 told, but another thread can change '_jobs' in between: use a lock that 'Stop' takes as well, which does both in one step");

    [Theory]
    [InlineData(Stop + "public bool Add(int job) { if (_jobs.IsAddingCompleted) { return false; } try { _jobs.Add(job); return true; } catch (InvalidOperationException) { return false; } }")]
    [InlineData(Stop + "public bool Add(int job) { try { if (_jobs.IsAddingCompleted) { return false; } _jobs.Add(job); return true; } catch { return false; } }")]
    [InlineData(Stop + "public void Add(int job) { try { Put(job); } catch (Exception e) { Console.WriteLine(e); } } private void Put(int job) { if (!_jobs.IsAddingCompleted) { _jobs.Add(job); } }")]
    [InlineData("public void Stop() { lock (_gate) { _jobs.CompleteAdding(); } } public bool Add(int job) { lock (_gate) { if (_jobs.IsAddingCompleted) { return false; } _jobs.Add(job); return true; } }")]
    [InlineData("public void Stop() { lock (_gate) { _jobs.CompleteAdding(); } } public bool Add(int job) { if (_jobs.IsAddingCompleted) { return false; } lock (_gate) { if (_jobs.IsAddingCompleted) { return false; } _jobs.Add(job); return true; } }")]
    [InlineData("public void Stop() { lock (_gate) { End(); } } private void End() { _jobs.CompleteAdding(); } public void Add(int job) { lock (_gate) { Put(job); } } private void Put(int job) { if (!_jobs.IsAddingCompleted) { _jobs.Add(job); } }")]
    [InlineData("public async Task StopAsync() { await _slim.WaitAsync(); try { _jobs.CompleteAdding(); } finally { _slim.Release(); } } public async Task AddAsync(int job) { await _slim.WaitAsync(); try { if (!_jobs.IsAddingCompleted) { _jobs.Add(job); } } finally { _slim.Release(); } }")]
    [InlineData("public void Add(int job) { if (!_jobs.IsAddingCompleted) { _jobs.Add(job); } }")]
    [InlineData("public void Fill() { while (!_jobs.IsAddingCompleted) { int job = Next(); if (job < 0) { _jobs.CompleteAdding(); } else { _jobs.Add(job); } } }")]
    [InlineData("public void Fill(int[] all) { foreach (var job in all) { Put(job); } _jobs.CompleteAdding(); } private void Put(int job) { if (!_jobs.IsAddingCompleted) { _jobs.Add(job); } }")]
    [InlineData(Stop + "public void Add(int job) { _jobs.Add(job); }")]
    [InlineData(Stop + "public void Add(int job) { if (_jobs.Count > 3) { return; } _jobs.Add(job); }")]
    [InlineData(Stop + "public void Add(int job) { if (_jobs.IsAddingCompleted) { _jobs = new(); } _jobs.Add(job); }")]
    [InlineData(Stop + "public void Add(int job) { if (_jobs.IsAddingCompleted) { _jobs = new(); _jobs.Add(job); } }")]
    [InlineData("private readonly BlockingCollection<int> _others = new(); public void Stop() => _others.CompleteAdding(); public void Add(int job) { if (!_jobs.IsAddingCompleted) { _jobs.Add(job); } }")]
    [InlineData(Stop + "public void Add(int job) { var own = new BlockingCollection<int>(); if (!own.IsAddingCompleted) { own.Add(job); } }")]
    [InlineData("public Shard() { _jobs.CompleteAdding(); } public void Add(int job) { if (!_jobs.IsAddingCompleted) { _jobs.Add(job); } }")]
    public Task Silent_where_nobody_completes_in_between_or_the_exception_is_taken(string code) => Silent(Jobs(code));
}
