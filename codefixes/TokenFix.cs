using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Puts the token that is meant in place of what is passed. The rule says which.</summary>
public abstract class TokenFix(string id) : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix(id);

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (diagnostic.Properties.TryGetValue(NoneThoughTokenInScope.Replacement, out string? token) && token is not null && root?.FindNode(context.Span, getInnermostNodeForTie: true) is ExpressionSyntax passed)
        {
            context.RegisterCodeFix(
                CodeAction.Create($"Pass '{token}'", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(passed, SyntaxFactory.ParseExpression(token).WithTriviaFrom(passed)))), equivalenceKey: id),
                diagnostic);
        }
    }
}
