namespace Stories;

/// <summary>The Go original of a story: an example that <c>go test</c> runs, with what it prints in the comment at its end.</summary>
internal static class Original
{
    public static string OutputOf(string story)
    {
        using var source = new StreamReader(typeof(Original).Assembly.GetManifestResourceStream($"{story}_test")!);
        var output = source.ReadToEnd().ReplaceLineEndings("\n").Split("// Output:\n")[1].Split("}\n")[0];
        return string.Join('\n', output.Split('\n').Select(line => line.Trim().TrimStart('/').Trim())).Trim();
    }
}
