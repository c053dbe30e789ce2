using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Sluice.CodeFixes;

/// <summary>Raises a countdown before the work that it counts is started, and counts it down in a finally.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class CountInOrder : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC4010");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC4010");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);

        // Either stands as a statement of its own in the block of the lambda that is started.
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true) is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var method } } call
            || call.Parent is not ExpressionStatementSyntax { Parent: BlockSyntax { Parent: AnonymousFunctionExpressionSyntax work } block } statement
            || block.ContainsDirectives)
        {
            return;
        }

        var changed = method switch
        {
            "AddCount" => Before(root, statement, work),
            "Signal" => InFinally(root, statement, block),
            _ => null,
        };
        if (changed is not null)
        {
            string title = method == "Signal" ? "Signal in a finally" : "Raise it before the work is started";
            context.RegisterCodeFix(CodeAction.Create(title, _ => Task.FromResult(context.Document.WithSyntaxRoot(changed)), equivalenceKey: "SLC4010"), diagnostic);
        }
    }

    // The count is raised right before the statement that starts the work, if that stands in a block.
    private static SyntaxNode? Before(SyntaxNode root, ExpressionStatementSyntax raise, AnonymousFunctionExpressionSyntax work)
    {
        var start = work.Ancestors().OfType<StatementSyntax>().FirstOrDefault();
        bool isOfWork = raise.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => IsDeclaredIn(work, name.Identifier.ValueText));
        if (start is not { Parent: BlockSyntax } || isOfWork || start.DescendantNodes().OfType<AnonymousFunctionExpressionSyntax>().First() != work)
        {
            return null;
        }

        var tracked = root.TrackNodes(raise, start);
        tracked = tracked.RemoveNode(tracked.GetCurrentNode(raise)!, SyntaxRemoveOptions.KeepNoTrivia)!;
        var before = tracked.GetCurrentNode(start)!;
        var indentation = before.GetLeadingTrivia().Reverse().TakeWhile(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));
        return tracked.ReplaceNode(before, [raise.WithLeadingTrivia(before.GetLeadingTrivia()), before.WithLeadingTrivia(indentation)]);
    }

    private static bool IsDeclaredIn(AnonymousFunctionExpressionSyntax work, string name) =>
        work.DescendantNodes().Any(node => (node is ParameterSyntax parameter && parameter.Identifier.ValueText == name) || (node is VariableDeclaratorSyntax variable && variable.Identifier.ValueText == name));

    // All that the work does comes before it, and nothing comes after.
    private static SyntaxNode? InFinally(SyntaxNode root, ExpressionStatementSyntax signal, BlockSyntax block)
    {
        if (block.Statements.Last() != signal || block.Statements.Count < 2 || block.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Count(member => member.Name.Identifier.ValueText == "Signal") > 1)
        {
            return null;
        }

        var guarded = block.Statements.Remove(signal);
        var guard = TryStatement(Block(guarded), default, FinallyClause(Block(signal))).WithAdditionalAnnotations(Formatter.Annotation);
        return root.ReplaceNode(block, block.WithStatements(SingletonList<StatementSyntax>(guard)));
    }
}
