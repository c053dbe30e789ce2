using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Takes a lock around the code that uses what the lock guards.</summary>
public abstract class LockFix : CodeFixProvider
{
    /// <summary>All of one document at once: accesses in one statement share a lock.</summary>
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(async (context, document, diagnostics) =>
        await Change(document, diagnostics, context.CancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root)
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics.Where(diagnostic => GateOf(diagnostic) is not null && RegionOf(diagnostic, root) is not null))
        {
            context.RegisterCodeFix(
                CodeAction.Create($"Lock '{GateOf(diagnostic)}'", cancellation => Change(context.Document, ImmutableArray.Create(diagnostic), cancellation), diagnostic.Id),
                diagnostic);
        }
    }

    private static string? GateOf(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue(NotGuarded.Gate, out string? gate) ? gate : null;

    private static SyntaxNode? RegionOf(Diagnostic diagnostic, SyntaxNode root) => LockAround.RegionOf(root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true));

    private static async Task<Document> Change(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        if (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is not { } root || await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is not { } semantics)
        {
            return document;
        }

        var regions = diagnostics.Select(diagnostic => (Region: RegionOf(diagnostic, root), Gate: GateOf(diagnostic))).Where(pair => pair is { Region: not null, Gate: not null }).Select(pair => (pair.Region!, pair.Gate!));
        return document.WithSyntaxRoot(root.Around(regions, semantics, cancellation));
    }
}
