using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model.Files;

namespace Sluice.Model.Imports;

/// <summary>
/// The names of the types and extension methods that one compilation declares, and in which namespaces. Only a word that is one of them can tie two of its namespaces, and only where
/// another family than that of the code declares it: no other word is bound.
/// </summary>
internal sealed class OwnNames
{
    private const string Attribute = "Attribute";

    private readonly Dictionary<string, HashSet<string>> _spaces = new(StringComparer.Ordinal);
    private readonly HashSet<int> _hashes = [];
    private readonly Compilation _compilation;

    public OwnNames(Compilation compilation)
    {
        _compilation = compilation;
        AddAll(compilation.Assembly.GlobalNamespace);
    }

    /// <summary>What the code of one file needs of other namespaces of the compilation, in the order of the source.</summary>
    public IEnumerable<Tie> TiesIn(SemanticModel model, CancellationToken cancellation)
    {
        var root = model.SyntaxTree.GetRoot(cancellation);
        (BaseNamespaceDeclarationSyntax? Declaration, string Name) last = (null, string.Empty);
        foreach (int position in Mentioned(model.SyntaxTree.GetText(cancellation).ToString()))
        {
            var token = root.FindToken(position);
            if (!token.Span.Contains(position) || token.Parent is not SimpleNameSyntax name || name.Identifier != token
                || !_spaces.TryGetValue(token.ValueText, out var spaces) || SpaceOf(name) is not { } around)
            {
                continue;
            }

            if (around != last.Declaration)
            {
                last = (around, around.FullName());
            }

            string space = last.Name;
            if (spaces.Any(declaring => !IsFamily(space, declaring)) && UserOf(name, around) is { } user
                && Declarer(model.GetSymbolInfo(name, cancellation).Symbol) is { ContainingNamespace: { IsGlobalNamespace: false } other } used
                && SymbolEqualityComparer.Default.Equals(used.ContainingAssembly, _compilation.Assembly)
                && other.ToDisplayString() is var target && !IsFamily(space, target))
            {
                yield return new(space, target, user, used.Name, name.GetLocation());
            }
        }
    }

    // Where a word stands that may be one of the names, as its hash tells.
    private IEnumerable<int> Mentioned(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            int start = at;
            int hash = Word.Empty;
            for (; at < text.Length && SyntaxFacts.IsIdentifierPartCharacter(text[at]); at++)
            {
                hash = Word.Hash(hash, text[at]);
            }

            if (at > start && _hashes.Contains(hash))
            {
                yield return start;
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

    // The namespace in which a name stands; a directive that names a type serves the first namespace of its file.
    private static BaseNamespaceDeclarationSyntax? SpaceOf(SyntaxNode name) => name.FirstAncestorOrSelf<BaseNamespaceDeclarationSyntax>()
        ?? (name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is { GlobalKeyword.RawKind: 0, Parent: { } parent } ? parent.ChildNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault() : null);

    // The type in which a name stands, for a directive the first one of the namespace.
    private static string? UserOf(SyntaxNode name, BaseNamespaceDeclarationSyntax space)
    {
        var type = name.Ancestors().LastOrDefault(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);
        if (type is null && name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is { GlobalKeyword.RawKind: 0 })
        {
            type = space.Members.FirstOrDefault(member => member is BaseTypeDeclarationSyntax);
        }

        return type switch
        {
            BaseTypeDeclarationSyntax declared => declared.Identifier.ValueText,
            DelegateDeclarationSyntax declared => declared.Identifier.ValueText,
            _ => null,
        };
    }

    private void AddAll(INamespaceSymbol space)
    {
        // What is in no namespace ties none.
        if (!space.IsGlobalNamespace)
        {
            string name = space.ToDisplayString();
            foreach (var type in space.GetTypeMembers())
            {
                Add(type, name);
            }
        }

        foreach (var inner in space.GetNamespaceMembers())
        {
            AddAll(inner);
        }
    }

    private void Add(INamedTypeSymbol type, string space)
    {
        Add(type.Name, space);
        if (type.Name.EndsWith(Attribute, StringComparison.Ordinal))
        {
            Add(type.Name.Substring(0, type.Name.Length - Attribute.Length), space);
        }

        if (type.MightContainExtensionMethods)
        {
            foreach (var method in type.GetMembers().Where(member => member is IMethodSymbol { IsExtensionMethod: true }))
            {
                Add(method.Name, space);
            }
        }

        foreach (var nested in type.GetTypeMembers())
        {
            Add(nested, space);
        }
    }

    private void Add(string name, string space)
    {
        if (!_spaces.TryGetValue(name, out var spaces))
        {
            _spaces[name] = spaces = new(StringComparer.Ordinal);
            _hashes.Add(Word.HashOf(name));
        }

        spaces.Add(space);
    }
}
