using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.CodeFixes;

/// <summary>A variable gets a copy under another name, and some of its uses name the copy.</summary>
internal static class LocalCopy
{
    /// <summary>A name for the copy that nothing in the member has.</summary>
    public static string NameOf(string variable, SyntaxNode place) => FreeName("current" + char.ToUpperInvariant(variable[0]) + variable.Substring(1), place);

    /// <summary>The name, with a number where something in the member has it.</summary>
    public static string FreeName(string name, SyntaxNode place)
    {
        var member = place.FirstAncestorOrSelf<MemberDeclarationSyntax>(node => node is not GlobalStatementSyntax) ?? place.SyntaxTree.GetRoot();
        var taken = new HashSet<string>(member.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText));
        return Enumerable.Range(0, int.MaxValue).Select(number => number == 0 ? name : name + number).First(candidate => !taken.Contains(candidate));
    }

    /// <summary>The uses that are renamed, and what takes its own name from them.</summary>
    public static IEnumerable<SyntaxNode> NodesToChange(IEnumerable<IdentifierNameSyntax> uses) => uses.Concat(uses.Select(HolderOfInferredName).OfType<SyntaxNode>());

    /// <summary>What becomes of one of them.</summary>
    public static SyntaxNode Renamed(SyntaxNode original, SyntaxNode rewritten, IReadOnlyDictionary<IdentifierNameSyntax, string> names) => (original, rewritten) switch
    {
        (IdentifierNameSyntax use, IdentifierNameSyntax) => SyntaxFactory.IdentifierName(names[use]).WithTriviaFrom(use),
        (AnonymousObjectMemberDeclaratorSyntax { Expression: IdentifierNameSyntax use }, AnonymousObjectMemberDeclaratorSyntax member) => Named(use, member),
        (ArgumentSyntax { Expression: IdentifierNameSyntax use }, ArgumentSyntax element) => Named(use, element),
        _ => rewritten,
    };

    // `new { i }` and `(i, n)` name their members by the variable; the name must stay.
    private static SyntaxNode? HolderOfInferredName(IdentifierNameSyntax use) => use.Parent switch
    {
        AnonymousObjectMemberDeclaratorSyntax { NameEquals: null } member => member,
        ArgumentSyntax { NameColon: null, Parent: TupleExpressionSyntax } element => element,
        _ => null,
    };

    private static AnonymousObjectMemberDeclaratorSyntax Named(IdentifierNameSyntax use, AnonymousObjectMemberDeclaratorSyntax member) => member
        .WithoutLeadingTrivia()
        .WithNameEquals(SyntaxFactory.NameEquals(SyntaxFactory.IdentifierName(use.Identifier.WithoutTrivia()), SyntaxFactory.Token(SyntaxKind.EqualsToken).WithTrailingTrivia(SyntaxFactory.Space)).WithLeadingTrivia(use.GetLeadingTrivia())
            .WithName(SyntaxFactory.IdentifierName(use.Identifier.WithoutTrivia()).WithTrailingTrivia(SyntaxFactory.Space)))
        .WithLeadingTrivia(use.GetLeadingTrivia());

    private static ArgumentSyntax Named(IdentifierNameSyntax use, ArgumentSyntax element) => element
        .WithoutLeadingTrivia()
        .WithNameColon(SyntaxFactory.NameColon(SyntaxFactory.IdentifierName(use.Identifier.WithoutTrivia())).WithTrailingTrivia(SyntaxFactory.Space))
        .WithLeadingTrivia(use.GetLeadingTrivia());
}
