using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Sluice.Generators;

namespace Sluice.Tests.Generators;

/// <summary>A project that has the generators: its files, and what it says of itself.</summary>
internal sealed record Project(params ImmutableArray<string> Files)
{
    public string Name { get; init; } = "Test";

    public LanguageVersion Language { get; init; } = LanguageVersion.CSharp12;

    public ImmutableArray<string> Symbols { get; init; } = UnderTest.Symbols;

    /// <summary>Gets the property SluicePlumbing.</summary>
    public string? Plumbing { get; init; }

    public ImmutableArray<MetadataReference> References { get; init; } = [];

    /// <summary>Gets generators of others that run too.</summary>
    public ImmutableArray<IIncrementalGenerator> Others { get; init; } = [];

    /// <summary>
    /// Runs the generators twice, the second time after an unrelated edit, where each named step must find everything as it was; and says what they made.
    /// </summary>
    public Generated Generate()
    {
        var options = UnderTest.Parse(Language).WithPreprocessorSymbols(Symbols);
        var trees = Files.Select((file, index) => CSharpSyntaxTree.ParseText(file, options, $"File{index}.cs", System.Text.Encoding.UTF8));
        var before = CSharpCompilation.Create(Name, trees, [.. UnderTest.References, .. References], UnderTest.Compile(OutputKind.DynamicallyLinkedLibrary));

        IEnumerable<IIncrementalGenerator> generators = [.. UnderTest.Generators, .. Others];
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            generators.Select(GeneratorExtensions.AsSourceGenerator),
            parseOptions: options,
            optionsProvider: new Properties(Plumbing),
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        driver = driver.RunGeneratorsAndUpdateCompilation(before, out var after, out var reported);
        Assert.Empty(reported);

        var edited = before.AddSyntaxTrees(CSharpSyntaxTree.ParseText("internal sealed class Unrelated { public int Sum(int a, int b) => a + b; }", options, "Unrelated.cs", System.Text.Encoding.UTF8));
        var again = driver.RunGenerators(edited).GetRunResult();
        var steps = again.Results.Take(2).SelectMany(result => result.TrackedSteps).Where(step => IsOurs(step.Key)).ToList();
        Assert.NotEmpty(steps);
        Assert.All(steps.SelectMany(step => step.Value).SelectMany(run => run.Outputs), output => Assert.True(IsCached(output.Reason), output.ToString()));
        var outputs = again.Results.Take(2).SelectMany(result => result.TrackedOutputSteps.Values).SelectMany(runs => runs).SelectMany(run => run.Outputs);
        Assert.All(outputs, output => Assert.True(IsCached(output.Reason), output.ToString()));

        var files = driver.GetRunResult().Results.Take(2).SelectMany(result => result.GeneratedSources).ToImmutableSortedDictionary(file => file.HintName, file => file.SourceText.ToString());
        return new((CSharpCompilation)after, files);
    }

    private static bool IsOurs(string step) => step is PlumbingProvider.AskedStep or PlumbingProvider.PlumbingStep or PlumbingProvider.AnnotationsStep or SelectGenerator.SelectStep;

    private static bool IsCached(IncrementalStepRunReason reason) => reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged;
}

/// <summary>A project with what the generators added.</summary>
internal sealed record Generated(CSharpCompilation Compilation, ImmutableSortedDictionary<string, string> Files)
{
    /// <summary>Gets the files that are there without anybody asking.</summary>
    public static ImmutableArray<string> Attributes { get; } = ["Sluice.EmbeddedAttribute.g.cs", "Sluice.SelectAttribute.g.cs"];

    public IEnumerable<string> Selects => Files.Keys.Where(name => name.EndsWith(".Select.g.cs", StringComparison.Ordinal));

    public bool HasPlumbing => Files.ContainsKey("Sluice.Chan.g.cs");

    /// <summary>It compiles without an error and without a warning.</summary>
    public Generated IsClean()
    {
        Assert.Equal([], Compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(diagnostic => diagnostic.ToString()));
        return this;
    }

    /// <summary>The project as another sees it: built, or as it stands in an editor.</summary>
    public MetadataReference Reference(bool built)
    {
        if (!built)
        {
            return Compilation.ToMetadataReference();
        }

        using var image = new MemoryStream();
        var result = Compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
