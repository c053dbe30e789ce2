using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Disposes a cancellation source at the end of the block that it is made in.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class UsingSource : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC1005");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC1005");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || !diagnostic.Properties.ContainsKey(SourceNotDisposed.ToUsing) || root.FindNode(context.Span, getInnermostNodeForTie: true) is not ExpressionSyntax made)
        {
            return;
        }

        var changed = made.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax declaration } } }
            ? Declared(root, declaration)
            : made.Parent is MemberAccessExpressionSyntax && made.FirstAncestorOrSelf<StatementSyntax>() is { Parent: BlockSyntax } statement and (ExpressionStatementSyntax or ReturnStatementSyntax or LocalDeclarationStatementSyntax)
                ? Extracted(root, made, statement, await NameFor(context, made).ConfigureAwait(false))
                : null;
        if (changed is not null)
        {
            context.RegisterCodeFix(CodeAction.Create("Dispose it at the end of the block", _ => Task.FromResult(context.Document.WithSyntaxRoot(changed)), equivalenceKey: "SLC1005"), diagnostic);
        }
    }

    // What disposed it on some path in the same block has nothing left to do.
    private static SyntaxNode? Declared(SyntaxNode root, LocalDeclarationStatementSyntax declaration)
    {
        if (declaration.Parent is not BlockSyntax block || declaration.UsingKeyword.IsKind(SyntaxKind.UsingKeyword))
        {
            return null;
        }

        string dispose = $"{declaration.Declaration.Variables[0].Identifier.ValueText}.Dispose()";
        var used = declaration
            .WithoutLeadingTrivia()
            .WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTrailingTrivia(SyntaxFactory.Space))
            .WithLeadingTrivia(declaration.GetLeadingTrivia());
        var superfluous = block.Statements.Where(statement => statement is ExpressionStatementSyntax { Expression: var call } && call.ToString() == dispose).ToList();
        var tracked = root.TrackNodes(superfluous.Append<SyntaxNode>(declaration));
        tracked = tracked.ReplaceNode(tracked.GetCurrentNode(declaration)!, used);
        return tracked.RemoveNodes(superfluous.Select(statement => tracked.GetCurrentNode(statement)!), SyntaxRemoveOptions.KeepNoTrivia);
    }

    private static SyntaxNode Extracted(SyntaxNode root, ExpressionSyntax made, StatementSyntax statement, string name)
    {
        var source = SyntaxFactory.ParseStatement($"using var {name} = {made.WithoutTrivia()};")
            .WithLeadingTrivia(statement.GetLeadingTrivia())
            .WithTrailingTrivia(SyntaxFactory.EndOfLine(statement.LineEnd()))
            .WithAdditionalAnnotations(Formatter.Annotation);
        var rest = statement.ReplaceNode(made, SyntaxFactory.IdentifierName(name).WithTriviaFrom(made));
        return root.ReplaceNode(statement, new[] { source, rest.WithLeadingTrivia(SyntaxFactory.Whitespace(statement.Indent())) });
    }

    private static async Task<string> NameFor(CodeFixContext context, ExpressionSyntax made)
    {
        var semantics = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        var taken = made.Ancestors().OfType<MemberDeclarationSyntax>().First().DescendantTokens().Select(token => token.ValueText)
            .Concat(semantics!.LookupSymbols(made.SpanStart).Select(symbol => symbol.Name))
            .ToImmutableHashSet();
        string wanted = made is InvocationExpressionSyntax ? "linked" : "timeout";
        return Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? wanted : $"{wanted}{number}").First(name => !taken.Contains(name));
    }
}
