using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Files;

/// <summary>A declaration with a base list.</summary>
/// <param name="Declaration">The declaration.</param>
/// <param name="Bases">The last names of what it lists; of an alias what that stands for.</param>
internal sealed record DerivedType(TypeDeclarationSyntax Declaration, ImmutableArray<string> Bases)
{
    public static IEnumerable<DerivedType> In(SyntaxTree tree, CancellationToken cancellation)
    {
        var root = tree.GetRoot(cancellation);
        var aliases = root.DescendantNodes(IsAroundTypes).OfType<UsingDirectiveSyntax>().Where(import => import.Alias is not null).ToLookup(import => import.Alias!.Name.Identifier.ValueText, import => NameOf(import.Name));
        return root.DescendantNodes(node => IsAroundTypes(node) || node is TypeDeclarationSyntax)
            .OfType<TypeDeclarationSyntax>()
            .Where(type => type.BaseList is not null)
            .Select(type => new DerivedType(type, type.BaseList!.Types.Select(@base => NameOf(@base.Type)).OfType<string>().SelectMany(name => aliases[name].Append(name)).OfType<string>().ToImmutableArray()));
    }

    private static bool IsAroundTypes(SyntaxNode node) => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax;

    private static string? NameOf(TypeSyntax? type) => type switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
        _ => null,
    };
}
