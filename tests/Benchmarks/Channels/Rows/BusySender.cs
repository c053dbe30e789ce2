using System.Diagnostics;
using System.Threading.Channels;
using Sluice;

namespace ChannelBenchmarks;

/// <summary>How long values are under way whose sender works 20 µs for each and never pauses while there is room: ns at the 50th, 99th, 99.9th percentile, and the longest.</summary>
internal static class BusySender
{
    public const string Name = nameof(BusySender);
    private static readonly TimeSpan Work = TimeSpan.FromMicroseconds(20);

    public static async Task<double[]> Sluice(int n)
    {
        var chan = new Chan<long>(100);
        var sender = Task.Run(async () =>
        {
            for (int i = 0; i < n; i++)
            {
                long start = Stopwatch.GetTimestamp();
                await chan.SendAsync(start);
                WorkSince(start);
            }
        });
        var latencies = new double[n];
        for (int i = 0; i < n; i++)
        {
            var (start, _) = await chan.ReceiveAsync();
            latencies[i] = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        }

        await sender;
        return Percentiles(latencies);
    }

    public static async Task<double[]> Bcl(int n)
    {
        var channel = Channel.CreateBounded<long>(100);
        var sender = Task.Run(async () =>
        {
            for (int i = 0; i < n; i++)
            {
                long start = Stopwatch.GetTimestamp();
                await channel.Writer.WriteAsync(start);
                WorkSince(start);
            }
        });
        var latencies = new double[n];
        for (int i = 0; i < n; i++)
        {
            long start = await channel.Reader.ReadAsync();
            latencies[i] = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        }

        await sender;
        return Percentiles(latencies);
    }

    private static void WorkSince(long start)
    {
        while (Stopwatch.GetElapsedTime(start) < Work)
        {
        }
    }

    private static double[] Percentiles(double[] latencies)
    {
        Array.Sort(latencies);
        int n = latencies.Length;
        return [latencies[n / 2], latencies[n * 99 / 100], latencies[(int)(n * 999L / 1000)], latencies[^1]];
    }
}
