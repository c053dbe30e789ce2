using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC3003_SharedCollectionTests() : RuleTest("SLC3003")
{
    private static string In(string code) => $$"""
        class C
        {
            private readonly List<int> _list = new();
            private readonly Dictionary<int, string> _map = new();
            private readonly object _gate = new();
            static Task<int> LoadAsync(int id) => Task.FromResult(id);
            {{code}}
        }
        """;

    [Fact]
    public Task Reports_list_in_parallel_foreach() => Reports(In("List<int> M(int[] a) { var r = new List<int>(); Parallel.ForEach(a, i => [|r.Add(i)|]); return r; }"));

    [Fact]
    public Task Reports_list_in_parallel_for() => Reports(In("void M(int n) => Parallel.For(0, n, i => { [|_list.Add(i)|]; });"));

    [Fact]
    public Task Reports_list_in_when_all() => Reports(In("async Task M(int[] a) { var r = new List<int>(); await Task.WhenAll(a.Select(async i => [|r.Add(await LoadAsync(i))|])); }"));

    [Fact]
    public Task Reports_dictionary_in_foreach_async() => Reports(In("Task M(int[] a) => Parallel.ForEachAsync(a, async (i, ct) => { var x = await LoadAsync(i); [|_map[i]|] = x.ToString(); });"));

    [Fact]
    public Task Reports_builder_in_tasks() => Reports(In("async Task<string> M(int[] a) { var text = new System.Text.StringBuilder(); var tasks = a.Select(i => Task.Run(() => { [|text.Append(i)|]; })).ToList(); await Task.WhenAll(tasks); return text.ToString(); }"));

    [Fact]
    public Task Reports_queue_of_two_threads() => Reports(In("void M() { var q = new Queue<int>(); var t = new Thread(() => { [|q.Enqueue(1)|]; }); t.Start(); if (q.Count > 0) { q.Dequeue(); } t.Join(); }"));

    [Fact]
    public Task Reports_enumeration_beside() => Reports(In("async Task M() { var t = Task.Run(() => { foreach (var i in _list) { Console.Write(i); } }); [|_list.Add(1)|]; await t; }"));

    [Fact]
    public Task Reports_plinq() => Reports(In("void M(int[] a) { var set = new HashSet<int>(); a.AsParallel().ForAll(i => [|set.Add(i)|]); }"));

    [Fact]
    public Task Reports_collection_behind_an_interface() => Reports(In("void M(int[] a) { IList<int> r = new List<int>(); Parallel.ForEach(a, i => [|r.Add(i)|]); }"));

    [Fact]
    public Task Reports_helper_that_adds() => Reports(In("void Put(int i) { [|_list.Add(i)|]; } void M(int[] a) { Parallel.ForEach(a, Put); }"));

    [Fact]
    public Task Reports_async_methods_started_together() => Reports(In("async Task Get(int i) { var x = await LoadAsync(i); [|_map.Add(i, \"\")|]; } async Task M() { var one = Get(1); var two = Get(2); await Task.WhenAll(one, two); }"));

    [Fact]
    public Task Reports_lock_on_one_side() => Reports(In("void Put(int i) { lock (_gate) { _list.Add(i); } } async Task<int> M() { var t = Task.Run(() => Put(1)); int n = [|_list.Count|]; await t; return n; }"));

    [Fact]
    public Task Reports_loop_of_the_type_and_a_member_that_anybody_may_call() => Reports(In("public void Start() => _ = Task.Run(async () => { while (true) { var x = await LoadAsync(1); [|_list.Add(x)|]; } }); public int[] All() => _list.ToArray();"));

    [Fact]
    public Task Silent_when_loop_and_member_hold_one_lock() => Silent(In("public void Start() => _ = Task.Run(async () => { while (true) { var x = await LoadAsync(1); lock (_gate) { _list.Add(x); } } }); public int[] All() { lock (_gate) { return _list.ToArray(); } }"));

    [Fact]
    public Task Silent_when_the_member_waits_for_the_work() => Silent(In("private Task _run; public void Start() => _run = Task.Run(() => _list.Add(1)); public async Task<int[]> All() { await _run; return _list.ToArray(); }"));

    [Fact]
    public Task Silent_with_a_concurrent_collection() => Silent(In("void M(int[] a) { var r = new System.Collections.Concurrent.ConcurrentBag<int>(); var d = new System.Collections.Concurrent.ConcurrentDictionary<int, int>(); Parallel.ForEach(a, i => { r.Add(i); d[i] = i; }); }"));

    [Fact]
    public Task Silent_with_one_lock() => Silent(In("void M(int[] a) { var r = new List<int>(); Parallel.ForEach(a, i => { lock (r) { r.Add(i); } }); r.Add(1); }"));

    [Fact]
    public Task Silent_when_all_read() => Silent(In("void M(int[] a) { Parallel.ForEach(a, i => Console.Write(_map.TryGetValue(i, out var x) ? x : _list[0].ToString())); }"));

    [Fact]
    public Task Silent_when_each_has_its_own() => Silent(In("void M(int[] a) => Parallel.ForEach(a, i => { var r = new List<int>(); r.Add(i); });"));

    [Fact]
    public Task Silent_when_results_are_collected() => Silent(In("async Task<List<int>> M(int[] a) { var r = new List<int>(); r.AddRange(await Task.WhenAll(a.Select(LoadAsync))); r.Add(1); return r; }"));

    [Fact]
    public Task Silent_on_the_list_of_tasks() => Silent(In("async Task M(int[] a) { var all = new List<Task>(); foreach (int i in a) { all.Add(Task.Run(() => LoadAsync(i))); } await Task.WhenAll(all); }"));

    [Fact]
    public Task Silent_after_the_join() => Silent(In("async Task M() { var t = Task.Run(() => _list.Add(1)); await t; _list.Add(2); foreach (var i in _list) { Console.Write(i); } }"));

    [Fact]
    public Task Silent_before_the_start() => Silent(In("async Task M(int[] a) { _list.AddRange(a); _list.Sort(); await Task.WhenAll(a.Select(i => Task.Run(() => _list.Contains(i)))); }"));

    [Fact]
    public Task Silent_with_a_copy() => Silent(In("async Task M() { var copy = _list.ToList(); var t = Task.Run(() => { foreach (var i in copy) { Console.Write(i); } }); _list.Add(1); await t; }"));

    [Fact]
    public Task Silent_with_an_immutable_list() => Silent(In("async Task M() { var r = System.Collections.Immutable.ImmutableList<int>.Empty.Add(1); var t = Task.Run(() => r.Contains(1)); var s = r.Add(2); await t; Console.Write(s); }"));

    [Fact]
    public Task Silent_when_awaited_one_by_one() => Silent(In("async Task Get(int i) { var x = await LoadAsync(i); _list.Add(x); } async Task M(int[] a) { foreach (int i in a) { await Get(i); } }"));

    [Fact]
    public Task Silent_with_the_list_of_each_thread() => Silent(In("List<int> M(int[] a) { var all = new List<int>(); Parallel.ForEach(a, () => new List<int>(), (i, state, own) => { own.Add(i); return own; }, own => { lock (all) { all.AddRange(own); } }); return all; }"));

    [Theory]
    [InlineData("{ var list = new List<int>(); Parallel.ForEach(a, i => [|list.Add(i)|]); }", "{ var list = new List<int>(); Parallel.ForEach(a, i => { lock (list) { list.Add(i); } }); }")]
    [InlineData("{ var list = new List<int>(); Parallel.ForEach(a, i => { [|list.Add(i)|]; /* all */ }); }", "{ var list = new List<int>(); Parallel.ForEach(a, i => { lock (list) { list.Add(i); } /* all */ }); }")]
    [InlineData("{ var map = new Dictionary<int, int>(); Parallel.ForEach(a, i => { [|map[i]|] = i; }); }", "{ var map = new Dictionary<int, int>(); Parallel.ForEach(a, i => { lock (map) { map[i] = i; } }); }")]
    public Task Fixes_work_that_meets_itself(string before, string after) => Fixes("class F { void M(int[] a) " + before + " }", "class F { void M(int[] a) " + after + " }");

    [Fact]
    public Task Fixes_a_statement_on_its_line() => Fixes(
        """
        class F
        {
            void M(int[] a)
            {
                var list = new List<int>();
                Parallel.ForEach(a, i =>
                {
                    // All of them.
                    [|list.Add(
                        i * 2)|]; // twice
                });
            }
        }
        """,
        """
        class F
        {
            void M(int[] a)
            {
                var list = new List<int>();
                Parallel.ForEach(a, i =>
                {
                    // All of them.
                    lock (list)
                    {
                        list.Add(
                            i * 2); // twice
                    }
                });
            }
        }
        """);

    [Theory]
    [InlineData("async Task M(int[] a) { var list = new List<int>(); await Task.WhenAll(a.Select(async i => { [|list.Add(await Task.FromResult(i))|]; })); }")]
    [InlineData("async Task M() { var list = new List<int>(); var t = Task.Run(() => [|list.Add(1)|]); list.Add(2); await t; }")]
    public Task Offers_nothing_where_a_lock_is_not_enough(string code) => NotFixed("class F { " + code + " }");

    [Theory]
    [InlineData("GetAwaiter().GetResult()")]
    [InlineData("AsTask().GetAwaiter().GetResult()")]
    public Task Silent_when_blocked_on(string wait) => Silent($$"""
        class F
        {
            private readonly List<int> _list = new();
            public int Count => _list.Count;
            private async ValueTask Fill() { await Task.Yield(); _list.Add(1); }
            public int M() { Fill().{{wait}}; return _list.Count; }
            public void Dispose() => Fill().{{wait}};
        }
        """);

    [Fact]
    public Task Silent_member_whose_callers_may_hold_the_lock_of_the_loop() => Silent("""
        class Keeper
        {
            private readonly Dictionary<string, int> _tokens = new();
            private readonly SemaphoreSlim _lock;
            private readonly Task _loop;
            public Keeper(SemaphoreSlim one) { _lock = one; _loop = Task.Run(RunAsync); }
            public void AddLocked(string token) => _tokens[token] = 1;
            private async Task RunAsync()
            {
                await _lock.WaitAsync();
                try { foreach (var token in _tokens.Keys.ToList()) { _tokens.Remove(token); } }
                finally { _lock.Release(); }
            }
        }
        """);

    private static string WithJob(string code) => $$"""
        readonly record struct Job(List<int> Items, int Id);
        class C
        {
            static void Send(List<int> list, int id) { foreach (int i in list) { Console.Write(i + id); } }
            static async Task Pump(ChannelReader<(List<int> Items, int Id)> jobs) { await foreach (var (items, id) in jobs.ReadAllAsync()) { Send(items, id); } }
            void M(List<int> other)
            {
                var list = new List<int>();
                {{code}}
            }
        }
        """;

    [Theory]
    [InlineData("ThreadPool.UnsafeQueueUserWorkItem(static state => Send(state.Items, state.Id), (Items: list, Id: 3), preferLocal: false); [|list.Add(1)|];")]
    [InlineData("ThreadPool.QueueUserWorkItem(static state => { var (items, id) = state; Send(items, id); }, (list, 3), preferLocal: false); [|list.Add(1)|];")]
    [InlineData("var job = new Job(list, 3); _ = Task.Run(() => Send(job.Items, job.Id)); [|list.Add(1)|];")]
    [InlineData("var job = new Job(list, 3); _ = Task.Run(() => { var (items, id) = job; Send(items, id); }); [|list.Add(1)|];")]
    [InlineData("var both = (list, other); _ = Task.Run(() => Send(both.list, 1)); [|list.Add(1)|];")]
    public Task Reports_what_went_in_a_tuple_or_struct(string code) => Reports(WithJob(code));

    [Theory]
    [InlineData("ThreadPool.UnsafeQueueUserWorkItem(static state => Send(state.Items, state.Id), (Items: list, Id: 3), preferLocal: false); other.Add(1);")]
    [InlineData("ThreadPool.UnsafeQueueUserWorkItem(static state => Send(state.Items, state.Id), (Items: new List<int>(list), Id: 3), preferLocal: false); list.Add(1);")]
    [InlineData("var both = (list, other); _ = Task.Run(() => Send(both.list, 1)); both.other.Add(1);")]
    [InlineData("var (mine, yours) = (new List<int>(), new List<int>()); _ = Task.Run(() => Send(mine, 1)); yours.Add(1);")]
    public Task Silent_on_the_other_part(string code) => Silent(WithJob(code));

    [Fact]
    public Task Reports_a_default_method_of_an_interface() => Reports("""
        interface IRecorder
        {
            List<int> Items { get; }
            Task RecordAll(int[] ids) => Task.WhenAll(ids.Select(id => Task.Run(() => [|Items.Add(id)|])));
        }
        sealed class Recorder : IRecorder { public List<int> Items { get; } = new(); }
        """);
}
