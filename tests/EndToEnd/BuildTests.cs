using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

namespace Sluice.EndToEnd;

/// <summary>What <c>dotnet build</c> says and leaves in a project that installed the package.</summary>
public sealed class BuildTests
{
    [Theory]
    [InlineData("net8.0")]
    [InlineData("net10.0")]
    public async Task Known_misuse_is_reported_with_id_severity_and_line(string framework)
    {
        using var consumer = Misuse.Consumer(framework: framework);
        var build = await consumer.Build();
        build.Found(Misuse.Announced);
        build.Failed();
        AssertHelpLinksLeadToPages(consumer.Read(Path.GetFileName(consumer.Log)));
    }

    [Fact]
    public async Task Unused_using_fails_a_build_that_makes_no_documentation()
    {
        const string Source = """
            using System.Text; // SLC0001 error

            internal sealed class Greeting;
            """;
        using var consumer = new Consumer("<GenerateDocumentationFile>false</GenerateDocumentationFile>");
        consumer.Write("Greeting.cs", Source);
        var build = await consumer.Build();
        build.Found(Finding.Announced("Greeting.cs", Source));
        build.Failed();
    }

    [Fact]
    public async Task Editorconfig_changes_a_severity()
    {
        const string Warned = "using System.Text; // SLC0001 warning\n";
        const string Noted = "using System.Text; // SLC0001 note\n";
        using var consumer = new Consumer();
        consumer.Write("Warned.cs", Warned);
        consumer.Write("Noted.cs", Noted);
        consumer.Write("Silent.cs", "using System.Text;\n");
        consumer.Write(".editorconfig", """
            root = true
            [Warned.cs]
            dotnet_diagnostic.SLC0001.severity = warning
            [Noted.cs]
            dotnet_diagnostic.SLC0001.severity = suggestion
            [Silent.cs]
            dotnet_diagnostic.SLC0001.severity = none
            """);
        var build = await consumer.Build();
        build.Found([.. Finding.Announced("Noted.cs", Noted), .. Finding.Announced("Warned.cs", Warned)]);
        build.Succeeded();
    }

    [Fact]
    public async Task Code_with_errors_has_only_its_own()
    {
        const string Source = """
            using System.Text;

            public sealed class Unfinished
            {
                private readonly object _gate = new();

                public async Task<int> Sum(int[] numbers)
                {
                    for (int i = 0; i < numbers.Length; i++)
                    {
                        await Task.Run(() => Missing(i)); // CS0103 error
                    }

                    return "text"; // CS0029 error
                }
            }
            """;
        using var consumer = new Consumer();
        consumer.Write("Unfinished.cs", Source);
        var build = await consumer.Build();
        build.Found(Finding.Announced("Unfinished.cs", Source));
        build.Failed();
    }

    [Fact]
    public async Task Clean_code_stays_without_a_warning_under_every_discipline()
    {
        using var consumer = new Consumer("""
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <EnableNETAnalyzers>true</EnableNETAnalyzers>
            <AnalysisMode>All</AnalysisMode>
            <AnalysisLevel>latest</AnalysisLevel>
            <EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>
            <GenerateDocumentationFile>true</GenerateDocumentationFile>
            <CheckForOverflowUnderflow>true</CheckForOverflowUnderflow>
            """);
        consumer.Write("Doubling.cs", """
            using System.Threading.Channels;

            namespace Clean;

            /// <summary>Doubles what comes in.</summary>
            public static class Doubling
            {
                /// <summary>Reads until the source is closed, then closes the target.</summary>
                /// <param name="source">Where numbers come from.</param>
                /// <param name="target">Where doubles go.</param>
                /// <param name="cancellation">Ends the work early.</param>
                /// <returns>The work.</returns>
                public static async Task RunAsync(ChannelReader<int> source, ChannelWriter<int> target, CancellationToken cancellation)
                {
                    ArgumentNullException.ThrowIfNull(source);
                    ArgumentNullException.ThrowIfNull(target);
                    try
                    {
                        await foreach (int number in source.ReadAllAsync(cancellation).ConfigureAwait(false))
                        {
                            await target.WriteAsync(number * 2, cancellation).ConfigureAwait(false);
                        }
                    }
                    finally
                    {
                        _ = target.TryComplete();
                    }
                }
            }

            """);
        var build = await consumer.Build();
        build.Found([]);
        build.Succeeded();
        Assert.Contains("0 Warning(s)", build.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_added_to_the_output()
    {
        using var consumer = new Consumer("<OutputType>Exe</OutputType>");
        consumer.Write(Misuse.File, "Console.WriteLine(42);\n");
        (await consumer.Build("--output", consumer.PathOf("out"))).Succeeded();
        string[] expected = ["Consumer", "Consumer.deps.json", "Consumer.dll", "Consumer.pdb", "Consumer.runtimeconfig.json"];
        Assert.Equal(expected, Directory.GetFiles(consumer.PathOf("out")).Select(file => Path.GetFileName(file).Replace(".exe", string.Empty, StringComparison.Ordinal)).Order());
        Assert.DoesNotContain("Sluice", consumer.Read("out/Consumer.deps.json"), StringComparison.OrdinalIgnoreCase);
    }

    // The links are to the repository's main branch; the pages that stand there are packed from there.
    private static void AssertHelpLinksLeadToPages(string log)
    {
        using var sarif = JsonDocument.Parse(log);
        using var package = ZipFile.OpenRead(Package.File);
        var rules = sarif.RootElement.GetProperty("runs")[0].GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray()
            .Where(rule => rule.GetProperty("id").GetString()!.StartsWith("SLC", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(rules);
        Assert.All(rules, rule =>
        {
            var id = rule.GetProperty("id").GetString();
            Assert.Equal($"{Package.RepositoryUrl}/blob/main/analyzers/Rules/{id}.md", rule.GetProperty("helpUri").GetString());
            Assert.NotNull(package.GetEntry($"docs/{id}.md"));
        });
    }
}
