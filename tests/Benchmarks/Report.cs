using System.Globalization;

namespace Sluice.Benchmarks;

/// <summary>The costs as a Markdown table of ratios, and whether Sluice keeps its promise.</summary>
internal static class Report
{
    public static void Print(
        Code code,
        RulesOn rules,
        IReadOnlyList<Contender> contenders,
        IReadOnlyDictionary<Contender, IReadOnlyList<Cost>> compiles,
        IReadOnlyDictionary<Contender, IReadOnlyList<double>> edits)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var none = contenders[0];
        Console.WriteLine();
        Console.WriteLine($"### {code.Name}: {code.Lines:N0} lines, {(rules == RulesOn.Shipped ? "rules as shipped" : "concurrency rules only")}");
        Console.WriteLine();
        Console.WriteLine("| | rules | reports | CPU s | CPU ratio | lowest to highest | best by best | wall | allocated | retained | one edit ms | ratio |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var contender in contenders)
        {
            var costs = compiles[contender];
            var cpu = RatioOf(contender, cost => cost.Cpu);
            Console.WriteLine(
                $"| {$"{contender.Name} {contender.Version}".Trim()} | {contender.Rules} | {costs[0].Reports:N0} | {Median(costs.Select(cost => cost.Cpu)):0.00} | **{Median(cpu):0.00}** | {cpu.Min():0.00} to {cpu.Max():0.00} | {costs.Min(cost => cost.Cpu) / compiles[none].Min(cost => cost.Cpu):0.00} "
                + $"| {Median(RatioOf(contender, cost => cost.Wall)):0.00} | {Median(RatioOf(contender, cost => cost.Allocated)):0.00} | {Median(RatioOf(contender, cost => cost.Retained)):0.00} "
                + $"| {Median(edits[contender]):0.0} | {Median(edits[contender].Zip(edits[none], (with, without) => with / without)):0.0} |");
        }

        Console.WriteLine();
        foreach (var contender in contenders.Where(contender => compiles[contender].Any(cost => cost.Failures.Count > 0)))
        {
            var failures = compiles[contender].MaxBy(cost => cost.Failures.Count)!.Failures;
            Console.WriteLine($"{contender.Name} threw {failures.Count:N0} exceptions in a compile. The first: {failures[0].ReplaceLineEndings(" ")}");
        }

        if (contenders.FirstOrDefault(contender => contender.Name == Contender.Sluice) is { } sluice)
        {
            double ours = Median(RatioOf(sluice, cost => cost.Cpu));
            var peers = contenders.Where(contender => contender.Version.Length > 0 && contender != sluice).ToList();
            var cheaper = peers.Where(contender => Median(RatioOf(contender, cost => cost.Cpu)) <= ours).Select(contender => contender.Name).ToList();
            string rank = peers.Count == 0 ? "no peer measured" : cheaper.Count == 0 ? $"below all of {peers.Count} peers" : $"not below {string.Join(", ", cheaper)}";
            Console.WriteLine($"Sluice: {ours:0.00}; target at most {(code.Name == "light" ? "1.15" : "1.25")}; {rank}.");
        }

        // Each round against the baseline of the same round.
        List<double> RatioOf(Contender contender, Func<Cost, double> figure) => compiles[contender].Zip(compiles[none], (with, without) => figure(with) / figure(without)).ToList();
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
