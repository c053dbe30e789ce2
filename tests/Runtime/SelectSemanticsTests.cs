using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Sluice.Tests;

/// <summary>What Go's own tests check of select; the numbers are those of the list of semantics.</summary>
public sealed class SelectSemanticsTests
{
    [Fact]
    public async Task P01_A_nil_case_is_off()
    {
        var c = new Chan<int>(1);
        Receive<int> nil = new();
        Send<int> nilSend = new();
        Receive<int> real = new();
        using var select = new Select(nil, nilSend, real);
        nil.From(null);
        nil.From(Chan<int>.Nil);
        nilSend.To(Chan<int>.Nil, 1);
        nilSend.To(null, 1);
        real.From(c);
        Assert.Equal(-1, select.Try());
        await c.SendAsync(5);
        Assert.Equal(2, await select);
        Assert.True(real.Take(out int five) && five == 5);
        Assert.Throws<InvalidOperationException>(() => real.Take(out _));
    }

    // TestSelectDuplicateChannel
    [Fact]
    public async Task P04_Losing_entries_do_no_harm()
    {
        var c = new Chan<int>();
        var d = new Chan<int>();
        var e = new Chan<int>();
        var (select, _) = Receiving(c, c, d);
        Task a = Task.Run(async () =>
        {
            Assert.Equal(2, await select);
            await e.SendAsync(9);
        });
        await Task.Delay(5);
        Task<(int Value, bool Ok)> b = c.ReceiveAsync().AsTask();
        await d.SendAsync(7);
        await e.ReceiveAsync();
        await c.SendAsync(8).AsTask().Soon();
        Assert.Equal((8, true), await b.Soon());
        await a.Soon();
    }

    // select6.go
    [Fact]
    public async Task P04_A_select_that_lost_leaves_the_queue_in_order()
    {
        var c1 = new Chan<bool>();
        var c2 = new Chan<bool>();
        var c3 = new Chan<bool>();
        var c4 = new Chan<bool>();
        Task first = c1.ReceiveAsync().AsTask();
        Task choosing = Task.Run(async () =>
        {
            var (select, _) = Receiving(c1, c2);
            Assert.Equal(1, await select);
            await c3.SendAsync(true);
        });
        await Task.Delay(5);
        Task last = Task.Run(async () =>
        {
            await c1.ReceiveAsync();
            await c4.SendAsync(true);
        });
        await Task.Delay(5);
        await c2.SendAsync(true);
        await c3.ReceiveAsync();
        await c1.SendAsync(true);
        await c1.SendAsync(true);
        await c4.ReceiveAsync();
        await Task.WhenAll(first, choosing, last).Soon();
    }

    [Fact]
    public async Task P07_A_send_case_on_closed_throws()
    {
        var c = new Chan<int>();
        Send<int> send = new();
        send.To(c, 1);
        using var select = new Select(send);
        Task waiting = Task.Run(async () => await select);
        await waiting.Waits();
        c.Close();
        await Assert.ThrowsAsync<ChannelClosedException>(() => waiting.Soon());
        await Assert.ThrowsAsync<ChannelClosedException>(async () => await select);
        Assert.Throws<ChannelClosedException>(() => select.Try());
        send.Off();
        Assert.Equal(-1, select.Try());
    }

    [Fact]
    public async Task P07_A_receive_case_on_closed_happens_every_time()
    {
        var c = new Chan<string>();
        var (select, cases) = Receiving(c);
        Task waiting = Task.Run(async () =>
        {
            Assert.Equal(0, await select);
            Assert.False(cases[0].Take(out string? none));
            Assert.Null(none);
        });
        await waiting.Waits();
        c.Close();
        await waiting.Soon();
        Assert.Equal(0, await select);
        Assert.False(cases[0].Take(out _));
        Assert.Equal(0, select.Try());
    }

