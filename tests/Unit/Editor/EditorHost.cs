using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.Tests.Editor;

/// <summary>
/// What an IDE does with an open document: it asks for the diagnostics of that document alone, while the file beside it is half typed, and shows what a
/// fix would change before it is applied.
/// </summary>
internal sealed class EditorHost : IDisposable
{
    private const string HalfTyped = """
        namespace Neighbour;

        public class HalfTyped
        {
            private readonly Channel<int> _queue = Channel.

            public async Task Send(CancellationToken token)
            {
                await _queue.Writer.WriteAsync(
        """;

    private readonly AdhocWorkspace _workspace = new();

    public EditorHost(string source)
    {
        var output = UnderTest.IsProgram(source) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        var project = _workspace.AddProject("Open", LanguageNames.CSharp)
            .WithCompilationOptions(UnderTest.Compile(output))
            .WithParseOptions(UnderTest.Parse(RulePage.Language(source)).WithPreprocessorSymbols(UnderTest.Symbols))
            .WithMetadataReferences(UnderTest.References)
            .WithAnalyzerReferences([new Generators()])
            .AddAnalyzerConfigDocument("/.globalconfig", SourceText.From($"is_global = true\nbuild_property.SluicePlumbing = {RulePage.Plumbing(source)}\n"), filePath: "/.globalconfig").Project
            .AddDocument(UnderTest.GlobalUsingsFile, UnderTest.GlobalUsings, filePath: UnderTest.GlobalUsingsFile).Project
            .AddDocument("HalfTyped.cs", HalfTyped, filePath: "HalfTyped.cs").Project;
        Document = project.AddDocument("Test.cs", source, filePath: "Test.cs");
    }

    /// <summary>Gets the document that is open, as it is now.</summary>
    public Document Document { get; private set; }

    public void Type(TextChange change) => Document = Document.WithText(Document.GetTextAsync().Result.WithChanges(change));

    /// <summary>What is underlined in the open document: nothing else is analyzed. An analyzer that throws fails the test.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> Underlined(Document document)
    {
        var thrown = new List<Exception>();
        var options = new CompilationWithAnalyzersOptions(
            document.Project.AnalyzerOptions,
            (exception, _, _) => thrown.Add(exception),
            concurrentAnalysis: false,
            logAnalyzerExecutionTime: true,
            reportSuppressedDiagnostics: true);
        var analysis = new CompilationWithAnalyzers((await document.Project.GetCompilationAsync())!, UnderTest.Analyzers, options);
        var tree = (await document.GetSyntaxTreeAsync())!;
        var syntax = await analysis.GetAnalyzerSyntaxDiagnosticsAsync(tree, CancellationToken.None);
        var semantic = await analysis.GetAnalyzerSemanticDiagnosticsAsync(analysis.Compilation.GetSemanticModel(tree), filterSpan: null, CancellationToken.None);
        Assert.Empty(thrown);
        return [.. syntax.Concat(semantic).OrderBy(diagnostic => diagnostic.Location.SourceSpan)];
    }

    /// <summary>The light bulb: what may be done about <paramref name="diagnostic"/>.</summary>
    public async Task<IReadOnlyList<CodeAction>> Offers(Diagnostic diagnostic)
    {
        var offers = new List<CodeAction>();
        foreach (var fix in UnderTest.Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            await fix.RegisterCodeFixesAsync(new CodeFixContext(Document, diagnostic, (action, _) => offers.Add(action), CancellationToken.None));
        }

        return offers;
    }

    /// <summary>The open document as the preview of <paramref name="action"/> shows it.</summary>
    public async Task<Document> Preview(CodeAction action) => Changed(await action.GetPreviewOperationsAsync(CancellationToken.None));

    /// <summary>The open document as <paramref name="action"/> leaves it.</summary>
    public async Task<Document> Apply(CodeAction action) => Changed(await action.GetOperationsAsync(CancellationToken.None));

    public void Dispose() => _workspace.Dispose();

    private Document Changed(IEnumerable<CodeActionOperation> operations)
    {
        var change = Assert.Single(operations.OfType<ApplyChangesOperation>());
        return change.ChangedSolution.GetDocument(Document.Id)!;
    }

    private sealed class Generators : AnalyzerReference
    {
        // The same objects at each question: the workspace keeps books on them.
        private static readonly ImmutableArray<ISourceGenerator> All = [.. UnderTest.Generators.Select(GeneratorExtensions.AsSourceGenerator)];

        public override string? FullPath => null;

        public override object Id => typeof(Generators);

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzers(string language) => [];

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzersForAllLanguages() => [];

        public override ImmutableArray<ISourceGenerator> GetGenerators(string language) => All;
    }
}
