using System.Diagnostics;

namespace ChannelBenchmarks;

/// <summary>What work took of the whole process: processor time and the time that passed in ns, and bytes allocated.</summary>
internal readonly record struct Usage(double Cpu, double Wall, double Bytes)
{
    public static Usage Now => new(Environment.CpuUsage.TotalTime.TotalNanoseconds, Stopwatch.GetElapsedTime(0).TotalNanoseconds, (double)GC.GetTotalAllocatedBytes(precise: true));

    public static Usage operator +(Usage a, Usage b) => new(a.Cpu + b.Cpu, a.Wall + b.Wall, a.Bytes + b.Bytes);

    public static Usage operator -(Usage a, Usage b) => new(a.Cpu - b.Cpu, a.Wall - b.Wall, a.Bytes - b.Bytes);

    public static Usage operator /(Usage a, double n) => new(a.Cpu / n, a.Wall / n, a.Bytes / n);

    public static async Task<Usage> Of(Func<Task> work)
    {
        var start = Now;
        await work();
        return Now - start;
    }
}
