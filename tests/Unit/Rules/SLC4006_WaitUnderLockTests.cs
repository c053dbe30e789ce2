using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC4006_WaitUnderLockTests() : RuleTest("SLC4006")
{
    [Theory]
    [InlineData("void M() { lock (_gate) { [|Task.Run(() => Work())|].Wait(); } }")]
    [InlineData("void M() { lock (_gate) { var task = Task.Run(Work); [|task.Wait()|]; } }")]
    [InlineData("int M() { var task = Task.Run(() => { lock (_gate) { return 1; } }); lock (_gate) { return [|task.Result|]; } }")]
    [InlineData("void M() { var thread = new Thread(Work); thread.Start(); lock (_gate) { [|thread.Join()|]; } }")]
    [InlineData("void M() { lock (_gate) { [|Parallel.For(0, 4, i => Work())|]; } }")]
    [InlineData("void M() { lock (_gate) { [|Parallel.Invoke(Work, Other)|]; } }")]
    [InlineData("private Task _loop = Task.CompletedTask; public void Start() { _loop = Task.Run(Work); } public void Stop() { lock (_gate) { [|_loop.Wait()|]; } }")]
    [InlineData("private Thread? _thread; public void Start() { _thread = new Thread(Work); _thread.Start(); } public void Stop() { lock (_gate) { [|_thread!.Join()|]; } }")]
    [InlineData("private Task? _loop; public void Start() { _loop = RunAsync(); } async Task RunAsync() { await Task.Yield(); Work(); } public void Stop() { lock (_gate) { [|_loop!.GetAwaiter().GetResult()|]; } }")]
    [InlineData("private Task? _loop; public void Start() { _loop = RunAsync(); } async Task RunAsync() { while (true) { await _sem.WaitAsync(); _sem.Release(); } } public async Task Stop() { await _sem.WaitAsync(); try { [|await _loop!|]; } finally { _sem.Release(); } }")]
    [InlineData("private readonly ManualResetEventSlim _done = new(); public void Stop() { lock (_gate) { [|_done.Wait()|]; } } public void Finish() { lock (_gate) { _done.Set(); } }")]
    [InlineData("private readonly object _queue = new(); private bool _any; public void Take() { lock (_gate) { lock (_queue) { while (!_any) { [|Monitor.Wait(_queue)|]; } } } } public void Put() { lock (_gate) { lock (_queue) { _any = true; Monitor.Pulse(_queue); } } }")]
    [InlineData("private readonly TaskCompletionSource<int> _ready = new(); public void Stop() { lock (_gate) { [|_ready.Task.Wait()|]; } } public void Finish() { lock (_gate) { _ready.TrySetResult(1); } }")]
    [InlineData("private readonly ManualResetEventSlim _done = new(); public void Stop() { lock (_gate) { [|_done.Wait()|]; } } public void Finish() { lock (_gate) { } _done.Set(); }")]
    [InlineData("private static readonly AutoResetEvent Item = new(false); private readonly Queue<int> _q = new(); public void Put(int i) { lock (_gate) { _q.Enqueue(i); } Item.Set(); } public int Take() { lock (_gate) { while (_q.Count == 0) { [|Item.WaitOne()|]; } return _q.Dequeue(); } }")]
    [InlineData("void M() { using var c = new CountdownEvent(2); lock (_gate) { for (int i = 0; i < 2; i++) { ThreadPool.QueueUserWorkItem(_ => { lock (_gate) { } c.Signal(); }); } [|c.Wait()|]; } }")]
    [InlineData("public int Get() { lock (_gate) { return [|LoadAsync()|].Result; } } async Task<int> LoadAsync() { await Task.Yield(); lock (_gate) { return 1; } }")]
    [InlineData("private Thread? _thread; public void Start() { _thread = new Thread(Work); _thread.Start(); } public void Close() { lock (_gate) { [|Stop()|]; } } private void Stop() { _thread?.Join(); }")]
    [InlineData("private readonly List<Task> _tasks = new(); public void Start() { _tasks.Add(Task.Run(Work)); } public void Stop() { lock (_gate) { [|Task.WaitAll(_tasks.ToArray())|]; } }")]
    [InlineData("private readonly List<Thread> _threads = new(); public void Start() { var one = new Thread(Work); _threads.Add(one); one.Start(); } public void Stop() { lock (_gate) { foreach (var thread in _threads) { [|thread.Join()|]; } } }")]
    public Task Reports_a_wait_for_what_needs_the_lock(string members) => Reports(In(members));

    [Theory]
    [InlineData("void M() { lock (_gate) { Task.Run(() => Other()).Wait(); } }")]
    [InlineData("void M() { Task task; lock (_gate) { task = Task.Run(Work); } task.Wait(); }")]
    [InlineData("void M() { lock (_gate) { Task.Run(Work); } }")]
    [InlineData("void M() { lock (_gate) { Parallel.For(0, 4, i => Other()); } }")]
    [InlineData("private Task _loop = Task.CompletedTask; public void Start() { _loop = Task.Run(Work); } public void Stop() { Task loop; lock (_gate) { loop = _loop; } loop.Wait(); }")]
    [InlineData("private readonly ManualResetEventSlim _done = new(); public void Stop() { lock (_gate) { _done.Wait(); } } public void Finish() { _done.Set(); } public void Also() { lock (_gate) { _done.Set(); } }")]
    [InlineData("private readonly ManualResetEventSlim _done = new(); public void Stop() { lock (_gate) { _done.Wait(); } } public void Finish(bool b) { if (b) { lock (_gate) { } } _done.Set(); }")]
    [InlineData("private readonly ManualResetEventSlim _done = new(); public void Stop() { lock (_gate) { _done.Set(); _done.Wait(); } }")]
    [InlineData("private readonly List<Task> _tasks = new(); public void Start() { _tasks.Add(Task.Run(Work)); } public void Stop() { Task[] copy; lock (_gate) { copy = _tasks.ToArray(); } Task.WaitAll(copy); }")]
    [InlineData("public int Get() { lock (_gate) { return LoadAsync().Result; } } async Task<int> LoadAsync() { lock (_gate) { } await Task.Yield(); return 1; }")]
    [InlineData("private bool _any; public void Take() { lock (_gate) { while (!_any) { Monitor.Wait(_gate); } } } public void Put() { lock (_gate) { _any = true; Monitor.Pulse(_gate); } }")]
    [InlineData("private readonly ManualResetEventSlim _done = new(); public void Stop() { lock (_gate) { _done.Wait(100); } } public void Finish() { lock (_gate) { _done.Set(); } }")]
    public Task Silent_where_the_work_goes_on(string members) => Silent(In(members));

    private static string In(string members) => $$"""
        class C
        {
            private readonly object _gate = new(), _other = new(); private readonly SemaphoreSlim _sem = new(1, 1); private int _n;
            {{members}}
            void Work() { lock (_gate) { _n++; } }
            void Other() { lock (_other) { } }
        }
        """;

    [Theory]
    [InlineData("var tasks = new[] { Build(1), Build(2) }; [|Task.WaitAll(tasks)|];")]
    [InlineData("Task.WaitAll([|Build(1)|], [|Build(2)|]);")]
    [InlineData("[|Build(1)|].Wait();")]
    [InlineData("var task = Build(1); _n++; [|task.Wait()|];")]
    public Task Reports_work_whose_task_a_method_returns(string wait) => Reports($$"""
        class C
        {
            private readonly object _gate = new(); private int _n;
            private Task Build(int i) => Task.Run(() => { lock (_gate) { _n += i; } });
            public void All() { lock (_gate) { {{wait}} } }
        }
        """);

    [Fact]
    public Task Silent_where_one_body_serves_both_sorts_of_callers() => Silent("""
        class C
        {
            private readonly object _gate = new(); private int _n;
            public void Close() { lock (_gate) { Flush(async: false).GetAwaiter().GetResult(); } }
            public async Task Flush(bool async) { try { if (async) { await Task.Delay(1); } } catch (IOException) { Break(); throw; } }
            private void Break() { lock (_gate) { _n++; } }
        }
        """);

    [Theory]
    [InlineData("Task all; lock (_gate) { all = Build(1); } all.Wait();")]
    [InlineData("lock (_gate) { _ = Build(1); _n++; }")]
    public Task Silent_where_the_task_is_only_started_under_the_lock(string code) => Silent($$"""
        class C
        {
            private readonly object _gate = new(); private int _n;
            private Task Build(int i) => Task.Run(() => { lock (_gate) { _n += i; } });
            public void All() { {{code}} }
        }
        """);

    [Theory]
    [InlineData("void", "using var done = new ManualResetEvent(false); _timer.Dispose(done); [|done.WaitOne()|];", "lock (_gate) { _n++; }", "lock (_gate) { $ }")]
    [InlineData("async Task", "[|await _timer.DisposeAsync()|];", "_slim.Wait(); _n++; _slim.Release();", "await _slim.WaitAsync(); try { $ } finally { _slim.Release(); }")]
    public Task Reports_the_end_of_a_timer_whose_callback_takes_the_lock(string type, string stop, string callback, string locked) => Reports($$"""
        class C
        {
            private readonly object _gate = new(); private readonly SemaphoreSlim _slim = new(1, 1); private readonly Timer _timer; private int _n;
            public C() { _timer = new Timer(_ => { {{callback}} }, null, 0, 100); }
            public {{type}} Stop() { {{locked.Replace("$", stop)}} }
        }
        """);

    [Theory]
    [InlineData("lock (_gate) { _timer.Dispose(); }")]
    [InlineData("using var done = new ManualResetEvent(false); lock (_gate) { _timer.Dispose(done); } done.WaitOne();")]
    [InlineData("using var done = new ManualResetEvent(false); lock (_other) { _timer.Dispose(done); done.WaitOne(); }")]
    [InlineData("using var done = new ManualResetEvent(false); lock (_gate) { _timer.Dispose(done); done.WaitOne(100); }")]
    public Task Silent_where_the_end_of_a_timer_is_not_waited_for(string stop) => Silent($$"""
        class C
        {
            private readonly object _gate = new(), _other = new(); private readonly Timer _timer; private int _n;
            public C() { _timer = new Timer(_ => { lock (_gate) { _n++; } }, null, 0, 100); }
            public void Stop() { {{stop}} }
        }
        """);
}