    // TestSelectFairness
    [Fact]
    public async Task P08_Chooses_uniformly_among_the_ready()
    {
        const int Trials = 10_000;
        var c1 = new Chan<byte>(Trials + 1);
        var c2 = new Chan<byte>(Trials + 1);
        for (int i = 0; i <= Trials; i++)
        {
            await c1.SendAsync(1);
            await c2.SendAsync(2);
        }

        var (select, cases) = Receiving(new Chan<byte>(), new Chan<byte>(), c1, c2);
        int[] counts = new int[4];
        for (int i = 0; i < Trials; i++)
        {
            int index = await select;
            cases[index].Take(out _);
            counts[index]++;
        }

        Assert.Equal((0, 0), (counts[0], counts[1]));
        Assert.InRange(Math.Abs((counts[2] / (double)Trials) - 0.5), 0, 4.891676 / (2 * Math.Sqrt(Trials)));
    }

    // TestPseudoRandomSend
    [Theory]
    [InlineData(0)]
    [InlineData(400)]
    public async Task P08_Duplicates_have_the_same_chance(int capacity)
    {
        const int N = 400;
        var c = new Chan<int>(capacity);
        int ones = 0;
        Task receiving = Task.Run(async () =>
        {
            for (int i = 0; i < N; i++)
            {
                await Task.Yield();
                ones += (await c.ReceiveAsync()).Value;
            }
        });
        Send<int> one = new();
        Send<int> zero = new();
        using var select = new Select(one, zero);
        for (int i = 0; i < N; i++)
        {
            one.To(c, 1);
            zero.To(c, 0);
            await select;
        }

        await receiving.Soon();
        Assert.InRange(ones, N / 4, N * 3 / 4);
    }

    [Fact]
    public async Task P08_More_than_32_cases()
    {
        Chan<int>[] chans = Enumerable.Range(0, 100).Select(_ => new Chan<int>()).ToArray();
        var (select, cases) = Receiving(chans);
        for (int i = 0; i < 300; i++)
        {
            int at = (i * 37) % 100;
            Task sending = i % 2 == 0 ? chans[at].SendAsync(i).AsTask() : Task.Run(async () => await chans[at].SendAsync(i));
            Assert.Equal(at, await select);
            Assert.True(cases[at].Take(out int value));
            Assert.Equal(i, value);
            await sending.Soon();
        }
    }

    // TestNonblockSelectRace
    [Fact]
    public async Task P09_Default_looks_at_one_moment()
    {
        for (int i = 0; i < 5000; i++)
        {
            var c1 = new Chan<int>(1);
            var c2 = new Chan<int>(1);
            await c1.SendAsync(1);
            var (select, _) = Receiving(c1, c2);
            Task<int> found = Task.Run(() => select.Try());
            await c2.SendAsync(1);
            c1.TryReceive(out int _);
            Assert.NotEqual(-1, await found.Soon());
        }
    }

    // TestNonblockSelectRace2
    [Fact]
    public async Task P09_Default_sees_a_close_at_one_moment()
    {
        for (int i = 0; i < 5000; i++)
        {
            var c1 = new Chan<int>(1);
            var c2 = new Chan<int>();
            await c1.SendAsync(1);
            var (select, _) = Receiving(c1, c2);
            Task<int> found = Task.Run(() => select.Try());
            c2.Close();
            c1.TryReceive(out int _);
            Assert.NotEqual(-1, await found.Soon());
        }
    }

    // doubleselect.go
    [Fact]
    public async Task P10_Exactly_one_case_happens()
    {
        const int Iterations = 20_000;
        Chan<int>[] channels = Enumerable.Range(0, 4).Select(_ => new Chan<int>()).ToArray();
        Task sending = Task.Run(async () =>
        {
            Send<int>[] cases = channels.Select(_ => new Send<int>()).ToArray();
            using var select = new Select(cases);
            for (int i = 0; i < Iterations; i++)
            {
                for (int k = 0; k < 4; k++)
                {
                    cases[k].To(channels[k], i);
                }

                await select;
            }

            Array.ForEach(channels, channel => channel.Close());
        });
        var merged = new Chan<int>();
        var muxes = new WaitGroup();
        foreach (Chan<int> channel in channels)
        {
            _ = muxes.Go(async () =>
            {
                await foreach (int v in channel)
                {
                    await merged.SendAsync(v);
                }
            });
        }

        Task closing = Task.Run(async () =>
        {
            await muxes.WaitAsync();
            merged.Close();
        });
        bool[] seen = new bool[Iterations];
        await foreach (int v in merged)
        {
            Assert.False(seen[v], "sent twice");
            seen[v] = true;
        }

        await Task.WhenAll(sending, closing).Soon();
        Assert.DoesNotContain(false, seen);
    }

