namespace ChannelBenchmarks;

/// <summary>What to measure, from the command line.</summary>
internal sealed record Options(int Rounds, int Milliseconds, IReadOnlyList<int> Cores, IReadOnlyList<string> Only, string? Go, bool Inside)
{
    public const string Usage = """
        dotnet run -c Release --project tests/Benchmarks -- channels [options]
          --rounds 15                of each row, Go, .NET and Sluice in turn
          --milliseconds 100         how long one measurement takes
          --cores 1,2                how many cores the contenders may use
          --only PingPong,Select     rows whose name begins so (all; the names are in Row.cs)
          go is found on PATH, or by the variable GO; without it the rows are compared with .NET alone
        """;

    public static Options? Parse(IReadOnlyList<string> args)
    {
        var options = new Options(15, 100, [1, 2], [], null, false);
        for (int i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count)
            {
                return null;
            }

            string value = args[i + 1];
            switch (args[i])
            {
                case "--rounds" when int.TryParse(value, out int rounds) && rounds > 0:
                    options = options with { Rounds = rounds };
                    break;
                case "--milliseconds" when int.TryParse(value, out int milliseconds) && milliseconds > 0:
                    options = options with { Milliseconds = milliseconds };
                    break;
                case "--cores" when value.Split(',').All(cores => int.TryParse(cores, out int n) && n > 0):
                    options = options with { Cores = [.. value.Split(',').Select(int.Parse)] };
                    break;
                case "--only":
                    options = options with { Only = value.Split(',') };
                    break;
                case "--inside": // this is the process with the cores set; what follows is the Go program, or -
                    options = options with { Inside = true, Go = value == "-" ? null : value };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }

    public bool Wants(string row) => Only.Count == 0 || Only.Any(name => row.StartsWith(name, StringComparison.OrdinalIgnoreCase));
}
