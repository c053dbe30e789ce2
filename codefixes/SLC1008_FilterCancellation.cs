using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using Sluice.Rules;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Sluice.CodeFixes;

/// <summary>Adds the filter that lets a cancellation through.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class FilterCancellation : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC1008");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC1008");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var semantics = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (semantics is not null && root?.FindToken(context.Span.Start).Parent is CatchClauseSyntax { Filter: null } clause && diagnostic.Properties.TryGetValue(CancellationSwallowed.Filter, out string? filter) && filter is not null)
        {
            context.RegisterCodeFix(CodeAction.Create("Add the filter", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(clause, Filtered(clause, filter, semantics)))), equivalenceKey: "SLC1008"), diagnostic);
        }
    }

    private static CatchClauseSyntax Filtered(CatchClauseSyntax clause, string filter, SemanticModel semantics)
    {
        var filtered = clause;
        if (filter.StartsWith("is not "))
        {
            string name = clause.Declaration?.Identifier.ValueText is { Length: > 0 } named ? named : Unique(clause, semantics);
            var declaration = clause.Declaration ?? CatchDeclaration(ParseTypeName("System.Exception").WithAdditionalAnnotations(Simplifier.Annotation).WithTrailingTrivia(Space));
            filtered = clause
                .WithCatchKeyword(clause.CatchKeyword.WithTrailingTrivia(Space))
                .WithDeclaration(declaration.WithType(declaration.Type.WithTrailingTrivia(Space)).WithIdentifier(Identifier(name)).WithTrailingTrivia(Space));
            filter = $"{name} {filter}";
        }
        else
        {
            filtered = filtered.WithDeclaration(filtered.Declaration!.WithTrailingTrivia(Space));
        }

        // The line break that stood behind the head stands behind the filter.
        var end = (clause.Declaration?.GetTrailingTrivia() ?? clause.CatchKeyword.TrailingTrivia).ToList();
        return filtered.WithFilter(CatchFilterClause(ParseExpression(filter)).WithWhenKeyword(Token(Microsoft.CodeAnalysis.CSharp.SyntaxKind.WhenKeyword).WithTrailingTrivia(Space)).WithTrailingTrivia(end));
    }

    private static string Unique(CatchClauseSyntax clause, SemanticModel semantics)
    {
        var taken = semantics.LookupSymbols(clause.SpanStart).Select(symbol => symbol.Name).Concat(clause.DescendantTokens().Select(token => token.ValueText)).ToImmutableHashSet();
        return !taken.Contains("e") ? "e" : !taken.Contains("exception") ? "exception" : "caughtException";
    }
}
