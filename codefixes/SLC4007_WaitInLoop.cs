using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Turns the <c>if</c> around a wait into a <c>while</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class WaitInLoop : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC4007");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC4007");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is not null && diagnostic.Properties.ContainsKey(WaitNotInLoop.ToWhile)
            && root.FindToken(diagnostic.AdditionalLocations[0].SourceSpan.Start).Parent is IfStatementSyntax { Else: null } choice)
        {
            context.RegisterCodeFix(CodeAction.Create("Wait in a while", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(choice, LoopOf(choice)))), equivalenceKey: "SLC4007"), diagnostic);
        }
    }

    private static WhileStatementSyntax LoopOf(IfStatementSyntax choice) => SyntaxFactory.WhileStatement(
        choice.AttributeLists,
        SyntaxFactory.Token(SyntaxKind.WhileKeyword).WithTriviaFrom(choice.IfKeyword),
        choice.OpenParenToken,
        choice.Condition,
        choice.CloseParenToken,
        choice.Statement);
}
