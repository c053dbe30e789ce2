using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model.Files;
using Sluice.Model.Plumbing;

namespace Sluice.Model.Sharing;

/// <summary>A lock as an annotation names it.</summary>
/// <param name="Name">The name that is written.</param>
/// <param name="Member">The field, property or method that gives the lock; null for the object itself, and where the name says nothing.</param>
/// <param name="At">The annotation.</param>
internal sealed record NamedLock(string Name, ISymbol? Member, SyntaxNode At)
{
    public bool IsThis => Name == "this";

    /// <summary>Gets a value indicating whether the type has nothing of that name. A path through other objects is never said to be wrong.</summary>
    public bool IsMisspelt => Member is null && !IsThis && !Name.Contains('.');
}

/// <summary>What the program says of how its state is shared: [GuardedBy], [Holds], [Sendable], [Confined]. Thread-safe.</summary>
internal sealed class Annotations
{
    private readonly CompilationModel _compilation;
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<NamedLock>> _locks = new(SymbolEqualityComparer.Default);
    private readonly Lazy<HashSet<string>> _guarded;
    private readonly Lazy<bool> _isSendableOnly;
    private readonly Lazy<bool> _hasConfined;

    public Annotations(CompilationModel compilation)
    {
        _compilation = compilation;
        _guarded = new(() => new(AnnotatedRoots().SelectMany(root => root.DescendantNodes()).OfType<AttributeSyntax>().Where(attribute => Annotation.NameOf(attribute) is Annotation.GuardedBy or Annotation.Holds).SelectMany(NamesOf), StringComparer.Ordinal));
        _hasConfined = new(() => AnnotatedRoots().SelectMany(root => root.DescendantNodes()).Any(node => node is AttributeSyntax attribute && Annotation.NameOf(attribute) == Annotation.Confined));
        _isSendableOnly = new(() => AnnotatedRoots().OfType<CompilationUnitSyntax>().SelectMany(unit => unit.AttributeLists).SelectMany(list => list.Attributes).Any(attribute => Annotation.NameOf(attribute) == Annotation.SendableOnly));
    }

    /// <summary>Gets the names of what is declared as guarded, and of the methods whose callers hold a lock.</summary>
    public HashSet<string> GuardedNames => _guarded.Value;

    /// <summary>Gets a value indicating whether the assembly asks that only what is sendable crosses into concurrent code.</summary>
    public bool IsSendableOnly => _isSendableOnly.Value;

    /// <summary>Gets a value indicating whether anything is confined.</summary>
    public bool HasConfined => _hasConfined.Value;

    /// <summary>The lock that <paramref name="member"/> is declared to be guarded by.</summary>
    public NamedLock? GuardOf(ISymbol? member) => member is (IFieldSymbol or IPropertySymbol) and { IsImplicitlyDeclared: false } && GuardedNames.Contains(member.Name) ? LocksOf(member, Annotation.GuardedBy).FirstOrDefault() : null;

    /// <summary>The locks that whoever calls <paramref name="method"/> holds.</summary>
    public ImmutableArray<NamedLock> HeldBy(IMethodSymbol method)
    {
        var member = method.AssociatedSymbol ?? method;
        return GuardedNames.Contains(member.Name) ? LocksOf(member, Annotation.Holds) : ImmutableArray<NamedLock>.Empty;
    }

    /// <summary>Whether the type says that its objects may be shared.</summary>
    public static bool IsSendable(ITypeSymbol type) => Says(type, Annotation.Sendable);

    /// <summary>Whether the type, field or property says that its object stays with the code that made it.</summary>
    public static bool IsConfined(ISymbol symbol) => Says(symbol, Annotation.Confined);

    /// <summary>The annotation of this name on the declaration of <paramref name="symbol"/>.</summary>
    public static AttributeSyntax? Find(ISymbol symbol, string name) => symbol.OriginalDefinition.DeclaringSyntaxReferences.SelectMany(part => ListsOf(part.GetSyntax())).SelectMany(list => list.Attributes).FirstOrDefault(attribute => Annotation.NameOf(attribute) == name);

    private static bool Says(ISymbol symbol, string name) => symbol.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty
        ? symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == name + "Attribute")
        : Find(symbol, name) is not null;

    private ImmutableArray<NamedLock> LocksOf(ISymbol member, string annotation)
    {
        var key = member.OriginalDefinition;
        if (!_locks.TryGetValue(key, out var locks))
        {
            locks = key.DeclaringSyntaxReferences.SelectMany(part => ListsOf(part.GetSyntax())).SelectMany(list => list.Attributes)
                .Where(attribute => Annotation.NameOf(attribute) == annotation)
                .SelectMany(attribute => TextsOf(attribute).Select(text => Named(text, key.ContainingType, attribute)))
                .ToImmutableArray();
            locks = _locks.GetOrAdd(key, locks);
        }

        return locks;
    }

    private static NamedLock Named(string text, INamedTypeSymbol type, SyntaxNode at)
    {
        string name = text.StartsWith("this.", StringComparison.Ordinal) ? text.Substring("this.".Length) : text;
        string own = name.StartsWith(type.Name + ".", StringComparison.Ordinal) ? name.Substring(type.Name.Length + 1) : name;
        for (var outer = type; outer is not null; outer = outer.ContainingType)
        {
            for (var above = outer; above is not null; above = above.BaseType)
            {
                if (above.GetMembers(own).FirstOrDefault(member => member is IFieldSymbol or IPropertySymbol or IMethodSymbol && (member.IsStatic || SymbolEqualityComparer.Default.Equals(outer, type))) is { } member)
                {
                    return new(own, member.OriginalDefinition, at);
                }
            }
        }

        return new(name, null, at);
    }

    private static SyntaxList<AttributeListSyntax> ListsOf(SyntaxNode declaration) => declaration.FirstAncestorOrSelf<SyntaxNode>(node => node is MemberDeclarationSyntax or ParameterSyntax) switch
    {
        MemberDeclarationSyntax member => member.AttributeLists,
        ParameterSyntax parameter => parameter.AttributeLists,
        _ => default,
    };

    private IEnumerable<string> TextsOf(AttributeSyntax attribute) => attribute.ArgumentList is not { } list ? [] : list.Arguments.Where(argument => argument.NameEquals is null).Select(argument => argument.Expression switch
    {
        LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal => literal.Token.ValueText,
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" }, ArgumentList.Arguments: [{ Expression: var named }] } => named is MemberAccessExpressionSyntax access ? access.Name.Identifier.ValueText : named.ToString(),
        var other => _compilation.SemanticModel(attribute.SyntaxTree).GetConstantValue(other).Value as string,
    }).OfType<string>();

    private static IEnumerable<string> NamesOf(AttributeSyntax attribute) => attribute.Parent?.Parent switch
    {
        BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier.ValueText),
        PropertyDeclarationSyntax property => [property.Identifier.ValueText],
        MethodDeclarationSyntax method => [method.Identifier.ValueText],
        ParameterSyntax parameter => [parameter.Identifier.ValueText],
        _ => [],
    };

    private IEnumerable<SyntaxNode> AnnotatedRoots() => _compilation.Compilation.SyntaxTrees
        .Where(tree => (SourceFile.Of(tree).Mentions(CancellationToken.None).All & Mentions.Annotation) != 0)
        .Select(tree => tree.GetRoot());
}
