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
}
