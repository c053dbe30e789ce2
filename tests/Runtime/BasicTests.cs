using System;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Sluice.Tests;

public sealed class BasicTests
{
    [Fact]
    public async Task Unbuffered_hands_over()
    {
        var c = new Chan<int>();
        _ = Task.Run(async () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                await c.SendAsync(i);
            }

            c.Close();
        });
        int expected = 0;
        await foreach (int i in c)
        {
            Assert.Equal(expected++, i);
        }

        Assert.Equal(1000, expected);
    }

    [Fact]
    public async Task Select_of_all_kinds()
    {
        var c = new Chan<int>();
        var d = new Chan<string>(1);
        using var stop = new CancellationTokenSource();
        Receive<int> receive = new();
        Send<string> send = new();
        After after = new();
        Done done = new();
        When<int> when = new();
        Tick tick = new();
        Receive<int> foreign = new();
        Send<int> foreignSend = new();
        using var select = new Select(receive, send, after, done, when, tick, foreign, foreignSend);
        Assert.Equal(-1, select.Try());
        receive.From(c);
        Assert.Equal(-1, select.Try());
        send.To(d, "x");
        Assert.Equal(1, await select);
        Assert.Equal(-1, select.Try());
        Task sending = c.SendAsync(7).AsTask();
        Assert.Equal(0, await select);
        Assert.True(receive.Take(out int seven) && seven == 7);
        await sending;
        after.In(TimeSpan.FromMilliseconds(20));
        done.On(stop.Token);
        Assert.Equal(2, await select);
        var source = new TaskCompletionSource<int>();
        when.On(source.Task);
        _ = Task.Run(() => source.SetResult(3));
        Assert.Equal(4, await select);
        Assert.Equal(3, when.Take());
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        tick.On(timer);
        Assert.Equal(5, await select);
        Assert.Equal(5, await select);
        tick.On(null);
        var bcl = Channel.CreateBounded<int>(1);
        foreign.From(bcl.Reader);
        _ = Task.Run(() => bcl.Writer.TryWrite(9));
        Assert.Equal(6, await select);
        Assert.True(foreign.Take(out int nine) && nine == 9);
        foreign.From(null);
        bcl.Writer.TryWrite(1);
        foreignSend.To(bcl.Writer, 2);
        _ = Task.Run(async () => Assert.Equal(1, await bcl.Reader.ReadAsync()));
        Assert.Equal(7, await select);
        Assert.Equal(2, await bcl.Reader.ReadAsync());
        foreignSend.To(null, 0);
        stop.CancelAfter(10);
        Assert.Equal(3, await select);
        Assert.Equal(3, select.Try());
    }

    [Fact]
    public async Task Group_cancels_and_reports()
    {
        await using var group = new Group();
        group.Go(async token => await Task.Delay(Timeout.Infinite, token));
        group.Go(() => throw new InvalidOperationException("first"));
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(group.WaitAsync);
        Assert.Equal("first", thrown.Message);
    }
}
