using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Sluice.Tests;

/// <summary>How the code of a test is compiled, where it matters.</summary>
public sealed record Setup
{
    /// <summary>Gets the setup of code that says <c>using Sluice;</c>: the channels are generated first, as they are for a user.</summary>
    public static Setup WithPlumbing { get; } = new() { Generators = true, PreprocessorSymbols = UnderTest.Symbols };

    /// <summary>Gets a value indicating whether the usual namespaces are imported by a second, generated file.</summary>
    public bool GlobalUsings { get; init; } = true;

    /// <summary>Gets a value indicating whether the code may have compiler errors: for code that is still being typed.</summary>
    public bool AllowErrors { get; init; }

    /// <summary>Gets the files beside the one under test. They may hold marks, and fixes must leave them as they are.</summary>
    public ImmutableArray<(string Name, string Source)> Files { get; init; } = [];

    /// <summary>Gets the text of an .editorconfig file, without its first line <c>root = true</c>.</summary>
    public string? EditorConfig { get; init; }

    /// <summary>Gets a value indicating whether what is fixed is reported at the end of the compilation: on build, not while typing.</summary>
    public bool OnBuild { get; init; }

    public ImmutableArray<string> PreprocessorSymbols { get; init; } = [];

    /// <summary>Gets a value indicating whether the generators run first, as they do for a user.</summary>
    public bool Generators { get; init; }

    /// <summary>Gets the property SluicePlumbing of the project.</summary>
    public string? Plumbing { get; init; }

    /// <summary>Gets what the build tells of the packages of the project.</summary>
    public string? Packages { get; init; }

    public ImmutableArray<MetadataReference> References { get; init; } = [];

    public LanguageVersion Language { get; init; } = LanguageVersion.Latest;

    public DocumentationMode Documentation { get; init; } = DocumentationMode.Diagnose;

    /// <summary>Gets which of several fixes is applied, by its place in the list.</summary>
    public int? FixIndex { get; init; }

    /// <summary>Gets which of several fixes is applied, by its equivalence key.</summary>
    public string? FixKey { get; init; }
}
