using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Waits with <c>WaitToReadAsync</c> in the race, and reads where the result was awaited.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC2012_WaitFirst : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(AbandonedRead.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix(AbandonedRead.Id);

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (context.Diagnostics[0].Properties.ContainsKey(AbandonedRead.CanWaitFirst)
            && root?.FindNode(context.Span, getInnermostNodeForTie: true) is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } read
            && read.FirstAncestorOrSelf<VariableDeclaratorSyntax>() is { Parent: VariableDeclarationSyntax { Type.IsVar: true } } held
            && held.FirstAncestorOrSelf<BlockSyntax>() is { } block
            && Awaits(held, block) is { } awaits)
        {
            var changes = awaits.Cast<SyntaxNode>().Append(access.Name).ToList();
            var again = SyntaxFactory.ParseExpression($"await {read.WithoutTrivia()}");
            context.RegisterCodeFix(
                CodeAction.Create("Wait first, then read", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNodes(changes, (old, _) => old == access.Name ? SyntaxFactory.IdentifierName("WaitToReadAsync") : again.WithTriviaFrom(old)))), AbandonedRead.Id),
                context.Diagnostics);
        }
    }

    // Where the item is asked for; null when the task is used in any other way than that, a comparison and the race.
    private static List<ExpressionSyntax>? Awaits(VariableDeclaratorSyntax held, BlockSyntax block)
    {
        var found = new List<ExpressionSyntax>();
        foreach (var use in block.DescendantNodes().OfType<IdentifierNameSyntax>().Where(name => name.Identifier.ValueText == held.Identifier.ValueText))
        {
            switch (use.Parent)
            {
                case AwaitExpressionSyntax awaiting:
                    found.Add(awaiting);
                    break;
                case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "WhenAny" } } }:
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression }:
                    break;
                default:
                    return null;
            }
        }

        return found;
    }
}
