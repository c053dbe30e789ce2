using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using Sluice.Tests;

namespace Sluice.Interleavings;

/// <summary>Selects in every order: exactly one case, nothing lost, nothing twice, nobody left behind.</summary>
public sealed class SelectInterleavings
{
    [Fact]
    public void Exactly_one_case_happens() => Explorer.Explore(1, () =>
    {
        var c = new Chan<int>();
        var d = new Chan<int>();
        var stop = new CancellationTokenSource();
        int sent = 0;
        int got = 0;
        Action Sender(Chan<int> chan, int value) => () =>
        {
            try
            {
                Waits.Send(chan.SendAsync(value, stop.Token));
                sent += value;
            }
            catch (OperationCanceledException)
            {
            }
        };
        return (
            [
                Sender(c, 1),
                Sender(d, 2),
                () =>
                {
                    var (select, cases) = Receiving(c, d);
                    cases[Waits.Select(select)].Take(out got);
                    stop.Cancel();
                },
            ],
            () => Assert.Equal(got, sent));
    });

    [Fact]
    public void Facing_selects_meet() => Explorer.Explore(3, () =>
    {
        var c = new Chan<int>();
        var d = new Chan<int>();
        var ends = new List<string>();
        Action Side(string name, Chan<int> to, Chan<int> from, int value) => () =>
        {
            Send<int> send = new();
            Receive<int> receive = new();
            send.To(to, value);
            receive.From(from);
            int index = Waits.Select(new Select(send, receive));
            lock (ends)
            {
                ends.Add(index == 0 ? "sent" + value : receive.Take(out int got) ? "got" + got : "closed");
            }
        };
        return ([Side("left", c, d, 1), Side("right", d, c, 2)], () =>
        {
            string both = string.Join(' ', ends.Order());
            Assert.True(both is "got1 sent1" or "got2 sent2", both);
        }
        );
    });

    [Fact]
    public void Facing_selects_sender_and_receiver_pair_up() => Explorer.Explore(1, () =>
    {
        var c = new Chan<int>();
        int sent = 0;
        int received = 0;
        Action Side(int value) => () =>
        {
            Send<int> send = new();
            Receive<int> receive = new();
            send.To(c, value);
            receive.From(c);
            if (Waits.Select(new Select(send, receive)) == 0)
            {
                Interlocked.Add(ref sent, value);
            }
            else
            {
                receive.Take(out int got);
                Interlocked.Add(ref received, got);
            }
        };
        return (
            [
                Side(1),
                Side(2),
                () =>
                {
                    Waits.Send(c.SendAsync(4));
                    Interlocked.Add(ref sent, 4);
                },
                () =>
                {
                    var (got, _) = Waits.Receive(c.ReceiveAsync());
                    Interlocked.Add(ref received, got);
                },
            ],
            () => Assert.Equal(sent, received));
    });

    [Fact]
    public void A_select_is_used_again_at_once() => Explorer.Explore(2, () =>
    {
        var c = new Chan<int>();
        var d = new Chan<int>();
        var got = new List<int>();
        return (
            [
                () => Waits.Send(c.SendAsync(1)),
                () => Waits.Send(d.SendAsync(2)),
                () =>
                {
                    var (select, cases) = Receiving(c, d);
                    for (int i = 0; i < 2; i++)
                    {
                        int index = Waits.Select(select);
                        Assert.True(cases[index].Take(out int value));
                        got.Add(value);
                    }
                },
            ],
            () => Assert.Equal([1, 2], got.Order()));
    });

    [Fact]
    public void Duplicates_of_a_channel_take_each_value_once() => Explorer.Explore(2, () =>
    {
        var c = new Chan<int>();
        var got = new List<int>();
        return (
            [
                () => Waits.Send(c.SendAsync(1)),
                () => Waits.Send(c.SendAsync(2)),
                () =>
                {
                    var (select, cases) = Receiving(c, c);
                    for (int i = 0; i < 2; i++)
                    {
                        int index = Waits.Select(select);
                        Assert.True(cases[index].Take(out int value));
                        got.Add(value);
                    }
                },
            ],
            () => Assert.Equal([1, 2], got.Order()));
    });

    [Fact]
    public void A_losing_entry_does_no_harm_to_who_waits_behind_it() => Explorer.Explore(2, () =>
    {
        var c = new Chan<int>();
        var d = new Chan<int>();
        int select1 = -1;
        int behind = 0;
        int value1 = 0;
        return (
            [
                () =>
                {
                    var (select, cases) = Receiving(c, d);
                    select1 = Waits.Select(select);
                    cases[select1].Take(out value1);
                },
                () => behind = Waits.Receive(c.ReceiveAsync()).Value,
                () =>
                {
                    Waits.Send(d.SendAsync(2));
                    Waits.Send(c.SendAsync(1));
                },
            ],
            () => Assert.Equal((1, 2, 1), (select1, value1, behind)));
    });

    [Fact]
    public void Close_ends_a_select_once() => Explorer.Explore(2, () =>
    {
        var c = new Chan<int>();
        var d = new Chan<int>();
        int closed = 0;
        return (
            [
                () => c.Close(),
                () => d.Close(),
                () =>
                {
                    var (select, cases) = Receiving(c, d, c);
                    int index = Waits.Select(select);
                    closed += cases[index].Take(out _) ? 10 : 1;
                    index = Waits.Select(select);
                    closed += cases[index].Take(out _) ? 10 : 1;
                },
            ],
            () => Assert.Equal(2, closed));
    });

