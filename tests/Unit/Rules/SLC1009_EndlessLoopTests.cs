using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC1009_EndlessLoopTests() : RuleTest("SLC1009")
{
    [Theory]
    [InlineData("[|while (true)|] { Beat(); await Task.Delay(1000); }")]
    [InlineData("[|for (;;)|] { await _gate.WaitAsync(); Beat(); }")]
    [InlineData("[|do|] { await Task.Delay(1000); } while (true);")]
    [InlineData("[|while (true)|] { Beat(); Thread.Sleep(1000); }")]
    [InlineData("[|while (true)|] { await BeatAsync(); await Task.Delay(1000).ConfigureAwait(false); }")]
    [InlineData("[|while (true)|] { try { await _service.DoAsync(); } catch (Exception e) { Console.WriteLine(e); } await Task.Delay(1000); }")]
    [InlineData("[|while (true)|] { foreach (int n in _numbers) { if (n > 2) break; Beat(); } await Task.Yield(); }")]
    [InlineData("[|while (true)|] { try { if (_numbers.Count == 0) throw new InvalidOperationException(); } catch (Exception) { Beat(); } await Task.Delay(1); }")]
    [InlineData("[|while (true)|] { while (_numbers.Count > 0) { Beat(); break; } await Task.Delay(1, CancellationToken.None); }")]
    [InlineData("await Task.Run(() => { [|while (true)|] { Beat(); Thread.Sleep(10); } });")]
    [InlineData("_ = Task.Run(async () => { [|while (true)|] { Beat(); await Task.Delay(10); } });")]
    [InlineData("new Thread(() => { [|while (true)|] { _event.WaitOne(); Beat(); } }).Start();")]
    [InlineData("new Thread(Loop).Start(); void Loop() { [|while (true)|] { Beat(); Thread.Sleep(10); } }")]
    [InlineData("ThreadPool.QueueUserWorkItem(_ => { [|while (true)|] { Beat(); Thread.Sleep(10); } });")]
    public Task Reports_what_nothing_ends(string statements) => Reports(In(statements));

    [Theory]
    [InlineData("while (!ct.IsCancellationRequested) { Beat(); await Task.Delay(1000); }")]
    [InlineData("while (true) { Beat(); await Task.Delay(1000, ct); }")]
    [InlineData("while (true) { ct.ThrowIfCancellationRequested(); Beat(); }")]
    [InlineData("while (true) { if (_stopped) break; await Task.Delay(1000); }")]
    [InlineData("while (true) { if (_stopped) return; await Task.Delay(1000); }")]
    [InlineData("while (true) { if (_stopped) throw new InvalidOperationException(); await Task.Delay(1000); }")]
    [InlineData("while (!_stopped) { Beat(); await Task.Delay(1000); }")]
    [InlineData("while (true) { int n = await _channel.Reader.ReadAsync(); Console.WriteLine(n); }")]
    [InlineData("while (true) { var client = await _listener.AcceptTcpClientAsync(); client.Close(); }")]
    [InlineData("while (true) { var line = await Console.In.ReadLineAsync(); Console.WriteLine(line); }")]
    [InlineData("while (true) { try { Beat(); return; } catch (IOException) { await Task.Delay(1000); } }")]
    [InlineData("while (true) { await Checked(); await Task.Delay(1000); }")]
    [InlineData("while (true) { await Own(); await Task.Delay(1000); }")]
    [InlineData("while (true) { await _completion.Task; Beat(); }")]
    [InlineData("while (true) { Beat(); await Task.Delay(1000); if (_stopped) Environment.Exit(0); }")]
    [InlineData("while (true) { Beat(); await Task.Delay(1000); if (_stopped) goto End; } End: return;")]
    [InlineData("await foreach (int n in _channel.Reader.ReadAllAsync()) { Console.WriteLine(n); }")]
    [InlineData("new Thread(() => { while (true) { Console.WriteLine(_queue.Take()); } }).Start();")]
    public Task Silent_where_something_ends_it(string statements) => Silent(In(statements));

    [Fact]
    public Task Reports_in_a_service_that_ignores_the_end() => Reports("""
        abstract class BackgroundService { protected abstract Task ExecuteAsync(CancellationToken stoppingToken); }
        interface IJobs { Task RunAsync(); }
        class Worker(IJobs jobs) : BackgroundService
        {
            protected override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                [|while (true)|]
                {
                    await jobs.RunAsync();
                    await Task.Delay(TimeSpan.FromSeconds(5));
                }
            }
        }
        """);

    [Fact]
    public Task Reports_a_method_that_a_thread_runs() => Reports("""
        class C
        {
            private readonly Thread _worker;
            public C() { _worker = new Thread(Run) { IsBackground = true }; _worker.Start(); Task.Run(() => Other()); }
            private void Run() { [|while (true)|] { Thread.Sleep(1000); } }
            private void Other() { [|while (true)|] { Thread.Sleep(1000); } }
            private void Never() { while (true) { Thread.Sleep(1000); } }
        }
        """);

    [Fact]
    public Task Silent_where_unknown_code_may_end_it() => Silent("""
        interface IJobs { Task RunAsync(); }
        class Worker(IJobs jobs, Func<Task> work)
        {
            async Task Run() { while (true) { await jobs.RunAsync(); } }
            async Task Call() { while (true) { await work(); } }
        }
        """);

    [Fact]
    public Task Reports_unknown_code_between_two_pauses() => Reports("""
        interface IJobs { Task RunAsync(); }
        class Worker(IJobs jobs, Func<Task> work)
        {
            async Task Run() { [|while (true)|] { await jobs.RunAsync(); await Task.Delay(1000); } }
            async Task Call() { [|while (true)|] { await work(); await Task.Delay(1000); } }
            Task Start() => Task.Run(() => { [|for (;;)|] { work(); Thread.Sleep(1000); } });
        }
        """);

    [Fact]
    public Task Silent_where_a_pause_can_be_ended_or_the_loop_left() => Silent("""
        class Worker(Func<CancellationToken, Task> work, Func<Task<bool>> more)
        {
            async Task Run(CancellationToken ct) { while (true) { await work(ct); await Task.Delay(1000, ct); } }
            async Task Until() { while (true) { if (!await more()) { break; } await Task.Delay(1000); } }
            async Task<bool> Retry() { while (true) { try { return await more(); } catch (IOException) { await Task.Delay(1000); } } }
        }
        """);

    [Fact]
    public Task Silent_in_iterators_and_for_threads_that_are_interrupted() => Silent("""
        class C
        {
            private Thread? _worker;
            async IAsyncEnumerable<int> Count() { for (int i = 0; ; i++) { await Task.Delay(100); yield return i; } }
            void Start() { _worker = new Thread(() => { while (true) { Thread.Sleep(1000); } }); _worker.Start(); }
            void Stop() => _worker?.Interrupt();
        }
        """);

    [Fact]
    public Task Silent_in_a_program() => Silent("""
        while (true)
        {
            Console.WriteLine(DateTime.Now);
            await Task.Delay(1000);
        }
        """);

    [Fact]
    public Task Says_what_to_ask() => Says(
        "class C { async Task M(CancellationToken ct) { while (true) { await Task.Delay(1); } } async Task N() { while (true) { await Task.Delay(1); } } }",
        "Nothing ends this loop: it leaves nowhere, looks at no token, and what it waits for is given none, so its work goes on when everybody else is done; ask 'ct'",
        "Nothing ends this loop: it leaves nowhere, looks at no token, and what it waits for is given none, so its work goes on when everybody else is done; give it a CancellationToken");

    [Fact]
    public Task Reports_a_queue_that_nobody_completes() => Reports("""
        using System.Collections.Concurrent;
        class C
        {
            private readonly BlockingCollection<int> _queue = new();
            public void Add(int item) => _queue.Add(item);
            public void Start() => new Thread(Work).Start();
            private void Work() { [|while (true)|] { Console.WriteLine(_queue.Take()); } }
        }
        class D
        {
            private readonly BlockingCollection<int> _queue = new();
            public BlockingCollection<int> Queue => _queue;
            public void Start() => new Thread(() => { while (true) { Console.WriteLine(_queue.Take()); } }).Start();
        }
        """);

    private static string In(string statements) => $$"""
        interface IService { Task DoAsync(); }
        class C
        {
            private readonly SemaphoreSlim _gate = new(0);
            private readonly AutoResetEvent _event = new(false);
            private readonly Channel<int> _channel = Channel.CreateUnbounded<int>();
            private readonly System.Net.Sockets.TcpListener _listener = new(System.Net.IPAddress.Any, 1);
            private readonly System.Collections.Concurrent.BlockingCollection<int> _queue = new();
            private readonly TaskCompletionSource _completion = new();
            private readonly List<int> _numbers = [];
            private readonly CancellationTokenSource _life = new();
            private readonly IService _service = null!;
            private bool _stopped;
            async Task M(CancellationToken ct) { {{statements}} }
            void Stop() { _stopped = true; _queue.CompleteAdding(); }
            void Beat() => Console.WriteLine("beat");
            async Task BeatAsync() { await Task.Yield(); Beat(); }
            async Task Own() => await Task.Delay(1, _life.Token);
            async Task Checked() { await Task.Yield(); if (_stopped) throw new InvalidOperationException(); }
        }
        """;
}
