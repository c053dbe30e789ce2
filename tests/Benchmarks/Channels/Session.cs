namespace ChannelBenchmarks;

/// <summary>One run on a fixed number of cores: every row in rounds, in each of which the contenders take turns.</summary>
internal sealed class Session(Options options, GoProgram? go)
{
    private const int WarmUpCalls = 60;
    private const double WarmUpNanoseconds = 3e8;

    public async Task Run()
    {
        var measured = new List<Measured>();
        foreach (var row in Row.All.Where(row => options.Wants(row.Name)))
        {
            Console.Error.WriteLine(row.Title);
            measured.Add(await Measure(row));
        }

        var latencies = new List<Latencies>();
        foreach (int work in options.Wants(BusySender.Name) ? BusySender.Works : [])
        {
            latencies.Add(await MeasureLatency(work));
        }

        Report.Print(options.Cores[0], measured, latencies);
    }

    private async Task<Measured> Measure(Row row)
    {
        List<Func<int, Task<Usage>>> contenders = [row.Sluice, row.Bcl];
        if (go is not null)
        {
            contenders.Add(n => go.Use(row.Name, n));
        }

        var counts = new List<int>();
        foreach (var contender in contenders)
        {
            counts.Add(await Calibrate(contender));
        }

        var usages = contenders.Select(_ => new List<Usage>()).ToList();
        for (int round = 0; round < options.Rounds; round++)
        {
            for (int i = 0; i < contenders.Count; i++)
            {
                int contender = (i + round) % contenders.Count;
                usages[contender].Add(await contenders[contender](counts[contender]) / counts[contender]);
            }
        }

        return new(row, usages[0], usages[1], usages.ElementAtOrDefault(2));
    }

    // How many times fill one measurement. Asking so often is the warm-up too: the JIT needs calls and time to do its best.
    private async Task<int> Calibrate(Func<int, Task<Usage>> contender)
    {
        double target = options.Milliseconds * 1e6;
        int n = 1000;
        var spent = default(Usage);
        for (int call = 1; ; call++)
        {
            var used = await contender(n);
            spent += used;
            if (call > WarmUpCalls && spent.Cpu > WarmUpNanoseconds && used.Wall > target / 2)
            {
                return Rounded(n * target / used.Wall);
            }

            if (call > WarmUpCalls && used.Wall < target)
            {
                n = Rounded(n * Math.Min(4, target / used.Wall));
            }
        }
    }

    // Whole thousands: rows have parties that share the work.
    private static int Rounded(double n) => Math.Max(1, (int)(n / 1000)) * 1000;

    private async Task<Latencies> MeasureLatency(int work)
    {
        Console.Error.WriteLine($"latency with a busy sender, {work} µs a value");
        int n = Math.Max(50, options.Milliseconds * 2000 / work);
        for (int call = 0; call < WarmUpCalls; call++)
        {
            await BusySender.Sluice(1000, 1);
            await BusySender.Bcl(1000, 1);
        }

        var latencies = new Latencies(work, [], [], []);
        for (int round = 0; round < options.Rounds; round++)
        {
            latencies.Sluice.Add(await BusySender.Sluice(n, work));
            latencies.Bcl.Add(await BusySender.Bcl(n, work));
            if (go is not null)
            {
                latencies.Go.Add(await go.Ask($"{BusySender.Name}{work}", n));
            }
        }

        return latencies;
    }
}

/// <summary>What one row took, an operation, in each round.</summary>
internal sealed record Measured(Row Row, IReadOnlyList<Usage> Sluice, IReadOnlyList<Usage> Bcl, IReadOnlyList<Usage>? Go);

/// <summary>The percentiles of each round, of a sender that works so many µs for a value.</summary>
internal sealed record Latencies(int Work, List<double[]> Sluice, List<double[]> Bcl, List<double[]> Go);
