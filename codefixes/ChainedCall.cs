using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.CodeFixes;

/// <summary>A call without arguments behind an expression: <c>source.Method()</c>.</summary>
internal static class ChainedCall
{
    /// <summary>The call, which ends as <paramref name="source"/> ended.</summary>
    public static InvocationExpressionSyntax Of(string method, ExpressionSyntax source) => SyntaxFactory.InvocationExpression(
        SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, source.WithoutTrailingTrivia(), SyntaxFactory.IdentifierName(method)),
        SyntaxFactory.ArgumentList()).WithTrailingTrivia(source.GetTrailingTrivia());
}
