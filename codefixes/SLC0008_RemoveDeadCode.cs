using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Removes what never runs, and the assignment that assigns nothing.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC0008_RemoveDeadCode : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(DeadCode.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(static async (context, document, diagnostics) =>
        await Removed(document, diagnostics, context.CancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics.Where(diagnostic => root is not null && WhatGoes(diagnostic, root) is not null))
        {
            context.RegisterCodeFix(
                CodeAction.Create("Remove what has no effect", cancellation => Removed(context.Document, ImmutableArray.Create(diagnostic), cancellation), DeadCode.Id),
                diagnostic);
        }
    }

    private static async Task<Document> Removed(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        if (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is not { } root)
        {
            return document;
        }

        // What stands within another cut goes with it.
        var cuts = diagnostics.SelectMany(diagnostic => WhatGoes(diagnostic, root) ?? ImmutableArray<TextSpan>.Empty).Distinct().Select(span => Cut.Statement(text, span)).ToList();
        var outer = cuts.Where(cut => !cuts.Any(other => other != cut && other.Contains(cut))).Distinct().OrderBy(cut => cut.Start);
        return document.WithText(text.WithChanges(outer.Select(cut => new TextChange(cut, string.Empty))));
    }

    // Null where it stands in the place of a statement that must be there. A local function among the dead is called from above.
    private static ImmutableArray<TextSpan>? WhatGoes(Diagnostic diagnostic, SyntaxNode root)
    {
        var node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        var statement = node.FirstAncestorOrSelf<StatementSyntax>();
        if (statement is null || (node is AssignmentExpressionSyntax && node.Parent != statement))
        {
            return null;
        }

        if (diagnostic.AdditionalLocations.Count > 0 && diagnostic.AdditionalLocations[0] == diagnostic.Location && Branch(statement) is { } branch)
        {
            return branch is { Parent: BlockSyntax or GlobalStatementSyntax or SwitchSectionSyntax } ? ImmutableArray.Create(branch.Span) : null;
        }

        var siblings = statement.Parent switch
        {
            BlockSyntax block => block.Statements.AsEnumerable<StatementSyntax>(),
            SwitchSectionSyntax section => section.Statements,
            GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } => unit.Members.OfType<GlobalStatementSyntax>().Select(member => member.Statement),
            _ => [],
        };
        return node is AssignmentExpressionSyntax
            ? siblings.Any() ? ImmutableArray.Create(statement.Span) : null
            : siblings.SkipWhile(sibling => sibling != statement).TakeWhile(sibling => sibling is not LabeledStatementSyntax).Where(sibling => sibling is not LocalFunctionStatementSyntax).Select(sibling => sibling.Span).ToImmutableArray();
    }

    // `if (false) …` and `while (false) …` go as a whole; of `if (true) … else …` somebody must choose.
    private static StatementSyntax? Branch(StatementSyntax first) => (first.Parent is BlockSyntax block ? block.Parent : first.Parent) switch
    {
        IfStatementSyntax { Else: null, Condition: LiteralExpressionSyntax } choice => choice,
        WhileStatementSyntax { Condition: LiteralExpressionSyntax } loop => loop,
        _ => null,
    };
}
