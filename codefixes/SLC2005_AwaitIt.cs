using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Awaits the form that waits, or says that the loss is meant.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC2005_AwaitIt : CodeFixProvider
{
    private const string Discard = "SLC2005.Discard";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(ResultIgnored.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix(Discard);

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true) is not InvocationExpressionSyntax call)
        {
            return;
        }

        if (diagnostic.Properties.TryGetValue(ResultIgnored.Instead, out var instead) && call.Parent is ExpressionStatementSyntax statement && Awaiting(call, instead) is { } awaiting)
        {
            Offer("Wait until it is done", statement, SyntaxFactory.ParseStatement(awaiting + ";").WithTriviaFrom(statement), ResultIgnored.Id);
        }

        if (call.Parent is ExpressionStatementSyntax)
        {
            Offer("Say that the result does not matter", call, SyntaxFactory.ParseExpression("_ = " + call.WithoutTrivia()).WithTriviaFrom(call), Discard);
        }

        void Offer(string title, SyntaxNode old, SyntaxNode replacement, string key) => context.RegisterCodeFix(
            CodeAction.Create(title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(old, replacement))), key),
            diagnostic);
    }

    private static string? Awaiting(InvocationExpressionSyntax call, string? instead)
    {
        if (call.Expression is not MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name, Expression: var channel })
        {
            return null;
        }

        var arguments = call.ArgumentList.Arguments;
        return (instead, name) switch
        {
            ("Send", "TryWrite") => $"await {channel.WithoutTrivia()}.WriteAsync{call.ArgumentList}",
            ("Send", "TrySend") => $"await {channel.WithoutTrivia()}.SendAsync{call.ArgumentList}",
            ("Receive", "TryRead") when arguments.Count > 0 && arguments[arguments.Count - 1].Expression is DeclarationExpressionSyntax or IdentifierNameSyntax => $"{arguments[arguments.Count - 1].Expression} = await {channel.WithoutTrivia()}.ReadAsync()",
            _ => null,
        };
    }
}
