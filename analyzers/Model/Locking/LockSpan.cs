using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.Model.Locking;

/// <summary>What an editor underlines for a step: of a statement only its head.</summary>
internal static class LockSpan
{
    public static Location Of(SyntaxNode node) => node switch
    {
        LockStatementSyntax statement => Location.Create(node.SyntaxTree, TextSpan.FromBounds(statement.SpanStart, statement.CloseParenToken.Span.End)),
        CommonForEachStatementSyntax loop => loop.Expression.GetLocation(),
        UsingStatementSyntax use => (use.Declaration ?? (SyntaxNode?)use.Expression ?? use).GetLocation(),
        _ => node.GetLocation(),
    };
}
