using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Sluice.CodeFixes;

/// <summary>Puts a lock around the statement, or the expression body, that uses something.</summary>
internal static class LockAround
{
    /// <summary>What the lock goes around; null where it cannot: an await or yield in it, or a variable that the code after it uses.</summary>
    public static SyntaxNode? RegionOf(SyntaxNode use)
    {
        var region = use.AncestorsAndSelf().FirstOrDefault(node => node is StatementSyntax or ArrowExpressionClauseSyntax or ConstructorInitializerSyntax or AnonymousFunctionExpressionSyntax { ExpressionBody: not null });
        var header = region switch
        {
            IfStatementSyntax choice => choice.Condition,
            ForEachStatementSyntax each => each.Expression,
            ExpressionStatementSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax or AnonymousFunctionExpressionSyntax => region,
            _ => null,
        };
        return header is null || region!.ContainsDirectives || region.Parent is ElseClauseSyntax || header.DescendantNodes().Any(node => node is DeclarationExpressionSyntax or DeclarationPatternSyntax or VarPatternSyntax)
            || region.DescendantNodes().Any(node => node is AwaitExpressionSyntax or YieldStatementSyntax or CommonForEachStatementSyntax { AwaitKeyword.RawKind: not 0 } or UsingStatementSyntax { AwaitKeyword.RawKind: not 0 } or LocalDeclarationStatementSyntax { AwaitKeyword.RawKind: not 0 } or GotoStatementSyntax)
            ? null
            : region;
    }

    /// <summary>The root with a lock around each region. Of two that stand in each other the outer one is enough.</summary>
    public static SyntaxNode Around(this SyntaxNode root, IEnumerable<(SyntaxNode Region, string Gate)> regions, SemanticModel semantics, CancellationToken cancellation)
    {
        var all = regions.GroupBy(pair => pair.Region).Select(group => group.First()).ToList();
        all.RemoveAll(inner => all.Exists(outer => outer.Region != inner.Region && outer.Region.Span.Contains(inner.Region.Span)));
        var replaced = all.ToDictionary(pair => pair.Region is ArrowExpressionClauseSyntax arrow ? arrow.Parent! : pair.Region, pair => pair.Gate);
        return root.ReplaceNodes(replaced.Keys, (original, _) => Locked(original, replaced[original], semantics, cancellation));
    }

    private static SyntaxNode Locked(SyntaxNode node, string gate, SemanticModel semantics, CancellationToken cancellation)
    {
        string end = node.LineEnd();
        switch (node)
        {
            case StatementSyntax statement and not LocalFunctionStatementSyntax:
                return ParseStatement(BeginsLine(statement) ? Lines(statement.Indent(), end, $"lock ({gate})", "{", Indentation.Step + InnerText(statement), "}") : $"lock ({gate}) {{ {InnerText(statement)} }}")
                    .WithLeadingTrivia(statement.GetLeadingTrivia())
                    .WithTrailingTrivia(BeginsLine(statement) ? statement.GetTrailingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)) : statement.GetTrailingTrivia());
            case LambdaExpressionSyntax { ExpressionBody: { } body } lambda:
                bool isVoid = semantics.GetSymbolInfo(lambda, cancellation).Symbol is IMethodSymbol { ReturnsVoid: true };
                return lambda.WithBody(ParseStatement($"{{ lock ({gate}) {{ {(isVoid ? string.Empty : "return ")}{body.WithoutTrivia()}; }} }}").WithTriviaFrom(body));
            case MethodDeclarationSyntax { ExpressionBody: { } body } method:
                return method.WithExpressionBody(null).WithSemicolonToken(default).WithParameterList(method.ParameterList.WithoutTrailingTrivia()).WithBody(Body(method, gate, Run(body, IsVoid(method.ReturnType, method.Modifiers)), end, method));
            case LocalFunctionStatementSyntax { ExpressionBody: { } body } function:
                return function.WithExpressionBody(null).WithSemicolonToken(default).WithParameterList(function.ParameterList.WithoutTrailingTrivia()).WithBody(Body(function, gate, Run(body, IsVoid(function.ReturnType, function.Modifiers)), end, function));
            case AccessorDeclarationSyntax { ExpressionBody: { } body } accessor:
                return accessor.WithExpressionBody(null).WithSemicolonToken(default).WithKeyword(accessor.Keyword.WithTrailingTrivia()).WithBody(Body(accessor, gate, Run(body, !accessor.IsKind(SyntaxKind.GetAccessorDeclaration)), end, accessor));
            case PropertyDeclarationSyntax { ExpressionBody: { } body } property:
                string indent = property.Indent();
                string run = Run(body, isVoid: false);
                string text = BeginsLine(property)
                    ? end + indent + Lines(indent, end, "{", "    get", "    {", $"        lock ({gate})", "        {", "            " + run, "        }", "    }", "}")
                    : $" {{ get {{ lock ({gate}) {{ {run} }} }} }}";
                return property.WithExpressionBody(null).WithSemicolonToken(default).WithIdentifier(property.Identifier.WithTrailingTrivia())
                    .WithAccessorList(((PropertyDeclarationSyntax)ParseMemberDeclaration("int P" + text)!).AccessorList!.WithLeadingTrivia(ParseLeadingTrivia(BeginsLine(property) ? end + indent : " "))
                    .WithTrailingTrivia(property.GetTrailingTrivia()));
            default:
                return node;
        }
    }

    private static BlockSyntax Body(SyntaxNode member, string gate, string run, string end, SyntaxNode trailing) => (BlockSyntax)ParseStatement(BeginsLine(member)
            ? Lines(member.Indent(), end, "{", $"    lock ({gate})", "    {", "        " + run, "    }", "}")
            : $"{{ lock ({gate}) {{ {run} }} }}")
        .WithLeadingTrivia(ParseLeadingTrivia(BeginsLine(member) ? end + member.Indent() : " "))
        .WithTrailingTrivia(trailing.GetTrailingTrivia());

    private static string Run(ArrowExpressionClauseSyntax body, bool isVoid) => $"{(isVoid ? string.Empty : "return ")}{body.Expression.WithoutTrivia()};";

    private static bool IsVoid(TypeSyntax type, SyntaxTokenList modifiers) => type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword }
        || (modifiers.Any(SyntaxKind.AsyncKeyword) && type is SimpleNameSyntax { Arity: 0 });

    private static string InnerText(StatementSyntax statement) => BeginsLine(statement) ? statement.Indented().WithoutLeadingTrivia().ToFullString().TrimEnd() : statement.WithoutTrivia().ToFullString();

    private static string Lines(string indent, string end, params string[] lines) => string.Join(end + indent, lines);

    private static bool BeginsLine(SyntaxNode node) => node.GetFirstToken().GetPreviousToken() is var before && (before.RawKind == 0 || before.TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia) || node.GetLeadingTrivia().Any(SyntaxKind.EndOfLineTrivia));
}
