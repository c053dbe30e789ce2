using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Sluice.Tests;

/// <summary>What Go's own tests check of channels; the numbers are those of the list of semantics.</summary>
#pragma warning disable xUnit1031 // GetResult of an operation that is over does not block
public sealed class ChannelSemanticsTests
{
    public static TheoryData<int> Capacities => [0, 1, 2, 3, 7, 16, 100];

    [Fact]
    public async Task P01_Nil_blocks_for_ever_and_closing_it_throws()
    {
        var nil = Chan<int>.Nil;
        using var stop = new CancellationTokenSource();
        Task receive = nil.ReceiveAsync(stop.Token).AsTask();
        Task send = nil.SendAsync(1, stop.Token).AsTask();
        Task again = nil.ReceiveAsync(stop.Token).AsTask();
        Assert.False(nil.TryReceive(out int _, out _));
        Assert.False(nil.TrySend(1));
        await receive.Waits();
        await send.Waits();
        Assert.Throws<InvalidOperationException>(nil.Close);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => receive.Soon());
        await Assert.ThrowsAsync<OperationCanceledException>(() => send.Soon());
        await Assert.ThrowsAsync<OperationCanceledException>(() => again.Soon());
        Chan<int>? none = null;
        Assert.Throws<NullReferenceException>(() => none!.Close());
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public async Task P02_Receive_from_an_empty_channel_blocks(int capacity)
    {
        var c = new Chan<int>(capacity);
        Task first = c.ReceiveAsync().AsTask();
        Task second = c.ReceiveAsync().AsTask();
        Assert.False(c.TryReceive(out int _));
        await first.Waits();
        await second.Waits();
        await c.SendAsync(0);
        await c.SendAsync(0);
        await first.Soon();
        await second.Soon();
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public async Task P02_Send_to_a_full_channel_blocks(int capacity)
    {
        var c = new Chan<int>(capacity);
        for (int i = 0; i < capacity; i++)
        {
            await c.SendAsync(i);
        }

        Task sending = c.SendAsync(0).AsTask();
        Assert.False(c.TrySend(0));
        await sending.Waits();
        await c.ReceiveAsync();
        await sending.Soon();
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public async Task P03_First_in_first_out(int capacity)
    {
        var c = new Chan<int>(capacity);
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                await c.SendAsync(i);
            }
        });
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal((i, true), await c.ReceiveAsync());
        }

        await sending.Soon();
    }

    [Fact]
    public async Task P03_Reading_a_full_buffer_admits_the_first_blocked_sender()
    {
        var c = new Chan<int>(2);
        Task[] sends = Enumerable.Range(0, 5).Select(i => c.SendAsync(i).AsTask()).ToArray();
        Assert.Equal([true, true, false, false, false], sends.Select(send => send.IsCompleted));
        Assert.Equal((0, true), await c.ReceiveAsync());
        await sends[2].Soon();
        Assert.False(sends[3].IsCompleted);
        Assert.Equal(2, c.Count);
        for (int i = 1; i < 5; i++)
        {
            Assert.Equal((i, true), await c.ReceiveAsync());
        }

        await Task.WhenAll(sends).Soon();
    }

    [Fact]
    public async Task P04_Waiters_are_first_in_first_out()
    {
        var c = new Chan<int>();
        Task<(int Value, bool Ok)>[] receives = Enumerable.Range(0, 1000).Select(_ => c.ReceiveAsync().AsTask()).ToArray();
        for (int i = 0; i < receives.Length; i++)
        {
            Assert.True(c.TrySend(i));
            Assert.Equal((i, true), await receives[i].Soon());
        }
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public async Task P05_Receive_from_closed_drains_and_then_gives_the_default(int capacity)
    {
        var c = new Chan<int>(capacity);
        for (int i = 0; i < capacity; i++)
        {
            await c.SendAsync(i + 1);
        }

        c.Close();
        for (int i = 0; i < capacity; i++)
        {
            Assert.Equal((i + 1, true), await c.ReceiveAsync());
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal((0, false), await c.ReceiveAsync());
            Assert.True(c.TryReceive(out int value, out bool ok));
            Assert.Equal((0, false), (value, ok));
            Assert.False(c.TryReceive(out value));
        }
    }

    // TestNonblockRecvRace
    [Fact]
    public async Task P05_A_closed_channel_is_always_ready()
    {
        for (int i = 0; i < 2000; i++)
        {
            var c = new Chan<int>(1);
            await c.SendAsync(1);
            Task<bool> ready = Task.Run(() => c.TryReceive(out _, out _));
            c.Close();
            await c.ReceiveAsync();
            Assert.True(await ready.Soon());
        }
    }

    [Fact]
    public async Task P06_Close_wakes_all_receivers_and_blocked_senders_throw()
    {
        var empty = new Chan<int>(3);
        Task<(int Value, bool Ok)>[] receives = Enumerable.Range(0, 3000).Select(_ => empty.ReceiveAsync().AsTask()).ToArray();
        empty.Close();
        Assert.All(await Task.WhenAll(receives).Soon(), received => Assert.Equal((0, false), received));

        var full = new Chan<int>();
        Task[] sends = Enumerable.Range(0, 3000).Select(_ => full.SendAsync(1).AsTask()).ToArray();
        full.Close();
        foreach (Task send in sends)
        {
            await Assert.ThrowsAsync<ChannelClosedException>(() => send.Soon());
        }

        Assert.Equal((0, false), await full.ReceiveAsync());
    }

    [Fact]
    public async Task P07_Send_on_closed_and_double_close_throw()
    {
        foreach (int capacity in new[] { 0, 2 })
        {
            var c = new Chan<string>(capacity);
            c.Close();
            await Assert.ThrowsAsync<ChannelClosedException>(async () => await c.SendAsync("x"));
            await Assert.ThrowsAsync<ChannelClosedException>(() => c.SendAsync("x").AsTask());
            Assert.Throws<ChannelClosedException>(() => c.TrySend("x"));
            Assert.Throws<ChannelClosedException>(c.Close);
        }
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public async Task P16_Len_and_cap(int capacity)
    {
        var c = new Chan<int>(capacity);
        Assert.Equal((0, capacity), (c.Count, c.Capacity));
        for (int i = 0; i < capacity; i++)
        {
            await c.SendAsync(i);
            Assert.Equal((i + 1, capacity), (c.Count, c.Capacity));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new Chan<int>(-1));
    }

    [Fact]
    public async Task P16_Elements_of_no_size_and_of_interface_type()
    {
        var none = new Chan<Nothing>(100);
        for (int i = 0; i < 100; i++)
        {
            Assert.True(none.TrySend(default));
        }

        Assert.False(none.TrySend(default));
        Assert.True((await none.ReceiveAsync()).Ok);

        // TestChanSendInterface
        var any = new Chan<object?>(1);
        object value = new();
        await any.SendAsync(value);
        Assert.False(any.TrySend(value));
        Assert.Same(value, (await any.ReceiveAsync()).Value);
        await any.SendAsync(null);
        Assert.Equal((null, true), await any.ReceiveAsync());
    }

    // TestMultiConsumer
    [Fact]
    public async Task P18_Range_by_many_consumers()
    {
        const int Rounds = 27_182;
        int[] primes = [2, 3, 7, 11, 13, 17, 19, 23, 27, 31];
        var q = new Chan<int>(69);
        var r = new Chan<int>(69);
        var workers = new WaitGroup();
        for (int w = 0; w < 23; w++)
        {
            int own = primes[w % primes.Length];
            _ = workers.Go(async () =>
            {
                await foreach (int v in q)
                {
                    if (v == own)
                    {
                        await Task.Yield();
                    }

                    await r.SendAsync(v);
                }
            });
        }

        int expected = 0;
        Task feeding = Task.Run(async () =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                int v = primes[i % primes.Length];
                expected += v;
                await q.SendAsync(v);
            }

            q.Close();
            await workers.WaitAsync();
            r.Close();
        });
        int count = 0;
        int sum = 0;
        await foreach (int v in r)
        {
            count++;
            sum += v;
        }

        await feeding.Soon();
        Assert.Equal((Rounds, expected), (count, sum));
    }

    [Fact]
    public async Task P18_One_direction_views()
    {
        var c = new Chan<int>(1);
        static async Task Produce(SendOnly<int> to)
        {
            for (int i = 0; i < 3; i++)
            {
                await to.SendAsync(i);
            }

            to.Close();
        }

        static async Task<List<int>> Consume(ReceiveOnly<int> from)
        {
            var got = new List<int>();
            await foreach (int v in from)
            {
                got.Add(v);
            }

            return got;
        }

        Task producing = Produce(c);
        Assert.Equal([0, 1, 2], await Consume(c).Soon());
        await producing;
        Assert.Throws<InvalidOperationException>(() => default(SendOnly<int>).Close());
        await default(ReceiveOnly<int>).ReceiveAsync().AsTask().Waits();
    }

    [Fact]
    public async Task P18_Range_is_an_async_enumerable()
    {
        var c = new Chan<int>(3);
        await c.SendAsync(1);
        await c.SendAsync(2);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (int v in c.WithCancellation(stop.Token))
            {
                if (v == 2)
                {
                    await stop.CancelAsync();
                }
            }
        });
    }

    [Fact]
    public async Task P19_A_cancelled_operation_moved_nothing()
    {
        for (int round = 0; round < 500; round++)
        {
            var c = new Chan<int>(round % 2);
            using var stop = new CancellationTokenSource();
            int sent = 0;
            int received = 0;
            Task Sender() => Task.Run(async () =>
            {
                try
                {
                    for (int i = 0; i < 20; i++)
                    {
                        await c.SendAsync(1, stop.Token);
                        Interlocked.Increment(ref sent);
                    }
                }
                catch (OperationCanceledException)
                {
                }
            });
            Task Receiver() => Task.Run(async () =>
            {
                try
                {
                    for (int i = 0; i < 20; i++)
                    {
                        await c.ReceiveAsync(stop.Token);
                        Interlocked.Increment(ref received);
                    }
                }
                catch (OperationCanceledException)
                {
                }
            });
            Task all = Task.WhenAll(Sender(), Sender(), Receiver(), Receiver());
            Thread.SpinWait(round * 10);
            await stop.CancelAsync();
            await all.Soon();
            Assert.Equal(sent, received + c.Count);
        }
    }

    [Fact]
    public async Task P20_A_token_already_cancelled_wins_over_what_is_ready()
    {
        var c = new Chan<int>(2);
        await c.SendAsync(1);
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await c.ReceiveAsync(cancelled));
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await c.SendAsync(2, cancelled));
        Assert.Equal(1, c.Count);
    }

    [Fact]
    public void P21_An_operation_that_can_complete_at_once_does_not_yield()
    {
        var c = new Chan<int>(1);
        Sending send = c.SendAsync(1);
        Assert.True(send.IsCompleted);
        send.GetResult();
        Receiving<int> receive = c.ReceiveAsync();
        Assert.True(receive.IsCompleted);
        Assert.Equal((1, true), receive.GetResult());
    }

    [Fact]
    public async Task An_operation_is_awaited_once()
    {
        var c = new Chan<int>();
        Receiving<int> receive = c.ReceiveAsync();
        Assert.Throws<InvalidOperationException>(() => receive.GetResult());
        await c.SendAsync(1);
        Assert.Equal((1, true), await receive);
        Assert.Throws<InvalidOperationException>(() => receive.GetResult());
    }

    // The version of a waiter wraps round, also where overflow is checked.
    [Fact]
    public async Task A_waiter_is_used_again_without_end()
    {
        var c = new Chan<int>();
        for (int i = 0; i < 70_000; i++)
        {
            Receiving<int> receive = c.ReceiveAsync();
            Assert.True(c.TrySend(i));
            var (value, _) = await receive;
            if (value != i)
            {
                Assert.Fail($"{value} instead of {i}");
            }
        }
    }

    [Fact]
    public async Task Reader_and_writer_are_ordinary_ones()
    {
        var c = new Chan<int>(2);
        Assert.Same(c.Reader, c.Reader);
        Task<List<int>> reading = Task.Run(async () =>
        {
            var got = new List<int>();
            await foreach (int v in c.Reader.ReadAllAsync())
            {
                got.Add(v);
            }

            return got;
        });
        for (int i = 0; i < 100; i++)
        {
            while (await c.Writer.WaitToWriteAsync() && !c.Writer.TryWrite(i))
            {
            }
        }

        Assert.True(c.Writer.TryComplete());
        Assert.False(c.Writer.TryComplete());
        Assert.False(c.Writer.TryWrite(1));
        Assert.False(await c.Writer.WaitToWriteAsync());
        Assert.Equal(Enumerable.Range(0, 100), await reading.Soon());
        await c.Reader.Completion.Soon();
        Assert.False(await c.Reader.WaitToReadAsync());
        await Assert.ThrowsAsync<ChannelClosedException>(async () => await c.Reader.ReadAsync());
    }

    [Fact]
    public async Task Context_flows_and_does_not_leak()
    {
        var local = new AsyncLocal<string>();
        var c = new Chan<int>();
        async Task<string> Wait(string name)
        {
            local.Value = name;
            await c.ReceiveAsync();
            string seen = local.Value!;
            local.Value = "changed by " + name;
            await c.ReceiveAsync();
            return seen + ", " + local.Value;
        }

        Task<string>[] waits = [Task.Run(() => Wait("a")), Task.Run(() => Wait("b")), Task.Run(() => Wait("c"))];
        local.Value = "sender";
        for (int i = 0; i < 6; i++)
        {
            await c.SendAsync(i);
            Assert.Equal("sender", local.Value);
        }

        Assert.Equal(["a, changed by a", "b, changed by b", "c, changed by c"], await Task.WhenAll(waits).Soon());
    }

    [Fact]
    public async Task Values_are_not_kept_alive()
    {
        var c = new Chan<object>(2);
        WeakReference[] passed = [await Pass(c), await Pass(c), await PassWaiting(c)];
        for (int i = 0; i < 10 && passed.Any(value => value.IsAlive); i++)
        {
            await Task.Delay(1);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.All(passed, value => Assert.False(value.IsAlive));
        GC.KeepAlive(c);

        static async Task<WeakReference> Pass(Chan<object> c)
        {
            await c.SendAsync(new object());
            return new WeakReference((await c.ReceiveAsync()).Value);
        }

        static async Task<WeakReference> PassWaiting(Chan<object> c)
        {
            Receiving<object> receive = c.ReceiveAsync();
            await c.SendAsync(new object());
            return new WeakReference((await receive).Value);
        }
    }

    private readonly struct Nothing;
}
