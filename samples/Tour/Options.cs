namespace Sluice.Tour;

/// <summary>What the command line asks for.</summary>
internal sealed record Options(string? Path, bool All, string? Rule, string? Svg, bool Help)
{
    public const string Usage = """
        Vets C# with the rules of Sluice, and shows each finding with the code, what can happen and the fix.

          dotnet run --project samples/Tour                  the tour: vets samples/Pipeline, mends a copy, runs the copy
          dotnet run --project samples/Tour -- PATH          vets a .csproj, .sln, .slnx, or a folder that holds one

        PATH is only read: restore and design-time build write into a temporary folder. Of a project with several
        target frameworks the newest one is vetted.

          --all         shows every finding (without it, 5 of each rule)
          --rule ID     shows only this rule, for example --rule SLC2001
          --svg FILE    writes the beginning of the run as a picture
          --help        this text

        Exit code: 0 nothing found (the tour: the copy is clean and runs), 1 something found, 2 could not vet, or not
        all of it, 3 Sluice itself failed.
        """;

    public static Options Parse(string[] args)
    {
        var options = new Options(null, false, null, null, false);
        for (var i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--help" or "-h" or "-?" => options with { Help = true },
                "--all" => options with { All = true },
                "--rule" => options with { Rule = Value(args, ref i) },
                "--svg" => options with { Svg = Value(args, ref i) },
                ['-', ..] => throw new CannotVetException($"There is no option '{args[i]}'; --help lists them."),
                _ when options.Path is not null => throw new CannotVetException($"One path at a time: '{options.Path}' and '{args[i]}' were given."),
                _ => options with { Path = args[i] },
            };
        }

        return options;
    }

    private static string Value(string[] args, ref int i) =>
        ++i < args.Length ? args[i] : throw new CannotVetException($"'{args[i - 1]}' needs a value; --help shows which.");
}
