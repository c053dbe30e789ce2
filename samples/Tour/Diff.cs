using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Sluice.Tour;

/// <summary>A fix as a small diff.</summary>
internal static class Diff
{
    private const int Around = 1;

    public static async Task<IReadOnlyList<Line>> OfAsync(Fix fix, CancellationToken cancellation)
    {
        var lines = new List<Line>();
        foreach (var (before, after) in fix.Documents())
        {
            var diff = InlineDiffBuilder.Diff((await before.GetTextAsync(cancellation)).ToString(), (await after.GetTextAsync(cancellation)).ToString(), ignoreWhiteSpace: false);
            Show(diff.Lines, lines);
        }

        return lines;
    }

    private static void Show(List<DiffPiece> pieces, List<Line> lines)
    {
        var shown = Enumerable.Range(0, pieces.Count)
            .Where(i => pieces.Skip(System.Math.Max(0, i - Around)).Take((2 * Around) + 1).Any(piece => piece.Type != ChangeType.Unchanged))
            .ToList();
        var indent = shown.Select(i => pieces[i].Text).Where(text => text.Trim().Length > 0).Select(text => text.Length - text.TrimStart().Length).DefaultIfEmpty().Min();
        var previous = -1;
        foreach (var i in shown)
        {
            if (previous >= 0 && i > previous + 1)
            {
                lines.Add(new Line(("         ⋮", Tint.Faint)));
            }

            var text = pieces[i].Text.Length > indent ? pieces[i].Text[indent..].Replace("\t", "    ", System.StringComparison.Ordinal) : string.Empty;
            lines.Add(pieces[i].Type switch
            {
                ChangeType.Inserted => new Line(("       + " + text, Tint.Good)),
                ChangeType.Deleted => new Line(("       - " + text, Tint.Bad)),
                _ => new Line(("         " + text, Tint.Faint)),
            });
            previous = i;
        }
    }
}
