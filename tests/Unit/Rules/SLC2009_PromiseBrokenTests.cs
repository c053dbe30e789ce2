using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC2009_PromiseBrokenTests() : RuleTest("SLC2009")
{
    [Theory]
    [InlineData("[|SingleReader = true|]", "for (int i = 0; i < 4; i++) { _ = Task.Run(() => Consume(c.Reader)); }")]
    [InlineData("[|SingleReader = true|], SingleWriter = true", "var all = Enumerable.Range(0, 4).Select(_ => Consume(c.Reader)).ToArray(); await Task.WhenAll(all);")]
    [InlineData("[|SingleReader = true|]", "var all = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Consume(c.Reader))).ToList(); await Task.WhenAll(all);")]
    [InlineData("[|SingleReader = true|]", "var a = Consume(c.Reader); var b = Consume(c.Reader); await Task.WhenAll(a, b);")]
    [InlineData("[|SingleReader = true|]", "_ = Task.Run(async () => { await foreach (var n in c.Reader.ReadAllAsync()) { } }); await c.Reader.ReadAsync();")]
    [InlineData("[|SingleReader = true|]", "await Task.WhenAll(Consume(c.Reader), Consume(c.Reader));")]
    [InlineData("[|SingleWriter = true|]", "var a = Task.Run(() => Produce(c.Writer)); var b = Task.Run(() => Produce(c.Writer)); await Task.WhenAll(a, b);")]
    [InlineData("[|SingleWriter = true|]", "Parallel.For(0, 10, i => c.Writer.TryWrite(i));")]
    [InlineData("[|SingleWriter = true|]", "await Parallel.ForEachAsync(Enumerable.Range(0, 4), async (n, t) => await c.Writer.WriteAsync(n, t));")]
    [InlineData("[|SingleWriter = true|]", "var a = Task.Run(() => Produce(c.Writer)); await c.Writer.WriteAsync(1); await a;")]
    [InlineData("[|SingleWriter = true|]", "for (int i = 0; i < 2; i++) { new Thread(() => c.Writer.TryWrite(1)).Start(); }")]
    public Task Reports_several_at_once(string promise, string code) => Reports(In(promise, code));

    [Theory]
    [InlineData("SingleReader = true, SingleWriter = true", "var a = Task.Run(() => Produce(c.Writer)); await Consume(c.Reader); await a;")]
    [InlineData("SingleReader = true, SingleWriter = true", "await Task.WhenAll(Produce(c.Writer), Consume(c.Reader));")]
    [InlineData("SingleReader = false", "for (int i = 0; i < 4; i++) { _ = Task.Run(() => Consume(c.Reader)); }")]
    [InlineData("SingleReader = true", "for (int i = 0; i < 4; i++) { _ = Task.Run(() => Produce(c.Writer)); } await Consume(c.Reader);")]
    [InlineData("SingleWriter = true", "for (int i = 0; i < 4; i++) { await Task.Run(() => Produce(c.Writer)); }")]
    [InlineData("SingleWriter = true", "var a = Task.Run(() => Produce(c.Writer)); await a; await c.Writer.WriteAsync(1);")]
    [InlineData("SingleWriter = true", "await c.Writer.WriteAsync(1); var a = Task.Run(() => Produce(c.Writer)); await a;")]
    [InlineData("SingleWriter = true", "for (int i = 0; i < 4; i++) { await c.Writer.WriteAsync(i); }")]
    [InlineData("SingleReader = true", "while (await c.Reader.WaitToReadAsync()) { while (c.Reader.TryRead(out _)) { } }")]
    [InlineData("SingleWriter = true", "await Task.Run(() => Produce(c.Writer)); await Task.Run(() => Produce(c.Writer));")]
    public Task Silent_where_one_at_a_time(string promise, string code) => Silent(In(promise, code));

    [Fact]
    public Task Reports_workers_of_a_type() => Reports("""
        class C
        {
            private readonly Channel<int> _c = Channel.CreateUnbounded<int>(new UnboundedChannelOptions { [|SingleReader = true|] });
            public C(int workers) { for (int i = 0; i < workers; i++) { _ = Task.Run(WorkAsync); } }
            private async Task WorkAsync() { await foreach (var n in _c.Reader.ReadAllAsync()) { Console.WriteLine(n); } }
        }
        """);

    [Fact]
    public Task Reports_workers_that_are_started_together() => Reports("""
        class C
        {
            private readonly Channel<int> _c = Channel.CreateUnbounded<int>(new UnboundedChannelOptions { [|SingleReader = true|] });
            public Task Start() => Task.WhenAll(Task.Run(WorkAsync), Task.Run(WorkAsync));
            private async Task WorkAsync() { await foreach (var n in _c.Reader.ReadAllAsync()) { Console.WriteLine(n); } }
        }
        """);

    [Fact]
    public Task Silent_where_a_type_has_one_worker() => Silent("""
        class C
        {
            private readonly Channel<int> _c = Channel.CreateUnbounded<int>(new UnboundedChannelOptions { SingleReader = true });
            public C() { _ = Task.Run(WorkAsync); }
            public bool Add(int n) => _c.Writer.TryWrite(n);
            private async Task WorkAsync() { await foreach (var n in _c.Reader.ReadAllAsync()) { Console.WriteLine(n); } }
        }
        """);

    [Fact]
    public Task Fixes_by_removing_the_promise() => Fixes(
        In("[|SingleReader = true|], SingleWriter = true", "for (int i = 0; i < 4; i++) { _ = Task.Run(() => Consume(c.Reader)); }"),
        In("SingleWriter = true", "for (int i = 0; i < 4; i++) { _ = Task.Run(() => Consume(c.Reader)); }"));

    private static string In(string promise, string code) => $$"""
        class C
        {
            async Task M()
            {
                var c = Channel.CreateBounded<int>(new BoundedChannelOptions(4) { {{promise}} });
                await Task.Yield();
                {{code}}
            }

            static async Task Consume(ChannelReader<int> r) { await foreach (var n in r.ReadAllAsync()) { Console.WriteLine(n); } }
            static async Task Produce(ChannelWriter<int> w) { await w.WriteAsync(1); }
        }
        """;

    [Theory]
    [InlineData("public Task Run() => Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Work())));")]
    [InlineData("public Task Run() => Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Work()));")]
    [InlineData("public async Task Run() { await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(Work))); }")]
    [InlineData("public async Task Run() { await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => { await Work(); })); }")]
    public Task Reports_the_workers_of_one_Select(string run) => Reports(Workers("[|SingleReader = true|]", run));

    [Theory]
    [InlineData("public async Task Run() { foreach (var work in Enumerable.Range(0, 4).Select(_ => Work())) { await work; } }")]
    [InlineData("public Task Run() => Task.WhenAll(Work(), Task.CompletedTask);")]
    public Task Silent_where_one_works_after_the_other(string run) => Silent(Workers("SingleReader = true", run));

    private static string Workers(string promise, string run) => $$"""
        class C
        {
            private readonly Channel<int> _jobs = Channel.CreateUnbounded<int>(new UnboundedChannelOptions { {{promise}} });

            public void Add(int job) => _jobs.Writer.TryWrite(job);

            {{run}}

            private async Task Work()
            {
                await foreach (var job in _jobs.Reader.ReadAllAsync()) { Console.WriteLine(job); }
            }
        }
        """;
}
