using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice.Tests;

/// <summary>In an editor a referenced project is seen with its source. Rules must not look into it: its files belong to another compilation.</summary>
public sealed class ReferencedProjectTests
{
    private const string Library = """
        public class Gate
        {
            public object Root = new();
            public readonly SemaphoreSlim Slots = new(1);
            public bool IsOpen { get { return Slots.CurrentCount > 0 ? true : throw new InvalidOperationException(); } }
            public void Close(ChannelWriter<int> writer) => writer.Complete();
            public void Leave() => Slots.Release();
            public async Task EnterAsync() => await Slots.WaitAsync();
            public static async Task Work(int i, CancellationToken token = default) => await Task.Delay(i, token);
        }
        public class Fixture { public readonly List<int> Seen = []; }
        """;

    private const string Program = """
        class C(Gate gate, Channel<int> jobs)
        {
            async Task Run(CancellationToken token)
            {
                for (int i = 0; i < 3; i++)
                {
                    _ = Task.Run(() => Gate.Work(i, token));
                }

                gate.Close(jobs.Writer);
                jobs.Writer.Complete();
                await gate.Slots.WaitAsync(token);
                if (gate.IsOpen)
                {
                    gate.Leave();
                    return;
                }

                gate.Slots.Release();
            }

            void Lock()
            {
                lock (gate.Root)
                {
                    gate.Root = new();
                }
            }
        }
        class Own : Fixture
        {
            public Own() : base() { }
            static async Task Start() { var own = new Own(); await Task.WhenAll(Task.Run(() => own.Seen.Add(1)), Task.Run(() => own.Seen.Add(2))); }
        }
        """;

    [Fact]
    public async Task Source_and_metadata_of_a_referenced_project_give_the_same_reports()
    {
        var library = UnderTest.Compilation(Library);
        using var image = new System.IO.MemoryStream();
        Assert.True(library.Emit(image).Success);

        var inEditor = await Reports(library.ToMetadataReference());
        var onBuild = await Reports(MetadataReference.CreateFromImage(image.ToArray()));

        Assert.Contains(inEditor, report => report.StartsWith("SLC3002", System.StringComparison.Ordinal));
        Assert.DoesNotContain(inEditor, report => report.StartsWith(SluiceAnalyzer.RuleFailed.Id, System.StringComparison.Ordinal));
        Assert.Equal(onBuild, inEditor);
    }

    private static async Task<string[]> Reports(MetadataReference library)
    {
        var reported = await UnderTest.Analyze(UnderTest.Compilation(Program).AddReferences(library));
        return [.. reported.Select(diagnostic => $"{diagnostic.Id} {diagnostic.Location.GetLineSpan()} {diagnostic.GetMessage(null)}")];
    }
}
