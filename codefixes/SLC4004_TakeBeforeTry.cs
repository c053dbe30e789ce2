using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Moves the acquire in front of the try whose finally gives the lock back.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class TakeBeforeTry : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC4004");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC4004");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is not null && diagnostic.Properties.ContainsKey(ReleasedNotHeld.MoveOut)
            && root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<ExpressionStatementSyntax>() is { Parent: BlockSyntax { Parent: TryStatementSyntax { Parent: BlockSyntax block } attempt } } acquire)
        {
            context.RegisterCodeFix(CodeAction.Create("Take it before the try", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(block, Moved(block, attempt, acquire)))), equivalenceKey: "SLC4004"), diagnostic);
        }
    }

    private static BlockSyntax Moved(BlockSyntax block, TryStatementSyntax attempt, ExpressionStatementSyntax acquire)
    {
        var rest = attempt.WithBlock(attempt.Block.WithStatements(attempt.Block.Statements.Remove(acquire))).WithLeadingTrivia(attempt.GetLeadingTrivia().Reverse().TakeWhile(trivia => trivia.IsKind(Microsoft.CodeAnalysis.CSharp.SyntaxKind.WhitespaceTrivia)).Reverse());
        var before = acquire.WithLeadingTrivia(attempt.GetLeadingTrivia()).WithAdditionalAnnotations(Formatter.Annotation);
        return block.WithStatements(block.Statements.ReplaceRange(attempt, [before, rest]));
    }
}
