using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Sluice.CodeFixes;

/// <summary>Moves whole statements to the right when a fix puts a block around them. The formatter alone leaves lambdas and wrapped lines askew.</summary>
internal static class Indentation
{
    public const string Step = "    ";

    /// <summary>One step further in, for a file that is indented as <paramref name="indent"/> is.</summary>
    public static string StepLike(string indent) => indent.StartsWith("\t", StringComparison.Ordinal) ? "\t" : Step;

    /// <summary>The white space before the first token of a statement that begins its line.</summary>
    public static string Indent(this SyntaxNode node) => node.GetLeadingTrivia().Reverse().TakeWhile(static trivia => !trivia.IsKind(SyntaxKind.EndOfLineTrivia) && !trivia.HasStructure)
        .LastOrDefault(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).ToString();

    /// <summary>How much of the trivia before the node is empty lines.</summary>
    public static int BlankLines(this SyntaxNode node)
    {
        var (leading, blank) = (node.GetLeadingTrivia(), 0);
        for (int i = 0; i < leading.Count && leading[i].Kind() is SyntaxKind.EndOfLineTrivia or SyntaxKind.WhitespaceTrivia; i++)
        {
            blank = leading[i].IsKind(SyntaxKind.EndOfLineTrivia) ? i + 1 : blank;
        }

        return blank;
    }

    /// <summary>How the lines of the file around <paramref name="node"/> end.</summary>
    public static string LineEnd(this SyntaxNode node) =>
        node.SyntaxTree.GetRoot().DescendantTrivia().FirstOrDefault(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)).ToString() is { Length: > 0 } end ? end : "\n";

    /// <summary>Whether nothing stands before the token on its line.</summary>
    public static bool BeginsLine(this SyntaxToken token) =>
        token.LeadingTrivia.Any(SyntaxKind.EndOfLineTrivia) || token.GetPreviousToken() is { RawKind: 0 } || token.GetPreviousToken().TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia);

    /// <summary>The node with each of its lines one step further in; lines within string literals stay as they are.</summary>
    public static T Indented<T>(this T node)
        where T : SyntaxNode =>
        node.ReplaceTokens(node.DescendantTokens().Where(static token => token.BeginsLine()), static (_, token) => token.WithLeadingTrivia(Indented(token.LeadingTrivia)));

    private static SyntaxTriviaList Indented(SyntaxTriviaList leading)
    {
        var moved = SyntaxFactory.TriviaList();
        bool atLineStart = true;
        foreach (var trivia in leading)
        {
            if (atLineStart && !trivia.IsKind(SyntaxKind.EndOfLineTrivia) && !trivia.IsDirective)
            {
                moved = trivia.IsKind(SyntaxKind.WhitespaceTrivia)
                    ? moved.Add(SyntaxFactory.Whitespace(StepLike(trivia.ToString()) + trivia.ToString()))
                    : moved.Add(SyntaxFactory.Whitespace(Step)).Add(trivia);
            }
            else
            {
                moved = moved.Add(trivia);
            }

            atLineStart = trivia.IsKind(SyntaxKind.EndOfLineTrivia) || trivia.IsDirective;
        }

        return atLineStart ? moved.Add(SyntaxFactory.Whitespace(Step)) : moved;
    }
}
