using System;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.CodeFixes;

/// <summary>Takes code out as text, line by line, so that comments and preprocessor directives around it stay as they are.</summary>
internal static class Cut
{
    /// <summary>The code and the comment behind it, which speaks of it and goes with it.</summary>
    public static TextSpan WithRest(SourceText text, TextSpan code)
    {
        int lineEnd = text.Lines.GetLineFromPosition(code.End).End;
        string rest = text.ToString(TextSpan.FromBounds(code.End, lineEnd));
        string next = rest.TrimStart();
        return TextSpan.FromBounds(code.Start, next.StartsWith("//", StringComparison.Ordinal) ? lineEnd : lineEnd - next.Length);
    }

    /// <summary>With the lines of which the cut leaves nothing.</summary>
    public static TextSpan WholeLines(SourceText text, TextSpan cut)
    {
        var first = text.Lines.GetLineFromPosition(cut.Start);
        var last = text.Lines.GetLineFromPosition(cut.End);
        if (cut.End != last.End)
        {
            return cut;
        }

        string code = text.ToString(TextSpan.FromBounds(first.Start, cut.Start)).TrimEnd();
        return code.Length == 0 ? TextSpan.FromBounds(first.Start, last.EndIncludingLineBreak) : TextSpan.FromBounds(first.Start + code.Length, cut.End);
    }

    /// <summary>A whole statement, its comment and its lines.</summary>
    public static TextSpan Statement(SourceText text, TextSpan statement) => WholeLines(text, WithRest(text, statement));
}
