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

/// <summary>Returns a copy of a guarded collection in place of the collection.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ReturnCopy : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(EscapesLock.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix(EscapesLock.Id);

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root)
        {
            return;
        }

        // A copy that is made without the lock is no better.
        foreach (var diagnostic in context.Diagnostics.Where(diagnostic => diagnostic.Properties.ContainsKey(EscapesLock.CanCopy)))
        {
            if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is ExpressionSyntax value && value.Ancestors().Any(node => node is LockStatementSyntax))
            {
                context.RegisterCodeFix(CodeAction.Create("Return a copy", _ => Task.FromResult(Copy(context.Document, root, value)), EscapesLock.Id), diagnostic);
            }
        }
    }

    private static Document Copy(Document document, SyntaxNode root, ExpressionSyntax value) =>
        document.WithSyntaxRoot(root.ReplaceNode(value, SyntaxFactory.ParseExpression($"{value.WithoutTrivia()}.ToList()").WithTriviaFrom(value)));
}
