using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Copies the loop variable at the start of the loop body, and gives the copy to the code that runs beside the loop.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class CopyLoopVariable : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(LoopVariableCaptured.Id);

    /// <summary>All of one document at once: lambdas of one loop share a copy.</summary>
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(async (context, document, diagnostics) =>
        await Copy(document, diagnostics, context.CancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics.Where(CanCopy))
        {
            context.RegisterCodeFix(
                CodeAction.Create("Copy the loop variable", cancellation => Copy(context.Document, ImmutableArray.Create(diagnostic), cancellation), LoopVariableCaptured.Id),
                diagnostic);
        }

        return Task.CompletedTask;
    }

    private static bool CanCopy(Diagnostic diagnostic) => diagnostic.Properties.ContainsKey(LoopVariableCaptured.CanCopy);

    private static async Task<Document> Copy(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        if (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is not { } root)
        {
            return document;
        }

        var names = new Dictionary<IdentifierNameSyntax, string>();
        var copies = new Dictionary<ForStatementSyntax, List<(string Copy, string Variable)>>();
        foreach (var diagnostic in diagnostics.Where(CanCopy))
        {
            var loop = root.FindNode(diagnostic.AdditionalLocations[0].SourceSpan).FirstAncestorOrSelf<ForStatementSyntax>();
            var uses = diagnostic.AdditionalLocations.Skip(1).Select(location => root.FindNode(location.SourceSpan, getInnermostNodeForTie: true)).OfType<IdentifierNameSyntax>().ToList();
            if (loop is null || uses.Count == 0)
            {
                continue;
            }

            string variable = uses[0].Identifier.ValueText;
            if (!copies.TryGetValue(loop, out var made))
            {
                copies[loop] = made = [];
            }

            string? copy = made.FirstOrDefault(pair => pair.Variable == variable).Copy ?? CopyIn(loop, variable);
            if (copy is null)
            {
                copy = LocalCopy.NameOf(variable, loop);
                made.Add((copy, variable));
            }

            foreach (var use in uses)
            {
                names[use] = copy;
            }
        }

        var changed = root.ReplaceNodes(
            LocalCopy.NodesToChange(names.Keys).Concat(copies.Keys),
            (original, rewritten) => original is ForStatementSyntax loop && rewritten is ForStatementSyntax inner ? WithCopies(inner, copies[loop]) : LocalCopy.Renamed(original, rewritten, names));
        return document.WithSyntaxRoot(changed);
    }

    private static ForStatementSyntax WithCopies(ForStatementSyntax loop, List<(string Copy, string Variable)> made)
    {
        if (made.Count == 0)
        {
            return loop;
        }

        var statements = made.Select(pair => SyntaxFactory.ParseStatement($"var {pair.Copy} = {pair.Variable};").WithTrailingTrivia(EndOfLine(loop)).WithAdditionalAnnotations(Formatter.Annotation));
        if (loop.Statement is BlockSyntax block)
        {
            int at = block.Statements.TakeWhile(statement => statement is LocalDeclarationStatementSyntax).Count(statement => CopyOf(statement) is not null);
            return loop.WithStatement(block.WithStatements(block.Statements.InsertRange(at, statements)));
        }

        return loop.WithStatement(SyntaxFactory.Block(statements.Append(loop.Statement)).WithAdditionalAnnotations(Formatter.Annotation));
    }

    // A block on one line stays on it.
    private static SyntaxTrivia EndOfLine(ForStatementSyntax loop)
    {
        var end = loop.Statement is BlockSyntax block ? block.OpenBraceToken.TrailingTrivia : loop.DescendantTrivia();
        var found = end.FirstOrDefault(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        return found != default ? found : loop.Statement is BlockSyntax ? SyntaxFactory.Space : SyntaxFactory.ElasticCarriageReturnLineFeed;
    }

    /// <summary>The copy that the loop body begins with already.</summary>
    private static string? CopyIn(ForStatementSyntax loop, string variable) => loop.Statement is BlockSyntax block
        ? block.Statements.TakeWhile(statement => CopyOf(statement) is not null).Select(CopyOf).FirstOrDefault(copy => copy!.Value.Of == variable && !IsAssigned(copy.Value.Name, block))?.Name
        : null;

    private static (string Name, string Of)? CopyOf(StatementSyntax statement) =>
        statement is LocalDeclarationStatementSyntax { Declaration.Variables: [{ Initializer.Value: IdentifierNameSyntax value } copy] }
            ? (copy.Identifier.ValueText, value.Identifier.ValueText)
            : null;

    private static bool IsAssigned(string name, BlockSyntax block) => block.DescendantNodes().OfType<IdentifierNameSyntax>().Any(use => use.Identifier.ValueText == name && use.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == use,
        PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax => true,
        ArgumentSyntax argument => argument.RefKindKeyword != default || argument.Parent is TupleExpressionSyntax { Parent: AssignmentExpressionSyntax },
        _ => false,
    });
}
