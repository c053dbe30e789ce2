using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Imports;

/// <summary>A using directive, or an <c>extern alias</c>, and what it makes known.</summary>
internal sealed class Import
{
    private Import(SyntaxNode directive) => Directive = directive;

    public SyntaxNode Directive { get; }

    /// <summary>Gets the namespace or type whose names are imported; null for an alias.</summary>
    public INamespaceOrTypeSymbol? Target { get; private init; }

    /// <summary>Gets the name that the directive itself declares; null where it imports those of <see cref="Target"/>.</summary>
    public string? Alias { get; private init; }

    public bool IsExtern => Directive is ExternAliasDirectiveSyntax;

    /// <summary>The import of <paramref name="directive"/>; null where its target does not resolve, which is the compiler's business.</summary>
    public static Import? Of(UsingDirectiveSyntax directive, SemanticModel model)
    {
        if (directive.Alias is { } alias)
        {
            return new(directive) { Alias = alias.Name.Identifier.ValueText };
        }

        return directive.Name is { } name && model.GetSymbolInfo(name).Symbol is INamespaceOrTypeSymbol target and not IErrorTypeSymbol
            ? new(directive) { Target = target }
            : null;
    }

    public static Import Of(ExternAliasDirectiveSyntax directive) => new(directive) { Alias = directive.Identifier.ValueText };

    /// <summary>Whether code that resolves to <paramref name="symbol"/> by its simple name found it here.</summary>
    public bool Brings(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { ReducedFrom: { } extension } => IsFrom(extension.ContainingType),
        IMethodSymbol { MethodKind: MethodKind.Constructor, ContainingType: { } created } => Brings(created),
        { ContainingType: { TypeKind: > TypeKind.FunctionPointer, ContainingType: { } holder } } => IsFrom(holder),
        INamedTypeSymbol { ContainingType: null } type => Target is INamespaceSymbol && IsFrom(type),
        _ => Target is INamedTypeSymbol && symbol.ContainingType is { } owner && IsFrom(owner),
    };

    private bool IsFrom(INamedTypeSymbol type) => Target switch
    {
        INamespaceSymbol space => Same(space, type.ContainingNamespace),
        INamedTypeSymbol imported => SymbolEqualityComparer.Default.Equals(imported.OriginalDefinition, type.OriginalDefinition),
        _ => false,
    };

    /// <summary>Whether two symbols are one namespace: each assembly has a symbol of its own for it, and the compilation a merged one.</summary>
    public static bool Same(INamespaceSymbol one, INamespaceSymbol other)
    {
        for (; !one.IsGlobalNamespace && !other.IsGlobalNamespace; one = one.ContainingNamespace, other = other.ContainingNamespace)
        {
            if (one.Name != other.Name)
            {
                return false;
            }
        }

        return one.IsGlobalNamespace && other.IsGlobalNamespace;
    }
}
