using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Sluice.Model.Plumbing;

namespace Sluice.Generators;

/// <summary>From the symbol of a select class to its model.</summary>
internal static class SelectParser
{
    private static readonly SymbolDisplayFormat NamespaceName = SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    /// <summary>The model, or null when the class cannot be completed.</summary>
    public static SelectModel? Parse(INamedTypeSymbol symbol)
    {
        if (SelectClass.Of(symbol) is not { CanBeCompleted: true } select)
        {
            return null;
        }

        var containers = Containers(symbol);
        var space = symbol.ContainingNamespace.IsGlobalNamespace ? string.Empty : symbol.ContainingNamespace.ToDisplayString(NamespaceName);
        return new(
            HintName(containers.Append(symbol), space),
            space,
            new(containers.Select(type => $"{Keyword(type)} {Head(type)}").ToImmutableArray()),
            Head(symbol),
            new(select.Cases.Select(field => Escaped(field.Name)).ToImmutableArray()),
            select.IsVisibleOutside);
    }

    private static Stack<INamedTypeSymbol> Containers(INamedTypeSymbol symbol)
    {
        var containers = new Stack<INamedTypeSymbol>();
        for (var type = symbol.ContainingType; type is not null; type = type.ContainingType)
        {
            containers.Push(type);
        }

        return containers;
    }

    private static string HintName(IEnumerable<INamedTypeSymbol> types, string space) =>
        string.Join(".", types.Select(type => type.MetadataName).Prepend(space.Replace("@", string.Empty)).Where(part => part.Length > 0)) + SelectClass.FileEnd;

    private static string Keyword(INamedTypeSymbol type) => type switch
    {
        { IsRecord: true, IsValueType: true } => "record struct",
        { IsRecord: true } => "record",
        { IsValueType: true } => "struct",
        { TypeKind: TypeKind.Interface } => "interface",
        _ => "class",
    };

    private static string Head(INamedTypeSymbol type) => type.TypeParameters.IsEmpty
        ? Escaped(type.Name)
        : $"{Escaped(type.Name)}<{string.Join(", ", type.TypeParameters.Select(parameter => Escaped(parameter.Name)))}>";

    // Contextual keywords too: a type may be called @record, and a bare `partial class record` is refused.
    private static string Escaped(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;
}
