using System.Globalization;

namespace ChannelBenchmarks;

/// <summary>The rows as a Markdown table, and whether the targets are met.</summary>
internal static class Report
{
    private const double Noise = 1.1;

    public static void Print(int cores, IReadOnlyList<Measured> rows, IReadOnlyList<Latencies> latencies)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine($"\n### On {(cores == 1 ? "one core" : $"{cores} cores")}\n");
        if (rows.Count > 0)
        {
            Console.WriteLine("| | CPU ns: Go | .NET | Sluice | Sluice/Go | best by best | Sluice/.NET | best by best | wall ns: Go, .NET, Sluice | bytes: Go, .NET, Sluice |");
            Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
            foreach (var row in rows)
            {
                Console.WriteLine(
                    $"| {row.Row.Title} | {Ns(row.Go)} | {Ns(row.Bcl)} | {Ns(row.Sluice)} | {Bold(Ratio(row, row.Go))} | {Plain(Best(row, row.Go))} | {Bold(Ratio(row, row.Bcl))} | {Plain(Best(row, row.Bcl))} "
                    + $"| {Each(row, usage => usage.Wall)} | {Each(row, usage => usage.Bytes)} |");
            }

            Console.WriteLine();
            PrintVerdicts(rows, "by medians", Ratio);
            PrintVerdicts(rows, "by the best round of each", Best);
        }

        foreach (var latency in latencies)
        {
            PrintLatencies(latency);
        }
    }

    private static void PrintVerdicts(IReadOnlyList<Measured> rows, string how, Func<Measured, IReadOnlyList<Usage>?, double> ratio)
    {
        Console.WriteLine($"Targets, {how}:");
        var counted = rows.Where(row => !row.Row.IsVariant).ToList();
        if (counted.Exists(row => row.Go is not null))
        {
            Verdict("at most 0.6 of Go", counted.Count(row => ratio(row, row.Go) <= 0.6), counted.Count);
        }

        Verdict("at most 0.5 of .NET", counted.Count(row => ratio(row, row.Bcl) <= 0.5), counted.Count);
        var slower = rows.Where(row => ratio(row, row.Go) > 1 || ratio(row, row.Bcl) > 1).Select(row => row.Row.Title).ToList();
        Console.WriteLine($"- no row above 1.0 of either: {Answer(slower.Count == 0)}{(slower.Count > 0 ? $", above are {string.Join("; ", slower)}" : string.Empty)}");
        foreach (var row in rows.Where(row => row.Row.IsWorkerLoop))
        {
            bool met = ratio(row, row.Bcl) <= 0.1 && !(ratio(row, row.Go) > 0.3);
            Console.WriteLine($"- {row.Row.Title}, at most 0.3 of Go and 0.1 of .NET: {Answer(met)}, {Plain(ratio(row, row.Go))} and {Plain(ratio(row, row.Bcl))}");
        }

        Console.WriteLine();
    }

    private static void Verdict(string target, int met, int all) => Console.WriteLine($"- {target} in two thirds of the rows: {Answer(met * 3 >= all * 2)}, {met} of {all}");

    private static void PrintLatencies(Latencies latencies)
    {
        Console.WriteLine($"| latency in µs, a sender that works {latencies.Work} µs for each | 10 % | 50 % | 99 % | 99.9 % | longest |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|");
        Line("Go", latencies.Go);
        Line(".NET", latencies.Bcl);
        Line("Sluice", latencies.Sluice);
        var (median, tail) = (Compared(1), Compared(2));
        Console.WriteLine($"\nTarget: no worse than .NET's at 50 % and 99 %, a tenth allowed for noise: {Answer(median <= Noise && tail <= Noise)}, {median:0.00} and {tail:0.00} of .NET's (at 10 %, {Compared(0):0.00}).\n");

        double Compared(int percentile) => Median(latencies.Sluice.Zip(latencies.Bcl, (sluice, bcl) => sluice[percentile] / bcl[percentile]));

        void Line(string name, List<double[]> rounds)
        {
            if (rounds.Count > 0)
            {
                Console.WriteLine($"| {name} | {string.Join(" | ", Enumerable.Range(0, 5).Select(i => $"{Median(rounds.Select(round => round[i])) / 1000:N1}"))} |");
            }
        }
    }

    // Each round against the other in the same round.
    private static double Ratio(Measured row, IReadOnlyList<Usage>? other) => other is null ? double.NaN : Median(row.Sluice.Zip(other, (sluice, it) => Compared(row, sluice) / Compared(row, it)));

    private static double Best(Measured row, IReadOnlyList<Usage>? other) => other is null ? double.NaN : row.Sluice.Min(usage => Compared(row, usage)) / other.Min(usage => Compared(row, usage));

    // CPU time; but how soon a thousand are woken is a question of time.
    private static double Compared(Measured row, Usage usage) => row.Row.Name == Row.CloseName ? usage.Wall : usage.Cpu;

    private static string Ns(IReadOnlyList<Usage>? usages) => usages is null ? "-" : $"{Median(usages.Select(usage => usage.Cpu)):N0}";

    private static string Each(Measured row, Func<Usage, double> figure) =>
        string.Join(", ", new[] { row.Go, row.Bcl, row.Sluice }.Select(usages => usages is null ? "-" : $"{Median(usages.Select(figure)):N0}"));

    private static string Bold(double ratio) => double.IsNaN(ratio) ? "-" : $"**{ratio:0.00}**";

    private static string Plain(double ratio) => double.IsNaN(ratio) ? "-" : $"{ratio:0.00}";

    private static string Answer(bool isMet) => isMet ? "**met**" : "**not met**";

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
