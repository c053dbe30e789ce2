using System;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;

namespace Sluice.Tests;

/// <summary>Who is woken by code that goes on working does not wait for it, when there is another core.</summary>
[Collection("Alone")]
public sealed class LatencyTests
{
    [Fact]
    public async Task An_idle_core_takes_who_was_woken_by_a_busy_sender()
    {
        if (Environment.ProcessorCount == 1)
        {
            return;
        }

        var (begin, c) = (new Chan<bool>(), new Chan<int>());
        var received = new ManualResetEventSlim();
        bool isInTime = false;
        Task receiving = ReceiveAsync();
        Task sending = SendAsync();
        begin.Lock.Enter();
        begin.SendLocked(true, out Waiter? sender);
        begin.Lock.Exit();
        Assert.True(sender!.TryComplete());

        // A thread of its own has a runner of its own; and without the clock that rescues who is stranded, only another core can help.
        await WithoutRescue(() =>
        {
            var thread = new Thread(() => Runner.Run(sender));
            thread.Start();
            thread.Join();
        });
        await Task.WhenAll(receiving, sending).Soon();
        Assert.True(isInTime);

        async Task ReceiveAsync()
        {
            await c.ReceiveAsync().ConfigureAwait(false);
            received.Set();
        }

        async Task SendAsync()
        {
            await begin.ReceiveAsync().ConfigureAwait(false);
            Assert.True(c.TrySend(1));
            isInTime = received.Wait(TimeSpan.FromSeconds(10)); // stands for work that takes so long
        }
    }

    private static async Task WithoutRescue(Action action)
    {
        FieldInfo awake = typeof(Rescue).GetField("Awake", BindingFlags.NonPublic | BindingFlags.Static)!;
        while ((int)awake.GetValue(null)! != 0)
        {
            await Task.Delay(10); // it falls asleep when nothing moves
        }

        awake.SetValue(null, 1); // so that nobody wakes it
        try
        {
            await Task.Run(action);
        }
        finally
        {
            awake.SetValue(null, 0);
        }
    }
}
