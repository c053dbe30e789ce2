using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Explore;

/// <summary>
/// The procedures of one compilation, each made from source when it is first asked for. It lives as long as the analysis of the compilation and serves every root. Thread-safe.
/// The keys are methods (as they are declared), lambdas and local functions, static fields for their initializers, and procedures for themselves.
/// </summary>
internal sealed class SourceCode(CompilationModel compilation)
{
    private readonly ConcurrentDictionary<object, Procedure?> _procedures = new();
    private readonly ConcurrentDictionary<(object Key, object Type), object?> _resolved = new();

    private readonly ConcurrentDictionary<string, IFieldSymbol> _statics = new();
    private readonly ConcurrentDictionary<SyntaxNode, bool> _told = new();

    public CompilationModel Compilation => compilation;

    /// <summary>Whether the place has not been reported yet: several roots may come to it.</summary>
    public bool IsNews(SyntaxNode site) => _told.TryAdd(site, true);

    /// <summary>What procedures call a static field.</summary>
    public string NameOfStatic(IFieldSymbol field)
    {
        var name = field.OriginalDefinition.ToDisplayString();
        _statics.TryAdd(name, field.OriginalDefinition);
        return name;
    }

    public IFieldSymbol? Static(string name) => _statics.TryGetValue(name, out var field) ? field : null;

    public ICode With(CancellationToken cancellation) => new View(this, cancellation);

    public Procedure? Find(object key, CancellationToken cancellation)
    {
        if (key is Procedure itself)
        {
            return itself;
        }

        if (!_procedures.TryGetValue(key, out var procedure))
        {
            procedure = _procedures.GetOrAdd(key, Make(key, cancellation));
            (key as Variables.Inner)?.LetGo();
        }

        return procedure;
    }

    private Procedure? Make(object key, CancellationToken cancellation) => key switch
    {
        IMethodSymbol method => OfMethod(method, cancellation),
        Variables.Inner { Operation: { } operation } inner => Translator.OfInner(this, inner, operation, cancellation),
        IFieldSymbol field => OfField(field, cancellation),
        _ => null,
    };

    private Procedure? OfMethod(IMethodSymbol method, CancellationToken cancellation)
    {
        if (!compilation.Owns(method) || method.IsAbstract || method.IsExtern)
        {
            return null;
        }

        if (method.MethodKind == MethodKind.Constructor)
        {
            return Translator.OfConstructor(this, method, cancellation);
        }

        if (method.AssociatedSymbol is IPropertySymbol property && Members.IsAutomatic(property))
        {
            return Translator.OfAutomatic(method, property);
        }

        return compilation.DeclarationOf(method, cancellation) is { } declaration && RootAt(declaration, cancellation) is { } root ? Translator.OfMethod(this, method, root, cancellation) : null;
    }

    private Procedure? OfField(IFieldSymbol field, CancellationToken cancellation) =>
        field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is VariableDeclaratorSyntax { Initializer: { } initializer }
        && RootAt(initializer, cancellation) is ISymbolInitializerOperation root
            ? Translator.OfInitializer(this, field.Name, root, cancellation)
            : null;

    /// <summary>The bound code of a member or initializer.</summary>
    public IOperation? RootAt(SyntaxNode declaration, CancellationToken cancellation) => compilation.SemanticModel(declaration.SyntaxTree).GetOperation(declaration, cancellation);

    private object? Resolve(object key, object type) => type is not INamedTypeSymbol named ? null : key switch
    {
        IMethodSymbol method => _resolved.TryGetValue((key, type), out var known) ? known : _resolved.GetOrAdd((key, type), Members.Implementation(method, named)!),
        TypeTest test => Members.IsA(named, test.Type) ? Wrappers.Yes : Wrappers.No,
        _ => null,
    };

    private sealed class View(SourceCode code, CancellationToken cancellation) : ICode
    {
        public Procedure? Find(object key) => code.Find(key, cancellation);

        public object? Resolve(object key, object type) => code.Resolve(key, type);
    }
}