    // TestSelfSelect
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task P11_A_select_never_meets_itself(int capacity)
    {
        var c = new Chan<int>(capacity);
        Task Party(int p) => Task.Run(async () =>
        {
            Send<int> send = new();
            Receive<int> receive = new();
            using Select select = p == 0 ? new(send, receive) : new(receive, send);
            receive.From(c);
            for (int i = 0; i < 2000; i++)
            {
                send.To(c, p);
                if (await select == (p == 0 ? 1 : 0))
                {
                    receive.Take(out int v);
                    Assert.False(capacity == 0 && v == p, "it met itself");
                }
            }
        });
        await Task.WhenAll(Party(0), Party(1)).Soon();

        Send<int> alone = new();
        Receive<int> too = new();
        using var self = new Select(alone, too);
        var d = new Chan<int>();
        alone.To(d, 1);
        too.From(d);
        Assert.Equal(-1, self.Try());
        await Task.Run(async () => await self).Waits();
    }

    // TestSelectStress
    [Fact]
    public async Task P12_Senders_receivers_and_facing_selects_under_stress()
    {
        const int N = 5000;
        Chan<int>[] c = [new(), new(), new(2), new(3)];
        var tasks = new List<Task>();
        for (int k = 0; k < 4; k++)
        {
            Chan<int> own = c[k];
            tasks.Add(Task.Run(async () =>
            {
                for (int i = 0; i < N; i++)
                {
                    await own.SendAsync(0);
                }
            }));
            tasks.Add(Task.Run(async () =>
            {
                for (int i = 0; i < N; i++)
                {
                    await own.ReceiveAsync();
                }
            }));
        }

        tasks.Add(Task.Run(async () =>
        {
            int[] n = new int[4];
            Send<int>[] cases = [new(), new(), new(), new()];
            using var select = new Select(cases);
            for (int i = 0; i < 4 * N; i++)
            {
                for (int k = 0; k < 4; k++)
                {
                    cases[k].To(n[k] == N ? null : c[k], 0);
                }

                n[await select]++;
            }

            Assert.All(n, count => Assert.Equal(N, count));
        }));
        tasks.Add(Task.Run(async () =>
        {
            int[] n = new int[4];
            var (select, cases) = Receiving(c);
            for (int i = 0; i < 4 * N; i++)
            {
                for (int k = 0; k < 4; k++)
                {
                    cases[k].From(n[k] == N ? null : c[k]);
                }

                n[await select]++;
            }

            Assert.All(n, count => Assert.Equal(N, count));
        }));
        await Task.WhenAll(tasks).Soon();
    }

    [Fact]
    public async Task P12_Selects_meet_whose_cases_change_channels_and_go_off_and_on()
    {
        const int Each = 5_000;
        Chan<int>[] chans = Enumerable.Range(0, 4).Select(_ => new Chan<int>()).ToArray();
        using var stop = new CancellationTokenSource();
        int received = 0;
        Task[] receivers = Enumerable.Range(0, 2).Select(seed => Task.Run(() => ReceiveAsync(new Random(seed)))).ToArray();
        await Task.WhenAll(Enumerable.Range(2, 2).Select(seed => Task.Run(() => SendAsync(new Random(seed))))).Soon();
        await stop.CancelAsync();
        await Task.WhenAll(receivers).Soon();
        Assert.Equal(2 * Each, received);

        // Always all of the channels, each time in other places, and perhaps one of them twice.
        async Task ReceiveAsync(Random random)
        {
            Receive<int>[] cases = Enumerable.Range(0, 5).Select(_ => new Receive<int>()).ToArray();
            Done done = new();
            done.On(stop.Token);
            using var select = new Select([.. cases, done]);
            while (true)
            {
                random.Shuffle(cases);
                for (int i = 0; i < chans.Length; i++)
                {
                    cases[i].From(chans[i]);
                }

                cases[4].From(AnyOrNull(random));
                int happened = await select;
                if (happened == 5)
                {
                    return;
                }

                Receive<int> taken = Array.Find(cases, @case => @case.Index == happened)!;
                Assert.True(taken.Take(out _));
                Interlocked.Increment(ref received);
            }
        }

        async Task SendAsync(Random random)
        {
            Send<int>[] cases = Enumerable.Range(0, 3).Select(_ => new Send<int>()).ToArray();
            using var select = new Select([.. cases]);
            for (int i = 0; i < Each; i++)
            {
                cases[0].To(chans[random.Next(chans.Length)], i);
                cases[1].To(AnyOrNull(random), i);
                cases[2].To(AnyOrNull(random), i);
                await select;
            }
        }

        Chan<int>? AnyOrNull(Random random) => random.Next(2) == 0 ? null : chans[random.Next(chans.Length)];
    }

