using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC2002_SendAfterCloseTests() : RuleTest("SLC2002")
{
    [Fact]
    public Task Reports_a_send_after_the_close() => Body("""
        writer.Complete();
        await [|writer.WriteAsync(1)|];
        """);

    [Fact]
    public Task Reports_a_send_after_TryComplete() => Body("""
        writer.TryComplete();
        await [|writer.WriteAsync(1, token)|];
        """);

    [Fact]
    public Task Reports_a_send_after_a_close_on_one_branch() => Body("""
        if (flag)
        {
            writer.Complete();
        }

        await [|writer.WriteAsync(1)|];
        """);

    [Fact]
    public Task Reports_a_send_in_finally() => Body("""
        try
        {
            writer.Complete();
        }
        finally
        {
            await [|writer.WriteAsync(1)|];
        }
        """);

    [Fact]
    public Task Reports_a_send_in_the_catch_after_a_close() => Body("""
        try
        {
            writer.Complete();
            await Task.Delay(1, token);
        }
        catch (OperationCanceledException)
        {
            await [|writer.WriteAsync(-1)|];
        }
        """);

    [Fact]
    public Task Reports_a_TryWrite_that_nobody_looks_at() => Body("""
        writer.Complete();
        [|writer.TryWrite(1)|];
        """);

    [Fact]
    public Task Reports_a_close_in_every_round() => Body("""
        foreach (var item in items)
        {
            await [|writer.WriteAsync(item)|];
            writer.Complete();
        }
        """);

    [Fact]
    public Task Reports_work_that_is_started_after_the_close() => Body("""
        writer.Complete();
        await Task.Run([|async () => await writer.WriteAsync(1)|]);
        """);

    [Fact]
    public Task Reports_a_helper_that_sends() => Reports("""
        class C
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            async Task Add(int job) => await _jobs.Writer.WriteAsync(job);

            async Task Run()
            {
                _jobs.Writer.Complete();
                await [|Add(1)|];
            }
        }
        """);

    [Fact]
    public Task Reports_after_a_helper_that_closes() => Reports("""
        class C
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            void Stop() => _jobs.Writer.TryComplete();

            async Task Run()
            {
                Stop();
                await [|_jobs.Writer.WriteAsync(1)|];
            }
        }
        """);

    [Fact]
    public Task Reports_through_the_writer_in_a_local() => Body("""
        var jobs = Channel.CreateUnbounded<int>();
        var output = jobs.Writer;
        jobs.Writer.Complete();
        await [|output.WriteAsync(1)|];
        """);

    [Fact]
    public Task Reports_through_a_local_function() => Body("""
        Finish();
        await [|writer.WriteAsync(1)|];

        void Finish() => writer.Complete();
        """);

    [Fact]
    public Task Reports_with_ConfigureAwait() => Body("""
        writer.Complete();
        await [|writer.WriteAsync(1)|].ConfigureAwait(false);
        """);

    [Fact]
    public Task Reports_in_top_level_statements() => Reports("""
        var jobs = Channel.CreateUnbounded<int>();
        jobs.Writer.Complete();
        await [|jobs.Writer.WriteAsync(1)|];
        """);

    [Fact]
    public Task Reports_in_a_switch() => Body("""
        switch (items.Length)
        {
            case 0:
                writer.Complete();
                goto default;
            default:
                await [|writer.WriteAsync(1)|];
                break;
        }
        """);

    [Fact]
    public Task Says_what_is_lost() => Says("""
        class C
        {
            void Run(Channel<int> jobs)
            {
                jobs.Writer.Complete();
                jobs.Writer.TryWrite(1);
            }
        }
        """, "'jobs' is closed when this sends on it (line 5 closes it): the item is lost");

    [Fact]
    public Task Silent_about_a_send_before_the_close() => Quiet("""
        await writer.WriteAsync(1);
        writer.Complete();
        """);

    [Fact]
    public Task Silent_about_another_channel() => Quiet("""
        var other = Channel.CreateUnbounded<int>();
        other.Writer.Complete();
        await writer.WriteAsync(1);
        """);

    [Fact]
    public Task Silent_when_the_close_returns() => Quiet("""
        if (flag)
        {
            writer.Complete();
            return;
        }

        await writer.WriteAsync(1);
        """);

    [Fact]
    public Task Silent_about_the_other_branch() => Quiet("""
        if (flag)
        {
            writer.Complete();
        }
        else
        {
            await writer.WriteAsync(1);
        }
        """);

    [Fact]
    public Task Silent_when_the_result_is_looked_at() => Quiet("""
        writer.Complete();
        if (!writer.TryWrite(1))
        {
            Console.WriteLine("closed");
        }
        """);

    [Fact]
    public Task Silent_when_the_exception_is_expected() => Quiet("""
        writer.Complete();
        try
        {
            await writer.WriteAsync(1);
        }
        catch (ChannelClosedException)
        {
        }
        """);

    [Fact]
    public Task Silent_when_the_loop_ends_with_the_close() => Quiet("""
        foreach (var item in items)
        {
            if (item < 0)
            {
                writer.Complete();
                break;
            }

            await writer.WriteAsync(item);
        }
        """);

    [Fact]
    public Task Silent_when_the_last_item_closes() => Quiet("""
        foreach (var item in items)
        {
            if (item < 0)
            {
                writer.Complete();
            }
            else
            {
                await writer.WriteAsync(item);
            }
        }
        """);

    [Fact]
    public Task Silent_when_each_round_has_its_channel() => Quiet("""
        foreach (var item in items)
        {
            var channel = Channel.CreateUnbounded<int>();
            await channel.Writer.WriteAsync(item);
            channel.Writer.Complete();
        }
        """);

    [Fact]
    public Task Silent_when_the_channel_is_replaced() => Reports("""
        class C
        {
            Channel<int> _jobs = Channel.CreateUnbounded<int>();

            async Task Restart()
            {
                _jobs.Writer.Complete();
                _jobs = Channel.CreateUnbounded<int>();
                await _jobs.Writer.WriteAsync(1);
            }

            async Task Broken()
            {
                _jobs.Writer.Complete();
                await [|_jobs.Writer.WriteAsync(1)|];
            }
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
            await writer.WriteAsync(1);
        }
        """);

    [Fact]
    public Task Silent_about_a_close_on_exit() => Quiet("""
        try
        {
            foreach (var item in items)
            {
                await writer.WriteAsync(item);
            }
        }
        finally
        {
            writer.Complete();
        }
        """);

    [Fact]
    public Task Silent_about_a_close_in_the_catch_that_throws_on() => Quiet("""
        try
        {
            await writer.WriteAsync(1);
        }
        catch (Exception e)
        {
            writer.TryComplete(e);
            throw;
        }

        await writer.WriteAsync(2);
        """);

    [Fact]
    public Task Silent_about_a_producer_that_was_started_before() => Quiet("""
        var producer = Task.Run(async () => await writer.WriteAsync(1));
        await producer;
        writer.Complete();
        """);

    [Fact]
    public Task Silent_about_a_helper_that_closes_only_sometimes() => Silent("""
        class C
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            void StopIf(bool idle)
            {
                if (idle)
                {
                    _jobs.Writer.Complete();
                }
            }

            async Task Run()
            {
                StopIf(false);
                await _jobs.Writer.WriteAsync(1);
            }
        }
        """);

    [Fact]
    public Task Silent_about_a_close_that_is_only_registered() => Quiet("""
        using var registration = token.Register(() => writer.TryComplete());
        await writer.WriteAsync(1);
        """);

    [Fact]
    public Task Silent_about_streams() => Silent("""
        class C
        {
            async Task Run(Stream stream)
            {
                stream.Close();
                await stream.WriteAsync(new byte[1]);
            }
        }
        """);

    [Fact]
    public Task Silent_about_incomplete_code() => Silent("""
        class C
        {
            async Task Run(ChannelWriter<int> writer)
            {
                writer.Complete();
                await writer.
            }
        }
        """, new() { AllowErrors = true });

    private static string Wrap(string body) => $$"""
        class C
        {
            async Task Run(ChannelWriter<int> writer, int[] items, bool flag, CancellationToken token)
            {
                await Task.Yield();
        {{body}}
            }
        }
        """;

    private Task Body(string body) => Reports(Wrap(body));

    private Task Quiet(string body) => Silent(Wrap(body));

    [Fact]
    public Task Silent_after_each_sender_of_a_list_was_awaited() => Silent("""
        class C
        {
            async Task M(int[] all)
            {
                var c = Channel.CreateUnbounded<int>();
                var senders = new List<Task>();
                foreach (var one in all)
                {
                    senders.Add(Task.Run(async () => await c.Writer.WriteAsync(one)));
                }

                foreach (var sender in senders)
                {
                    await sender;
                }

                c.Writer.Complete();
            }
        }
        """);
}
