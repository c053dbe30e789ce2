using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis.Classification;
using Microsoft.CodeAnalysis.Text;
using Spectre.Console;

namespace Sluice.Tour;

/// <summary>The code around a finding, with the reported part underlined.</summary>
internal static class Frame
{
    private const int Around = 2;
    private const int LongestSpan = 4;

    public static async Task<IReadOnlyList<Line>> OfAsync(Finding finding, CancellationToken cancellation)
    {
        if (finding.Document is not { } document)
        {
            return [];
        }

        var text = await document.GetTextAsync(cancellation);
        var span = finding.Diagnostic.Location.SourceSpan;
        var first = text.Lines.IndexOf(span.Start);
        var last = Math.Min(text.Lines.IndexOf(span.End), first + LongestSpan - 1);
        var shown = text.Lines.Skip(Math.Max(0, first - Around)).Take(last + Around - Math.Max(0, first - Around) + 1).ToList();
        var indent = shown.Select(line => line.ToString()).Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        var colours = (await Classifier.GetClassifiedSpansAsync(document, TextSpan.FromBounds(shown[0].Start, shown[^1].End), cancellation)).ToList();

        var lines = new List<Line>();
        foreach (var line in shown)
        {
            lines.Add(new Line([($"{line.LineNumber + 1,6} │ ", Tint.Faint), .. Code(text, line, indent, colours)]));
            if (line.LineNumber >= first && line.LineNumber <= last && Underline(text, line, indent, span) is { } underline)
            {
                lines.Add(new Line(("       │ ", Tint.Faint), (underline, Tint.Of(finding.Diagnostic.Severity))));
            }
        }

        return lines;
    }

    private static IEnumerable<(string Text, Style Style)> Code(SourceText text, TextLine line, int indent, List<ClassifiedSpan> colours)
    {
        var at = Math.Min(line.Start + indent, line.End);
        foreach (var colour in colours.Where(colour => colour.TextSpan.Start >= at && colour.TextSpan.End <= line.End && !ClassificationTypeNames.AdditiveTypeNames.Contains(colour.ClassificationType)))
        {
            if (colour.TextSpan.Start < at)
            {
                continue;
            }

            yield return (Text(text, at, colour.TextSpan.Start), Tint.Plain);
            yield return (Text(text, colour.TextSpan.Start, colour.TextSpan.End), Tint.OfCode(colour.ClassificationType));
            at = colour.TextSpan.End;
        }

        yield return (Text(text, at, line.End), Tint.Plain);
    }

    private static string? Underline(SourceText text, TextLine line, int indent, TextSpan span)
    {
        var start = Math.Max(span.Start, Math.Min(line.Start + indent, line.End));
        while (start < line.End && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        var end = Math.Min(Math.Max(span.End, start + 1), Math.Max(line.End, start + 1));
        return start > line.End || (start == line.End && span.Start < start)
            ? null
            : new string(' ', Text(text, Math.Min(line.Start + indent, start), start).Length) + new string('~', end - start);
    }

    private static string Text(SourceText text, int start, int end) =>
        text.ToString(TextSpan.FromBounds(start, end)).Replace("\t", "    ", StringComparison.Ordinal);
}
