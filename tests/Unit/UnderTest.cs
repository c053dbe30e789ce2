using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Sluice.Generators;

namespace Sluice.Tests;

/// <summary>What is tested: every analyzer and every fix that ships, and what their test code is compiled with.</summary>
internal static class UnderTest
{
    /// <summary>The second document of every test, so that snippets need no usings of their own. It counts as generated code.</summary>
    public const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Channels;
        global using System.Threading.Tasks;
        """;

    public const string GlobalUsingsFile = "GlobalUsings.g.cs";

    /// <summary>Gets the symbols that the SDK defines for the framework of the tests, as far as Sluice looks at them.</summary>
    public static ImmutableArray<string> Symbols { get; } = ["NET", "NET8_0_OR_GREATER", "NET10_0_OR_GREATER"];

    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } = MadeOf<DiagnosticAnalyzer>(typeof(SluiceAnalyzer).Assembly);

    public static ImmutableArray<CodeFixProvider> Fixes { get; } = MadeOf<CodeFixProvider>(Assembly.Load("Sluice.CodeFixes"));

    public static ImmutableArray<IIncrementalGenerator> Generators { get; } = [new PlumbingGenerator(), new SelectGenerator()];

    /// <summary>Every rule by its id. SLC0000, which says that a rule failed, is none.</summary>
    public static ImmutableSortedDictionary<string, DiagnosticDescriptor> Rules { get; } = Analyzers
        .SelectMany(analyzer => analyzer.SupportedDiagnostics)
        .Where(descriptor => descriptor.Id != SluiceAnalyzer.RuleFailed.Id)
        .GroupBy(descriptor => descriptor.Id, StringComparer.Ordinal)
        .ToImmutableSortedDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    public static ImmutableArray<MetadataReference> References { get; } =
        [.. Directory.GetFiles(Repository.BuildValue("ReferenceAssemblies"), "*.dll").Order().Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>Whether <paramref name="source"/> is a program of top-level statements.</summary>
    public static bool IsProgram(string source) =>
        SyntaxFactory.ParseCompilationUnit(source, options: Parse()).Members.Any(member => member is GlobalStatementSyntax);

    public static CSharpParseOptions Parse(LanguageVersion version = LanguageVersion.Latest) => new(version, DocumentationMode.Diagnose);

    public static CSharpCompilationOptions Compile(OutputKind output) =>
        new(output, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);

    /// <summary>Compiles <paramref name="source"/> beside the global usings, and with the channels that it asks for.</summary>
    public static CSharpCompilation Compilation(string source, string path = "Test.cs", LanguageVersion version = LanguageVersion.Latest, string? plumbing = null)
    {
        var options = Parse(version).WithPreprocessorSymbols(Symbols);
        SyntaxTree[] files = [CSharpSyntaxTree.ParseText(source, options, path, Encoding.UTF8), CSharpSyntaxTree.ParseText(GlobalUsings, options, GlobalUsingsFile, Encoding.UTF8)];
        var output = IsProgram(source) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        Compilation compilation = CSharpCompilation.Create("Test", files, References, Compile(output));
        if (source.Contains("using Sluice;", StringComparison.Ordinal))
        {
            CSharpGeneratorDriver.Create(Generators.Select(GeneratorExtensions.AsSourceGenerator), parseOptions: options, optionsProvider: new Properties(plumbing))
                .RunGeneratorsAndUpdateCompilation(compilation, out compilation, out _);
        }

        return (CSharpCompilation)compilation;
    }

    /// <summary>What all analyzers say to <paramref name="compilation"/>, by position.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> Analyze(Compilation compilation, string? plumbing = null, string? packages = null)
    {
        var all = await compilation.WithAnalyzers(Analyzers, new AnalyzerOptions([], new Properties(plumbing, packages))).GetAnalyzerDiagnosticsAsync();
        return [.. all.OrderBy(diagnostic => diagnostic.Location.SourceSpan)];
    }

    private static ImmutableArray<T> MadeOf<T>(Assembly assembly) =>
    [
        .. assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract)
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .Select(type => (T)Activator.CreateInstance(type)!),
    ];
}
