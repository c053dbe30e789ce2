using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.CodeFixes;

/// <summary>Turns the second <c>Complete</c> into <c>TryComplete</c>, which does nothing when the channel is closed already.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC2001_TryComplete : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC2001");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC2001");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);

        // Only a BCL writer has a TryComplete, and only a statement has no use for its result.
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true) is InvocationExpressionSyntax call
            && call.Parent is ExpressionStatementSyntax or ArrowExpressionClauseSyntax
            && NameOf(call) is { Identifier.ValueText: "Complete" } name)
        {
            context.RegisterCodeFix(
                CodeAction.Create(
                    "Use TryComplete",
                    _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(name, name.WithIdentifier(SyntaxFactory.Identifier("TryComplete").WithTriviaFrom(name.Identifier))))),
                    equivalenceKey: "SLC2001"),
                context.Diagnostics);
        }
    }

    private static SimpleNameSyntax? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name,
        _ => null,
    };
}
