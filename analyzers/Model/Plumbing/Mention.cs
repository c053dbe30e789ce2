using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Plumbing;

/// <summary>A place that names the namespace Sluice and so asks for the plumbing: a using in any form, or a name that starts with <c>Sluice.</c> but for an attribute about sharing, which comes alone.</summary>
internal static class Mention
{
    public const string Namespace = "Sluice";

    public static bool Is(SyntaxNode node)
    {
        if (node is not IdentifierNameSyntax { Identifier.ValueText: Namespace } name)
        {
            return false;
        }

        SyntaxNode start = name.Parent is AliasQualifiedNameSyntax { Alias.Identifier.ValueText: "global" } fromGlobal ? fromGlobal : name;
        return start.Parent switch
        {
            UsingDirectiveSyntax directive => directive.NamespaceOrType == start,
            QualifiedNameSyntax qualified => qualified.Left == start && !DeclaresNamespace(qualified) && !(qualified.Parent is AttributeSyntax attribute && Annotation.Is(attribute)),
            MemberAccessExpressionSyntax access => access.Expression == start,
            _ => false,
        };
    }

    /// <summary>The first such place in a file.</summary>
    public static SyntaxNode? FirstIn(SyntaxNode root) => root.DescendantNodes().FirstOrDefault(Is);

    /// <summary>Whether the namespace holds nothing but what is always emitted: no channels, and no types of the user's own.</summary>
    public static bool HasOnlyAttributes(Compilation compilation) =>
        compilation.GlobalNamespace.GetNamespaceMembers().FirstOrDefault(space => space.Name == Namespace) is not { } sluice
        || sluice.GetMembers().All(member => (member is INamedTypeSymbol && member.Name.EndsWith("Attribute", System.StringComparison.Ordinal)) || !compilation.IsSymbolAccessibleWithin(member, compilation.Assembly));

    private static bool DeclaresNamespace(QualifiedNameSyntax name)
    {
        SyntaxNode whole = name;
        while (whole.Parent is QualifiedNameSyntax outer)
        {
            whole = outer;
        }

        return whole.Parent is BaseNamespaceDeclarationSyntax;
    }
}
