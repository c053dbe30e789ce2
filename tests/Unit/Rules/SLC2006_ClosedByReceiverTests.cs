using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC2006_ClosedByReceiverTests() : RuleTest("SLC2006")
{
    [Theory]
    [InlineData("var producer = Task.Run(async () => { for (int i = 0; ; i++) { await c.Writer.WriteAsync(i); } }); for (int i = 0; i < 3; i++) { await c.Reader.ReadAsync(); } [|c.Writer.Complete()|]; await producer;")]
    [InlineData("_ = Task.Run(async () => { while (true) { await c.Writer.WriteAsync(1); } }); await foreach (var x in c.Reader.ReadAllAsync()) { if (x == 0) { [|c.Writer.Complete()|]; break; } }")]
    [InlineData("_ = Task.Run(async () => { while (true) { await c.Writer.WriteAsync(1); } }); await foreach (var x in c.Reader.ReadAllAsync()) { if (x == 0) { break; } } [|c.Writer.TryComplete()|];")]
    [InlineData("_ = Task.Run(async () => { await foreach (var x in c.Reader.ReadAllAsync()) { if (x == 0) { break; } } [|c.Writer.Complete()|]; }); while (true) { await c.Writer.WriteAsync(1); }")]
    [InlineData("_ = Produce(c.Writer); await c.Reader.ReadAsync(); [|c.Writer.Complete()|];")]
    [InlineData("_ = Produce(c); await Consume(c);", "async Task Consume(Channel<int> input) { await input.Reader.ReadAsync(); [|input.Writer.Complete()|]; }")]
    [InlineData("var (w, r) = (1, 2); var producer = Task.Run(() => Produce(c.Writer)); try { await c.Reader.ReadAsync(token); } finally { [|c.Writer.Complete()|]; }")]
    public Task Reports_a_receiver_that_closes(string code, string members = "") => Reports(In(code, members));

    [Theory]
    [InlineData("var a = Task.Run(() => Produce(c.Writer)); [|c.Writer.Complete()|]; await a;")]
    [InlineData("var a = Produce(c.Writer); [|c.Writer.Complete()|]; await a;")]
    [InlineData("var tasks = Enumerable.Range(0, 4).Select(i => Produce(c.Writer)).ToList(); [|c.Writer.Complete()|]; await Task.WhenAll(tasks);")]
    [InlineData("var tasks = new List<Task>(); for (int i = 0; i < 4; i++) { tasks.Add(Task.Run(() => Produce(c.Writer))); } [|c.Writer.TryComplete()|]; await Task.WhenAll(tasks);")]
    [InlineData("var a = Task.Run(() => Produce(c.Writer)); var b = Task.Run(async () => { await c.Writer.WriteAsync(1); [|c.Writer.Complete()|]; }); await Task.WhenAll(a, b);")]
    [InlineData("var b = Task.Run(async () => { try { await c.Writer.WriteAsync(1); } finally { [|c.Writer.Complete()|]; } }); var a = Task.Run(() => Produce(c.Writer)); await Task.WhenAll(a, b);")]
    [InlineData("new Thread(() => { while (true) { c.Writer.WriteAsync(1).AsTask().Wait(); } }).Start(); await Task.Delay(100); [|c.Writer.Complete()|];")]
    public Task Reports_a_close_while_a_sender_runs(string code) => Reports(In(code));

    [Theory]
    [InlineData("var a = Task.Run(() => Produce(c.Writer)); await a; c.Writer.Complete();")]
    [InlineData("var a = Task.Run(() => Produce(c.Writer)); var b = Task.Run(() => Produce(c.Writer)); await Task.WhenAll(a, b); c.Writer.Complete();")]
    [InlineData("var a = Task.Run(() => Produce(c.Writer)); _ = a.ContinueWith(_ => c.Writer.Complete()); await foreach (var x in c.Reader.ReadAllAsync()) { }")]
    [InlineData("var a = Task.Run(async () => { await Produce(c.Writer); c.Writer.Complete(); }); await foreach (var x in c.Reader.ReadAllAsync()) { } await a;")]
    [InlineData("int left = 4; for (int i = 0; i < 4; i++) { _ = Task.Run(async () => { await Produce(c.Writer); if (Interlocked.Decrement(ref left) == 0) { c.Writer.Complete(); } }); } await foreach (var x in c.Reader.ReadAllAsync()) { }")]
    [InlineData("var a = Task.Run(() => Produce(c.Writer)); await c.Reader.ReadAsync(); await a; c.Writer.Complete();")]
    [InlineData("_ = Task.Run(async () => { try { while (true) { await c.Writer.WriteAsync(1); } } catch (ChannelClosedException) { } }); await c.Reader.ReadAsync(); c.Writer.Complete();")]
    [InlineData("_ = Task.Run(() => { while (c.Writer.TryWrite(1)) { } }); await c.Reader.ReadAsync(); c.Writer.TryComplete();")]
    [InlineData("_ = Task.Run(() => Produce(c.Writer)); try { await foreach (var x in c.Reader.ReadAllAsync()) { Console.WriteLine(x); } } catch (Exception e) { c.Writer.TryComplete(e); throw; }")]
    [InlineData("_ = Task.Run(() => Produce(c.Writer)); try { await foreach (var x in c.Reader.ReadAllAsync()) { Console.WriteLine(x); } } finally { c.Writer.TryComplete(); }")]
    [InlineData("for (int i = 0; i < 3; i++) { await c.Writer.WriteAsync(i); } c.Writer.Complete(); await foreach (var x in c.Reader.ReadAllAsync()) { }")]
    [InlineData("await c.Writer.WriteAsync(1); await c.Reader.ReadAsync(); c.Writer.Complete();")]
    [InlineData("var other = Channel.CreateUnbounded<int>(); _ = Task.Run(() => Produce(c.Writer)); await foreach (var x in c.Reader.ReadAllAsync()) { await other.Writer.WriteAsync(x); } other.Writer.Complete();")]
    [InlineData("using var done = new CountdownEvent(2); for (int i = 0; i < 2; i++) { _ = Task.Run(async () => { await Produce(c.Writer); done.Signal(); }); } done.Wait(); c.Writer.Complete();")]
    [InlineData("var done = new TaskCompletionSource(); _ = Task.Run(async () => { await Produce(c.Writer); done.SetResult(); }); await done.Task; c.Writer.Complete();")]
    [InlineData("await Parallel.ForEachAsync(Enumerable.Range(0, 4), async (i, t) => await c.Writer.WriteAsync(i, t)); c.Writer.Complete();")]
    [InlineData("Parallel.For(0, 4, i => c.Writer.TryWrite(i)); c.Writer.Complete();")]
    [InlineData("var gate = new SemaphoreSlim(0); _ = Task.Run(async () => { await Produce(c.Writer); gate.Release(); }); await gate.WaitAsync(); c.Writer.Complete();")]
    [InlineData("var thread = new Thread(() => Produce(c.Writer).Wait()); thread.Start(); thread.Join(); c.Writer.Complete();")]
    public Task Silent_where_senders_have_ended(string code) => Silent(In(code));

    [Fact]
    public Task Reports_a_worker_that_closes_what_the_type_sends() => Reports("""
        class Queue
        {
            private readonly Channel<int> _jobs = Channel.CreateBounded<int>(4);
            public ValueTask AddAsync(int job) => _jobs.Writer.WriteAsync(job);
            public async Task RunAsync(CancellationToken stop)
            {
                try { await foreach (var job in _jobs.Reader.ReadAllAsync(stop)) { Console.WriteLine(job); } }
                finally { [|_jobs.Writer.Complete()|]; }
            }
        }
        """);

    [Fact]
    public Task Reports_a_worker_that_closes_what_others_send() => Reports("""
        class Watcher
        {
            private readonly Channel<int> _jobs = Channel.CreateBounded<int>(0);
            public ChannelWriter<int> Jobs => _jobs.Writer;
            public async Task RunAsync(CancellationToken stop)
            {
                while (!stop.IsCancellationRequested) { Console.WriteLine(await _jobs.Reader.ReadAsync()); }
                [|_jobs.Writer.Complete()|];
            }
        }
        """);

    [Fact]
    public Task Reports_a_Chan() => Reports("""
        using Sluice;
        class C
        {
            async Task M()
            {
                var c = new Chan<int>();
                var sender = Task.Run(async () => { while (true) { await c.SendAsync(1); } });
                await c.ReceiveAsync();
                [|c.Close()|];
                await sender;
            }
        }
        """, Setup.WithPlumbing);

    [Fact]
    public Task Silent_where_the_type_is_stopped() => Silent("""
        class Queue : IAsyncDisposable
        {
            private readonly Channel<int> _jobs = Channel.CreateBounded<int>(4);
            private readonly Task _worker;
            public Queue() => _worker = Task.Run(RunAsync);
            public ValueTask AddAsync(int job) => _jobs.Writer.WriteAsync(job);
            public async ValueTask DisposeAsync() { _jobs.Writer.Complete(); await _worker; }
            private async Task RunAsync() { await foreach (var job in _jobs.Reader.ReadAllAsync()) { Console.WriteLine(job); } }
        }
        """);

    [Fact]
    public Task Silent_where_a_receiver_that_fails_lets_its_senders_know() => Silent("""
        class Queue
        {
            private readonly Channel<int> _jobs = Channel.CreateBounded<int>(4);
            public ValueTask AddAsync(int job) => _jobs.Writer.WriteAsync(job);
            public async Task RunAsync()
            {
                try { await foreach (var job in _jobs.Reader.ReadAllAsync()) { Console.WriteLine(job); } }
                catch (Exception e) { _jobs.Writer.TryComplete(e); throw; }
            }
        }
        """);

    private static string In(string code, string members = "") => $$"""
        class C
        {
            async Task M(CancellationToken token)
            {
                var c = Channel.CreateBounded<int>(1);
                {{code}}
            }

            static async Task Produce(ChannelWriter<int> output) { for (int i = 0; i < 9; i++) { await output.WriteAsync(i); } }
            static async Task Produce(Channel<int> output) { for (int i = 0; i < 9; i++) { await output.Writer.WriteAsync(i); } }
            {{members}}
        }
        """;

    [Fact]
    public Task Silent_after_a_wait_for_the_senders_in_work_of_its_own() => Silent("""
        class C
        {
            async Task M(int[] all)
            {
                var c = Channel.CreateUnbounded<int>();
                var left = new CountdownEvent(all.Length);
                foreach (var one in all)
                {
                    _ = Task.Run(async () => { await c.Writer.WriteAsync(one); left.Signal(); });
                }

                await Task.Run(() => left.Wait());
                c.Writer.Complete();
                await foreach (var x in c.Reader.ReadAllAsync()) { Console.Write(x); }
            }
        }
        """);
}