    [Fact]
    public async Task P13_An_empty_or_all_nil_select_blocks_for_ever()
    {
        using var empty = new Select();
        Assert.Equal(-1, empty.Try());
        await Task.Run(async () => await empty).Waits();
        using var off = new Select(new Receive<int>(), new Send<string>(), new After(), new Done(), new When(), new Tick());
        Assert.Equal(-1, off.Try());
        await Task.Run(async () => await off).Waits();
    }

    // select2.go
    // select5.go, sendstmt.go
    [Fact]
    public async Task P14_Operands_are_evaluated_once_in_source_order()
    {
        var evaluated = new List<string>();
        var c = new Chan<string>(3);
        Send<string> send = new();
        Receive<string> receive = new();
        using var select = new Select(send, receive);
        await Chan("a").SendAsync(Value("b"));
        Chan("c").TrySend(Value("d"));
        send.To(Chan("e"), Value("f"));
        receive.From(Chan("g"));
        receive.Off();
        Assert.Equal(0, await select);
        send.Off();
        receive.From(Chan("h"));
        Assert.Equal(1, await select);
        Assert.Equal(1, select.Try());
        Assert.Equal(["a", "b", "c", "d", "e", "f", "g", "h"], evaluated);
        Assert.True(receive.Take(out string? second) && second == "d");

        Chan<string> Chan(string name)
        {
            evaluated.Add(name);
            return c;
        }

        string Value(string name)
        {
            evaluated.Add(name);
            return name;
        }
    }

    [Fact]
    public async Task P15_Selects_on_quiet_channels_do_not_grow_memory()
    {
        var quiet = new Chan<int>();
        var busy = new Chan<int>();
        var (select, cases) = Receiving(quiet, busy);
        async Task Rounds(int count)
        {
            Task sending = Task.Run(async () =>
            {
                for (int i = 0; i < count; i++)
                {
                    await busy.SendAsync(i);
                }
            });
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(1, await select);
                cases[1].Take(out _);
            }

            await sending;
        }

