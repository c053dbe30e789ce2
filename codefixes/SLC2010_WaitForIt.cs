using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Sluice.CodeFixes;

/// <summary>Lets a loop wait for the channel that it asks: as its condition, or in place of the whole loop where it does nothing else.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC2010_WaitForIt : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC2010");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC2010");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true) is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call
            && call.FirstAncestorOrSelf<WhileStatementSyntax>() is { } loop && IsAsync(call) && Fixed(call, access, loop) is { } waiting)
        {
            context.RegisterCodeFix(
                CodeAction.Create("Wait for the channel", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(loop, waiting.WithTriviaFrom(loop).WithAdditionalAnnotations(Formatter.Annotation)))), "SLC2010"),
                context.Diagnostics);
        }
    }

    private static StatementSyntax? Fixed(InvocationExpressionSyntax call, MemberAccessExpressionSyntax access, WhileStatementSyntax loop)
    {
        var channel = access.Expression.WithoutTrivia();
        if (loop.Condition is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression, Operand: var asked } && asked == call && DoesNothing(loop.Statement))
        {
            return (access.Name.Identifier.ValueText, call.ArgumentList.Arguments.Last().Expression) switch
            {
                ("TryRead", DeclarationExpressionSyntax or IdentifierNameSyntax) => SyntaxFactory.ParseStatement($"{call.ArgumentList.Arguments.Last().Expression} = await {channel}.ReadAsync();"),
                ("TryWrite", _) => SyntaxFactory.ParseStatement($"await {channel}.WriteAsync{call.ArgumentList};"),
                ("TrySend", _) => SyntaxFactory.ParseStatement($"await {channel}.SendAsync{call.ArgumentList};"),
                _ => null,
            };
        }

        // The loop ends when the channel is closed, where it ran on and did nothing before.
        return access.Name.Identifier.ValueText == "TryRead" && Wait(loop.Condition) is { } argument && loop.Statement is BlockSyntax { Statements: [IfStatementSyntax only] } && only.Condition == call && only.Else is null or { Statement: BlockSyntax { Statements.Count: 0 } }
            ? loop.WithCondition(SyntaxFactory.ParseExpression($"await {channel}.WaitToReadAsync({argument})").WithTriviaFrom(loop.Condition))
            : null;
    }

    private static string? Wait(ExpressionSyntax condition) => condition switch
    {
        LiteralExpressionSyntax { RawKind: (int)SyntaxKind.TrueLiteralExpression } => string.Empty,
        _ => null,
    };

    private static bool DoesNothing(StatementSyntax body) => body switch
    {
        EmptyStatementSyntax => true,
        BlockSyntax block => block.Statements.All(DoesNothing),
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var owner, Name.Identifier.ValueText: "Yield" or "SpinWait" or "Sleep" } } } => owner.ToString().EndsWith("Thread", System.StringComparison.Ordinal),
        _ => false,
    };

    private static bool IsAsync(SyntaxNode node) => node.Ancestors().FirstOrDefault(outer => outer is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax or AccessorDeclarationSyntax) switch
    {
        AnonymousFunctionExpressionSyntax lambda => lambda.AsyncKeyword.RawKind != 0,
        LocalFunctionStatementSyntax function => function.Modifiers.Any(SyntaxKind.AsyncKeyword),
        BaseMethodDeclarationSyntax method => method.Modifiers.Any(SyntaxKind.AsyncKeyword),
        _ => false,
    };
}
