using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Sluice.Tests;

/// <summary>What the README and the pages show of channels is true: it compiles, or it is taken from a sample.</summary>
public sealed class DocumentationTests
{
    // What the statements of the table speak of.
    private const string Surroundings = """
        using System;
        using System.IO;
        using System.Runtime.InteropServices;
        using System.Threading;
        using System.Threading.Channels;
        using System.Threading.Tasks;
        using Sluice;

        [Select]
        internal sealed partial class MySelect
        {
            public readonly Receive<int> In = new();
            public readonly Send<int> Out = new();
            public readonly After Later = new();
            public readonly Done Stop = new();
            public readonly Tick Beat = new();
            public readonly When Other = new();
        }

        internal static class Table
        {
            private static readonly Chan<int> c = new();
            private static readonly ChannelReader<int> reader = c.Reader;
            private static readonly ChannelWriter<int> writer = c.Writer;
            private static readonly MySelect select = new();
            private static readonly Group group = new();
            private static readonly WaitGroup wg = new();
            private static readonly PeriodicTimer ticker = new(d);
            private static readonly CancellationTokenSource source = new();
            private static readonly object gate = new();
            private static readonly SemaphoreSlim turn = new(1, 1);
            private static readonly ReaderWriterLockSlim rw = new();
            private static readonly Lazy<int> lazy = new(() => 1);
            private static CancellationToken ct = source.Token;
            private static TimeSpan d = TimeSpan.FromSeconds(1);
            private static int v;
            private static long n;

            private static void Use(long value) => n = value;

            private static Task WorkAsync(CancellationToken ct) => Task.CompletedTask;


        """;

    [Fact]
    public void Statements_beside_Go_compile()
    {
        var rows = Statements().Select((statements, row) => $"    private static async Task Row{row}() {{ await Task.Yield(); {statements} }}\n").ToList();
        Assert.True(rows.Count > 40, $"only {rows.Count} rows with statements were found");
        var lines = (Surroundings + string.Concat(rows) + "}\n").Split('\n');
        var errors = new Generators.Project(string.Join('\n', lines)).Generate().Compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Equal([], errors.Select(error => $"{error.GetMessage()}: {lines[error.Location.GetLineSpan().StartLinePosition.Line]}"));
    }

    [Fact]
    public void Readme_shows_a_sample_as_it_is()
    {
        var shown = Regex.Matches(Repository.Read("README.md"), @"<!-- (samples/\S+) -->\n+```csharp\n(.*?)```", RegexOptions.Singleline);
        Assert.NotEmpty(shown);
        Assert.All(shown, match =>
        {
            string sample = Flat(Repository.Read(match.Groups[1].Value));
            Assert.All(match.Groups[2].Value.Split("\n\n"), paragraph => Assert.Contains(Flat(paragraph), sample, StringComparison.Ordinal));
        });
    }

    // The code of the last column that is whole statements, row by row; an ellipsis or a field stands for what the reader has.
    private static IEnumerable<string> Statements() => Repository.Read("docs/go-to-csharp.md").Split('\n')
        .Where(line => line.StartsWith('|'))
        .Select(line => string.Join(' ', Regex.Matches(line.Split('|')[2], "`([^`]+[;}])`").Select(match => match.Groups[1].Value).Where(IsStatement)))
        .Where(statements => statements.Length > 0);

    private static bool IsStatement(string code) => !code.Contains('…', StringComparison.Ordinal) && !code.StartsWith("private ", StringComparison.Ordinal);

    private static string Flat(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()));
}