        await Rounds(1000);
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5 && least > 100_000; attempt++)
        {
            // Other tests run beside this one, and hold what they hold.
            long before = GC.GetTotalMemory(forceFullCollection: true);
            await Rounds(20_000);
            least = Math.Min(least, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.InRange(least, long.MinValue, 100_000);
    }

    // chanlinear.go
    [Fact]
    public async Task P15_Leaving_a_long_queue_takes_constant_time()
    {
        static async Task<TimeSpan> Run(int waiters)
        {
            var c = new Chan<int>();
            using var stop = new CancellationTokenSource();
            Task[] waits = Enumerable.Range(0, waiters).Select(_ => (Task)c.ReceiveAsync(stop.Token).AsTask()).ToArray();
            var watch = System.Diagnostics.Stopwatch.StartNew();
            await stop.CancelAsync();
            watch.Stop();
            foreach (Task wait in waits)
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
            }

            return watch.Elapsed;
        }

        await Run(100);
        TimeSpan few = await Run(1000);
        TimeSpan many = await Run(10_000);
        Assert.True(many < (few * 60) + TimeSpan.FromMilliseconds(100), $"{few} for 1000, {many} for 10000");
    }

    [Fact]
    public async Task P20_A_cancelled_token_wins_and_a_timeout_does_not()
    {
        var c = new Chan<int>(100);
        for (int i = 0; i < 100; i++)
        {
            await c.SendAsync(i);
        }

        Receive<int> receive = new();
        After after = new();
        Done done = new();
        using var select = new Select(receive, after, done);
        receive.From(c);
        int timeouts = 0;
        for (int i = 0; i < 60; i++)
        {
            after.In(TimeSpan.Zero);
            timeouts += await select == 1 ? 1 : 0;
        }

        Assert.InRange(timeouts, 10, 50);
        done.On(new CancellationToken(canceled: true));
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(2, await select);
            Assert.Equal(2, select.Try());
        }

        done.On(CancellationToken.None);
        after.Off();
        Assert.Equal(0, await select);
    }

    [Fact]
    public async Task A_timer_may_be_set_earlier_or_later_or_fire_again()
    {
        var c = new Chan<int>();
        Receive<int> receive = new();
        After after = new();
        using var select = new Select(receive, after);
        receive.From(c);
        after.In(TimeSpan.FromHours(1));
        Task sending = Task.Run(async () =>
        {
            await Task.Delay(5);
            await c.SendAsync(1);
        });
        Assert.Equal(0, await select);
        await sending;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (int i = 0; i < 3; i++)
        {
            after.In(TimeSpan.FromMilliseconds(30));
            Assert.Equal(1, await select);
        }

        Assert.InRange(watch.ElapsedMilliseconds, 80, 5000);
        after.In(TimeSpan.FromMilliseconds(1));
        after.In(TimeSpan.FromMilliseconds(100));
        watch.Restart();
        Assert.Equal(1, await select);
        Assert.InRange(watch.ElapsedMilliseconds, 90, 5000);
        Assert.Equal(-1, select.Try());
    }

    [Fact]
    public async Task Misuse_is_said()
    {
        var c = new Chan<int>();
        var (select, cases) = Receiving(c);
        Task waiting = Task.Run(async () => await select);
        await waiting.Waits();
        Assert.Throws<InvalidOperationException>(() => select.Try());
        Assert.Throws<InvalidOperationException>(() => cases[0].From(new Chan<int>()));
        await c.SendAsync(1);
        await waiting.Soon();
        Assert.Throws<InvalidOperationException>(() => new Select(cases[0]).Try());
    }

    [Fact]
    public async Task Foreign_channels_lose_and_repeat_nothing()
    {
        const int N = 3000;
        var bcl = Channel.CreateBounded<int>(3);
        var ours = new Chan<int>();
        Task[] sending =
        [
            Task.Run(async () =>
            {
                Send<int> send = new();
                using var select = new Select(send);
                for (int i = 0; i < N; i++)
                {
                    send.To(bcl.Writer, i);
                    await select;
                }

                bcl.Writer.Complete();
            }),
            Task.Run(async () =>
            {
                for (int i = 0; i < N; i++)
                {
                    await ours.SendAsync(i + N);
                }

                ours.Close();
            }),
        ];
        int[] seen = new int[2 * N];
        Task Receiver() => Task.Run(async () =>
        {
            Receive<int> foreign = new();
            Receive<int> own = new();
            foreign.From(bcl.Reader);
            own.From(ours);
            using var select = new Select(foreign, own);
            for (int open = 2; open > 0;)
            {
                Receive<int> happened = await select == 0 ? foreign : own;
                if (happened.Take(out int value))
                {
                    Interlocked.Increment(ref seen[value]);
                }
                else
                {
                    happened.Off();
                    open--;
                }
            }
        });
        await Task.WhenAll([.. sending, Receiver(), Receiver(), Receiver()]).Soon();
        Assert.All(seen, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task A_foreign_channel_that_failed_says_why()
    {
        var bcl = Channel.CreateUnbounded<int>();
        Receive<int> receive = new();
        receive.From(bcl.Reader);
        using var select = new Select(receive);
        bcl.Writer.Complete(new FormatException("broken"));
        await Assert.ThrowsAsync<FormatException>(async () => await select);
        Send<int> send = new();
        send.To(bcl.Writer, 1);
        using var sending = new Select(send);
        await Assert.ThrowsAsync<ChannelClosedException>(async () => await sending);
    }

    private static (Select Select, Receive<T>[] Cases) Receiving<T>(params Chan<T>[] chans)
    {
        Receive<T>[] cases = Array.ConvertAll(chans, chan =>
        {
            Receive<T> receive = new();
            receive.From(chan);
            return receive;
        });
        return (new Select(cases), cases);
    }
}
