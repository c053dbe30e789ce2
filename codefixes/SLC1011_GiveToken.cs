using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Marks the parameter that gets the consumer's token, or gives the token to the loop.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class GiveToken : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC1011");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC1011");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var node = root?.FindNode(context.Span, getInnermostNodeForTie: true);
        if (node is ParameterSyntax parameter)
        {
            Offer("Mark it with [EnumeratorCancellation]", parameter, Marked(parameter));
        }
        else if (node is ExpressionSyntax stream && diagnostic.Properties.TryGetValue(StreamWithoutToken.Token, out string? token) && token is not null)
        {
            Offer($"Add WithCancellation({token})", stream, Listening(stream, token));
        }

        void Offer(string title, SyntaxNode before, SyntaxNode after) => context.RegisterCodeFix(
            CodeAction.Create(title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root!.ReplaceNode(before, after))), equivalenceKey: "SLC1011"),
            diagnostic);
    }

    private static ParameterSyntax Marked(ParameterSyntax parameter)
    {
        var attribute = SyntaxFactory.Attribute(SyntaxFactory.ParseName("global::System.Runtime.CompilerServices.EnumeratorCancellation").WithAdditionalAnnotations(Simplifier.Annotation));
        var list = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(attribute)).WithTrailingTrivia(SyntaxFactory.Space).WithLeadingTrivia(parameter.GetLeadingTrivia());
        return parameter.WithoutLeadingTrivia().WithAttributeLists(parameter.AttributeLists.Insert(0, list)).WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static InvocationExpressionSyntax Listening(ExpressionSyntax stream, string token)
    {
        var bare = stream.WithoutTrivia();
        var receiver = bare is IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax or ParenthesizedExpressionSyntax or ThisExpressionSyntax ? bare : SyntaxFactory.ParenthesizedExpression(bare);
        return SyntaxFactory.InvocationExpression(
                SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, receiver, SyntaxFactory.IdentifierName("WithCancellation")),
                SyntaxFactory.ParseArgumentList($"({token})"))
            .WithTriviaFrom(stream);
    }
}
