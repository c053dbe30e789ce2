using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Awaits work that was dropped.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC5001_AwaitIt : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(NeverAwaited.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix(NeverAwaited.Id);

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (context.Diagnostics[0].Properties.ContainsKey(NeverAwaited.CanAwait)
            && root?.FindNode(context.Span, getInnermostNodeForTie: true) is InvocationExpressionSyntax call
            && call.FirstAncestorOrSelf<ExpressionStatementSyntax>() is { } statement)
        {
            var awaiting = SyntaxFactory.AwaitExpression(SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space), call.WithoutTrivia()).WithTriviaFrom(statement.Expression);
            context.RegisterCodeFix(
                CodeAction.Create("Await it", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(statement.Expression, awaiting))), NeverAwaited.Id),
                context.Diagnostics);
        }
    }
}
