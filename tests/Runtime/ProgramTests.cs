using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Sluice.Tests;

/// <summary>Whole programs of Go's tests, and groups.</summary>
public sealed class ProgramTests
{
    // sieve1.go
    [Fact]
    public async Task Prime_sieve()
    {
        static async Task Generate(SendOnly<int> to, CancellationToken stop)
        {
            for (int i = 2; ; i++)
            {
                await to.SendAsync(i, stop);
            }
        }

        static async Task Filter(ReceiveOnly<int> from, SendOnly<int> to, int prime, CancellationToken stop)
        {
            while (true)
            {
                var (i, _) = await from.ReceiveAsync(stop);
                if (i % prime != 0)
                {
                    await to.SendAsync(i, stop);
                }
            }
        }

        await using var group = new Group();
        var c = new Chan<int>();
        Chan<int> first = c;
        group.Go(stop => Generate(first, stop));
        var primes = new List<int>();
        for (int i = 0; i < 100; i++)
        {
            var (prime, _) = await c.ReceiveAsync();
            primes.Add(prime);
            Chan<int> from = c;
            Chan<int> to = new();
            group.Go(stop => Filter(from, to, prime, stop));
            c = to;
        }

        Assert.Equal((2, 541), (primes[0], primes[^1]));
    }

    // A ring of thousands, each of which passes the token on.
    [Fact]
    public async Task Ring_of_thousands()
    {
        const int Size = 5000;
        Chan<int>[] ring = Enumerable.Range(0, Size + 1).Select(_ => new Chan<int>()).ToArray();
        Task[] passing = Enumerable.Range(0, Size).Select(k => Task.Run(async () =>
        {
            await foreach (int v in ring[k])
            {
                await ring[k + 1].SendAsync(v + 1);
            }

            ring[k + 1].Close();
        })).ToArray();
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < 5; i++)
            {
                await ring[0].SendAsync(i);
            }

