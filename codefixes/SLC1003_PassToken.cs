using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Passes the token that is in scope.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class PassToken : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC1003");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC1003");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (diagnostic.Properties.TryGetValue(NoneThoughTokenInScope.Replacement, out string? token) && token is not null && root?.FindNode(context.Span, getInnermostNodeForTie: true) is ExpressionSyntax none)
        {
            context.RegisterCodeFix(
                CodeAction.Create($"Pass '{token}'", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(none, SyntaxFactory.ParseExpression(token).WithTriviaFrom(none)))), equivalenceKey: "SLC1003"),
                diagnostic);
        }
    }
}
