using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Sluice.Benchmarks;

if (args is ["channels", .. var rest])
{
    return ChannelBenchmarks.ChannelsProgram.Run(rest);
}

// What an analyzer costs: whole compiles and single edits, with none, with Sluice and with its peers. README.md says how to read it.
var options = Options.Parse(args);
if (options is null)
{
    Console.Error.WriteLine(Options.Usage);
    return 1;
}

Console.WriteLine($"{DateTime.Now:yyyy-MM-dd}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, Roslyn {typeof(Compilation).Assembly.GetName().Version!.ToString(3)}, median of {options.Rounds} rounds");
foreach (var code in options.Sources())
{
    foreach (var rules in options.Rules)
    {
        var contenders = Contender.All(rules).Where(contender => options.Wants(contender.Name)).ToList();
        Console.Error.WriteLine($"{code.Name}: {code.Lines:N0} lines in {code.Files.Count:N0} files; rules: {rules}");
        var reported = code.Errors();
        Console.Error.WriteLine($"  {reported.Count} errors{(reported.Count > 0 ? $", so bodies are bound but nothing is emitted; the first: {reported[0]}" : string.Empty)}");
        var compiles = WholeCompile.Measure(code, contenders, options.Rounds);
        var edits = OneEdit.Measure(code, contenders, options.Rounds);
        Report.Print(code, rules, contenders, compiles, edits);
    }
}

return 0;

/// <summary>What to measure, from the command line.</summary>
internal sealed record Options(IReadOnlyList<string> Mixes, string? Folder, int Lines, int Rounds, IReadOnlyList<RulesOn> Rules, IReadOnlyList<string> Only)
{
    public const string Usage = """
        dotnet run -c Release --project tests/Benchmarks -- [options]
          --mix heavy,light          generated code: concurrency-heavy, or as most code is (both); locks is the worst case: methods that call each other under locks
          --lines 100000             of generated code
          --folder DIR               the C# below a folder instead of generated code
          --rules concurrency,shipped  which rules of the peers are on (concurrency)
          --rounds 5
          --only Sluice,Roslynator   contenders whose name begins so (all); --only SLC is each rule of Sluice alone
        dotnet run -c Release --project tests/Benchmarks -- channels [options]
          what channels and select cost, beside Go's and those of .NET
        """;

    public static Options? Parse(string[] args)
    {
        var options = new Options(["heavy", "light"], null, 100_000, 5, [RulesOn.Concurrency], []);
        for (int i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length)
            {
                return null;
            }

            string value = args[i + 1];
            switch (args[i])
            {
                case "--mix" when value.Split(',').All(mix => mix is "heavy" or "light" or "locks"):
                    options = options with { Mixes = value.Split(',') };
                    break;
                case "--folder" when Directory.Exists(value):
                    options = options with { Folder = value };
                    break;
                case "--lines" when int.TryParse(value, out int lines) && lines > 0:
                    options = options with { Lines = lines };
                    break;
                case "--rounds" when int.TryParse(value, out int rounds) && rounds > 0:
                    options = options with { Rounds = rounds };
                    break;
                case "--rules" when value.Split(',').All(rules => Enum.TryParse<RulesOn>(rules, ignoreCase: true, out _)):
                    options = options with { Rules = value.Split(',').Select(rules => Enum.Parse<RulesOn>(rules, ignoreCase: true)).ToList() };
                    break;
                case "--only":
                    options = options with { Only = value.Split(',') };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }

    public IEnumerable<Code> Sources() => Folder is null ? Mixes.Select(mix => Code.Generate(mix, Lines)) : [Code.Below(Folder)];

    public bool Wants(string contender) => Only.Count == 0
        ? !contender.EndsWith(Contender.Alone, StringComparison.Ordinal)
        : contender == Contender.Baseline || Only.Any(name => contender.StartsWith(name, StringComparison.OrdinalIgnoreCase));
}
