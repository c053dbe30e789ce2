using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Gives a channel without room the room for one item, so that its sender can end.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC2007_GiveRoom : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(LeakedSender.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix(LeakedSender.Id);

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (diagnostic.Properties.TryGetValue(LeakedSender.NeedsRoom, out var name) && name is not null && root is not null
            && root.FindNode(context.Span).Ancestors().OfType<BaseMethodDeclarationSyntax>().FirstOrDefault() is { } method
            && method.DescendantNodes().OfType<VariableDeclaratorSyntax>().FirstOrDefault(local => local.Identifier.ValueText == name) is { Initializer.Value: InvocationExpressionSyntax { ArgumentList.Arguments: [{ Expression: LiteralExpressionSyntax { Token.ValueText: "0" } none }] } })
        {
            var one = SyntaxFactory.LiteralExpression(SyntaxKind.NumericLiteralExpression, SyntaxFactory.Literal(1)).WithTriviaFrom(none);
            context.RegisterCodeFix(
                CodeAction.Create($"Give '{name}' room for one item", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(none, one))), LeakedSender.Id),
                diagnostic);
        }
    }
}
