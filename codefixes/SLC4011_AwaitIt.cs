using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using Sluice.Rules;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Sluice.CodeFixes;

/// <summary>Awaits what async code blocks on.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class AwaitIt : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC4011");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC4011");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is not null && diagnostic.Properties.TryGetValue(BlockedInAsync.Instead, out var kind)
            && root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is ExpressionSyntax blocking
            && Awaited(blocking, kind) is { } awaited)
        {
            ExpressionSyntax awaiting = AwaitExpression(Token(Microsoft.CodeAnalysis.CSharp.SyntaxKind.AwaitKeyword).WithTrailingTrivia(Space), awaited.WithoutTrivia());
            if (blocking.Parent is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax or ConditionalAccessExpressionSyntax or PostfixUnaryExpressionSyntax)
            {
                awaiting = ParenthesizedExpression(awaiting);
            }

            context.RegisterCodeFix(
                CodeAction.Create("Await instead of blocking", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(blocking, awaiting.WithTriviaFrom(blocking)))), equivalenceKey: "SLC4011"),
                diagnostic);
        }
    }

    private static ExpressionSyntax? Awaited(ExpressionSyntax blocking, string? kind) => (kind, blocking) switch
    {
        ("Await", MemberAccessExpressionSyntax result) => result.Expression,
        ("Await", InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax wait }) => wait.Expression,
        ("GetResult", InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "GetAwaiter" } awaiter } } }) => awaiter.Expression,
        ("Delay", InvocationExpressionSyntax sleep) => InvocationExpression(TaskMember("Delay"), sleep.ArgumentList),
        ("WhenAll", InvocationExpressionSyntax all) => InvocationExpression(TaskMember("WhenAll"), all.ArgumentList),
        ("WaitAsync", InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax wait } call) => call.WithExpression(wait.WithName(IdentifierName("WaitAsync"))),
        _ => null,
    };

    private static ExpressionSyntax TaskMember(string name) =>
        ParseExpression($"global::System.Threading.Tasks.Task.{name}").WithAdditionalAnnotations(Simplifier.Annotation);
}
