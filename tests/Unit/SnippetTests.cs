using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice.Tests;

/// <summary>
/// The rules on code that was written without a look at them: each file of the folder Snippets has bugs of one rule, as people write them, and what they are mended to. The
/// rule must be found on a line that ends in <c>// BUG</c>, and no rule about concurrency may say anything of the mended twin.
/// </summary>
public sealed partial class SnippetTests
{
    private const string Folder = "tests/Unit/Snippets";
    private const string Mark = "// BUG";

    // What the snippets use beside the usual namespaces; it stands on a line of its own above them.
    private const string Usings = "using System.Collections.Concurrent; using System.Collections.Immutable; using System.Net.Http; using System.Runtime.CompilerServices; using System.Text;\n";

    // Policies, which may rightly hold of both twins.
    private static readonly HashSet<string> Policies = ["SLC2014", "SLC4008", "SLC4009", "SLC4011", "SLC5001"];

    public static TheoryData<string> Files() => [.. Repository.Files(Folder, "*.txt")];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Finds_bugs_and_leaves_what_mends_them(string file)
    {
        var wrong = new List<string>();
        foreach (var snippet in Regex.Split(Repository.Read($"{Folder}/{file}"), "^=== ", RegexOptions.Multiline).Skip(1))
        {
            var (head, rest) = snippet.Split('\n', 2) is [var first, var second] ? (first, second) : throw new FormatException(snippet);
            var rules = head.Split(' ')[0].Split('|');
            string[] twins = rest.Split("--- fix\n");
            Assert.Equal(2, twins.Length);

            var marked = twins[0].Split('\n').Select((line, index) => (line, index)).Where(numbered => numbered.line.EndsWith(Mark, StringComparison.Ordinal)).Select(numbered => numbered.index).ToHashSet();
            var bug = await Analyze(twins[0], rules);
            if (!bug.Any(found => rules.Contains(found.Id) && (marked.Count == 0 || marked.Contains(LineOf(found)))))
            {
                wrong.Add($"{head}: not found; {string.Join("; ", bug.Select(found => $"line {LineOf(found) + 1} {found.Id}"))}");
            }

            wrong.AddRange((await Analyze(twins[1], rules)).Where(found => rules.Contains(found.Id) || !Policies.Contains(found.Id)).Select(found => $"{head}: reported on the mended twin, line {LineOf(found) + 1}: {found.Id} {found.GetMessage(null)}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [GeneratedRegex("^SLC[2-5]")]
    private static partial Regex OfConcurrency();

    // The line of a snippet, from zero.
    private static int LineOf(Diagnostic found) => found.Location.GetLineSpan().StartLinePosition.Line - 1;

    private static async Task<IReadOnlyList<Diagnostic>> Analyze(string snippet, string[] rules)
    {
        // Snippets about usings bring their own.
        var compilation = UnderTest.Compilation((rules.Contains("SLC0001") ? "\n" : Usings) + snippet.Replace(Mark, string.Empty, StringComparison.Ordinal));
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        var options = UnderTest.Rules.Keys.ToDictionary(id => id, id => rules.Contains(id) || OfConcurrency().IsMatch(id) ? ReportDiagnostic.Warn : ReportDiagnostic.Suppress);
        var found = await UnderTest.Analyze(compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions(options)));
        return [.. found.Where(diagnostic => diagnostic.Location.SourceTree?.FilePath == "Test.cs")];
    }
}
