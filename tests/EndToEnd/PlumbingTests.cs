using System;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Threading.Tasks;

namespace Sluice.EndToEnd;

/// <summary>Channels and select in a project that has nothing but the package.</summary>
public sealed class PlumbingTests
{
    private const string Discipline = """
        <OutputType>Exe</OutputType>
        <RollForward>Major</RollForward>
        <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
        <EnableNETAnalyzers>true</EnableNETAnalyzers>
        <AnalysisMode>All</AnalysisMode>
        <AnalysisLevel>latest</AnalysisLevel>
        <EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>
        <CheckForOverflowUnderflow>true</CheckForOverflowUnderflow>
        """;

    // Two producers, a worker that selects, a token that ends it: what is printed is what arrived.
    private const string Program = """
        using Sluice;

        var jobs = new Chan<int>();
        var results = new Chan<int>(4);
        using var stop = new CancellationTokenSource();
        var worker = Work(jobs, results, stop.Token);
        var producers = Task.WhenAll(Produce(jobs, 1), Produce(jobs, 100));
        int sum = 0;
        for (int i = 0; i < 20; i++)
        {
            sum += (await results.ReceiveAsync()).Value;
        }

        await producers.ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        Console.WriteLine($"sum {sum}, worker {await worker.ConfigureAwait(false)}");

        static async Task Produce(Chan<int> jobs, int first)
        {
            for (int i = 0; i < 10; i++)
            {
                await jobs.SendAsync(first + i);
            }
        }

        static async Task<string> Work(Chan<int> jobs, Chan<int> results, CancellationToken cancellation)
        {
            using var select = new WorkerSelect();
            select.Stopping.On(cancellation);
            int? next = null;
            while (true)
            {
                select.Jobs.From(next is null ? jobs : null);
                select.Results.To(next is null ? null : results, next ?? 0);
                select.Idle.In(TimeSpan.FromSeconds(30));
                switch (await select)
                {
                    case WorkerSelect.Case.Jobs when select.Jobs.Take(out int job):
                        next = job * 2;
                        break;
                    case WorkerSelect.Case.Results:
                        next = null;
                        break;
                    case WorkerSelect.Case.Stopping:
                        return "stopped";
                    default:
                        return "idle";
                }
            }
        }

        [Select]
        internal sealed partial class WorkerSelect
        {
            public readonly Receive<int> Jobs = new();
            public readonly Send<int> Results = new();
            public readonly After Idle = new();
            public readonly Done Stopping = new();
        }

        """;

    [Theory]
    [InlineData("net8.0", "12")]
    [InlineData("net8.0", "latest")]
    [InlineData("net10.0", "latest")]
    public async Task New_project_selects_under_every_discipline(string framework, string language)
    {
        using var consumer = new Consumer($"{Discipline}<LangVersion>{language}</LangVersion>", framework);
        consumer.Write("Program.cs", Program);
        var build = await consumer.Build();
        build.Found([]);
        build.Succeeded();
        Assert.Contains("0 Warning(s)", build.Output, StringComparison.Ordinal);
        var (exitCode, output) = await consumer.Dotnet("run", "--no-build");
        Assert.Equal((0, "sum 2200, worker stopped\n"), (exitCode, output.ReplaceLineEndings("\n")));
    }

    [Fact]
    public async Task Project_without_channels_holds_the_attributes_alone()
    {
        using var consumer = new Consumer("<OutputType>Exe</OutputType>");
        consumer.Write("Program.cs", "Console.WriteLine(42);\n");
        (await consumer.Build()).Succeeded();
        using var image = new PEReader(File.OpenRead(Directory.GetFiles(consumer.PathOf("bin"), "Consumer.dll", SearchOption.AllDirectories).Single()));
        var metadata = image.GetMetadataReader();
        var types = metadata.TypeDefinitions.Select(handle => metadata.GetTypeDefinition(handle)).Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}");
        Assert.Equal([".<Module>", ".Program", "Microsoft.CodeAnalysis.EmbeddedAttribute", "Sluice.SelectAttribute"], types.Where(type => !type.StartsWith("System.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("net10.0", "<LangVersion>11</LangVersion>")]
    [InlineData("netstandard2.0", "<LangVersion>latest</LangVersion>")]
    public async Task Project_that_is_too_old_is_told_so(string framework, string properties)
    {
        const string Source = "using Sluice; // SLC9006 error\n\n[Select]\ninternal sealed partial class C { }\n";
        using var consumer = new Consumer(properties, framework);
        consumer.Write("C.cs", Source);
        var build = await consumer.Build();
        build.Found(Finding.Announced("C.cs", Source));
        build.Failed();
    }

    [Fact]
    public async Task Setting_is_heard_and_checked()
    {
        const string Source = """
            using Sluice; // SLC9007 error

            internal static class C
            {
                public static readonly Chan<int> Jobs = new();
            }

            """;
        using var consumer = new Consumer("<SluicePlumbing>shared</SluicePlumbing>");
        consumer.Write("C.cs", Source);
        (await consumer.Build()).Found(Finding.Announced("C.cs", Source));
        var build = await consumer.Build("-p:SluicePlumbing=public");
        build.Found([]);
        build.Succeeded();
    }
}
