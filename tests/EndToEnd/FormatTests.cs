using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Sluice.EndToEnd;

/// <summary><c>dotnet format analyzers</c> mends what has a fix, and its check fails until that was done.</summary>
public sealed class FormatTests
{
    [Fact]
    public async Task Format_mends_and_then_verifies()
    {
        using var consumer = new Consumer("<OutputType>Exe</OutputType>");
        consumer.Write(Misuse.File, Misuse.Source);

        var (before, output) = await consumer.Dotnet("format", "analyzers", "--verify-no-changes");
        Assert.True(before != 0, output);
        Assert.Equal(Misuse.Source, consumer.Read(Misuse.File));

        (int mending, output) = await consumer.Dotnet("format", "analyzers", "--no-restore");
        Assert.True(mending == 0, output);
        Assert.Equal(Misuse.Mended, consumer.Read(Misuse.File));

        (int after, output) = await consumer.Dotnet("format", "analyzers", "--verify-no-changes", "--no-restore");
        Assert.True(after == 0, output);

        var build = await consumer.Build();
        build.Found([]);
        build.Succeeded();
    }

    [Fact]
    public async Task The_style_and_the_recipe_of_the_docs_hold()
    {
        var page = File.ReadAllText(Path.Combine(Package.Repository, "docs", "one-style.md"));
        using var consumer = new Consumer();
        consumer.Write(".editorconfig", Block("ini"));
        consumer.Write("Counter.cs", """
            using System.Threading;
            using System.Text;
            using System.IO;

            namespace Counting
            {
                sealed class Counter {
                    readonly StringBuilder text = new StringBuilder( );
                    static public System.Int32 Count;
                    internal void Add(int n)
                    {
                        if(n>0) this.text.Append( n );
                        Interlocked.Increment(ref Count);
                    }
                }
            }
            """);
        var commands = Block("sh").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[1..]).ToList();
        Assert.All(commands, command => Assert.Contains($"- run: dotnet {string.Join(' ', command)}", page, StringComparison.Ordinal));
        var check = commands.Single(command => command.Contains("--verify-no-changes"));

        await consumer.Dotnet("restore");
        var (before, output) = await consumer.Dotnet(check);
        Assert.True(before != 0, output);
        (int mending, output) = await consumer.Dotnet("format", "--no-restore");
        Assert.True(mending == 0, output);
        Assert.Equal(
            """
            using System.Text;
            using System.Threading;

            namespace Counting;

            internal sealed class Counter
            {
                private readonly StringBuilder text = new StringBuilder();
                public static int Count;
                internal void Add(int n)
                {
                    if (n > 0)
                    {
                        text.Append(n);
                    }

                    Interlocked.Increment(ref Count);
                }
            }

            """,
            consumer.Read("Counter.cs"));
        foreach (var command in commands)
        {
            (int exitCode, output) = await consumer.Dotnet(command);
            Assert.True(exitCode == 0, $"{string.Join(' ', command)}\n{output}");
        }

        string Block(string language) => Regex.Match(page, $"^```{language}\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
    }
}
