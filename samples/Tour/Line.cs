using System.Collections.Generic;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sluice.Tour;

/// <summary>One line of styled text that is cut at the edge of the screen and never wraps: code.</summary>
internal sealed class Line(params IReadOnlyList<(string Text, Style Style)> parts) : Renderable
{
    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(0, maxWidth);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var left = maxWidth;
        foreach (var (text, style) in parts)
        {
            if (text.Length > left)
            {
                yield return new Segment(text[..(left - 1)] + (options.Unicode ? "…" : "~"), style);
                break;
            }

            left -= text.Length;
            yield return new Segment(text, style);
            if (left == 0)
            {
                break;
            }
        }

        yield return Segment.LineBreak;
    }
}