    [Fact]
    public void Send_case_on_a_channel_that_closes() => Explorer.Explore(2, () =>
    {
        var c = new Chan<int>();
        string end = string.Empty;
        bool received = false;
        return (
            [
                () => c.Close(),
                () => received = c.TryReceive(out int _),
                () =>
                {
                    Send<int> send = new();
                    send.To(c, 1);
                    try
                    {
                        Waits.Select(new Select(send));
                        end = "sent";
                    }
                    catch (ChannelClosedException)
                    {
                        end = "closed";
                    }
                },
            ],
            () => Assert.Equal(received ? "sent" : "closed", end));
    });

    [Fact]
    public void Token_and_value_race_for_a_select() => Explorer.Explore(2, () =>
    {
        var c = new Chan<int>();
        var stop = new CancellationTokenSource();
        bool sent = false;
        int index = -1;
        return (
            [
                () => sent = c.TrySend(1),
                () => stop.Cancel(),
                () =>
                {
                    Receive<int> receive = new();
                    Done done = new();
                    receive.From(c);
                    done.On(stop.Token);
                    index = Waits.Select(new Select(receive, done));
                },
            ],
            () => Assert.Equal(sent ? 0 : 1, index));
    });

    [Fact]
    public void Late_counterpart_does_not_win_the_next_wait() => Explorer.Explore(2, () =>
    {
        var c = new Chan<int>();
        var d = new Chan<int>();
        bool sent = false;
        int got = 0;
        return (
            [
                () => sent = c.TrySend(1),
                () =>
                {
                    Waits.Send(d.SendAsync(2));
                    Waits.Send(d.SendAsync(4));
                },
                () =>
                {
                    var (select, cases) = Receiving(c, d);
                    while ((got & 6) != 6)
                    {
                        int index = Waits.Select(select);
                        Assert.True(cases[index].Take(out int value));
                        got |= value;
                        cases[0].Off();
                    }
                },
            ],
            () => Assert.Equal(sent ? 7 : 6, got));
    });

    [Fact]
    public void Token_between_two_waits_is_not_missed() => Explorer.Explore(2, () =>
    {
        var c = new Chan<int>();
        var stop = new CancellationTokenSource();
        int waits = 0;
        return (
            [
                () => c.TrySend(1),
                () => stop.Cancel(),
                () =>
                {
                    Receive<int> receive = new();
                    Done done = new();
                    receive.From(c);
                    done.On(stop.Token);
                    var select = new Select(receive, done);
                    while (Waits.Select(select) != 1)
                    {
                        waits++;
                    }
                },
            ],
            () => Assert.InRange(waits, 0, 1));
    });

    [Fact]
    public void Late_token_does_not_win_the_next_wait() => Explorer.Explore(2, () =>
    {
        var c = new Chan<int>();
        var stop = new CancellationTokenSource();
        var got = new List<int>();
        return (
            [
                () =>
                {
                    Waits.Send(c.SendAsync(1));
                    Waits.Send(c.SendAsync(2));
                },
                () => stop.Cancel(),
                () =>
                {
                    Receive<int> receive = new();
                    Done done = new();
                    receive.From(c);
                    done.On(stop.Token);
                    var select = new Select(receive, done);
                    while (got.Count < 2)
                    {
                        if (Waits.Select(select) == 0)
                        {
                            Assert.True(receive.Take(out int value));
                            got.Add(value);
                        }

                        done.On(CancellationToken.None);
                    }
                },
            ],
            () => Assert.Equal([1, 2], got));
    });

    // TestNonblockSelectRace: at every moment one of the two is ready.
    [Fact]
    public void Default_looks_at_one_moment() => Explorer.Explore(3, () =>
    {
        var c1 = new Chan<int>(1);
        var c2 = new Chan<int>(1);
        c1.TrySend(1);
        bool missed = false;
        return (
            [
                () =>
                {
                    var (select, _) = Receiving(c1, c2);
                    missed = select.Try() < 0;
                },
                () =>
                {
                    c2.TrySend(1);
                    c1.TryReceive(out int _);
                },
            ],
            () => Assert.False(missed));
    });

    // TestNonblockSelectRace2: the same, with a close.
    [Fact]
    public void Default_sees_a_close_at_one_moment() => Explorer.Explore(3, () =>
    {
        var c1 = new Chan<int>(1);
        var c2 = new Chan<int>();
        c1.TrySend(1);
        bool missed = false;
        return (
            [
                () =>
                {
                    var (select, _) = Receiving(c2, c1);
                    missed = select.Try() < 0;
                },
                () =>
                {
                    c2.Close();
                    c1.TryReceive(out int _);
                },
            ],
            () => Assert.False(missed));
    });

    private static (Select Select, Receive<int>[] Cases) Receiving(params Chan<int>[] chans)
    {
        var cases = Array.ConvertAll(chans, chan =>
        {
            Receive<int> receive = new();
            receive.From(chan);
            return receive;
        });
        return (new Select(cases), cases);
    }
}
