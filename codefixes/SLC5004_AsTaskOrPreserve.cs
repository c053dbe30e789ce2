using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Makes of a ValueTask something that may be consumed more than once, or blocked on: <c>Preserve()</c>, <c>AsTask()</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class AsTaskOrPreserve : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC5004");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC5004");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || !diagnostic.Properties.TryGetValue(ValueTaskTwice.Adapter, out string? adapter) || adapter is null
            || root.FindNode(diagnostic.AdditionalLocations[0].SourceSpan, getInnermostNodeForTie: true) is not InvocationExpressionSyntax source)
        {
            return;
        }

        if (adapter == "AsTask" && source.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type.IsVar: false } } })
        {
            return; // its type is written down
        }

        context.RegisterCodeFix(
            CodeAction.Create($"Add {adapter}()", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(source, ChainedCall.Of(adapter, source)))), equivalenceKey: "SLC5004"),
            diagnostic);
    }
}
