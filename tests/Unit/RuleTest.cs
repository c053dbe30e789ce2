using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.Tests;

/// <summary>
/// The base of a rule's tests. Code is marked <c>{|SLC2001:like this|}</c>, or <c>[|like this|]</c> for the rule under test; exactly
/// the marked spans must be reported. All analyzers and fixes run, with the other rules switched off, so snippets stay small.
/// </summary>
public abstract class RuleTest(string id)
{
    /// <summary>The marked spans, at least one, are reported and nothing else.</summary>
    protected Task Reports(string source, Setup? setup = null)
    {
        setup ??= Setup;
        Assert.True(setup.Files.Select(file => file.Source).Append(source).Any(IsMarked), "Mark what is reported, or say Silent.");
        return Test(source, null, setup).RunAsync();
    }

    /// <summary>Nothing is reported.</summary>
    protected Task Silent(string source, Setup? setup = null)
    {
        setup ??= Setup;
        Assert.False(setup.Files.Select(file => file.Source).Append(source).Any(IsMarked), "Nothing may be marked where the rule is silent.");
        return Test(source, null, setup).RunAsync();
    }

    /// <summary>The marked spans are reported, and the fix turns <paramref name="before"/> into <paramref name="after"/>: one by one and all at once in document, project and solution.</summary>
    protected Task Fixes(string before, string after, Setup? setup = null)
    {
        Assert.True(IsMarked(before), "Mark what is fixed.");
        return Test(before, after, setup ?? Setup).RunAsync();
    }

    /// <summary>As <see cref="Fixes"/>, and no rule about concurrency says anything of <paramref name="after"/> that it did not say before.</summary>
    protected async Task FixesAndLeavesNothing(string before, string after, Setup? setup = null)
    {
        await Fixes(before, after, setup);
        TestFileMarkupParser.GetSpans(before, out var code, out ImmutableArray<TextSpan> _);
        var known = (await Of(code)).GroupBy(id => id).ToDictionary(group => group.Key, group => group.Count());
        Assert.All((await Of(after)).GroupBy(id => id), group => Assert.True(group.Count() <= known.GetValueOrDefault(group.Key), $"{group.Key} is reported on what is fixed"));

        static async Task<IEnumerable<string>> Of(string source) => (await UnderTest.Analyze(UnderTest.Compilation(source)))
            .Where(found => found.Location.SourceTree?.FilePath == "Test.cs" && string.CompareOrdinal(found.Id, "SLC1") > 0).Select(found => found.Id);
    }

    /// <summary>The marked spans are reported, and no fix is offered.</summary>
    protected Task NotFixed(string source, Setup? setup = null)
    {
        Assert.True(IsMarked(source), "Mark what is reported.");
        return Test(source, source, setup ?? Setup).RunAsync();
    }

    /// <summary>The rule reports these messages, in the order of the source.</summary>
    protected async Task Says(string source, params string[] messages)
    {
        TestFileMarkupParser.GetSpans(source, out var code, out ImmutableArray<TextSpan> _);
        var compilation = UnderTest.Compilation(code);
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        if (!UnderTest.Rules[id].IsEnabledByDefault)
        {
            compilation = compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions([KeyValuePair.Create(id, ReportDiagnostic.Warn)]));
        }

        var reported = await UnderTest.Analyze(compilation);
        Assert.Equal(messages, reported.Where(diagnostic => diagnostic.Id == id).Select(diagnostic => diagnostic.GetMessage(null)));
    }

    /// <summary>Gets how the tests of this class are compiled when they say nothing else.</summary>
    protected virtual Setup Setup { get; } = new();

    private bool IsMarked(string source) => source.Contains("[|", StringComparison.Ordinal) || source.Contains($"{{|{id}:", StringComparison.Ordinal);

    private RoslynTest Test(string before, string? after, Setup setup)
    {
        TestFileMarkupParser.GetSpans(before, out var code, out ImmutableArray<TextSpan> _);
        var test = new RoslynTest(id, setup, UnderTest.IsProgram(code) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary);
        Fill(test.TestState, before);
        if (after is not null)
        {
            Fill(test.FixedState, after);
            Fill(test.BatchFixedState, after);
        }

        return test;

        void Fill(SolutionState state, string source)
        {
            state.Sources.Add(("/0/Test.cs", source));
            if (setup.GlobalUsings)
            {
                state.Sources.Add(("/0/" + UnderTest.GlobalUsingsFile, UnderTest.GlobalUsings));
            }

            foreach (var (name, text) in setup.Files)
            {
                state.Sources.Add(("/0/" + name, text));
            }

            if (setup.Plumbing is { } plumbing)
            {
                state.AnalyzerConfigFiles.Add(("/.globalconfig", $"is_global = true\nbuild_property.SluicePlumbing = {plumbing}\n"));
            }

            if (setup.Packages is { } packages)
            {
                state.AnalyzerConfigFiles.Add(("/.globalconfig", $"is_global = true\nbuild_property.SluicePackages = {packages}\n"));
            }

            if (setup.EditorConfig is { } config)
            {
                state.AnalyzerConfigFiles.Add(("/.editorconfig", "root = true\n" + config));
            }
        }
    }

    private sealed class RoslynTest : CodeFixTest<DefaultVerifier>
    {
        private readonly string _id;
        private readonly Setup _setup;
        private readonly OutputKind _output;

        public RoslynTest(string id, Setup setup, OutputKind output)
        {
            _id = id;
            _setup = setup;
            _output = output;
            TestState.OutputKind = output;
            ReferenceAssemblies = new ReferenceAssemblies("net10.0");
            TestState.AdditionalReferences.AddRange(UnderTest.References);
            TestState.AdditionalReferences.AddRange(setup.References);
            DisabledDiagnostics.AddRange(UnderTest.Rules.Keys.Where(other => other != id));
            CompilerDiagnostics = setup.AllowErrors ? CompilerDiagnostics.None : CompilerDiagnostics.Errors;
            MarkupOptions = MarkupOptions.UseFirstDescriptor;
            CodeFixTestBehaviors = setup.OnBuild ? CodeFixTestBehaviors.SkipLocalDiagnosticCheck : CodeFixTestBehaviors.None;
            TestBehaviors = setup.Generators ? TestBehaviors.SkipGeneratedSourcesCheck : TestBehaviors.None;
            CodeActionIndex = setup.FixIndex;
            CodeActionEquivalenceKey = setup.FixKey;
        }

        public override string Language => LanguageNames.CSharp;

        public override Type SyntaxKindType => typeof(SyntaxKind);

        protected override string DefaultFileExt => "cs";

        protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => UnderTest.Analyzers;

        protected override IEnumerable<CodeFixProvider> GetCodeFixProviders() => UnderTest.Fixes;

        protected override IEnumerable<Type> GetSourceGenerators() => _setup.Generators ? UnderTest.Generators.Select(generator => generator.GetType()) : [];

        // What [|…|] stands for.
        protected override DiagnosticDescriptor GetDefaultDiagnostic(DiagnosticAnalyzer[] analyzers) => UnderTest.Rules[_id];

        protected override CompilationOptions CreateCompilationOptions() => UnderTest.Compile(_output)
            .WithNullableContextOptions(_setup.Language < LanguageVersion.CSharp8 ? NullableContextOptions.Disable : NullableContextOptions.Enable);

        protected override ParseOptions CreateParseOptions() => UnderTest.Parse(_setup.Language)
            .WithDocumentationMode(_setup.Documentation)
            .WithPreprocessorSymbols(_setup.PreprocessorSymbols);
    }
}
