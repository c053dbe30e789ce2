using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC2003_NeverClosedTests() : RuleTest("SLC2003")
{
    [Theory]
    [InlineData("var p = Task.Run(async () => { foreach (var n in source) { await c.Writer.WriteAsync(n); } }); await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Handle(n); } await p;")]
    [InlineData("var p = Task.Run(async () => { await c.Writer.WriteAsync(1); }); while (await [|c.Reader.WaitToReadAsync()|]) { while (c.Reader.TryRead(out var n)) { Handle(n); } }")]
    [InlineData("var p = Produce(c.Writer, source); await foreach (var n in [|c.Reader.ReadAllAsync()|].ConfigureAwait(false)) { Handle(n); }")]
    [InlineData("var consumer = Task.Run(async () => { await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Handle(n); } }); foreach (var n in source) { await c.Writer.WriteAsync(n); } await consumer;")]
    [InlineData("var consumer = Consume(c.Reader); foreach (var n in source) { await c.Writer.WriteAsync(n); } await consumer;", "static async Task Consume(ChannelReader<int> r) { await foreach (var n in [|r.ReadAllAsync()|]) { Handle(n); } }")]
    [InlineData("_ = Task.Run(() => { foreach (var n in source) { c.Writer.TryWrite(n); } }); await [|c.Reader.Completion|];")]
    [InlineData("await Parallel.ForEachAsync(source, async (n, t) => await c.Writer.WriteAsync(n, t)); await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Handle(n); }")]
    public Task Reports_a_loop_that_nobody_ends(string code, string members = "") => Reports(In(code, members));

    [Theory]
    [InlineData("var p = Task.Run(async () => { await c.Writer.WriteAsync(1); c.Writer.Complete(); }); await foreach (var n in c.Reader.ReadAllAsync()) { Handle(n); }")]
    [InlineData("var p = Task.Run(async () => { await c.Writer.WriteAsync(1); }); _ = p.ContinueWith(_ => c.Writer.TryComplete()); await foreach (var n in c.Reader.ReadAllAsync()) { Handle(n); }")]
    [InlineData("var p = Task.Run(async () => { await c.Writer.WriteAsync(1); }); await foreach (var n in c.Reader.ReadAllAsync(token)) { Handle(n); }")]
    [InlineData("var p = Task.Run(async () => { await c.Writer.WriteAsync(1); }); await foreach (var n in c.Reader.ReadAllAsync().WithCancellation(token)) { Handle(n); }")]
    [InlineData("var p = Task.Run(async () => { await c.Writer.WriteAsync(1); }); await foreach (var n in c.Reader.ReadAllAsync()) { if (n == 0) { break; } }")]
    [InlineData("var p = Task.Run(async () => { await c.Writer.WriteAsync(1); }); await foreach (var n in c.Reader.ReadAllAsync()) { return; }")]
    [InlineData("var p = Task.Run(async () => { await c.Writer.WriteAsync(1); }); Handle(await c.Reader.ReadAsync());")]
    [InlineData("var p = Task.Run(async () => { while (true) { await c.Writer.WriteAsync(1); } }); await foreach (var n in c.Reader.ReadAllAsync()) { Handle(n); }")]
    [InlineData("Others.Take(c.Writer); await c.Writer.WriteAsync(1); await foreach (var n in c.Reader.ReadAllAsync()) { Handle(n); }")]
    [InlineData("_ = Finish(c.Writer); await foreach (var n in c.Reader.ReadAllAsync()) { Handle(n); }", "static async Task Finish(ChannelWriter<int> w) { await w.WriteAsync(1); w.Complete(); }")]
    [InlineData("await c.Writer.WriteAsync(1); while (c.Reader.TryRead(out var n)) { Handle(n); }")]
    [InlineData("await c.Writer.WriteAsync(1); if (await c.Reader.WaitToReadAsync()) { Handle(1); }")]
    public Task Silent_where_the_loop_has_an_end(string code, string members = "") => Silent(In(code, members + " static class Others { public static Action<ChannelWriter<int>> Take = _ => { }; }"));

    [Theory]
    [InlineData("await foreach (var item in [|items.Reader.ReadAllAsync(token)|]) { }")]
    [InlineData("await foreach (var item in [|items.Reader.ReadAllAsync()|].WithCancellation(token)) { }")]
    [InlineData("while (await [|items.Reader.WaitToReadAsync(token)|]) { while (items.Reader.TryRead(out _)) { } }")]
    public Task Reports_a_loop_with_the_token_of_the_caller(string read) => Reports(Pipeline("for (int i = 0; i < 9; i++) { await to.WriteAsync(i, token); }", read));

    [Theory]
    [InlineData("while (!token.IsCancellationRequested) { await to.WriteAsync(1, token); }", "await foreach (var item in items.Reader.ReadAllAsync(token)) { }")]
    [InlineData("while (true) { await to.WriteAsync(1, token); }", "await foreach (var item in items.Reader.ReadAllAsync(token)) { }")]
    [InlineData("await to.WriteAsync(1, token);", "using var own = new CancellationTokenSource(100); await foreach (var item in items.Reader.ReadAllAsync(own.Token)) { }")]
    [InlineData("await to.WriteAsync(1, token);", "await foreach (var item in items.Reader.ReadAllAsync(token)) { break; }")]
    [InlineData("await to.WriteAsync(1, token); to.Complete();", "await foreach (var item in items.Reader.ReadAllAsync(token)) { }")]
    [InlineData("await to.WriteAsync(1, token);", "Changed += item => items.Writer.TryWrite(item); await foreach (var item in items.Reader.ReadAllAsync(token)) { }")]
    public Task Silent_where_the_token_is_the_end(string send, string read) => Silent(Pipeline(send, read));

    private static string Pipeline(string send, string read) => $$"""
        class C
        {
            public event Action<int> Changed;

            public async Task RunAsync(CancellationToken token)
            {
                var items = Channel.CreateBounded<int>(16);
                var sending = SendAsync(items.Writer, token);
                {{read}}
                await sending;
            }

            private static async Task SendAsync(ChannelWriter<int> to, CancellationToken token)
            {
                {{send}}
            }
        }
        """;

    [Fact]
    public Task Reports_a_reader_that_is_handed_out() => Reports("""
        class C
        {
            ChannelReader<int> Numbers(IEnumerable<int> source)
            {
                var c = [|Channel.CreateBounded<int>(1)|];
                _ = Task.Run(async () => { foreach (var n in source) { await c.Writer.WriteAsync(n); } });
                return c.Reader;
            }
        }
        """);

    [Fact]
    public Task Reports_a_field() => Reports("""
        class C
        {
            private readonly Channel<int> _c = Channel.CreateBounded<int>(1);
            public ValueTask Add(int n) => _c.Writer.WriteAsync(n);
            public async Task Run() { await foreach (var n in [|_c.Reader.ReadAllAsync()|]) { Console.WriteLine(n); } }
        }
        """);

    [Fact]
    public Task Silent_where_a_field_is_closed_or_belongs_to_the_process() => Silent("""
        class C : IDisposable
        {
            private readonly Channel<int> _c = Channel.CreateBounded<int>(1);
            private static readonly Channel<int> s_c = Channel.CreateBounded<int>(1);
            public ValueTask Add(int n) => _c.Writer.WriteAsync(n);
            public async Task Run() { await foreach (var n in _c.Reader.ReadAllAsync()) { Console.WriteLine(n); } }
            public void Dispose() => _c.Writer.TryComplete();
            public static ValueTask Log(int n) => s_c.Writer.WriteAsync(n);
            public static async Task RunLog() { await foreach (var n in s_c.Reader.ReadAllAsync()) { Console.WriteLine(n); } }
        }
        class D
        {
            private readonly Channel<int> _c = Channel.CreateBounded<int>(1);
            public ChannelWriter<int> Writer => _c.Writer;
            public async Task Run() { await foreach (var n in _c.Reader.ReadAllAsync()) { Console.WriteLine(n); } }
        }
        """);

    [Fact]
    public Task Silent_where_one_item_is_handed_out() => Silent("""
        class C
        {
            ChannelReader<int> Later(Task<int> task)
            {
                var c = Channel.CreateBounded<int>(1);
                _ = Task.Run(async () => await c.Writer.WriteAsync(await task));
                return c.Reader;
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
                var sender = Task.Run(async () => { for (int i = 0; i < 3; i++) { await c.SendAsync(i); } });
                await foreach (var n in [|c|]) { Console.WriteLine(n); }
                await sender;
            }
        }
        """, Setup.WithPlumbing);

    [Fact]
    public Task Fixes_a_task_that_sends() => FixesAndLeavesNothing(Wrap("""
                var c = Channel.CreateBounded<int>(1);
                var sender = Task.Run(async () =>
                {
                    // one by one
                    foreach (var n in source)
                    {
                        await c.Writer.WriteAsync(n); // waits
                    }
                });

                await foreach (var n in [|c.Reader.ReadAllAsync()|])
                {
                    Handle(n);
                }

                await sender;
        """), Wrap("""
                var c = Channel.CreateBounded<int>(1);
                var sender = Task.Run(async () =>
                {
                    try
                    {
                        // one by one
                        foreach (var n in source)
                        {
                            await c.Writer.WriteAsync(n); // waits
                        }
                    }
                    finally
                    {
                        c.Writer.Complete();
                    }
                });

                await foreach (var n in c.Reader.ReadAllAsync())
                {
                    Handle(n);
                }

                await sender;
        """));

    [Fact]
    public Task Fixes_what_sends_beside_its_reader() => FixesAndLeavesNothing(Wrap("""
                var c = Channel.CreateBounded<int>(1);
                var output = c.Writer;
                var consumer = Consume(c.Reader);

                int factor = source.Count();
                foreach (var n in source)
                {
                    await output.WriteAsync(n * factor);
                }

                await consumer;
        """, "private static async Task Consume(ChannelReader<int> r) { await foreach (var n in [|r.ReadAllAsync()|]) { Handle(n); } }"), Wrap("""
                var c = Channel.CreateBounded<int>(1);
                var output = c.Writer;
                var consumer = Consume(c.Reader);

                try
                {
                    int factor = source.Count();
                    foreach (var n in source)
                    {
                        await output.WriteAsync(n * factor);
                    }
                }
                finally
                {
                    output.Complete();
                }

                await consumer;
        """, "private static async Task Consume(ChannelReader<int> r) { await foreach (var n in r.ReadAllAsync()) { Handle(n); } }"));

    [Fact]
    public Task Fixes_around_a_count_that_is_needed_later() => FixesAndLeavesNothing(Wrap("""
                var c = Channel.CreateBounded<int>(1);
                var consumer = Task.Run(async () => { await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Handle(n); } });
                int count = 0;
                foreach (var n in source) { await c.Writer.WriteAsync(n); count++; }
                await consumer;
                Handle(count);
        """), Wrap("""
                var c = Channel.CreateBounded<int>(1);
                var consumer = Task.Run(async () => { await foreach (var n in c.Reader.ReadAllAsync()) { Handle(n); } });
                int count = 0;
                try
                {
                    foreach (var n in source) { await c.Writer.WriteAsync(n); count++; }
                }
                finally
                {
                    c.Writer.Complete();
                }
                await consumer;
                Handle(count);
        """));

    [Fact]
    public Task Fixes_a_method_that_is_called_once() => FixesAndLeavesNothing(Wrap("""
                var c = Channel.CreateBounded<int>(1);
                var sender = Produce(c.Writer, source);
                await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Handle(n); }
                await sender;
        """, """
            private static async Task Produce(ChannelWriter<int> to, IEnumerable<int> source)
                {
                    ArgumentNullException.ThrowIfNull(to);
                    foreach (var n in source) { await to.WriteAsync(n); }
                }
            """), Wrap("""
                var c = Channel.CreateBounded<int>(1);
                var sender = Produce(c.Writer, source);
                await foreach (var n in c.Reader.ReadAllAsync()) { Handle(n); }
                await sender;
        """, """
            private static async Task Produce(ChannelWriter<int> to, IEnumerable<int> source)
                {
                    ArgumentNullException.ThrowIfNull(to);
                    try
                    {
                        foreach (var n in source) { await to.WriteAsync(n); }
                    }
                    finally
                    {
                        to.Complete();
                    }
                }
            """));

    [Fact]
    public Task Fixes_the_call_that_waits_for_all_senders() => FixesAndLeavesNothing(Wrap("""
                var c = Channel.CreateUnbounded<int>();
                await Parallel.ForEachAsync(source, async (n, stop) => await c.Writer.WriteAsync(n, stop));
                await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Handle(n); }
        """), Wrap("""
                var c = Channel.CreateUnbounded<int>();
                try
                {
                    await Parallel.ForEachAsync(source, async (n, stop) => await c.Writer.WriteAsync(n, stop));
                }
                finally
                {
                    c.Writer.Complete();
                }
                await foreach (var n in c.Reader.ReadAllAsync()) { Handle(n); }
        """));

    [Fact]
    public Task Fixes_an_expression() => FixesAndLeavesNothing(Wrap("""
                var c = Channel.CreateBounded<int>(1);
                _ = Task.Run(async () => await c.Writer.WriteAsync(
                    await LoadAsync()));
                await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Handle(n); }
        """), Wrap("""
                var c = Channel.CreateBounded<int>(1);
                _ = Task.Run(async () =>
                {
                    try
                    {
                        await c.Writer.WriteAsync(
                            await LoadAsync());
                    }
                    finally
                    {
                        c.Writer.Complete();
                    }
                });
                await foreach (var n in c.Reader.ReadAllAsync()) { Handle(n); }
        """));

    [Fact]
    public Task Fixes_the_sender_of_a_reader_that_is_handed_out() => FixesAndLeavesNothing("""
        class C
        {
            ChannelReader<int> Numbers(IEnumerable<int> source)
            {
                var c = [|Channel.CreateBounded<int>(1)|];
                _ = Task.Run(async () => { foreach (var n in source) { await c.Writer.WriteAsync(n); } });
                return c.Reader;
            }
        }
        """, """
        class C
        {
            ChannelReader<int> Numbers(IEnumerable<int> source)
            {
                var c = Channel.CreateBounded<int>(1);
                _ = Task.Run(async () => { try { foreach (var n in source) { await c.Writer.WriteAsync(n); } } finally { c.Writer.Complete(); } });
                return c.Reader;
            }
        }
        """);

    [Fact]
    public Task Fixes_a_program_and_a_Chan() => Fixes("""
        using Sluice;
        var c = new Chan<int>();
        var reader = Task.Run(async () => { await foreach (var n in [|c|]) { Console.WriteLine(n); } });
        for (int i = 0; i < 3; i++)
        {
            await c.SendAsync(i);
        }

        await reader;
        """, """
        using Sluice;
        var c = new Chan<int>();
        var reader = Task.Run(async () => { await foreach (var n in c) { Console.WriteLine(n); } });
        try
        {
            for (int i = 0; i < 3; i++)
            {
                await c.SendAsync(i);
            }
        }
        finally
        {
            c.Close();
        }

        await reader;
        """, Setup.WithPlumbing);

    [Fact]
    public Task Reports_without_a_fix_across_a_directive() => NotFixed(Wrap("""
                var c = Channel.CreateBounded<int>(1);
                var sender = Task.Run(async () =>
                {
        #if !NEVER
                    await c.Writer.WriteAsync(1);
        #endif
                });
                await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Handle(n); }
        """));

    [Theory]
    [InlineData("var p = Task.Run(async () => { await c.Writer.WriteAsync(1); }); var q = Task.Run(async () => { await c.Writer.WriteAsync(2); }); await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Handle(n); }")]
    [InlineData("for (int i = 0; i < 3; i++) { _ = Task.Run(async () => { await c.Writer.WriteAsync(1); }); } await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Handle(n); }")]
    [InlineData("var all = source.Select(n => Task.Run(async () => { await c.Writer.WriteAsync(n); })).ToList(); await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Handle(n); }")]
    [InlineData("var p = Produce(c.Writer, source); var q = Produce(c.Writer, source); await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Handle(n); }")]
    [InlineData("var p = Open(c.Writer); await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Handle(n); }", "public static async Task Open(ChannelWriter<int> w) { await w.WriteAsync(1); }")]
    [InlineData("Changed += n => c.Writer.TryWrite(n); await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Handle(n); }", "event Action<int> Changed;")]
    [InlineData("_ = Task.Run(() => c.Writer.WriteAsync(1).AsTask()); await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Handle(n); }")]
    [InlineData("var sends = new List<Task>(); foreach (var n in source) { sends.Add(c.Writer.WriteAsync(n).AsTask()); } await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Handle(n); }")]
    public Task Reports_without_a_fix_where_no_one_place_is_the_end(string code, string members = "") => NotFixed(In(code, members));

    [Fact]
    public Task Reports_without_a_fix_what_runs_for_each_call() => NotFixed("""
        class C
        {
            private readonly Channel<int> _c = Channel.CreateBounded<int>(1);
            public ValueTask Add(int n) => _c.Writer.WriteAsync(n);
            public async Task Run() { await foreach (var n in [|_c.Reader.ReadAllAsync()|]) { Console.WriteLine(n); } }
        }
        """);

    private static string Wrap(string body, string members = "") => $$"""
        class C
        {
            async Task Run(IEnumerable<int> source)
            {
        {{body}}
            }

            {{members}}

            static void Handle(int n) { }
            static async Task<int> LoadAsync() { await Task.Yield(); return 1; }
        }
        """;

    private static string In(string code, string members = "") => $$"""
        class C
        {
            async Task M(IEnumerable<int> source, CancellationToken token)
            {
                var c = Channel.CreateBounded<int>(1);
                {{code}}
            }

            static async Task Produce(ChannelWriter<int> w, IEnumerable<int> source) { foreach (var n in source) { await w.WriteAsync(n); } }
            static void Handle(int n) { }
            {{members}}
        }
        """;
}
