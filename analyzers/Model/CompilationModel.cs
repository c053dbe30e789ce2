using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Sluice.Explore;
using Sluice.Model.Locking;
using Sluice.Model.Sharing;
using Sluice.Model.Sharing.Split;

namespace Sluice.Model;

/// <summary>
/// What is known of one compilation and shared by the models of its types: the known types, the texts of its files, and the summaries of
/// methods. It lives as long as the analysis of that compilation. Thread-safe; everything in it is made on demand, once.
/// </summary>
internal sealed class CompilationModel
{
    private readonly ConcurrentDictionary<SyntaxTree, string> _texts = new();
    private readonly Lazy<bool> _hasTestFramework;
    private readonly ConcurrentDictionary<ITypeSymbol, IPropertySymbol?> _tokens = new(SymbolEqualityComparer.Default);

    public CompilationModel(Compilation compilation, AnalyzerConfigOptionsProvider options)
    {
        Compilation = compilation;
        Known = new(compilation);
        Summaries = new(this);
        Overrides = new(this);
        Locks = new(this);
        Processes = new(this);
        Starters = new(this);
        Annotations = new(this);
        Sendability = new(this);
        Services = new(this, options);
        LockValues = new(this);
        ThreadOwn = new(this);
        LockedMembers = new(this);
        _hasTestFramework = new(() => compilation.ReferencedAssemblyNames.Any(name => name.Name is "xunit.core" or "xunit.v3.core" or "nunit.framework" or "Microsoft.VisualStudio.TestPlatform.TestFramework" or "MSTest.TestFramework" or "TUnit.Core"));
    }

    public Compilation Compilation { get; }

    /// <summary>
    /// Gets a value indicating whether the project is one of tests: by what it refers to, or by its name. What a test leaves running, and what it sets up before another test, is not what the
    /// same code is in a program.
    /// </summary>
    public bool IsOfTests => HasTestFramework || (Compilation.AssemblyName is { } name
        && (name.Split('.').Any(part => part.Length > 4 && part.EndsWith("Tests", StringComparison.Ordinal)) || name.EndsWith(".Test", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".UnitTest", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Gets a value indicating whether the project refers to a framework for tests.</summary>
    public bool HasTestFramework => _hasTestFramework.Value;

    public KnownTypes Known { get; }

    /// <summary>Gets what the methods of the compilation do to the objects of their callers.</summary>
    public Summaries Summaries { get; }

    /// <summary>Gets what may run when a method of a base or interface is called.</summary>
    public Overrides Overrides { get; }

    /// <summary>Gets what the bodies of the compilation do about locks.</summary>
    public LockModel Locks { get; }

    /// <summary>Gets which members may start work that goes on when they are over.</summary>
    public Starters Starters { get; }

    /// <summary>Gets what the program says of how its state is shared.</summary>
    public Annotations Annotations { get; }

    /// <summary>Gets which types may be shared.</summary>
    public Sendability Sendability { get; }

    /// <summary>Gets which types a host calls from many threads.</summary>
    public Services Services { get; }

    /// <summary>Gets the locks that are values.</summary>
    public LockValues LockValues { get; }

    /// <summary>Gets the state of which each thread has its own.</summary>
    public ThreadOwn ThreadOwn { get; }

    /// <summary>Gets the members that look like one step to their callers and are two.</summary>
    public LockedMembers LockedMembers { get; }

    /// <summary>Gets the code of the compilation in the language that the explorer runs.</summary>
    public SourceCode Processes { get; }

    /// <summary>The text of a file. The source may have it in pieces, so it is put together once.</summary>
    public string Text(SyntaxTree tree, CancellationToken cancellation) =>
        _texts.TryGetValue(tree, out string? text) ? text : _texts.GetOrAdd(tree, tree.GetText(cancellation).ToString());

    /// <summary>Where the code of a method of this compilation stands, in the part that has it; null for every other.</summary>
    public SyntaxNode? DeclarationOf(IMethodSymbol method, CancellationToken cancellation) =>
        Owns(method) ? (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) : null;

    /// <summary>The property that gives the token of a value of this type; null when there is none or more than one.</summary>
    public IPropertySymbol? TokenCarriedBy(ITypeSymbol? type)
    {
        if (type is null or { SpecialType: not SpecialType.None })
        {
            return null;
        }

        return _tokens.TryGetValue(type, out var property) ? property : _tokens.GetOrAdd(type, Tokens.CarriedBy(type, Known));
    }

    /// <summary>
    /// Whether the source of <paramref name="symbol"/> belongs to this compilation. In an editor the symbols of a referenced project have source too, but it is the
    /// business of that project, as in a build.
    /// </summary>
    public bool Owns(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, Compilation.Assembly);

    /// <summary>Whether somebody wrote <paramref name="symbol"/> in this compilation: generated code is not what its reports are about.</summary>
    public bool IsWrittenHere(ISymbol symbol) => Owns(symbol) && symbol.DeclaringSyntaxReferences.Any(reference => !reference.SyntaxTree.FilePath.EndsWith(".g.cs", System.StringComparison.OrdinalIgnoreCase));

    /// <summary>The semantic model of a file. The analyzer driver gives the one that it shares among all analyzers, so a body is bound once.</summary>
    public SemanticModel SemanticModel(SyntaxTree tree) =>
#pragma warning disable RS1030 // A callee may stand in any file; the driver's provider makes this the shared model.
        Compilation.GetSemanticModel(tree);
#pragma warning restore RS1030
}
