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

/// <summary>Disposes a registration at the end of the block that it stands in.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class UsingRegistration : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC1006");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC1006");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var semantics = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || semantics is null || !diagnostic.Properties.ContainsKey(RegistrationDropped.ToUsing)
            || root.FindNode(context.Span, getInnermostNodeForTie: true).FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { } statement)
        {
            return;
        }

        var taken = statement.Ancestors().OfType<MemberDeclarationSyntax>().First().DescendantTokens().Select(token => token.ValueText).Concat(semantics.LookupSymbols(statement.SpanStart).Select(symbol => symbol.Name)).ToImmutableHashSet();
        string name = Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? "registration" : $"registration{number}").First(candidate => !taken.Contains(candidate));
        var declaration = ((LocalDeclarationStatementSyntax)SyntaxFactory.ParseStatement($"using var {name} = {statement.Expression};")).WithTriviaFrom(statement);
        context.RegisterCodeFix(CodeAction.Create("Dispose it at the end of the block", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(statement, declaration))), equivalenceKey: "SLC1006"), diagnostic);
    }
}