            ring[0].Close();
        });
        var got = new List<int>();
        await foreach (int v in ring[Size])
        {
            got.Add(v - Size);
        }

        await Task.WhenAll([.. passing, sending]).Soon();
        Assert.Equal([0, 1, 2, 3, 4], got);
    }

    [Fact]
    public async Task A_busy_sender_does_not_starve_its_receiver()
    {
        var c = new Chan<int>(1000);
        var go = new Chan<int>();
        bool received = false;
        Task receiving = Task.Run(async () =>
        {
            await c.ReceiveAsync();
            Volatile.Write(ref received, true);
        });
        await Task.Delay(10);
        bool seen = false;
        Task sending = Task.Run(async () =>
        {
            await go.ReceiveAsync(); // from here a runner runs this code
            await c.SendAsync(1);
            long end = Environment.TickCount64 + 10_000;
            while (!Volatile.Read(ref received) && Environment.TickCount64 < end)
            {
                // computes, and never suspends
            }

            seen = Volatile.Read(ref received);
        });
        await go.SendAsync(1);
        await sending.Soon();
        await receiving.Soon();
        Assert.True(seen);
    }

    [Fact]
    public async Task Blocking_on_what_was_woken_ends()
    {
        var go = new Chan<int>();
        var c = new Chan<int>();
        Task<int> inner = Task.Run(async () => (await c.ReceiveAsync()).Value);
        Task<int> outer = Task.Run(async () =>
        {
            await go.ReceiveAsync();
            await c.SendAsync(7);
            return Blocked(inner); // sync over async, which is bad and happens
        });
        await go.SendAsync(1);
        Assert.Equal(7, await outer.Soon());

        static int Blocked(Task<int> task) => task.GetAwaiter().GetResult();
    }

    [Fact]
    public async Task The_synchronization_context_is_kept()
    {
        var context = new Counting();
        var c = new Chan<int>();
        var (seenReceive, seenSelect) = (false, false);
        Task waiting = Task.Run(async () =>
        {
            SynchronizationContext.SetSynchronizationContext(context);
            await c.ReceiveAsync();
            seenReceive = ReferenceEquals(SynchronizationContext.Current, context);
            Receive<int> receive = new();
            receive.From(c);
            using var select = new Select(receive);
            await select;
            seenSelect = ReferenceEquals(SynchronizationContext.Current, context);
        });
        await c.SendAsync(1);
        await c.SendAsync(2);
        await waiting.Soon();
        Assert.True(seenReceive && seenSelect);
    }

    [Fact]
    public async Task ConfigureAwait_leaves_the_synchronization_context()
    {
        var c = new Chan<int>();
        await Leaves(async () => await c.ReceiveAsync().ConfigureAwait(false), () => c.TrySend(1));
        await Leaves(async () => await c.SendAsync(1).ConfigureAwait(false), () => c.TryReceive(out _));
        var receive = new Receive<int>();
        receive.From(c);
        using var select = new Select(receive);
        await Leaves(async () => await select.ConfigureAwait(false), () => c.TrySend(1));
        await Leaves(
            async () =>
            {
                await foreach (int v in c.ConfigureAwait(false).WithCancellation(CancellationToken.None))
                {
                    break;
                }
            },
            () => c.TrySend(1));

        static async Task Leaves(Func<Task> operation, Func<bool> counterpart)
        {
            var context = new Counting();
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task<bool> leaving = Task.Run(async () =>
            {
                SynchronizationContext.SetSynchronizationContext(context);
                Task waiting = operation();
                SynchronizationContext.SetSynchronizationContext(null);
                begun.SetResult();
                await waiting;
                return context.Posts == 0;
            });
            await begun.Task.Soon();
            Assert.True(counterpart());
            Assert.True(await leaving.Soon());
        }
    }

    [Fact]
    public async Task A_range_with_a_token_ends_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var c = new Chan<int>(2);
        await c.SendAsync(1);
        await c.SendAsync(2);
        int sum = 0;
        Task ranging = Task.Run(async () =>
        {
            ReceiveOnly<int> input = c;
            await foreach (int v in input.WithCancellation(stop.Token))
            {
                sum += v;
                if (sum == 3)
                {
                    stop.CancelAfter(10);
                }
            }
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ranging.Soon());
        Assert.Equal(3, sum);
        using var other = new CancellationTokenSource();
        c.TrySend(4);
        c.Close();
        await foreach (int v in c.WithCancellation(other.Token))
        {
            sum += v;
        }

        Assert.Equal(7, sum);
    }

    [Fact]
    public async Task WaitGroup_waits_for_all_and_refuses_too_many()
    {
        var group = new WaitGroup();
        Assert.True(group.WaitAsync().IsCompleted);
        group.Add(2);
        Task waiting = group.WaitAsync();
        group.Done();
        await waiting.Waits();
        group.Done();
        await waiting.Soon();
        Assert.Throws<InvalidOperationException>(group.Done);
        int done = 0;
        for (int i = 0; i < 100; i++)
        {
            _ = group.Go(async () =>
            {
                await Task.Yield();
                Interlocked.Increment(ref done);
            });
        }

        await group.WaitAsync().Soon();
        Assert.Equal(100, done);
    }

    [Fact]
    public async Task Group_loses_no_failure()
    {
        var group = new Group();
        var both = new Chan<int>();
        group.Go(async () =>
        {
            await both.SendAsync(1);
            throw new FormatException("one");
        });
        group.Go(async () =>
        {
            await both.ReceiveAsync();
            throw new TimeoutException("two");
        });
        group.Go(async stop => await Chan<int>.Nil.ReceiveAsync(stop));
        var thrown = await Assert.ThrowsAsync<AggregateException>(() => group.WaitAsync().Soon());
        Assert.Equal(["one", "two"], thrown.InnerExceptions.Select(e => e.Message).Order());
        await group.DisposeAsync();

        var unseen = new Group();
        unseen.Go(() => throw new FormatException("unseen"));
        await Assert.ThrowsAsync<FormatException>(async () => await unseen.DisposeAsync());
    }

    [Fact]
    public async Task Group_ends_what_was_started_after_a_wait()
    {
        var group = new Group();
        group.Go(() => throw new FormatException("early"));
        await Assert.ThrowsAsync<FormatException>(() => group.WaitAsync().Soon());
        bool ended = false;
        group.Go(async () =>
        {
            await Task.Delay(50);
            ended = true;
            throw new TimeoutException("late");
        });
        await Assert.ThrowsAsync<TimeoutException>(() => group.DisposeAsync().AsTask().Soon());
        Assert.True(ended);
        Assert.Throws<ObjectDisposedException>(() => group.Go(() => Task.CompletedTask));
        await group.DisposeAsync();
    }

    [Fact]
    public async Task Group_that_is_left_cancels_what_was_started_after_a_wait()
    {
        bool cancelled = false;
        await using (var group = new Group())
        {
            await group.WaitAsync().Soon();
            group.Go(async stop =>
            {
                try
                {
                    await Chan<int>.Nil.ReceiveAsync(stop);
                }
                finally
                {
                    cancelled = true;
                }
            });
        }

        Assert.True(cancelled);
    }

    [Fact]
    public async Task Group_keeps_its_limit_and_its_parent()
    {
        using var parent = new CancellationTokenSource();
        await using var group = new Group(3, parent.Token);
        int running = 0;
        int most = 0;
        for (int i = 0; i < 30; i++)
        {
            group.Go(async () =>
            {
                int now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                await Task.Delay(1);
                Interlocked.Decrement(ref running);
            });
        }

        await group.WaitAsync().Soon();
        Assert.InRange(most, 1, 3);
        group.Go(async stop => await Task.Delay(Timeout.Infinite, stop));
        await parent.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => group.WaitAsync().Soon());

        static void InterlockedMax(ref int location, int value)
        {
            for (int seen = location; seen < value; seen = location)
            {
                Interlocked.CompareExchange(ref location, value, seen);
            }
        }
    }

    private sealed class Counting : SynchronizationContext
    {
        private int _posts;

        public int Posts => Volatile.Read(ref _posts);

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posts);
            ThreadPool.QueueUserWorkItem(_ =>
            {
                SetSynchronizationContext(this);
                d(state);
                SetSynchronizationContext(null);
            });
        }
    }
}
