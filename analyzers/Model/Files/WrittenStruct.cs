using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.Model.Files;

/// <summary>A struct that may be copied.</summary>
/// <param name="Name">The name.</param>
/// <param name="Span">Where it stands.</param>
/// <param name="FieldTypes">The last names of the types of its fields.</param>
internal sealed record WrittenStruct(string Name, TextSpan Span, ImmutableArray<string> FieldTypes)
{
    public static IEnumerable<WrittenStruct> In(SyntaxTree tree, CancellationToken cancellation) => tree.GetRoot(cancellation)
        .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
        .OfType<TypeDeclarationSyntax>()
        .Where(type => type is StructDeclarationSyntax or RecordDeclarationSyntax { RawKind: (int)SyntaxKind.RecordStructDeclaration } && !type.Modifiers.Any(SyntaxKind.RefKeyword))
        .Select(type => new WrittenStruct(type.Identifier.ValueText, type.Span, type.Members.OfType<FieldDeclarationSyntax>().Select(field => NameOf(field.Declaration.Type)).OfType<string>().ToImmutableArray()));

    private static string? NameOf(TypeSyntax type) => type switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        _ => null,
    };
}
