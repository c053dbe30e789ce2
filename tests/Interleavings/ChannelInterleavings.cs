using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Channels;

namespace Sluice.Interleavings;

/// <summary>Send, receive, close and cancel in every order: nothing lost, nothing twice, nobody left behind.</summary>
public sealed class ChannelInterleavings
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Two_senders_and_a_receiver(int capacity) => Explorer.Explore(2, () =>
    {
        var c = new Chan<int>(capacity);
        var got = new List<int>();
        return (
            [
                () => Waits.Send(c.SendAsync(1)),
                () => Waits.Send(c.SendAsync(2)),
                () =>
                {
                    got.Add(Waits.Receive(c.ReceiveAsync()).Value);
                    got.Add(Waits.Receive(c.ReceiveAsync()).Value);
                },
            ],
            () => Assert.Equal([1, 2], got.Order()));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Values_of_one_sender_arrive_in_order(int capacity) => Explorer.Explore(3, () =>
    {
        var c = new Chan<int>(capacity);
        var got = new List<int>();
        return (
            [
                () =>
                {
                    for (int i = 1; i <= 3; i++)
                    {
                        Waits.Send(c.SendAsync(i));
                    }

                    c.Close();
                },
                () =>
                {
                    while (Waits.Receive(c.ReceiveAsync()) is (var value, true))
                    {
                        got.Add(value);
                    }
                },
            ],
            () => Assert.Equal([1, 2, 3], got));
    });

    [Fact]
    public void Close_meets_send_and_receive() => Explorer.Explore(2, () =>
    {
        var c = new Chan<int>();
        bool sent = false;
        (int Value, bool Ok) got = default;
        return (
            [
                () => c.Close(),
                () =>
                {
                    try
                    {
                        Waits.Send(c.SendAsync(1));
                        sent = true;
                    }
                    catch (ChannelClosedException)
                    {
                    }
                },
                () => got = Waits.Receive(c.ReceiveAsync()),
            ],
            () => Assert.Equal(sent ? (1, true) : (0, false), got));
    });

    [Fact]
    public void Cancelled_receive_took_nothing() => Explorer.Explore(2, () =>
    {
        var c = new Chan<int>();
        var stop = new CancellationTokenSource();
        bool cancelled = false;
        bool sent = false;
        int got = 0;
        return (
            [
                () => sent = c.TrySend(1),
                () => stop.Cancel(),
                () =>
                {
                    try
                    {
                        got = Waits.Receive(c.ReceiveAsync(stop.Token)).Value;
                    }
                    catch (OperationCanceledException)
                    {
                        cancelled = true;
                    }
                },
            ],
            () =>
            {
                Assert.Equal(sent ? 1 : 0, got);
                Assert.Equal(!sent, cancelled);
            }
        );
    });

    [Fact]
    public void Cancelled_send_was_not_delivered() => Explorer.Explore(2, () =>
    {
        var c = new Chan<int>();
        var stop = new CancellationTokenSource();
        bool cancelled = false;
        bool got = false;
        return (
            [
                () => got = c.TryReceive(out int _),
                () => stop.Cancel(),
                () =>
                {
                    try
                    {
                        Waits.Send(c.SendAsync(1, stop.Token));
                    }
                    catch (OperationCanceledException)
                    {
                        cancelled = true;
                    }
                },
            ],
            () => Assert.Equal(!got, cancelled));
    });

    [Fact]
    public void Late_cancellation_does_not_end_the_next_wait() => Explorer.Explore(2, () =>
    {
        var c = new Chan<int>();
        var first = new CancellationTokenSource();
        var second = new CancellationTokenSource();
        int got = 0;
        return (
            [
                () =>
                {
                    for (int i = 1; i <= 2; i++)
                    {
                        Waits.Send(c.SendAsync(i));
                    }
                },
                () => first.Cancel(),
                () =>
                {
                    try
                    {
                        got += Waits.Receive(c.ReceiveAsync(first.Token)).Value;
                        got += Waits.Receive(c.ReceiveAsync(second.Token)).Value;
                    }
                    catch (OperationCanceledException)
                    {
                        got += Waits.Receive(c.ReceiveAsync(second.Token)).Value;
                        got += Waits.Receive(c.ReceiveAsync(second.Token)).Value;
                    }
                },
            ],
            () => Assert.Equal(3, got));
    });

    [Fact]
    public void Waiters_are_used_again_by_two_receivers() => Explorer.Explore(2, () =>
    {
        var c = new Chan<int>();
        int sum = 0;
        void Receive()
        {
            for (int i = 0; i < 2; i++)
            {
                int value = Waits.Receive(c.ReceiveAsync()).Value;
                Interlocked.Add(ref sum, value);
            }
        }

        return (
            [
                Receive,
                Receive,
                () =>
                {
                    for (int i = 1; i <= 4; i++)
                    {
                        Waits.Send(c.SendAsync(i));
                    }
                },
            ],
            () => Assert.Equal(10, sum));
    });
}
