using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.CodeFixes;

/// <summary>Makes the case where it is declared: <c>= new()</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC9004_MakeCase : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC9004");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC9004");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span) is VariableDeclaratorSyntax field)
        {
            context.RegisterCodeFix(
                CodeAction.Create("Make it here", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(field, Made(field)))), equivalenceKey: "SLC9004"),
                context.Diagnostics);
        }
    }

    private static VariableDeclaratorSyntax Made(VariableDeclaratorSyntax field)
    {
        var value = SyntaxFactory.ImplicitObjectCreationExpression();
        return field.Initializer is { } initializer
            ? field.WithInitializer(initializer.WithValue(value.WithTriviaFrom(initializer.Value)))
            : field.WithIdentifier(field.Identifier.WithTrailingTrivia(SyntaxFactory.Space))
                .WithInitializer(SyntaxFactory.EqualsValueClause(SyntaxFactory.Token(SyntaxKind.EqualsToken).WithTrailingTrivia(SyntaxFactory.Space), value.WithTrailingTrivia(field.Identifier.TrailingTrivia)));
    }
}
