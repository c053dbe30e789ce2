using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC2001_ClosedTwiceTests() : RuleTest("SLC2001")
{
    [Fact]
    public Task Reports_two_closes_in_a_row() => Body("""
        writer.Complete();
        [|writer.Complete()|];
        """);

    [Fact]
    public Task Reports_a_close_in_try_and_in_finally() => Body("""
        try
        {
            await writer.WriteAsync(1);
            writer.Complete();
        }
        finally
        {
            [|writer.Complete()|];
        }
        """);

    [Fact]
    public Task Reports_a_close_in_catch_after_a_close_in_try() => Body("""
        try
        {
            writer.Complete();
            await Task.Delay(1, token);
        }
        catch (Exception e)
        {
            [|writer.Complete(e)|];
        }
        """);

    [Fact]
    public Task Reports_a_close_on_one_branch_and_after_it() => Body("""
        if (flag)
        {
            writer.Complete();
        }

        [|writer.Complete()|];
        """);

    [Fact]
    public Task Reports_a_close_after_TryComplete() => Body("""
        writer.TryComplete();
        [|writer.Complete()|];
        """);

    [Fact]
    public Task Reports_a_close_in_every_round_of_a_loop() => Body("""
        for (int i = 0; i < 3; i++)
        {
            await writer.WriteAsync(i);
            [|writer.Complete()|];
        }
        """);

    [Fact]
    public Task Reports_two_names_of_one_channel() => Body("""
        var channel = Channel.CreateUnbounded<int>();
        var first = channel.Writer;
        var second = channel.Writer;
        first.Complete();
        [|second.Complete()|];
        """);

    [Fact]
    public Task Reports_a_close_through_a_helper() => Reports("""
        class C
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            void Stop() => _jobs.Writer.Complete();

            void Run()
            {
                Stop();
                [|_jobs.Writer.Complete()|];
            }
        }
        """);

    [Fact]
    public Task Reports_a_helper_that_closes_its_argument() => Reports("""
        static class C
        {
            static void Finish(ChannelWriter<int> writer) => writer.Complete();

            static void Run(Channel<int> jobs)
            {
                jobs.Writer.Complete();
                [|Finish(jobs.Writer)|];
            }
        }
        """);

    [Fact]
    public Task Reports_a_helper_of_a_helper() => Reports("""
        class C
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            void Close() => _jobs.Writer.Complete();

            void Stop()
            {
                Close();
            }

            void Run()
            {
                _jobs.Writer.Complete();
                [|Stop()|];
            }
        }
        """);

    [Fact]
    public Task Reports_producers_in_a_loop_that_each_close() => Body("""
        for (int i = 0; i < 4; i++)
        {
            _ = Task.Run(async () =>
            {
                await writer.WriteAsync(1);
                [|writer.Complete()|];
            });
        }
        """);

    [Fact]
    public Task Reports_producers_of_a_query_that_each_close() => Body("""
        var producers = Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            await writer.WriteAsync(i);
            [|writer.Complete()|];
        }));
        await Task.WhenAll(producers);
        """);

    [Fact]
    public Task Reports_async_producers_of_a_query_that_each_close() => Body("""
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            await writer.WriteAsync(i);
            [|writer.Complete()|];
        }));
        """);

    [Fact]
    public Task Reports_a_parallel_loop_that_closes() => Body("""
        Parallel.For(0, 4, i =>
        {
            writer.TryWrite(i);
            [|writer.Complete()|];
        });
        """);

    [Fact]
    public Task Reports_two_producers_that_both_close() => Body("""
        var first = Produce(writer);
        var second = [|Produce(writer)|];
        await Task.WhenAll(first, second);

        static async Task Produce(ChannelWriter<int> output)
        {
            await output.WriteAsync(1);
            output.Complete();
        }
        """);

    [Fact]
    public Task Reports_a_close_beside_a_task_that_closes() => Body("""
        var producer = Task.Run(() => writer.Complete());
        await producer;
        [|writer.Complete()|];
        """);

    [Fact]
    public Task Reports_in_top_level_statements() => Reports("""
        var jobs = Channel.CreateUnbounded<int>();
        jobs.Writer.Complete();
        [|jobs.Writer.Complete()|];
        """);

    [Fact]
    public Task Reports_a_captured_primary_constructor_parameter() => Reports("""
        class C(Channel<int> jobs)
        {
            void Run()
            {
                jobs.Writer.Complete();
                [|jobs.Writer.Complete()|];
            }
        }
        """);

    [Fact]
    public Task Says_where_it_was_closed() => Says("""
        class C
        {
            void Run(Channel<int> jobs)
            {
                jobs.Writer.Complete();
                jobs.Writer.Complete();
            }
        }
        """, "'jobs' is closed a second time here, which throws ChannelClosedException: line 5 closes it already");

    [Fact]
    public Task Silent_about_one_close() => Quiet("writer.Complete();");

    [Fact]
    public Task Silent_about_two_channels() => Quiet("""
        var a = Channel.CreateUnbounded<int>();
        var b = Channel.CreateUnbounded<int>();
        a.Writer.Complete();
        b.Writer.Complete();
        """);

    [Fact]
    public Task Silent_when_the_second_is_TryComplete() => Quiet("""
        writer.Complete();
        writer.TryComplete();
        """);

    [Fact]
    public Task Silent_about_either_branch() => Quiet("""
        if (flag)
        {
            writer.Complete();
        }
        else
        {
            writer.Complete(new InvalidOperationException());
        }
        """);

    [Fact]
    public Task Silent_when_the_first_returns() => Quiet("""
        if (flag)
        {
            writer.Complete();
            return;
        }

        writer.Complete();
        """);

    [Fact]
    public Task Silent_about_try_and_catch_where_the_close_is_last() => Quiet("""
        try
        {
            await Task.Delay(1, token);
            writer.Complete();
        }
        catch (Exception e)
        {
            writer.Complete(e);
        }
        """);

    [Fact]
    public Task Silent_when_a_flag_tells() => Quiet("""
        bool closed = false;
        if (flag)
        {
            writer.Complete();
            closed = true;
        }

        if (!closed)
        {
            writer.Complete();
        }
        """);

    [Fact]
    public Task Silent_when_the_same_variable_is_tested() => Quiet("""
        if (flag)
        {
            writer.Complete();
        }

        await Task.Delay(1);
        if (!flag)
        {
            writer.Complete();
        }
        """);

    [Fact]
    public Task Silent_when_the_channel_is_new_in_each_round() => Quiet("""
        for (int i = 0; i < 3; i++)
        {
            var channel = Channel.CreateUnbounded<int>();
            channel.Writer.Complete();
        }
        """);

    [Fact]
    public Task Silent_when_the_channel_is_reassigned() => Quiet("""
        var channel = Channel.CreateUnbounded<int>();
        channel.Writer.Complete();
        channel = Channel.CreateUnbounded<int>();
        channel.Writer.Complete();
        """);

    [Fact]
    public Task Silent_about_each_of_many_channels() => Quiet("""
        foreach (var channel in new[] { Channel.CreateUnbounded<int>(), Channel.CreateUnbounded<int>() })
        {
            channel.Writer.Complete();
        }
        """);

    [Fact]
    public Task Silent_about_members_of_each_of_many() => Silent("""
        class Subscriber
        {
            public Channel<int> Events { get; } = Channel.CreateUnbounded<int>();
        }

        class C(List<Subscriber> subscribers)
        {
            void Stop()
            {
                foreach (var subscriber in subscribers)
                {
                    subscriber.Events.Writer.Complete();
                }

                for (int i = 0; i < subscribers.Count; i++)
                {
                    subscribers[i].Events.Writer.Complete();
                }
            }
        }
        """);

    [Fact]
    public Task Silent_about_the_last_round_of_a_loop() => Quiet("""
        for (int i = 0; i < 3; i++)
        {
            await writer.WriteAsync(i);
            if (i == 2)
            {
                writer.Complete();
            }
        }
        """);

    [Fact]
    public Task Silent_when_the_loop_ends_with_the_close() => Quiet("""
        while (true)
        {
            if (flag)
            {
                writer.Complete();
                break;
            }

            await Task.Delay(1);
        }
        """);

    [Fact]
    public Task Silent_when_the_last_producer_closes() => Quiet("""
        int running = 4;
        for (int i = 0; i < 4; i++)
        {
            _ = Task.Run(async () =>
            {
                await writer.WriteAsync(1);
                if (Interlocked.Decrement(ref running) == 0)
                {
                    writer.Complete();
                }
            });
        }
        """);

    [Fact]
    public Task Silent_when_one_closes_after_all_producers() => Quiet("""
        var producers = Enumerable.Range(0, 4).Select(i => Task.Run(async () => await writer.WriteAsync(i)));
        await Task.WhenAll(producers);
        writer.Complete();
        """);

    [Fact]
    public Task Silent_when_each_producer_has_its_own() => Quiet("""
        var readers = Enumerable.Range(0, 4).Select(i =>
        {
            var own = Channel.CreateUnbounded<int>();
            own.Writer.TryWrite(i);
            own.Writer.Complete();
            return own.Reader;
        }).ToList();
        """);

    [Fact]
    public Task Silent_about_a_helper_that_closes_once() => Silent("""
        class C
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();
            int _closed;

            void Stop()
            {
                if (Interlocked.Exchange(ref _closed, 1) == 0)
                {
                    _jobs.Writer.Complete();
                }
            }

            void Run()
            {
                Stop();
                _jobs.Writer.TryWrite(1);
                Stop();
            }
        }
        """);

    [Fact]
    public Task Silent_about_two_methods_that_each_close() => Silent("""
        class C
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            public void Stop() => _jobs.Writer.Complete();

            public void Abort() => _jobs.Writer.Complete();
        }
        """);

    [Fact]
    public Task Silent_about_a_lambda_that_is_only_stored() => Quiet("""
        Action stop = () => writer.Complete();
        writer.Complete();
        GC.KeepAlive(stop);
        """);

    [Fact]
    public Task Silent_about_a_lambda_within_a_try_of_its_own_flow() => Quiet("""
        try
        {
            var producer = Task.Run(async () =>
            {
                await writer.WriteAsync(1);
                writer.Complete();
                await Task.Delay(1, token);
            });
            await producer;
        }
        catch (Exception)
        {
            Console.WriteLine();
        }
        finally
        {
            Console.WriteLine();
        }
        """);

    [Fact]
    public Task Silent_about_an_awaited_helper_that_closes_once() => Silent("""
        class C
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            async Task Finish()
            {
                await Task.Yield();
                _jobs.Writer.Complete();
            }

            async Task Run()
            {
                await Finish();
                var again = 1;
                await Task.Delay(again);
            }
        }
        """);

    [Fact]
    public Task Silent_about_other_Complete_methods() => Silent("""
        class Pipe
        {
            public void Complete()
            {
            }

            void Run()
            {
                Complete();
                Complete();
            }
        }
        """);

    [Fact]
    public Task Fixes_the_second_close() => Fixes("""
        class C
        {
            void Run(Channel<int> jobs)
            {
                jobs.Writer.Complete();
                // the last one
                [|jobs.Writer.Complete()|]; // really
            }
        }
        """, """
        class C
        {
            void Run(Channel<int> jobs)
            {
                jobs.Writer.Complete();
                // the last one
                jobs.Writer.TryComplete(); // really
            }
        }
        """);

    [Fact]
    public Task Fixes_every_close_and_keeps_the_exception() => Fixes("""
        class C
        {
            void Run(Channel<int> jobs)
            {
                try
                {
                    jobs.Writer.Complete();
                    Console.ReadLine();
                    GC.KeepAlive(int.Parse("1"));
                }
                catch (Exception e)
                {
                    [|jobs.Writer.Complete(e)|];
                }

                [|jobs.Writer.Complete()|];
            }
        }
        """, """
        class C
        {
            void Run(Channel<int> jobs)
            {
                try
                {
                    jobs.Writer.Complete();
                    Console.ReadLine();
                    GC.KeepAlive(int.Parse("1"));
                }
                catch (Exception e)
                {
                    jobs.Writer.TryComplete(e);
                }

                jobs.Writer.TryComplete();
            }
        }
        """);

    [Fact]
    public Task Offers_nothing_where_a_helper_closes() => NotFixed("""
        static class C
        {
            static void Finish(ChannelWriter<int> writer) => writer.Complete();

            static void Run(Channel<int> jobs)
            {
                jobs.Writer.Complete();
                [|Finish(jobs.Writer)|];
            }
        }
        """);

    [Theory]
    [InlineData("public void Stop() { _jobs.Writer.Complete(); } public void Dispose() => [|_jobs.Writer.Complete()|];")]
    [InlineData("public async Task StopAsync() { _jobs.Writer.TryComplete(); await Task.Yield(); } public async ValueTask DisposeAsync() { [|_jobs.Writer.Complete()|]; await Task.Yield(); }")]
    public Task Reports_disposal_that_closes_what_a_stop_has_closed(string members) => Reports(Stopped(members));

    [Theory]
    [InlineData("public void Stop() { _jobs.Writer.Complete(); } public void Dispose() => _jobs.Writer.TryComplete();")]
    [InlineData("public void Stop() { _jobs.Writer.Complete(); } public void Dispose() { if (!_stopped) { _jobs.Writer.Complete(); } }")]
    [InlineData("public void Stop() { if (_stopped) { return; } _stopped = true; _jobs.Writer.Complete(); } public void Dispose() { _jobs.Writer.Complete(); }")]
    [InlineData("void Stop() { _jobs.Writer.Complete(); } public void Dispose() => _jobs.Writer.Complete();")]
    [InlineData("public void Stop() { _others.Writer.Complete(); } public void Dispose() => _jobs.Writer.Complete();")]
    public Task Silent_where_disposal_may_close(string members) => Silent(Stopped(members));

    [Fact]
    public Task Reports_a_local_function_that_runs_for_each_item() => Reports("""
        static class C
        {
            static async Task<int> Run(int[] items)
            {
                var results = Channel.CreateUnbounded<int>();
                async Task Work(int item)
                {
                    try { await results.Writer.WriteAsync(item); }
                    finally { [|results.Writer.Complete()|]; }
                }

                var working = Task.WhenAll(items.Select(Work));
                await working;
                return await results.Reader.ReadAsync();
            }
        }
        """);

    [Theory]
    [InlineData("for (var i = 0; i < 4; i++) { _ = Task.Run([|() => ProduceAsync(ct)|], ct); }")]
    [InlineData("for (var i = 0; i < 4; i++) { _tasks.Add(Task.Run([|() => { return ProduceAsync(ct); }|])); }")]
    [InlineData("for (var i = 0; i < 4; i++) { _ = Task.Run([|async () => await ProduceAsync(ct)|]); }")]
    [InlineData("_ = Task.Run(() => ProduceAsync(ct)); _ = Task.Run([|() => ProduceAsync(ct)|]);")]
    public Task Reports_started_methods_that_each_close(string start) => Reports(Producers(start));

    [Theory]
    [InlineData("_ = Task.Run(() => ProduceAsync(ct), ct);")]
    [InlineData("for (var i = 0; i < 4; i++) { _ = Task.Run(() => CountAsync(), ct); }")]
    [InlineData("for (var i = 0; i < 4; i++) { var one = new C(); _ = Task.Run(() => one.ProduceAsync(ct), ct); }")]
    [InlineData("foreach (var one in _others) { _ = Task.Run(() => one.ProduceAsync(ct)); }")]
    [InlineData("for (var i = 0; i < 4; i++) { int at = i; _ = Task.Run(() => _others[at].ProduceAsync(ct)); }")]
    [InlineData("for (var i = 0; i < 4; i++) { _ = Task.Run(() => Work()); } _ = Task.Run(() => ProduceAsync(ct)); static Task Work() => Task.CompletedTask;")]
    [InlineData("while (true) { _ = Task.Run(() => ProduceAsync(ct)); break; }")]
    public Task Silent_about_started_methods_that_close_once(string start) => Silent(Producers(start));

    private static string Producers(string start) => $$"""
        class C
        {
            private readonly Channel<int> _jobs = Channel.CreateBounded<int>(1);
            private readonly List<Task> _tasks = new();
            private readonly List<C> _others = new();
            private int _running = 4;
            void Start(CancellationToken ct) { {{start}} }
            private async Task ProduceAsync(CancellationToken ct)
            {
                try { await _jobs.Writer.WriteAsync(1, ct); } finally { _jobs.Writer.Complete(); }
            }

            private async Task CountAsync()
            {
                await _jobs.Writer.WriteAsync(1);
                if (Interlocked.Decrement(ref _running) == 0) { _jobs.Writer.Complete(); }
            }
        }
        """;

    private static string Stopped(string members) => $$"""
        class C
        {
            private readonly Channel<int> _jobs = Channel.CreateBounded<int>(1);
            private readonly Channel<int> _others = Channel.CreateBounded<int>(1);
            private bool _stopped;
            {{members}}
        }
        """;

    private static string Wrap(string body) => $$"""
        class C
        {
            async Task Run(ChannelWriter<int> writer, bool flag, CancellationToken token)
            {
                await Task.Yield();
        {{body}}
            }
        }
        """;

    private Task Body(string body) => Reports(Wrap(body));

    private Task Quiet(string body) => Silent(Wrap(body));
}
