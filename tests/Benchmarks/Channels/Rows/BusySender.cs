using System.Diagnostics;
using System.Threading.Channels;
using Sluice;

namespace ChannelBenchmarks;

/// <summary>
/// How long values are under way whose sender works for each, and never pauses while there is room: ns at the 10th, 50th, 99th, 99.9th percentile, and the longest.
/// The sender was itself woken by a channel, as a stage of a pipeline is: a scheduler that runs who is woken on the thread of who woke it shows here.
/// </summary>
internal static class BusySender
{
    public const string Name = nameof(BusySender);

    /// <summary>For how many µs the sender works.</summary>
    public static readonly IReadOnlyList<int> Works = [20, 2000];

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task<double[]> Sluice(int n, int work)
    {
        var (begin, chan) = (new Chan<bool>(), new Chan<long>(100));
        var sender = Task.Run(async () =>
        {
            await begin.ReceiveAsync();
            for (int i = 0; i < n; i++)
            {
                long start = Stopwatch.GetTimestamp();
                await chan.SendAsync(start);
                Work(start, work);
            }
        });
        await Task.Delay(Pause); // now the sender waits
        await begin.SendAsync(true);
        var latencies = new double[n];
        for (int i = 0; i < n; i++)
        {
            var (start, _) = await chan.ReceiveAsync();
            latencies[i] = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        }

        await sender;
        return Percentiles(latencies);
    }

    public static async Task<double[]> Bcl(int n, int work)
    {
        var (begin, channel) = (Channel.CreateBounded<bool>(0), Channel.CreateBounded<long>(100));
        var sender = Task.Run(async () =>
        {
            await begin.Reader.ReadAsync();
            for (int i = 0; i < n; i++)
            {
                long start = Stopwatch.GetTimestamp();
                await channel.Writer.WriteAsync(start);
                Work(start, work);
            }
        });
        await Task.Delay(Pause);
        await begin.Writer.WriteAsync(true);
        var latencies = new double[n];
        for (int i = 0; i < n; i++)
        {
            long start = await channel.Reader.ReadAsync();
            latencies[i] = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        }

        await sender;
        return Percentiles(latencies);
    }

    private static void Work(long start, int microseconds)
    {
        while (Stopwatch.GetElapsedTime(start).TotalMicroseconds < microseconds)
        {
        }
    }

    private static double[] Percentiles(double[] latencies)
    {
        Array.Sort(latencies);
        int n = latencies.Length;
        return [latencies[n / 10], latencies[n / 2], latencies[n * 99 / 100], latencies[(int)(n * 999L / 1000)], latencies[^1]];
    }
}
