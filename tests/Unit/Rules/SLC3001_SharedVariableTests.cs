using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC3001_SharedVariableTests() : RuleTest("SLC3001")
{
    private const string Class = """
        class C
        {
            private int _count;
            private volatile int _seen;
            private bool _stopped;
            private readonly object _gate = new();
            private readonly SemaphoreSlim _one = new(1, 1);

            static void Use(object value) { }

            static Task<int> LoadAsync(int id) => Task.FromResult(id);

            void Add() => _count++;

            async Task AddAsync(int id) { var value = await LoadAsync(id); [|_count|] += value; }

            CODE
        }
        """;

    private static string In(string code, string add = "_count") => Class.Replace("[|_count|]", add, System.StringComparison.Ordinal).Replace("CODE", code, System.StringComparison.Ordinal);

    [Fact]
    public Task Reports_local_written_after_the_start() => Reports(In("async Task M() { int x = 1; var t = Task.Run(() => Use(x)); [|x|] = 2; await t; }"));

    [Fact]
    public Task Reports_local_written_in_the_work() => Reports(In("async Task<int> M() { int x = 1; var t = Task.Run(() => { [|x|]++; }); int y = x; await t; return y; }"));

    [Fact]
    public Task Reports_sum_in_parallel_for() => Reports(In("int M(int[] a) { int sum = 0; Parallel.For(0, a.Length, i => [|sum|] += a[i]); return sum; }"));

    [Fact]
    public Task Reports_sum_in_parallel_foreach_async() => Reports(In("async Task<int> M(int[] a) { int sum = 0; await Parallel.ForEachAsync(a, async (i, ct) => { [|sum|] += await LoadAsync(i); }); return sum; }"));

    [Fact]
    public Task Reports_sum_in_plinq() => Reports(In("int M(int[] a) { int sum = 0; a.AsParallel().ForAll(i => { [|sum|] += i; }); return sum; }"));

    [Fact]
    public Task Reports_sum_in_when_all_of_select() => Reports(In("async Task<int> M(int[] a) { int sum = 0; await Task.WhenAll(a.Select(async i => { var x = await LoadAsync(i); [|sum|] += x; })); return sum; }"));

    [Fact]
    public Task Reports_tasks_started_in_a_loop() => Reports(In("""
        async Task<int> M(int[] a)
        {
            int sum = 0;
            var tasks = new List<Task>();
            foreach (int i in a)
            {
                tasks.Add(Task.Run(() => { [|sum|] += i; }));
            }

            await Task.WhenAll(tasks);
            return sum;
        }
        """));

    [Fact]
    public Task Silent_on_an_await_that_does_not_resolve() => Silent(
        In("async Task M() { await AddAsync(1).Quietly(true); await AddAsync(2).Quietly(true); await Together(AddAsync(3)); }"),
        new() { AllowErrors = true });

    [Fact]
    public Task Reports_field_of_two_tasks() => Reports(In("Task M() => Task.WhenAll(Task.Run(() => [|_count|]++), Task.Run(() => _count++));"));

    [Fact]
    public Task Reports_method_that_is_run_twice() => Reports(In("async Task M() { var one = Task.Run(Add); var two = Task.Run(Add); await one; await two; }").Replace("_count++", "[|_count|]++", System.StringComparison.Ordinal));

    [Fact]
    public Task Reports_async_method_that_is_called_for_each() => Reports(In("Task M(int[] a) => Task.WhenAll(a.Select(AddAsync));", "[|_count|]"));

    [Fact]
    public Task Reports_thread_and_its_starter() => Reports(In("int M() { var t = new Thread(() => [|_count|]++); t.Start(); int seen = _count; t.Join(); return seen; }"));

    [Fact]
    public Task Reports_pool_item() => Reports(In("int M() { int x = 0; ThreadPool.QueueUserWorkItem(_ => [|x|]++); return x; }"));

    [Fact]
    public Task Reports_continuation() => Reports(In("int M(Task t) { int x = 0; t.ContinueWith(_ => [|x|]++); return x; }"));

    [Fact]
    public Task Reports_timer() => Reports(In("int M() { int x = 0; var timer = new Timer(_ => [|x|]++, null, 0, 1); x++; return x; }"));

    [Fact]
    public Task Reports_stop_flag() => Reports(In("async Task M() { var t = Task.Run(() => { while (!_stopped) { Use(1); } }); [|_stopped|] = true; await t; }"));

    [Fact]
    public Task Reports_local_function() => Reports(In("async Task M() { int x = 0; void Work() { [|x|]++; } var t = Task.Run(Work); x++; await t; }"));

    [Fact]
    public Task Reports_lock_on_one_side_only() => Reports(In("async Task M() { var t = Task.Run(() => { lock (_gate) { _count++; } }); int x = [|_count|]; await t; Use(x); }"));

    [Fact]
    public Task Reports_two_locks() => Reports(In("async Task M() { var a = new object(); var t = Task.Run(() => { lock (_gate) { [|_count|]++; } }); lock (a) { _count++; } await t; }"));

    [Fact]
    public Task Reports_object_of_another_type() => Reports("""
        class Counter { private int _n; public void Hit() => [|_n|]++; public int N => _n; }
        class C { async Task M() { var c = new Counter(); var t = Task.Run(() => c.Hit()); c.Hit(); await t; } }
        """);

    [Fact]
    public Task Reports_callback_that_two_loops_call() => Reports("""
        class Recorder { private int _n; public void Hit(int key) => [|_n|]++; }
        class Loop
        {
            private readonly Action<int> _hit;
            private readonly Task _run;
            public Loop(Action<int> hit) { _hit = hit; _run = Task.Run(RunAsync); }
            private async Task RunAsync() { for (int i = 0; i < 9; i++) { await Task.Delay(1); _hit(i); } }
            public Task StopAsync() => _run;
        }
        class C { async Task M() { var r = new Recorder(); var a = new Loop(r.Hit); var b = new Loop(r.Hit); await a.StopAsync(); await b.StopAsync(); } }
        """);

    [Fact]
    public Task Says_where_both_are() => Says(
        "class C { async Task M() {\n int x = 1;\n var t = Task.Run(() => Console.Write(x));\n x = 2;\n await t; } }",
        "'x' is written at line 4 while work that runs at the same time reads it at line 3: a write can get lost, or be seen by half. Wait for the work first, hold one lock at both places, or give the work its own copy.");

    [Fact]
    public Task Reports_field_that_the_constructor_sets_after_the_start() => Reports("""
        class Resolver
        {
            public event Action<string> Updated;
            public void Start() => Task.Run(() => Updated?.Invoke("a"));
        }
        class Client
        {
            private readonly Resolver _resolver = new();
            private readonly Func<string, string> _policy;
            private readonly string _name;
            public Client(Func<string, string> policy, string name)
            {
                _name = name;
                _resolver.Updated += OnUpdated;
                _resolver.Start();
                [|_policy|] = policy;
            }
            public async Task StopAsync() => await Task.Yield();
            private void OnUpdated(string address) => Console.Write(_policy(_name + address));
        }
        """);

    [Fact]
    public Task Silent_on_fields_that_are_set_before_the_start() => Silent("""
        class Client
        {
            private readonly Func<string, string> _policy;
            private readonly Task _polling;
            private readonly string _name;
            public int Count { get; }
            public Client(Func<string, string> policy, string name)
            {
                _policy = policy;
                Count = 3;
                _polling = Task.Run(Poll);
                _name = name;
            }
            public string Name => _name;
            public Task Polling => _polling;
            private void Poll() => Console.Write(_policy("a") + Count);
        }
        """);

    [Fact]
    public Task Silent_after_an_extension_that_waits() => Silent("""
        using Helpers;
        class D
        {
            int M() { int x = 0; var t = Task.Run(() => x++); t.WaitSafely(); return x; }
            int N() { int x = 0; var t = Task.Run(() => { x++; return 1; }); t.GetResultSafely(); return x; }
        }
        """, new() { References = [UnderTest.Compilation("namespace Helpers { public static class Tasks { public static void WaitSafely(this System.Threading.Tasks.Task task) => task.Wait(); public static T GetResultSafely<T>(this System.Threading.Tasks.Task<T> task) => task.Result; } }").ToMetadataReference()] });

    [Fact]
    public Task Silent_when_an_immutable_set_is_replaced_atomically() => Silent("""
        using System.Collections.Immutable;
        class D
        {
            private ImmutableHashSet<string> _all = ImmutableHashSet<string>.Empty;
            public Task Run() => Task.WhenAll(Task.Run(Watch), Task.Run(() => Add("a")));
            private void Add(string one) => ImmutableInterlocked.Update(ref _all, static (set, one) => set.Add(one), one);
            private void Watch() { foreach (var one in _all) { Console.Write(one); } }
        }
        """);

    [Fact]
    public Task Silent_before_the_start() => Silent(In("async Task M() { int x = 1; x = 2; await Task.Run(() => Use(x)); }"));

    [Fact]
    public Task Silent_after_the_await() => Silent(In("async Task M() { int x = 1; var t = Task.Run(() => x++); await t; x = 2; }"));

    [Fact]
    public Task Silent_when_awaited_in_place() => Silent(In("async Task M() { int x = 1; await Task.Run(() => x++); x = 2; await Task.Run(() => x++).ConfigureAwait(false); }"));

    [Fact]
    public Task Silent_after_wait_and_join() => Silent(In("void M() { int x = 1; var t = Task.Run(() => x++); t.Wait(); x = 2; var w = new Thread(() => x++); w.Start(); w.Join(); x++; }"));

    [Fact]
    public Task Silent_after_all() => Silent(In("async Task M(int[] a) { int x = 0; var all = new[] { Task.Run(() => { lock (_gate) { x++; } }), Task.Run(() => { lock (_gate) { x++; } }) }; await Task.WhenAll(all); x++; }"));

    [Fact]
    public Task Silent_with_one_lock() => Silent(In("int M(int[] a) { int sum = 0; Parallel.ForEach(a, i => { lock (_gate) { sum += i; } }); return sum; }"));

    [Fact]
    public Task Silent_with_a_semaphore() => Silent(In("async Task M(int[] a) { int sum = 0; await Task.WhenAll(a.Select(async i => { await _one.WaitAsync(); try { sum += i; } finally { _one.Release(); } })); }"));

    [Fact]
    public Task Silent_when_atomic() => Silent(In("async Task M(int[] a) { int sum = 0; var t = Task.Run(() => Interlocked.Increment(ref sum)); Interlocked.Add(ref sum, 2); await t; }"));

    [Fact]
    public Task Silent_when_volatile() => Silent(In("async Task M() { var t = Task.Run(() => { _seen = 1; }); while (_seen == 0) { await Task.Yield(); } await t; }"));

    [Fact]
    public Task Silent_when_all_only_read() => Silent(In("async Task M(int[] a) { int x = a.Length; await Task.WhenAll(a.Select(async i => { await Task.Yield(); Use(x + _count); })); }"));

    [Fact]
    public Task Silent_when_each_has_its_own() => Silent(In("Task M(int[] a) => Task.WhenAll(a.Select(async i => { int x = 0; x += await LoadAsync(i); x++; Use(x); }));"));

    [Fact]
    public Task Silent_when_a_round_has_its_own() => Silent(In("""
        async Task M(int[] a)
        {
            var tasks = new List<Task>();
            foreach (int i in a)
            {
                int x = i;
                x++;
                tasks.Add(Task.Run(() => Use(x)));
            }

            await Task.WhenAll(tasks);
        }
        """));

    [Fact]
    public Task Silent_with_the_local_sum_of_parallel_for() => Silent(In("int M(int[] a) { int all = 0; Parallel.For(0, a.Length, () => 0, (i, state, sum) => sum + a[i], sum => Interlocked.Add(ref all, sum)); return all; }"));

    [Fact]
    public Task Silent_with_slots_of_an_array() => Silent(In("async Task M(int[] a) { var r = new int[a.Length]; await Task.WhenAll(Enumerable.Range(0, a.Length).Select(async i => { r[i] = await LoadAsync(i); })); Use(r); }"));

    [Fact]
    public Task Silent_after_a_signal() => Silent(In("async Task M() { int x = 0; var done = new TaskCompletionSource(); _ = Task.Run(() => { x = 1; done.SetResult(); }); await done.Task; Use(x); x = 3; }"));

    [Fact]
    public Task Silent_after_an_event() => Silent(In("void M() { int x = 0; using var done = new ManualResetEventSlim(); new Thread(() => { x = 1; done.Set(); }).Start(); done.Wait(); Use(x); }"));

    [Fact]
    public Task Silent_in_two_arms() => Silent(In("async Task M(bool b) { int x = 0; Task t; if (b) { t = Task.Run(() => x++); } else { t = Task.Run(() => { x = 2; }); } await t; }"));

    [Fact]
    public Task Silent_when_an_arm_left_before() => Silent(In("""
        async Task M(bool b)
        {
            int x = 0;
            if (b)
            {
                try
                {
                    Use(x);
                }
                catch (Exception)
                {
                    x = 1;
                    var other = Task.Run(() => Use(x));
                    return;
                }
            }

            var t = Task.Run(() => { x++; });
            await t;
        }
        """));

    [Fact]
    public Task Silent_in_a_continuation_that_runs_where_the_task_ends() => Silent(In("void M(Task t) { int x = 0; t.ContinueWith(_ => x++, TaskContinuationOptions.ExecuteSynchronously); x++; }"));

    [Fact]
    public Task Silent_in_sequence() => Silent(In("async Task M(int[] a) { foreach (int i in a) { await AddAsync(i); } _count++; }"));

    [Fact]
    public Task Silent_when_made_at_first_use() => Silent("""
        class C
        {
            private string _name;
            string Name => _name ??= "x".Trim();
            Task M() => Task.WhenAll(Task.Run(() => Console.Write(Name)), Task.Run(() => Console.Write(Name)));
        }
        """);

    [Fact]
    public Task Silent_in_the_part_before_the_first_await() => Silent(In("async Task M() { int x = 0; async Task Work() { x++; await Task.Yield(); } var t = Work(); x++; await t; }"));

    [Fact]
    public Task Silent_when_asked_again_under_the_lock() => Silent("""
        class C
        {
            private readonly object _gate = new();
            private object _batch;
            private Timer _timer;
            public void Start()
            {
                _timer = new Timer(_ => { lock (_gate) { _batch = new object(); } });
                if (_batch is null) return;
                lock (_gate) { if (_batch is not null) { _timer.Change(1, 1); } }
            }
        }
        """);

    [Theory]
    [InlineData("if (!loop.InEventLoop) { throw new InvalidOperationException(); }")]
    [InlineData("loop.VerifyAccess();")]
    public Task Silent_where_code_asks_for_its_thread(string asks) => Silent(OnLoop(asks + " var t = Task.Run(() => n++); n++; t.Wait();"));

    [Fact]
    public Task Reports_where_no_thread_is_asked_for() => Reports(OnLoop("loop.Run(); var t = Task.Run(() => { [|n|]++; }); n++; t.Wait();"));

    private static string OnLoop(string statements) => $$"""
        class Loop { public bool InEventLoop => true; public void VerifyAccess() { } public void Run() { } }
        class C { void M(Loop loop) { int n = 0; {{statements}} } }
        """;

    [Fact]
    public Task Silent_on_two_objects() => Silent("""
        class Counter { private int _n; public void Hit() => _n++; }
        class C { async Task M() { var a = new Counter(); var b = new Counter(); var t = Task.Run(a.Hit); b.Hit(); await t; } }
        """);

    [Fact]
    public Task Silent_when_dispose_waits() => Silent("""
        class Loop : IAsyncDisposable
        {
            private int _n;
            private readonly Task _run;
            public Loop() => _run = Task.Run(() => { _n++; });
            public int N => _n;
            public async ValueTask DisposeAsync() => await _run;
        }
        class C { async Task M() { var l = new Loop(); await l.DisposeAsync(); Console.Write(l.N); } }
        """);

    [Fact]
    public Task Silent_on_what_a_loop_steps() => Silent(In("async Task M(int n) { var all = new List<Task>(); for (int i = 0; i < n; i++) { all.Add(Task.Run(() => Use(i))); } await Task.WhenAll(all); }"));

    [Fact]
    public Task Reports_side_effects_of_plinq() => Reports("class D { int M(string[] a) { int n = 0; a.AsParallel().Where(x => x.Length > 0).ForAll(x => { [|n|]++; }); return n; } }");

    [Fact]
    public Task Reports_timer_that_is_changed_later() => Reports(In("int M() { int x = 0; var timer = new Timer(_ => [|x|]++, null, Timeout.Infinite, Timeout.Infinite); timer.Change(0, 1); x++; return x; }"));

    [Fact]
    public Task Silent_before_a_timer_is_changed() => Silent(In("void M() { int x = 0; var timer = new Timer(_ => x++, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan); x = 2; Use(x); timer.Change(0, 1); }"));

    [Fact]
    public Task Silent_on_the_variable_of_a_timer_that_is_due_later() => Silent("""
        class D
        {
            private Timer _timer;
            public void Start() => _timer = new Timer(_ => _timer.Dispose(), null, 5000, 5000);
        }
        """);

    [Fact]
    public Task Silent_when_made_by_the_library_once() => Silent("""
        class D
        {
            private Timer _timer;
            public void Start() => LazyInitializer.EnsureInitialized(ref _timer, () => new Timer(_ => _timer?.Dispose(), null, 0, 1));
        }
        """);

    [Fact]
    public Task Silent_on_what_is_found_by_a_key() => Silent("""
        class Item { public bool Shared; }
        class D
        {
            private readonly Dictionary<string, Item> _items = new();
            async Task CloseAsync(string id) { await Task.Yield(); if (_items.TryGetValue(id, out var item)) { item.Shared = false; } }
            Task M(string[] ids) => Task.WhenAll(ids.Select(CloseAsync));
        }
        """);

    [Theory]
    [InlineData("int M(int[] a) { int n = 0; Parallel.ForEach(a, i => { [|n|]++; /* one more */ }); return n; }", "int M(int[] a) { int n = 0; Parallel.ForEach(a, i => { Interlocked.Increment(ref n); /* one more */ }); return n; }")]
    [InlineData("int M(int[] a) { int n = 0; Parallel.ForEach(a, i => [|n|] += i); return n; }", "int M(int[] a) { int n = 0; Parallel.ForEach(a, i => Interlocked.Add(ref n, i)); return n; }")]
    [InlineData("Task M(int[] a) { int n = 0; return Task.WhenAll(a.Select(async i => { await LoadAsync(i); --[|n|]; })); }", "Task M(int[] a) { int n = 0; return Task.WhenAll(a.Select(async i => { await LoadAsync(i); Interlocked.Decrement(ref n); })); }")]
    public Task Fixes_a_count(string before, string after) => Fixes(In(before), In(after));

    [Theory]
    [InlineData("async Task M(int[] a) { int n = 0; await Parallel.ForEachAsync(a, async (i, ct) => { [|n|] += await LoadAsync(i); }); }")]
    [InlineData("double M(int[] a) { double n = 0; Parallel.ForEach(a, i => { [|n|] += i; }); return n; }")]
    [InlineData("int M(int[] a) { int n = 0; Parallel.ForEach(a, i => { if (i > n) { [|n|] = i; } }); return n; }")]
    public Task Offers_nothing_where_one_step_is_not_enough(string code) => NotFixed(In(code));

    [Theory]
    [InlineData(
        "async Task M() { int x = 1; var t = Task.Run(() => Use(x)); [|x|] = 2; await t; }",
        "async Task M() { int x = 1; var currentX = x; var t = Task.Run(() => Use(currentX)); x = 2; await t; }")]
    [InlineData(
        "async Task M() { int x = 1; var t = Task.Run(() => Use(new { x, Y = this._stopped })); [|x|] = 2; await t; }",
        "async Task M() { int x = 1; var currentX = x; var t = Task.Run(() => Use(new { x = currentX, Y = this._stopped })); x = 2; await t; }")]
    public Task Fixes_with_a_copy_from_before_the_start(string before, string after) => Fixes(In(before), In(after));

    [Fact]
    public Task Fixes_a_batch_that_is_begun_anew() => Fixes(
        In("""
        async Task M(int[] all)
            {
                var batch = new List<int>();
                var running = new List<Task>();
                foreach (var one in all)
                {
                    batch.Add(one);

                    // Ten at a time.
                    running.Add(Task.Run(() => Use(batch)));
                    [|batch|] = new List<int>();
                }

                await Task.WhenAll(running);
            }
        """),
        In("""
        async Task M(int[] all)
            {
                var batch = new List<int>();
                var running = new List<Task>();
                foreach (var one in all)
                {
                    batch.Add(one);

                    // Ten at a time.
                    var currentBatch = batch;
                    running.Add(Task.Run(() => Use(currentBatch)));
                    batch = new List<int>();
                }

                await Task.WhenAll(running);
            }
        """));

    [Theory]
    [InlineData("async Task M() { bool x = true; var t = Task.Run(() => { while (x) { Thread.Sleep(1); } }); [|x|] = false; await t; }")]
    [InlineData("async Task M() { int x = 1; var t = Task.Run(() => Use(x)); { [|x|]++; } await t; }")]
    public Task Offers_no_copy_where_the_work_wants_the_newest(string code) => NotFixed(In(code));

    private static string Pump(string make) => $$"""
        using System.Threading.Channels;
        class Pump
        {
            private readonly Channel<byte[]> _sent = Channel.CreateUnbounded<byte[]>();
            private readonly Task _run;
            private int _pause;
            public Pump() { _run = Task.Run(RunAsync); }
            public int Pause { set => _pause = value; }
            public ValueTask SendAsync(byte[] bytes) => _sent.Writer.WriteAsync(bytes);
            public async Task RunAsync()
            {
                while (await _sent.Reader.WaitToReadAsync())
                {
                    while (_sent.Reader.TryRead(out var bytes)) { Console.Write(bytes.Length); }
                    Console.Write(_pause);
                }
            }
        }
        class Factory { {{make}} }
        """;

    [Fact]
    public Task Silent_before_the_first_item_is_sent() => Silent(Pump("Pump Make() { var pump = new Pump(); pump.Pause = 3; return pump; }"));

    [Fact]
    public Task Reports_after_the_first_item_is_sent() => Reports(Pump("async Task<Pump> MakeAsync() { var pump = new Pump(); await pump.SendAsync(new byte[1]); pump.Pause = 3; return pump; }").Replace("_pause = value", "[|_pause|] = value", System.StringComparison.Ordinal));

    [Fact]
    public Task Silent_for_who_comes_last() => Silent(Last("bool last; lock (_gate) { if (x.IsFaulted) { _failed++; } else { _done++; } last = _done + _failed == all.Length; } if (last && _failed > 0) { Console.Write(1); }"));

    [Fact]
    public Task Reports_who_does_not_come_last() => Reports(Last("lock (_gate) { _failed++; } if (x.IsFaulted && [|_failed|] > 0) { Console.Write(1); }"));

    private static string Last(string code) => $$"""
        class D
        {
            private readonly object _gate = new();
            private int _done;
            private int _failed;
            public int Done => _done;
            Task M(Task[] all) => Task.WhenAll(all.Select(t => t.ContinueWith(x => { {{code}} })));
        }
        """;

    [Theory]
    [InlineData("Orleans.Runtime.IAddressable", "namespace Orleans.Runtime { interface IAddressable { } }")]
    [InlineData("Akka.Actor.ActorBase", "namespace Akka.Actor { abstract class ActorBase { } }")]
    [InlineData("Microsoft.AspNetCore.Components.IComponent", "namespace Microsoft.AspNetCore.Components { interface IComponent { } }")]
    public Task Silent_where_an_object_takes_turns(string above, string declaration) => Silent($$"""
        class D : {{above}}
        {
            private int _n;
            public Task M() => Task.WhenAll(AddAsync(), AddAsync());
            async Task AddAsync() { await Task.Yield(); _n++; }
        }
        {{declaration}}
        """);

    [Fact]
    public Task Reports_work_that_leaves_the_turns() => Reports("""
        class D : Orleans.Runtime.IAddressable
        {
            private int _n;
            public async Task M() { var work = Task.Run(() => [|_n|]++); _n++; await work; }
        }
        namespace Orleans.Runtime { interface IAddressable { } }
        """);

    [Fact]
    public Task Silent_on_a_scheduler_of_ones_own() => Silent("""
        class D
        {
            private readonly TaskScheduler _turns = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
            private int _n;
            public Task M() => Task.WhenAll(Later(), Later());
            Task Later() => Task.Factory.StartNew(() => _n++, CancellationToken.None, TaskCreationOptions.None, _turns);
        }
        """);

    [Theory]
    [InlineData("_lock", "_lock", "n++;")]
    [InlineData("_lock", "_other", "[|n|]++;")]
    public Task Knows_a_lock_of_ones_own(string one, string other, string code)
    {
        string source = $$"""
            class AsyncLock { private readonly SemaphoreSlim _one = new(1, 1); public async Task<IDisposable> EnterAsync() { await _one.WaitAsync(); return null!; } }
            class D
            {
                private readonly AsyncLock _lock = new(), _other = new();
                async Task<int> M()
                {
                    int n = 0;
                    var a = Task.Run(async () => { using (await {{one}}.EnterAsync()) { {{code}} } });
                    var b = Task.Run(async () => { using (await {{other}}.EnterAsync()) { n++; } });
                    await Task.WhenAll(a, b);
                    return n;
                }
            }
            """;
        return code.Contains('|') ? Reports(source) : Silent(source);
    }

    [Fact]
    public Task Silent_where_both_write_the_same_or_a_loop_sees_it_in_the_next_round() => Silent("""
        class C
        {
            private bool _stop;
            async Task All(string[] names)
            {
                bool failed = false;
                await Task.WhenAll(names.Select(name => Task.Run(() => { try { Send(name); } catch (Exception) { failed = true; } })));
                Console.WriteLine(failed);
            }
            void Run() { var work = Task.Run(() => { while (!_stop) { Send("x"); Thread.Sleep(10); } }); _stop = true; work.Wait(); }
            void Send(string name) => Console.WriteLine(name);
        }
        """);

    [Fact]
    public Task Silent_where_an_async_iterator_runs_where_it_is_enumerated() => Silent("""
        class C(IStore store)
        {
            async Task RunAsync()
            {
                int count = 0;
                await store.PutAsync(Each(store.GetAsync(), () => count++));
                Console.WriteLine(count);
            }
            static async IAsyncEnumerable<string> Each(IAsyncEnumerable<string> items, Action seen) { await foreach (var item in items) { seen(); yield return item; } }
        }
        interface IStore { IAsyncEnumerable<string> GetAsync(); Task PutAsync(IAsyncEnumerable<string> items); }
        """);

    [Theory]
    [InlineData("async Task M(int n) { var found = new int[n]; var work = new Task[n]; for (int i = 0; i < n; i++) { int at = i; work[at] = Task.Run(() => { [|found[at]|] = at; }); } int sum = found.Sum(); await Task.WhenAll(work); Use(sum); }")]
    [InlineData("async Task M(int n) { var found = new int[n]; var work = Task.Run(() => { [|found[1]|] = 2; }); foreach (int i in found) { Use(i); } await work; }")]
    public Task Reports_an_array_that_is_read_before_it_is_filled(string code) => Reports(In(code));

    [Theory]
    [InlineData("async Task M(int n) { var found = new int[n]; var work = new Task[n]; for (int i = 0; i < n; i++) { int at = i; work[at] = Task.Run(() => { found[at] = at; }); } await Task.WhenAll(work); Use(found.Sum()); }")]
    [InlineData("async Task M(int n) { var found = new int[n]; var work = new Task[n]; for (int i = 0; i < n; i++) { int at = i; work[at] = Task.Run(() => { found[at] = at; }); } Use(found.Length); await Task.WhenAll(work); }")]
    [InlineData("void M(int n) { var found = new int[n]; Parallel.For(0, n, i => { found[i] = i; }); foreach (int i in found) { Use(i); } }")]
    public Task Silent_on_an_array_of_which_each_has_its_place(string code) => Silent(In(code));

    [Fact]
    public Task Reports_what_is_made_when_the_base_has_started_work() => Reports("""
        abstract class Loop { protected Loop() { Done = Task.Run(Run); } public Task Done { get; } protected abstract void Run(); }
        sealed class Peer : Loop
        {
            private readonly string _name;
            public Peer(string name) { [|_name|] = name; }
            protected override void Run() => Console.Write(_name);
        }
        """);

    [Fact]
    public Task Silent_on_what_is_made_before_the_base_starts_work() => Silent("""
        abstract class Loop { public Task Done { get; private set; } public void Start() => Done = Task.Run(Run); protected abstract void Run(); }
        sealed class Peer : Loop
        {
            private readonly string _name;
            private readonly string _kind = "peer";
            public Peer(string name) { _name = name; Start(); }
            protected override void Run() => Console.Write(_name + _kind);
        }
        """);

    [Fact]
    public Task Reports_the_items_of_a_collection_that_two_go_through() => Reports("""
        interface IStats { void Count(int n); }
        sealed class Sum : IStats { private int _n; public void Count(int n) => [|_n|] += n; }
        class Server(params IStats[] all)
        {
            public Task Run() => Task.WhenAll(Task.Run(() => One()), Task.Run(() => One()));
            private void One() { foreach (var stats in all) { stats.Count(1); } }
        }
        """);

    [Fact]
    public Task Silent_on_the_items_of_a_collection_that_each_task_has_one_of() => Silent("""
        sealed class Sum { private int _n; public void Count(int n) => _n += n; }
        class Server
        {
            public Task Run(IReadOnlyList<Sum> all) { var work = new List<Task>(); foreach (var sum in all) { work.Add(Task.Run(() => sum.Count(1))); } return Task.WhenAll(work); }
            public Task Two() { Sum[] all = [new(), new()]; var work = new List<Task>(); foreach (var sum in all) { work.Add(Task.Run(() => sum.Count(1))); } return Task.WhenAll(work); }
            public async Task Turns(IReadOnlyList<Sum> all) { foreach (var sum in all) { await Task.Run(() => sum.Count(1)); } }
        }
        """);

    [Theory]
    [InlineData("void M() { int done = 0; var work = new Thread(() => { for (int i = 0; i < 9; i++) { [|done|] = i; } }); work.Start(); while (!work.Join(100)) { Use(done); } }")]
    [InlineData("void M() { int done = 0; var work = Task.Run(() => { for (int i = 0; i < 9; i++) { [|done|] = i; } }); if (!work.Wait(100)) { Use(done); } }")]
    public Task Reports_while_the_wait_is_too_early(string code) => Reports(In(code));

    [Theory]
    [InlineData("void M() { int done = 0; var work = new Thread(() => { for (int i = 0; i < 9; i++) { done = i; } }); work.Start(); while (!work.Join(100)) { Use(0); } Use(done); }")]
    [InlineData("void M() { int done = 0; var work = Task.Run(() => { for (int i = 0; i < 9; i++) { done = i; } }); if (!work.Wait(100)) { throw new TimeoutException(); } Use(done); }")]
    public Task Silent_when_the_wait_is_over(string code) => Silent(In(code));

    [Fact]
    public Task Silent_on_any_of_the_failures() => Silent(In("async Task M(int n) { Exception failure = null; var work = new List<Task>(); for (int i = 0; i < n; i++) { work.Add(Task.Run(() => { try { Use(1); } catch (Exception e) { failure = e; } })); } await Task.WhenAll(work); Use(failure); }"));

    [Fact]
    public Task Reports_a_failure_that_is_read_too_early() => Reports(In("async Task M() { Exception failure = null; var work = Task.Run(() => { try { Use(1); } catch (Exception e) { [|failure|] = e; } }); if (failure is null) { Use(2); } await work; }"));

    [Fact]
    public Task Reports_code_that_a_base_leaves_to_who_derives_from_it() => Reports("""
        interface IPicker<T> { T Pick(); }
        abstract class PickerBase<T> : IPicker<T> { public abstract T Pick(); }
        sealed class RoundRobin<T>(T[] all) : PickerBase<T>
        {
            private int _next;
            public override T Pick() { var picked = all[_next]; [|_next|] = (_next + 1) % all.Length; return picked; }
        }
        class C(IPicker<string> picker)
        {
            void Call() => Console.Write(picker.Pick());
            static Task M() { var c = new C(new RoundRobin<string>(["a"])); return Task.WhenAll(Task.Run(() => c.Call()), Task.Run(() => c.Call())); }
        }
        """);

    [Fact]
    public Task Reports_what_is_made_when_the_base_that_was_given_something_has_started_work() => Reports("""
        abstract class Loop { protected Loop(string kind) { Done = Task.Run(() => Run(kind)); } public Task Done { get; } protected abstract void Run(string kind); }
        sealed class Peer : Loop
        {
            private readonly string _name;
            public Peer(string name) : base("peer") { [|_name|] = name; }
            protected override void Run(string kind) => Console.Write(_name + kind);
        }
        """);

    [Fact]
    public Task Reports_a_part_that_only_the_caller_knows_to_be_shared() => Reports("""
        class Section { int _hits; public void Hit() => [|_hits|]++; public int Hits => _hits; }
        record Page(Section Section) { public void Render() => Section.Hit(); }
        class Site
        {
            private readonly List<Page> _pages = [];
            public Section Add(int n) { var section = new Section(); for (int i = 0; i < n; i++) { _pages.Add(new Page(section)); } return section; }
            public void Render() => Parallel.ForEach(_pages, page => page.Render());
        }
        class Program { static async Task<int> Main() { var site = new Site(); var section = site.Add(9); site.Render(); await Task.Yield(); return section.Hits; } }
        """);

    [Fact]
    public Task Silent_items_with_a_part_each() => Silent("""
        class Section { int _hits; public void Hit() => _hits++; public int Hits => _hits; }
        record Page(Section Section) { public void Render() => Section.Hit(); }
        class Site
        {
            private readonly List<Page> _pages = [];
            public void Add(int n) { for (int i = 0; i < n; i++) { _pages.Add(new Page(new Section())); } }
            public void Render() => Parallel.ForEach(_pages, page => page.Render());
        }
        class Program { static async Task Main() { var site = new Site(); site.Add(9); site.Render(); await Task.Yield(); } }
        """);

    [Fact]
    public Task Reports_what_is_made_for_each_with_one_part() => Reports("""
        class Total { int _n; public void Add() => [|_n|]++; }
        class Handler(Total total) { public void Serve() => total.Add(); }
        class C { async Task M() { var total = new Total(); await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new Handler(total)).Select(h => Task.Run(() => h.Serve()))); } }
        """);

    [Fact]
    public Task Silent_what_is_made_for_each_with_parts_of_its_own() => Silent("""
        class Total { int _n; public void Add() => _n++; }
        class Handler(Total total) { public void Serve() => total.Add(); }
        class C { async Task M() { await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new Handler(new Total())).Select(h => Task.Run(() => h.Serve()))); } }
        """);

    [Theory]
    [InlineData("$\"{picker}\"")]
    [InlineData("\"picker: \" + picker")]
    public Task Reports_what_is_shown_by_its_own_words(string shown) => Reports($$"""
        class Picker
        {
            private readonly object _gate = new();
            private bool _equal = true;
            public void Add(int weight) { lock (_gate) { _equal = _equal && weight == 1; } }
            public override string ToString() => [|_equal|] ? "equal" : "weighted";
        }
        class C { async Task M(Picker given) { var picker = new Picker(); var t = Task.Run(() => picker.Add(2)); var s = {{shown}}; await t; } }
        """);

    [Fact]
    public Task Reports_a_timer_that_is_told_later_what_it_works_on() => Reports("""
        class C
        {
            private readonly Timer _timer;
            private readonly Thread _reader;
            private int _seen;
            public C() { _timer = new Timer(static state => ((C)state!).Tick(), this, Timeout.Infinite, Timeout.Infinite); _reader = new Thread(Read); }
            public void Start() { _reader.Start(); _timer.Change(10, 10); }
            void Tick() { if (_seen > 9) { Console.WriteLine(_seen); } }
            void Read() { while (true) { [|_seen|]++; Thread.Sleep(1); } }
        }
        class Program { static async Task Main() { var c = new C(); c.Start(); await Task.Delay(99); } }
        """);

    private const string Stats = "class Stat { int _n; public void Hit() => [|_n|]++; } class C { private readonly System.Collections.Concurrent.ConcurrentDictionary<string, Stat> _stats = new(); CODE }";

    [Theory]
    [InlineData("void Hit(string key) => _stats.GetOrAdd(key, _ => new Stat()).Hit(); async Task M() { var a = Task.Run(() => Hit(\"a\")); var b = Task.Run(() => Hit(\"a\")); await a; await b; }")]
    [InlineData("async Task M() => await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => _stats.GetOrAdd(\"a\", _ => new Stat()).Hit())));")]
    public Task Reports_what_a_concurrent_dictionary_gives_to_several(string code) => Reports(Stats.Replace("CODE", code, System.StringComparison.Ordinal));

    [Theory]
    [InlineData("void M(string[] keys) => Parallel.ForEach(keys, key => _stats.GetOrAdd(key, _ => new Stat()).Hit());")]
    [InlineData("async Task M(string[] keys) { var all = new List<Task>(); foreach (var key in keys) { all.Add(Task.Run(() => _stats.GetOrAdd(key, _ => new Stat()).Hit())); } await Task.WhenAll(all); }")]
    [InlineData("void Hit(string key) { var stat = _stats.GetOrAdd(key, _ => new Stat()); lock (stat) { stat.Hit(); } } async Task M() { var a = Task.Run(() => Hit(\"a\")); Hit(\"a\"); await a; }")]
    public Task Silent_what_each_gets_by_its_own_key_or_under_a_lock(string code) => Silent(Stats.Replace("[|_n|]", "_n", System.StringComparison.Ordinal).Replace("CODE", code, System.StringComparison.Ordinal));

    private const string Lazily = "class Registry { private readonly System.Collections.Concurrent.ConcurrentDictionary<int, string> _all = new(); public void Add(int id) => _all[id] = \"\"; } record Names(string First); class C { CODE }";

    [Fact]
    public Task Reports_an_object_with_state_that_two_may_make() => Reports(Lazily.Replace("CODE", "Registry? _registry; Registry All => [|_registry|] ??= new(); async Task M() => await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => All.Add(i))));", System.StringComparison.Ordinal));

    [Theory]
    [InlineData("Names? _names; Names All => _names ??= new(\"a\"); async Task M() => await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => Console.WriteLine(All.First))));")]
    [InlineData("Registry? _registry; readonly object _gate = new(); Registry All { get { lock (_gate) { return _registry ??= new(); } } } async Task M() => await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => All.Add(i))));")]
    [InlineData("Registry? _registry; Registry All => _registry ??= new(); async Task M() { All.Add(1); await Task.Run(() => All.Add(2)); }")]
    public Task Silent_an_object_that_is_as_good_as_another_or_made_alone(string code) => Silent(Lazily.Replace("CODE", code, System.StringComparison.Ordinal));

    [Fact]
    public Task Reports_a_variable_that_a_callback_writes_in_work_that_began_before() => Reports("""
        class Stream
        {
            private readonly List<Action<int>> _handlers = [];
            private readonly System.Threading.Channels.Channel<int> _in = System.Threading.Channels.Channel.CreateBounded<int>(9);
            private readonly Task _receiving;
            public Stream() => _receiving = Task.Run(ReceiveAsync);
            public void On(Action<int> handler) { lock (_handlers) { _handlers.Add(handler); } }
            public ValueTask SendAsync(int id) => _in.Writer.WriteAsync(id);
            async Task ReceiveAsync()
            {
                await foreach (var id in _in.Reader.ReadAllAsync())
                {
                    Action<int>[] all;
                    lock (_handlers) { all = [.. _handlers]; }
                    foreach (var one in all) { one(id); }
                }
            }
        }
        class C
        {
            async Task KeepAsync(Stream stream)
            {
                var last = 0;
                stream.On(id => last = id);
                for (int i = 0; i < 9; i++) { await stream.SendAsync(i); if ([|last|] > 3) { return; } }
            }

            async Task M() { var stream = new Stream(); await Task.WhenAll(KeepAsync(stream), KeepAsync(stream)); }
        }
        """);

    [Fact]
    public Task Silent_async_code_that_the_caller_waits_for_through_a_choice() => Silent("""
        class Reader
        {
            private int _at;
            public async Task<int> ReadAsync(bool small) { var n = await LengthAsync(small); _at += n; return _at; }
            Task<int> LengthAsync(bool small) => small ? OneAsync() : small switch { true => OneAsync(), _ => FourAsync() };
            async Task<int> OneAsync() { await Task.Yield(); return ++_at; }
            async Task<int> FourAsync() { await Task.Yield(); _at += 4; return _at; }
        }
        """);

    [Theory]
    [InlineData("class Inline : TaskScheduler { protected override void QueueTask(Task t) => TryExecuteTask(t); protected override bool TryExecuteTaskInline(Task t, bool b) => false; protected override IEnumerable<Task> GetScheduledTasks() => []; } class C { int M() { int x = 0; var f = new TaskFactory(new Inline()); f.StartNew(() => { x = 1; }); return x; } }")]
    [InlineData("class C { async Task<int> M(System.Diagnostics.Process p) { int x = 0; var done = new TaskCompletionSource(); p.Exited += (_, _) => { x = 1; done.SetResult(); }; await Task.WhenAll(done.Task); return x; } }")]
    public Task Silent_where_a_scheduler_or_a_promise_puts_them_in_order(string code) => Silent(code);
}
