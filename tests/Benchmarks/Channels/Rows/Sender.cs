using System.Threading.Channels;
using Sluice;

#pragma warning disable SLC4013 // who receives goes home only when idle for seconds, and then the sender has ended

namespace ChannelBenchmarks;

/// <summary>The other side of most rows: sends 0, 1, 2, … to one channel after another.</summary>
internal static class Sender
{
    public static Task Start(int n, params Chan<int>[] chans) => Task.Run(async () =>
    {
        for (int i = 0; i < n; i++)
        {
            await chans[i % chans.Length].SendAsync(i);
        }
    });

    public static Task Start(int n, params ChannelWriter<int>[] writers) => Task.Run(async () =>
    {
        for (int i = 0; i < n; i++)
        {
            await writers[i % writers.Length].WriteAsync(i);
        }
    });
}
