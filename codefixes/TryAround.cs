using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.CodeFixes;

/// <summary>Puts statements into a <c>try</c>, with their comments and as they are laid out.</summary>
internal static class TryAround
{
    /// <summary>Whether no <c>#if</c> or <c>#region</c> begins among the statements and ends outside of them, or the other way round.</summary>
    public static bool CanHold(IReadOnlyList<StatementSyntax> statements) =>
        statements.SelectMany(statement => statement.DescendantTrivia()).Where(trivia => trivia.IsDirective).Select(trivia => trivia.GetStructure()).OfType<DirectiveTriviaSyntax>()
            .SelectMany(directive => directive.GetRelatedDirectives())
            .All(directive => directive.SpanStart >= statements[0].FullSpan.Start && directive.Span.End <= statements[statements.Count - 1].FullSpan.End);

    /// <summary>The statements in a try; <paramref name="handler"/> is its catch or finally, line by line.</summary>
    public static TryStatementSyntax Of(IReadOnlyList<StatementSyntax> statements, params string[] handler)
    {
        var (first, last) = (statements[0], statements[statements.Count - 1]);
        if (!first.GetFirstToken().BeginsLine())
        {
            var inLine = (TryStatementSyntax)SyntaxFactory.ParseStatement("try { } " + string.Join(" ", handler.Select(line => line.Trim())));
            var held = statements.Select(statement => statement == last && !last.HasTrailingTrivia ? last.WithTrailingTrivia(SyntaxFactory.Space) : statement);
            return inLine.WithBlock(inLine.Block.WithStatements(SyntaxFactory.List(held))).WithTrailingTrivia(last.GetTrailingTrivia());
        }

        var (end, indent) = (first.LineEnd(), first.Indent());
        var blank = first.GetLeadingTrivia().Take(BlankLines(first.GetLeadingTrivia())).ToList();
        var inner = statements.Select(statement => statement == first ? first.WithLeadingTrivia(first.GetLeadingTrivia().Skip(blank.Count)) : statement).ToList();
        var rest = last.GetTrailingTrivia();
        bool endsLine = rest.Any(SyntaxKind.EndOfLineTrivia);
        string lines = string.Concat(handler.Select(line => end + indent + line.Replace(Indentation.Step, Indentation.StepLike(indent))));
        var guarded = (TryStatementSyntax)SyntaxFactory.ParseStatement($"{indent}try{end}{indent}{{{end}{indent}}}{lines}{(endsLine ? end : string.Empty)}");
        var moved = inner.Select(statement => statement.Indented()).ToList();
        moved[moved.Count - 1] = endsLine ? moved[moved.Count - 1] : moved[moved.Count - 1].WithTrailingTrivia(SyntaxFactory.EndOfLine(end));
        guarded = guarded.WithBlock(guarded.Block.WithStatements(SyntaxFactory.List(moved)));
        guarded = guarded.WithLeadingTrivia(blank.Concat(guarded.GetLeadingTrivia()));
        return endsLine ? guarded : guarded.WithTrailingTrivia(rest);
    }

    /// <summary>The root with one statement in place of several that stand in one list.</summary>
    public static SyntaxNode With(SyntaxNode root, IReadOnlyList<StatementSyntax> statements, StatementSyntax instead)
    {
        IEnumerable<T> Changed<T>(IEnumerable<T> list, Func<T, SyntaxNode> statementOf, T put) => list.Where(item => statementOf(item) == statements[0] || !statements.Contains(statementOf(item))).Select(item => statementOf(item) == statements[0] ? put : item);
        return statements[0].Parent switch
        {
            BlockSyntax block => root.ReplaceNode(block, block.WithStatements(SyntaxFactory.List(Changed(block.Statements, statement => statement, instead)))),
            SwitchSectionSyntax section => root.ReplaceNode(section, section.WithStatements(SyntaxFactory.List(Changed(section.Statements, statement => statement, instead)))),
            GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } => root.ReplaceNode(unit, unit.WithMembers(SyntaxFactory.List(Changed(unit.Members, member => member is GlobalStatementSyntax global ? global.Statement : member, SyntaxFactory.GlobalStatement(instead))))),
            _ => root,
        };
    }

    private static int BlankLines(SyntaxTriviaList leading)
    {
        int blank = 0;
        for (int i = 0; i < leading.Count && leading[i].Kind() is SyntaxKind.EndOfLineTrivia or SyntaxKind.WhitespaceTrivia; i++)
        {
            blank = leading[i].IsKind(SyntaxKind.EndOfLineTrivia) ? i + 1 : blank;
        }

        return blank;
    }
}
