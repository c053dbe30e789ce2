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
        var blank = first.GetLeadingTrivia().Take(first.BlankLines()).ToList();
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
}
