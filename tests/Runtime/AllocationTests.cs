using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Sluice.Tests;

/// <summary>Nothing is allocated once a loop is under way, waits that really suspend included.</summary>
[Collection("Alone")]
public sealed class AllocationTests
{
    private const int Rounds = 20_000;

    [Fact]
    public Task Ping_pong() => AllocatesNothing(n =>
    {
        var there = new Chan<int>();
        var back = new Chan<string>();
        return Both(
            async () =>
            {
                for (int i = 0; i < n; i++)
                {
                    await there.SendAsync(i);
                    await back.ReceiveAsync();
                }
            },
            async () =>
            {
                for (int i = 0; i < n; i++)
                {
                    await there.ReceiveAsync();
                    await back.SendAsync("back");
                }
            });
    });

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public Task One_way(int capacity) => AllocatesNothing(n =>
    {
        var c = new Chan<int>(capacity);
        return Both(
            async () =>
            {
                for (int i = 0; i < n; i++)
                {
                    await c.SendAsync(i);
                }

                c.Close();
            },
            async () =>
            {
                int sum = 0;
                await foreach (int v in c)
                {
                    sum += v;
                }
            });
    });

    [Fact]
    public Task Ranges_with_a_token() => AllocatesNothing(async n =>
    {
        using var stop = new CancellationTokenSource();
        var first = new Chan<int>();
        var second = new Chan<int>();
        await Task.WhenAll(
            Task.Run(async () =>
            {
                for (int i = 0; i < n; i++)
                {
                    await first.SendAsync(i);
                }

                first.Close();
            }),
            Task.Run(async () =>
            {
                await foreach (int v in first.WithCancellation(stop.Token))
                {
                    await second.SendAsync(v);
                }

                second.Close();
            }),
            Task.Run(async () =>
            {
                ReceiveOnly<int> input = second;
                await foreach (int v in input.WithCancellation(stop.Token).ConfigureAwait(false))
                {
                }
            }));
    });

    [Fact]
    public Task Four_to_four() => AllocatesNothing(n =>
    {
        var c = new Chan<int>(100);
        return Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Both(
            async () =>
            {
                for (int i = 0; i < n; i++)
                {
                    await c.SendAsync(i);
                }
            },
            async () =>
            {
                for (int i = 0; i < n; i++)
                {
                    await c.ReceiveAsync();
                }
            })));
    });

    [Fact]
    public Task Uncontended_and_try() => AllocatesNothing(async n =>
    {
        var c = new Chan<string>(1);
        for (int i = 0; i < n; i++)
        {
            await c.SendAsync("a");
            await c.ReceiveAsync();
            c.TrySend("b");
            c.TryReceive(out string? _);
        }
    });

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public Task Select_receives(int cases) => AllocatesNothing(n =>
    {
        Chan<int>[] chans = Enumerable.Range(0, cases).Select(_ => new Chan<int>()).ToArray();
        return Both(
            async () =>
            {
                for (int i = 0; i < n; i++)
                {
                    await chans[i % cases].SendAsync(i);
                }
            },
            async () =>
            {
                Receive<int>[] receives = Array.ConvertAll(chans, _ => new Receive<int>());
                using var select = new Select(receives);
                for (int i = 0; i < n; i++)
                {
                    for (int k = 0; k < cases; k++)
                    {
                        receives[k].From(chans[k]);
                    }

                    receives[await select].Take(out _);
                }
            });
    });

    [Fact]
    public Task Select_sends_and_nil_cases() => AllocatesNothing(n =>
    {
        var c = new Chan<int>();
        var d = new Chan<int>();
        return Both(
            async () =>
            {
                Send<int> toC = new();
                Send<int> toD = new();
                using var select = new Select(toC, toD);
                for (int i = 0; i < n; i++)
                {
                    toC.To(i % 2 == 0 ? c : null, i);
                    toD.To(i % 2 == 0 ? null : d, i);
                    await select;
                }
            },
            async () =>
            {
                for (int i = 0; i < n; i++)
                {
                    await (i % 2 == 0 ? c : d).ReceiveAsync();
                }
            });
    });

    [Fact]
    public Task Select_with_default() => AllocatesNothing(n =>
    {
        var c = new Chan<int>(1);
        Receive<int> receive = new();
        receive.From(c);
        using var select = new Select(receive);
        int wrong = 0;
        for (int i = 0; i < n; i++)
        {
            wrong += select.Try() == -1 ? 0 : 1;
            c.TrySend(i);
            wrong += select.Try() == 0 ? 0 : 1;
        }

        Assert.Equal(0, wrong);
        return Task.CompletedTask;
    });

    [Fact]
    public async Task Receive_or_token()
    {
        using var stop = new CancellationTokenSource();
        await AllocatesNothing(n =>
        {
            var c = new Chan<int>();
            return Both(
                async () =>
                {
                    for (int i = 0; i < n; i++)
                    {
                        await c.SendAsync(i, stop.Token);
                    }
                },
                async () =>
                {
                    for (int i = 0; i < n; i++)
                    {
                        await c.ReceiveAsync(stop.Token);
                    }
                });
        });
    }

    [Fact]
    public async Task Receive_timer_or_token()
    {
        using var stop = new CancellationTokenSource();
        await AllocatesNothing(n =>
        {
            var c = new Chan<int>();
            return Both(
                async () =>
                {
                    for (int i = 0; i < n; i++)
                    {
                        await c.SendAsync(i);
                    }
                },
                async () =>
                {
                    Receive<int> receive = new();
                    After after = new();
                    Done done = new();
                    using var select = new Select(receive, after, done);
                    receive.From(c);
                    done.On(stop.Token);
                    for (int i = 0; i < n; i++)
                    {
                        after.In(TimeSpan.FromSeconds(60));
                        await select;
                        receive.Take(out _);
                    }
                });
        });
    }

    private static Task Both(Func<Task> one, Func<Task> other) => Task.WhenAll(Task.Run(one), Task.Run(other));

    /// <summary>Twice as many rounds allocate no more: what is left is the beginning and the noise of a process, far below a byte a round.</summary>
    private static async Task AllocatesNothing(Func<int, Task> loop)
    {
        await loop(Rounds).Soon();
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5 && least >= Rounds; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await loop(Rounds).Soon();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.True(least < Rounds, $"{least} bytes in {Rounds} rounds");
    }
}
