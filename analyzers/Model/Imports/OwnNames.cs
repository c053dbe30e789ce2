using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Imports;

/// <summary>The names of the types and extension methods that one compilation declares. Only a word that is one of them can tie two of its namespaces.</summary>
internal sealed class OwnNames
{
    private const string Attribute = "Attribute";

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Compilation _compilation;

    public OwnNames(Compilation compilation)
    {
        _compilation = compilation;
        AddAll(compilation.Assembly.GlobalNamespace);
    }

    /// <summary>What the code of one file needs of other namespaces of the compilation, in the order of the source.</summary>
    public IEnumerable<Tie> TiesIn(SemanticModel model, CancellationToken cancellation)
    {
        foreach (var name in model.SyntaxTree.GetRoot(cancellation).DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (_names.Contains(name.Identifier.ValueText) && UserOf(name) is var (space, user)
                && Declarer(model.GetSymbolInfo(name, cancellation).Symbol) is { ContainingNamespace: { IsGlobalNamespace: false } other } used
                && SymbolEqualityComparer.Default.Equals(used.ContainingAssembly, _compilation.Assembly)
                && other.ToDisplayString() is var target && !IsFamily(space, target))
            {
                yield return new(space, target, user, used.Name, name.GetLocation());
            }
        }
    }

    // A namespace and those within it are one family, and whoever writes in the inner one sees the outer one without any import.
    private static bool IsFamily(string one, string other) => one == other || one.StartsWith(other + ".", StringComparison.Ordinal) || other.StartsWith(one + ".", StringComparison.Ordinal);

    private static INamedTypeSymbol? Declarer(ISymbol? symbol) => symbol switch
    {
        INamedTypeSymbol { ContainingType: null } type => type.OriginalDefinition,
        INamedTypeSymbol { ContainingType: { } outer } => Declarer(outer),
        IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.ReducedExtension } or IMethodSymbol { IsExtensionMethod: true } => Declarer(symbol.ContainingType),
        _ => null,
    };

    // The namespace and the type in which a name stands; a directive that names a type serves the first namespace of its file.
    private static (string Space, string User)? UserOf(SyntaxNode name)
    {
        var type = name.Ancestors().LastOrDefault(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);
        var within = name.FirstAncestorOrSelf<BaseNamespaceDeclarationSyntax>();
        if (type is null && name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is { GlobalKeyword.RawKind: 0, Parent: { } parent })
        {
            within ??= parent.ChildNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault();
            type = within?.Members.FirstOrDefault(member => member is BaseTypeDeclarationSyntax);
        }

        string? user = type switch
        {
            BaseTypeDeclarationSyntax declared => declared.Identifier.ValueText,
            DelegateDeclarationSyntax declared => declared.Identifier.ValueText,
            _ => null,
        };
        return within is null || user is null ? null : (within.FullName(), user);
    }

    private void AddAll(INamespaceSymbol space)
    {
        foreach (var type in space.GetTypeMembers())
        {
            Add(type);
        }

        foreach (var inner in space.GetNamespaceMembers())
        {
            AddAll(inner);
        }
    }

    private void Add(INamedTypeSymbol type)
    {
        _names.Add(type.Name);
        if (type.Name.EndsWith(Attribute, StringComparison.Ordinal))
        {
            _names.Add(type.Name.Substring(0, type.Name.Length - Attribute.Length));
        }

        if (type.MightContainExtensionMethods)
        {
            _names.UnionWith(type.GetMembers().Where(member => member is IMethodSymbol { IsExtensionMethod: true }).Select(method => method.Name));
        }

        foreach (var nested in type.GetTypeMembers())
        {
            Add(nested);
        }
    }
}
