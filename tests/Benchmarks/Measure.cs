using System.Diagnostics;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.Benchmarks;

/// <summary>What one compile took, in seconds and bytes, and what it reported. Retained: the heap while compilation and analyzers are still alive.</summary>
internal sealed record Cost(double Cpu, double Wall, double Allocated, double Retained, int Reports, IReadOnlyList<string> Failures);

/// <summary>
/// Whole compiles as csc does them: parse, attach the driver, bind and emit, wait for the analyzers. Within a round every contender has its turn,
/// in each round in another order, so that whatever else the machine does hits all alike.
/// </summary>
internal static class WholeCompile
{
    public static IReadOnlyDictionary<Contender, IReadOnlyList<Cost>> Measure(Code code, IReadOnlyList<Contender> contenders, int rounds)
    {
        var warmUp = code.Part(Math.Min(code.Files.Count, 200));
        foreach (var contender in contenders)
        {
            Once(warmUp, contender);
        }

        var costs = contenders.ToDictionary(contender => contender, _ => new List<Cost>());
        for (int round = 0; round < rounds; round++)
        {
            Console.Error.Write($"  compiles, round {round + 1} of {rounds}:");
            for (int i = 0; i < contenders.Count; i++)
            {
                var contender = contenders[(i + round) % contenders.Count];
                var cost = Once(code, contender);
                costs[contender].Add(cost);
                Console.Error.Write($" {cost.Cpu:0.0}");
            }

            Console.Error.WriteLine(" s");
        }

        return costs.ToDictionary(cost => cost.Key, cost => (IReadOnlyList<Cost>)cost.Value);
    }

    private static Cost Once(Code code, Contender contender)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var wall = Stopwatch.StartNew();

        Compilation compilation = code.Compile(contender);
        var driver = contender.Analyzers.IsEmpty ? null : new CompilerDriver(compilation, contender);
        compilation = driver?.Compilation ?? compilation;
        if (code.IsBroken)
        {
            compilation.GetDiagnostics();
        }
        else if (!compilation.Emit(Stream.Null, Stream.Null, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb)).Success)
        {
            throw new InvalidOperationException($"{code.Name} does not compile");
        }

        int reports = driver?.Diagnostics().Length ?? 0;

        wall.Stop();
        process.Refresh();
        var cost = new Cost(
            (process.TotalProcessorTime - cpu).TotalSeconds,
            wall.Elapsed.TotalSeconds,
            (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated),
            (double)(GC.GetTotalMemory(forceFullCollection: true) - before),
            reports,
            driver?.Failures.Select(failure => failure.GetMessage()).ToList() ?? []);
        GC.KeepAlive(driver);
        GC.KeepAlive(compilation);
        return cost;
    }
}

/// <summary>
/// One edit as an editor sees it: a statement is typed into a body of an open project, then syntax and semantic diagnostics of that one document are asked for.
/// The measure is the compiler's own diagnostics of the document after the same edit.
/// </summary>
internal static class OneEdit
{
    private const int Documents = 7;

    /// <summary>The milliseconds after each edit, in the same order for each contender.</summary>
    public static IReadOnlyDictionary<Contender, IReadOnlyList<double>> Measure(Code code, IReadOnlyList<Contender> contenders, int rounds)
    {
        using var workspace = new AdhocWorkspace();
        var project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(),
            VersionStamp.Default,
            "Depot",
            "Depot",
            LanguageNames.CSharp,
            parseOptions: code.ParseOptions,
            metadataReferences: code.References));
        var solution = project.Solution;
        foreach (var (path, text) in code.Files)
        {
            solution = solution.AddDocument(DocumentId.CreateNewId(project.Id), Path.GetFileName(path), SourceText.From(text, Encoding.UTF8), filePath: path);
        }

        var open = solution.GetProject(project.Id)!.Documents.Where(document => BodyOf(document) is not null).ToList();
        open = Enumerable.Range(0, Math.Min(Documents, open.Count)).Select(i => open[i * open.Count / Documents]).ToList();
        var times = contenders.ToDictionary(contender => contender, _ => new List<double>());
        int edits = 0;

        // Round 0 warms up.
        for (int round = 0; round <= rounds; round++)
        {
            foreach (var document in open)
            {
                for (int i = 0; i < contenders.Count; i++)
                {
                    var contender = contenders[(i + round) % contenders.Count];
                    var edited = document.WithText(document.GetTextAsync().Result.Replace(BodyOf(document)!.Value, 0, $" _ = {edits++};"));
                    var compilation = edited.Project.GetCompilationAsync().Result!.WithOptions(code.OptionsOf(contender));
                    double time = Once(compilation, edited.GetSyntaxTreeAsync().Result!, contender);
                    if (round > 0)
                    {
                        times[contender].Add(time);
                    }
                }
            }
        }

        return times.ToDictionary(time => time.Key, time => (IReadOnlyList<double>)time.Value);
    }

    private static double Once(Compilation compilation, SyntaxTree tree, Contender contender)
    {
        var wall = Stopwatch.StartNew();
        if (contender.Analyzers.IsEmpty)
        {
            compilation.GetSemanticModel(tree).GetDiagnostics();
        }
        else
        {
            var analysis = compilation.WithAnalyzers(contender.Analyzers, new CompilationWithAnalyzersOptions(contender.Options, null, concurrentAnalysis: true, logAnalyzerExecutionTime: false));
            analysis.GetAnalyzerSyntaxDiagnosticsAsync(tree, CancellationToken.None).GetAwaiter().GetResult();
            analysis.GetAnalyzerSemanticDiagnosticsAsync(analysis.Compilation.GetSemanticModel(tree), null, CancellationToken.None).GetAwaiter().GetResult();
        }

        return wall.Elapsed.TotalMilliseconds;
    }

    // Where the edit goes: the first statement of the last method that has a block.
    private static int? BodyOf(Document document) =>
        document.GetSyntaxRootAsync().Result!.DescendantNodes().OfType<MethodDeclarationSyntax>().LastOrDefault(method => method.Body is not null)?.Body!.OpenBraceToken.Span.End;
}
