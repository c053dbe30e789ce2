using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Removes the promise that there is one reader or writer.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC2009_RemovePromise : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(PromiseBroken.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix(PromiseBroken.Id);

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true) is AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } promise)
        {
            context.RegisterCodeFix(
                CodeAction.Create($"Remove '{promise}'", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.RemoveNode(promise, SyntaxRemoveOptions.KeepNoTrivia)!)), PromiseBroken.Id),
                context.Diagnostics);
        }
    }
}
