using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Awaits the task, puts the new value in the place of the old, or says that the result does not matter.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC0005_UseResult : CodeFixProvider
{
    private const string Discard = "SLC0005.Discard";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(ResultUnused.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix(Discard);

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true).FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { Expression: var expression })
        {
            return;
        }

        diagnostic.Properties.TryGetValue(ResultUnused.Fix, out string? fix);
        if (fix == "Await")
        {
            Offer("Await it", "await ", "SLC0005.Await");
        }
        else if (fix == "Assign" && expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax receiver } })
        {
            Offer($"Assign it to '{receiver.Identifier.ValueText}'", $"{receiver.Identifier.Text} = ", "SLC0005.Assign");
        }

        Offer("Say that the result does not matter", "_ = ", Discard);

        void Offer(string title, string before, string key) => context.RegisterCodeFix(
            CodeAction.Create(title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(expression, SyntaxFactory.ParseExpression(before + expression.WithoutTrivia().ToFullString()).WithTriviaFrom(expression)))), key),
            diagnostic);
    }
}
