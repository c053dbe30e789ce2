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

    [Theory]
    [InlineData("private readonly Random _random = new(3); int M() { int n = 0; Parallel.For(0, 9, i => { Interlocked.Add(ref n, [|_random.Next()|]); }); return n; }")]
    [InlineData("private static readonly Random s_random = new(3); Task M() => Task.WhenAll(Task.Run(() => Pick()), Task.Run(() => Pick())); private static int Pick() => [|s_random.Next()|];")]
    [InlineData("async Task M(MemoryStream to) { var writing = Task.Run(() => [|to.WriteByte(1)|]); Console.Write(to.Length); await writing; }")]
    [InlineData("void M(StreamWriter to, string[] lines) => Parallel.ForEach(lines, line => [|to.WriteLine(line)|]);")]
    [InlineData("void M(byte[][] parts) { using var sha = System.Security.Cryptography.SHA256.Create(); Parallel.ForEach(parts, part => { byte[] hash = [|sha.ComputeHash(part)|]; }); }")]
    [InlineData("async Task M(IEnumerable<string> names) { var work = new List<Task>(); using var next = names.GetEnumerator(); while ([|next.MoveNext()|]) { work.Add(Task.Run(() => Console.Write(next.Current))); } await Task.WhenAll(work); }")]
    public Task Reports_what_is_no_collection_and_not_thread_safe(string code) => Reports(In(code));

    [Theory]
    [InlineData("int M() { int n = 0; Parallel.For(0, 9, i => { Interlocked.Add(ref n, Random.Shared.Next()); }); return n; }")]
    [InlineData("int M(Random random) { int n = 0; Parallel.For(0, 9, i => { Interlocked.Add(ref n, random.Next()); }); return n; }")]
    [InlineData("private static readonly ThreadLocal<Random> s_random = new(() => new Random()); int M() { int n = 0; Parallel.For(0, 9, i => { Interlocked.Add(ref n, s_random.Value.Next()); }); return n; }")]
    [InlineData("private readonly Random _random = new(3); int M() { int n = 0; Parallel.For(0, 9, i => { lock (_gate) { n += _random.Next(); } }); return n; }")]
    [InlineData("async Task M(MemoryStream to) { await Task.Run(() => to.WriteByte(1)); Console.Write(to.Length); }")]
    [InlineData("void M(string[] lines) => Parallel.ForEach(lines, line => { using var to = new StreamWriter(line); to.WriteLine(line); });")]
    [InlineData("void M(byte[][] parts) => Parallel.ForEach(parts, part => { byte[] hash = System.Security.Cryptography.SHA256.HashData(part); });")]
    [InlineData("async Task M(IEnumerable<string> names) { var work = new List<Task>(); foreach (string name in names) { work.Add(Task.Run(() => Console.Write(name))); } await Task.WhenAll(work); }")]
    public Task Silent_on_what_each_has_its_own_of(string code) => Silent(In(code));

    [Theory]
    [InlineData("async Task M(int[] ids) { using var slots = new SemaphoreSlim(4); var found = new List<int>(); await Task.WhenAll(ids.Select(async id => { await slots.WaitAsync(); try { [|found.Add(await LoadAsync(id))|]; } finally { slots.Release(); } })); }")]
    [InlineData("async Task M(int[] ids, int most) { var slots = new SemaphoreSlim(most, most); await Task.WhenAll(ids.Select(async id => { await slots.WaitAsync(); try { [|_list.Add(await LoadAsync(id))|]; } finally { slots.Release(); } })); }")]
    public Task Reports_under_a_semaphore_that_lets_many_in(string code) => Reports(In(code));

    [Theory]
    [InlineData("async Task M(int[] ids) { using var one = new SemaphoreSlim(1); var found = new List<int>(); await Task.WhenAll(ids.Select(async id => { await one.WaitAsync(); try { found.Add(await LoadAsync(id)); } finally { one.Release(); } })); }")]
    [InlineData("async Task M() { var done = new SemaphoreSlim(0); var found = new List<int>(); _ = Task.Run(() => { found.Add(1); done.Release(); }); await done.WaitAsync(); found.Add(2); }")]
    [InlineData("async Task M(int[] ids) { var slots = new SemaphoreSlim(4); var found = new List<int>(); _ = Task.Run(() => { found.Add(1); slots.Release(); }); for (int i = 0; i < 4; i++) { await slots.WaitAsync(); } found.Add(2); }")]
    [InlineData("async Task M(int[] ids) { using var slots = new SemaphoreSlim(4); await Task.WhenAll(ids.Select(async id => { await slots.WaitAsync(); try { lock (_list) { _list.Add(id); } } finally { slots.Release(); } })); }")]
    public Task Silent_under_a_semaphore_that_orders_or_lets_one_in(string code) => Silent(In(code));

    [Fact]
    public Task Reports_a_query_that_runs_later() => Reports(In("async Task M() { var big = _list.Where(i => i > 3); var work = Task.Run(() => [|_list.Add(1)|]); foreach (int i in big) { Console.Write(i); } await work; }"));

    [Fact]
    public Task Silent_on_a_query_that_has_run() => Silent(In("async Task M() { var big = _list.Where(i => i > 3).ToList(); var work = Task.Run(() => _list.Add(1)); foreach (int i in big) { Console.Write(i); } await work; }"));

    [Fact]
    public Task Reports_where_a_plain_object_is_shared() => Reports("""
        sealed class Cart
        {
            private readonly List<string> _lines = new();
            public void Add(string line) => _lines.Add(line);
            public string Text() => string.Join(",", _lines.Select(line => line));
        }
        class Checkout
        {
            async Task M(Cart cart) { var text = Task.Run(() => cart.Text()); [|cart.Add("x")|]; await text; }
            async Task N(Cart cart) { var text = Task.Run(() => cart.Text()); await text; cart.Add("x"); }
        }
        """);

    [Theory]
    [InlineData("class C { private readonly List<string> _lines = new(); void M(System.Diagnostics.Process p) { p.OutputDataReceived += (_, e) => [|_lines.Add(e.Data)|]; p.ErrorDataReceived += (_, e) => _lines.Add(e.Data); p.Start(); p.WaitForExit(); } }")]
    [InlineData("class C { private readonly List<string> _lines = new(); void M(System.Diagnostics.Process p) { p.OutputDataReceived += (_, e) => [|_lines.Add(e.Data)|]; p.Start(); if (!p.WaitForExit(100)) { Console.Write(_lines.Count); } } }")]
    [InlineData("class C { private readonly List<string> _seen = new(); void M(FileSystemWatcher w) { w.Changed += (_, e) => [|_seen.Add(e.Name)|]; foreach (string name in _seen) { Console.Write(name); } } }")]
    public Task Reports_handlers_that_run_on_the_pool(string code) => Reports(code);

    [Theory]
    [InlineData("class C { private readonly List<string> _lines = new(); void M(System.Diagnostics.Process p) { p.OutputDataReceived += (_, e) => _lines.Add(e.Data); p.Start(); p.WaitForExit(); Console.Write(_lines.Count); } }")]
    [InlineData("class C { private readonly List<string> _lines = new(); void M(System.Diagnostics.Process p) { p.OutputDataReceived += (_, e) => { lock (_lines) { _lines.Add(e.Data); } }; p.ErrorDataReceived += (_, e) => { lock (_lines) { _lines.Add(e.Data); } }; } }")]
    public Task Silent_on_handlers_that_are_over(string code) => Silent(code);

    [Fact]
    public Task Silent_on_a_handler_that_tells_when_all_was_said() => Silent("""
        class C
        {
            async Task<int> M(System.Diagnostics.Process p)
            {
                var lines = new List<string>();
                var end = new TaskCompletionSource();
                p.OutputDataReceived += (_, e) => { if (e.Data == null) { end.TrySetResult(); } else { lines.Add(e.Data); } };
                p.Start();
                await end.Task;
                return lines.Count;
            }
        }
        """);

    private const string Provider = """
        record Config(IReadOnlyDictionary<string, string> Routers);
        class Provider
        {
            private readonly Dictionary<string, string> _routers = new(StringComparer.Ordinal);
            public async Task ProvideAsync(System.Threading.Channels.ChannelWriter<Config> writer, string[] names) { foreach (var name in names) { _routers[name] = name; await writer.WriteAsync(new Config(SENT)); } }
        }
        class Watcher
        {
            private readonly System.Threading.Channels.Channel<Config> _in = System.Threading.Channels.Channel.CreateBounded<Config>(3);
            public Task StartAsync(Provider provider, string[] names) { var a = Task.Run(() => provider.ProvideAsync(_in.Writer, names)); var b = Task.Run(ListenAsync); return Task.WhenAll(a, b); }
            async Task ListenAsync() { await foreach (var config in _in.Reader.ReadAllAsync()) { foreach (var (name, rule) in [|config.Routers|]) { Console.Write(name + rule); } } }
        }
        """;

    [Fact]
    public Task Reports_a_map_that_goes_along_in_each_message() => Reports(Provider.Replace("SENT", "_routers", System.StringComparison.Ordinal));

    [Fact]
    public Task Silent_on_a_copy_of_the_map_in_each_message() => Silent(Provider.Replace("SENT", "new Dictionary<string, string>(_routers)", System.StringComparison.Ordinal).Replace("[|", string.Empty, System.StringComparison.Ordinal).Replace("|]", string.Empty, System.StringComparison.Ordinal));

    [Fact]
    public Task Reports_a_handler_that_is_subscribed_through_an_interface() => Reports("""
        interface IRunner { event Action<string> Changed; }
        class Runner : IRunner
        {
            public event Action<string>? Changed;
            public void Run() => Changed?.Invoke("a");
        }
        class Client
        {
            private readonly HashSet<string> _dirty = new();
            public void Track(IRunner runner) => runner.Changed += name => [|_dirty.Add(name)|];
            public int Sync() { var n = _dirty.Count; _dirty.Clear(); return n; }
        }
        class Program { static async Task Main() { var client = new Client(); var runner = new Runner(); client.Track(runner); var running = Task.Run(runner.Run); client.Sync(); await running; } }
        """);
}
