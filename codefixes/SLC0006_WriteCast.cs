using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Writes the conversion down.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC0006_WriteCast : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(ImplicitConversion.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix(ImplicitConversion.Id);

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true) is ExpressionSyntax value && diagnostic.Properties.TryGetValue(ImplicitConversion.To, out string? type))
        {
            var operand = value.WithoutTrivia();
            bool isUnary = operand is IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax or ParenthesizedExpressionSyntax or LiteralExpressionSyntax or CastExpressionSyntax or PostfixUnaryExpressionSyntax;
            var cast = SyntaxFactory.CastExpression(SyntaxFactory.ParseTypeName(type!), isUnary ? operand : SyntaxFactory.ParenthesizedExpression(operand)).WithTriviaFrom(value);
            context.RegisterCodeFix(CodeAction.Create($"Write '({type})'", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(value, cast))), ImplicitConversion.Id), diagnostic);
        }
    }
}
