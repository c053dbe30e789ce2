using System.Threading.Channels;
using Sluice;

#pragma warning disable SLC5001 // who waits tells the countdown, and that is waited for

namespace ChannelBenchmarks;

/// <summary>From the close until the last of a thousand waiters has gone on.</summary>
internal static class CloseMany
{
    private const int Waiters = 1000;

    public static async Task<Usage> Sluice(int n)
    {
        var used = default(Usage);
        for (int done = 0; done < n; done += Waiters)
        {
            var chan = new Chan<int>();
            var woken = new Countdown(Waiters);
            for (int i = 0; i < Waiters; i++)
            {
                _ = WaitAsync(chan, woken);
            }

            used += await Usage.Of(() =>
            {
                chan.Close();
                return woken.Task;
            });
        }

        return used;

        static async Task WaitAsync(Chan<int> chan, Countdown woken)
        {
            await chan.ReceiveAsync();
            woken.Signal();
        }
    }

    public static async Task<Usage> Bcl(int n)
    {
        var used = default(Usage);
        for (int done = 0; done < n; done += Waiters)
        {
            var channel = Channel.CreateBounded<int>(0);
            var woken = new Countdown(Waiters);
            for (int i = 0; i < Waiters; i++)
            {
                _ = WaitAsync(channel, woken);
            }

            used += await Usage.Of(() =>
            {
                channel.Writer.Complete();
                return woken.Task;
            });
        }

        return used;

        // A ReadAsync would throw; this is how the BCL tells many of the end.
        static async Task WaitAsync(Channel<int> channel, Countdown woken)
        {
            await channel.Reader.WaitToReadAsync();
            woken.Signal();
        }
    }

    private sealed class Countdown(int count)
    {
        private readonly TaskCompletionSource _zero = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count = count;

        public Task Task => _zero.Task;

        public void Signal()
        {
            if (Interlocked.Decrement(ref _count) == 0)
            {
                _zero.SetResult();
            }
        }
    }
}
