using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Makes the method async and awaits what it returned, so that its usings wait for the work.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class AwaitInUsing : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC5007");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC5007");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || !diagnostic.Properties.ContainsKey(UsedAfterDispose.Returned) || FunctionOf(root.FindNode(context.Span)) is not { } function || Async(function) is not { } better)
        {
            return;
        }

        context.RegisterCodeFix(
            CodeAction.Create("Await it", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(function, better.WithAdditionalAnnotations(Formatter.Annotation)))), equivalenceKey: "SLC5007"),
            diagnostic);
    }

    private static SyntaxNode? FunctionOf(SyntaxNode node) =>
        node.Ancestors().FirstOrDefault(outer => outer is MethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or AccessorDeclarationSyntax);

    private static SyntaxNode? Async(SyntaxNode function)
    {
        var awaiting = SyntaxFactory.Token(SyntaxKind.AsyncKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        switch (function)
        {
            case MethodDeclarationSyntax { Body: { } body } method when Awaited(method.ReturnType, method.ParameterList, body) is { } better:
                // A first modifier would take the comments above the method; the new one stands last.
                return method.Modifiers.Any()
                    ? method.WithModifiers(method.Modifiers.Add(awaiting)).WithBody(better)
                    : method.WithReturnType(method.ReturnType.WithoutLeadingTrivia()).WithModifiers(SyntaxFactory.TokenList(awaiting.WithLeadingTrivia(method.ReturnType.GetLeadingTrivia()))).WithBody(better);
            case LocalFunctionStatementSyntax { Body: { } body } local when Awaited(local.ReturnType, local.ParameterList, body) is { } better:
                return local.Modifiers.Any()
                    ? local.WithModifiers(local.Modifiers.Add(awaiting)).WithBody(better)
                    : local.WithReturnType(local.ReturnType.WithoutLeadingTrivia()).WithModifiers(SyntaxFactory.TokenList(awaiting.WithLeadingTrivia(local.ReturnType.GetLeadingTrivia()))).WithBody(better);
            default:
                return null;
        }
    }

    private static BlockSyntax? Awaited(TypeSyntax type, ParameterListSyntax parameters, BlockSyntax body)
    {
        var name = type is QualifiedNameSyntax qualified ? qualified.Right : type;
        bool hasResult = name is GenericNameSyntax;
        if (name is not SimpleNameSyntax { Identifier.ValueText: "Task" or "ValueTask" } || parameters.Parameters.Any(parameter => parameter.Modifiers.Any(SyntaxKind.RefKeyword) || parameter.Modifiers.Any(SyntaxKind.OutKeyword) || parameter.Modifiers.Any(SyntaxKind.InKeyword)))
        {
            return null;
        }

        var returns = body.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).OfType<ReturnStatementSyntax>().ToList();
        if (returns.Any(statement => statement.Expression is null || (!hasResult && !IsIn(statement))))
        {
            return null;
        }

        var tracked = body.TrackNodes(returns);
        foreach (var statement in returns)
        {
            var current = tracked.GetCurrentNode(statement)!;
            tracked = hasResult
                ? tracked.ReplaceNode(current, current.WithExpression(Await(current.Expression!)))
                : tracked.ReplaceNode(current, WithoutResult(current, isLast: statement.Parent == body && body.Statements.Last() == statement));
        }

        return tracked;
    }

    // Two statements can stand there.
    private static bool IsIn(ReturnStatementSyntax statement) => statement.Parent is BlockSyntax or SwitchSectionSyntax;

    private static IEnumerable<SyntaxNode> WithoutResult(ReturnStatementSyntax statement, bool isLast)
    {
        if (statement.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "CompletedTask" })
        {
            yield return SyntaxFactory.ReturnStatement().WithTriviaFrom(statement);
            yield break;
        }

        var awaited = SyntaxFactory.ExpressionStatement(Await(statement.Expression!)).WithTriviaFrom(statement);
        yield return awaited;
        if (!isLast)
        {
            yield return SyntaxFactory.ReturnStatement().WithTrailingTrivia(SyntaxFactory.ElasticLineFeed).WithAdditionalAnnotations(Formatter.Annotation);
        }
    }

    private static AwaitExpressionSyntax Await(ExpressionSyntax task)
    {
        var operand = task is ConditionalExpressionSyntax or BinaryExpressionSyntax or SwitchExpressionSyntax ? SyntaxFactory.ParenthesizedExpression(task.WithoutTrivia()) : task.WithoutLeadingTrivia();
        return SyntaxFactory.AwaitExpression(SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space), operand).WithLeadingTrivia(task.GetLeadingTrivia());
    }
}
