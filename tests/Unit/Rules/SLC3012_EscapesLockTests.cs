using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC3012_EscapesLockTests() : RuleTest("SLC3012")
{
    private static string In(string code) => $$"""
        class C
        {
            private readonly object _gate = new();
            private List<int> _list = new();
            private readonly Dictionary<string, int> _map = new();
            {{code}}
        }
        """;

    [Fact]
    public Task Reports_returned() => Reports(In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public void Put(string k) { lock (_gate) { _map[k] = 1; } } public List<int> All() { lock (_gate) { return [|_list|]; } }"));

    [Fact]
    public Task Reports_property() => Reports(In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public void Put(string k) { lock (_gate) { _map[k] = 1; } } public IReadOnlyList<int> All => [|_list|];"));

    [Fact]
    public Task Reports_lazy_query() => Reports(In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public void Put(string k) { lock (_gate) { _map[k] = 1; } } public IEnumerable<int> Big() { lock (_gate) { return [|_list.Where(x => x > 3)|]; } }"));

    [Fact]
    public Task Reports_values() => Reports(In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public void Put(string k) { lock (_gate) { _map[k] = 1; } } public IEnumerable<int> Values() { lock (_gate) { return [|_map.Values|]; } }"));

    [Fact]
    public Task Reports_read_only_view() => Reports(In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public void Put(string k) { lock (_gate) { _map[k] = 1; } } public IReadOnlyList<int> All() { lock (_gate) { return [|_list.AsReadOnly()|]; } }"));

    [Fact]
    public Task Reports_yield_in_the_lock() => Reports(In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public void Put(string k) { lock (_gate) { _map[k] = 1; } } public IEnumerable<int> All() { lock (_gate) { foreach (var x in [|_list|]) { yield return x; } } }"));

    [Fact]
    public Task Reports_alias_enumerated_after_the_lock() => Reports(In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public void Put(string k) { lock (_gate) { _map[k] = 1; } } public int Sum() { List<int> all; int sum = 0; lock (_gate) { all = _list; } foreach (var x in [|all|]) { sum += x; } return sum; }"));

    [Fact]
    public Task Reports_query_of_the_keys() => Reports(In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public void Put(string k) { lock (_gate) { _map[k] = 1; } } public IEnumerable<string> Keys() { lock (_gate) { return [|_map.Keys.Where(k => k.Length > 1)|]; } }"));

    [Fact]
    public Task Reports_conditional_local() => Reports(In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public void Put(string k) { lock (_gate) { _map[k] = 1; } } public List<int> All() { lock (_gate) { var all = _list; return [|all|]; } }"));

    [Fact]
    public Task Reports_two_queries() => Reports(In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public void Put(string k) { lock (_gate) { _map[k] = 1; } } public IEnumerable<int> Big() { lock (_gate) { return [|_list.Where(x => x > 3).OrderBy(x => x)|]; } }"));

    [Fact]
    public Task Silent_copy() => Silent(In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public void Put(string k) { lock (_gate) { _map[k] = 1; } } public List<int> All() { lock (_gate) { return _list.ToList(); } } public int[] Array() { lock (_gate) { return [.. _list]; } } public List<int> New() { lock (_gate) { return new List<int>(_list); } }"));

    [Fact]
    public Task Silent_query_that_is_run() => Silent(In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public void Put(string k) { lock (_gate) { _map[k] = 1; } } public List<int> Big() { lock (_gate) { return _list.Where(x => x > 3).ToList(); } } public int Count() { lock (_gate) { return _list.Count(x => x > 3); } }"));

    [Fact]
    public Task Silent_one_item() => Silent(In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public void Put(string k) { lock (_gate) { _map[k] = 1; } } public int First() { lock (_gate) { return _list[0]; } } public int Get(string k) { lock (_gate) { return _map[k]; } }"));

    [Fact]
    public Task Silent_never_changed() => Silent(In("public List<int> All() { lock (_gate) { return _list; } }"));

    [Fact]
    public Task Silent_changed_without_lock() => Silent(In("public void Add(int x) => _list.Add(x); public List<int> All() => _list;"));

    [Fact]
    public Task Silent_private_method() => Silent(In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public void Put(string k) { lock (_gate) { _map[k] = 1; } } private List<int> All() => _list; public int Count() { lock (_gate) { return All().Count; } }"));

    [Fact]
    public Task Silent_swapped() => Silent(In("public List<int> Take() { lock (_gate) { var all = _list; _list = new List<int>(); return all; } } public void Add(int x) { lock (_gate) { _list.Add(x); } }"));

    [Fact]
    public Task Silent_enumerated_in_the_lock() => Silent(In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public void Put(string k) { lock (_gate) { _map[k] = 1; } } public int Sum() { int sum = 0; lock (_gate) { foreach (var x in _list) { sum += x; } } return sum; }"));

    [Fact]
    public Task Silent_copy_enumerated_after_the_lock() => Silent(In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public void Put(string k) { lock (_gate) { _map[k] = 1; } } public int Sum() { int[] all; int sum = 0; lock (_gate) { all = _list.ToArray(); } foreach (var x in all) { sum += x; } return sum; }"));

    [Fact]
    public Task Silent_replaced_whole() => Silent(In("private IReadOnlyList<int> _all = []; public void Set(int x) { lock (_gate) { _all = [x]; } } public IReadOnlyList<int> All() { lock (_gate) { return _all; } }"));

    [Fact]
    public Task Fixes_with_a_copy() => Fixes(
        In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public IReadOnlyList<int> All() { lock (_gate) { return [|_list|]; } } public IEnumerable<int> Big() { lock (_gate) { return [|_list.Where(x => x > 3)|]; } }"),
        In("public void Add(int x) { lock (_gate) { _list.Add(x); } } public IReadOnlyList<int> All() { lock (_gate) { return _list.ToList(); } } public IEnumerable<int> Big() { lock (_gate) { return _list.Where(x => x > 3).ToList(); } }"));

    [Fact]
    public Task Silent_on_a_collection_that_is_replaced_by_a_changed_copy() => Silent("""
        class D
        {
            private readonly object _gate = new();
            private Dictionary<string, int> _map = new();
            public IEnumerable<string> Keys => _map.Keys;
            public void Add(string key) { lock (_gate) { _map = new Dictionary<string, int>(_map) { [key] = 1 }; } }
            public void Remove(string key) { lock (_gate) { var next = new Dictionary<string, int>(_map); next.Remove(key); _map = next; } }
        }
        """);

    [Fact]
    public Task Silent_on_a_list_that_is_filled_before_it_is_shown() => Silent("""
        class D
        {
            private readonly object _gate = new();
            private List<string>? _names;
            public IReadOnlyList<string> Names { get { Fill(); return _names!; } }
            private void Fill() { if (_names != null) { return; } lock (_gate) { if (_names != null) { return; } var names = new List<string>(); names.Add("a"); _names = names; } }
        }
        """);

    [Fact]
    public Task Silent_where_the_list_is_taken_away_under_the_lock() => Silent("""
        class C
        {
            private readonly object _gate = new(); private List<IDisposable>? _items = [];
            public void Add(IDisposable item) { lock (_gate) { _items!.Add(item); } }
            public void Remove(IDisposable item) { lock (_gate) { _items!.Remove(item); } }
            public void Close() { List<IDisposable> all; lock (_gate) { all = _items!; _items = null; } foreach (var item in all) { item.Dispose(); } }
        }
        """);

    [Fact]
    public Task Reports_a_query_in_the_words_of_the_language() => Reports("""
        class C
        {
            private readonly object _gate = new();
            private readonly List<int> _list = new();
            public void Add(int x) { lock (_gate) { _list.Add(x); } }
            public void Remove(int x) { lock (_gate) { _list.Remove(x); } }
            public IEnumerable<int> Big() { lock (_gate) { return [|from x in _list where x > 3 select x|]; } }
        }
        """);

    [Fact]
    public Task Silent_on_a_query_that_is_run_under_the_lock() => Silent("""
        class C
        {
            private readonly object _gate = new();
            private readonly List<int> _list = new();
            public void Add(int x) { lock (_gate) { _list.Add(x); } }
            public void Remove(int x) { lock (_gate) { _list.Remove(x); } }
            public IEnumerable<int> Big() { lock (_gate) { return (from x in _list where x > 3 select x).ToList(); } }
        }
        """);

    private static string WithLists(string code) => $$"""
        class C
        {
            private readonly object _gate = new();
            private readonly Dictionary<string, List<int>> _lists = new();
            private readonly Dictionary<string, int[]> _arrays = new();
            public void Add(string key, int x)
            {
                lock (_gate)
                {
                    if (!_lists.TryGetValue(key, out var list)) { _lists[key] = list = []; }
                    list.Add(x);
                    _arrays[key] = [x];
                }
            }
            {{code}}
        }
        """;

    [Theory]
    [InlineData("public IReadOnlyList<int> Of(string key) { lock (_gate) { return [|_lists.TryGetValue(key, out var list) ? list : []|]; } }")]
    [InlineData("public List<int> Of(string key) { lock (_gate) { return [|_lists[key]|]; } }")]
    [InlineData("public List<int> Of(string key) { lock (_gate) { if (_lists.TryGetValue(key, out var list)) { return [|list|]; } return new(); } }")]
    public Task Reports_a_list_in_a_guarded_dictionary(string code) => Reports(WithLists(code));

    [Theory]
    [InlineData("public IReadOnlyList<int> Of(string key) { lock (_gate) { return _lists.TryGetValue(key, out var list) ? list.ToArray() : []; } }")]
    [InlineData("public int[] Of(string key) { lock (_gate) { return _arrays[key]; } }")]
    [InlineData("private List<int> Of(string key) { return _lists[key]; } public int Sum(string key) { lock (_gate) { return Of(key).Count; } }")]
    public Task Silent_on_a_copy_of_a_list_in_a_guarded_dictionary(string code) => Silent(WithLists(code));
}
