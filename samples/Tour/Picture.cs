using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sluice.Tour;

/// <summary>Draws what was written as an SVG: a terminal window with fixed-pitch text.</summary>
internal sealed class Picture(string title) : IAnsiConsoleEncoder
{
    private const double CharWidth = 8.4;
    private const double LineHeight = 19;
    private const double Top = 58;
    private const double Left = 18;
    private const string Ink = "#d5dae2";

    public string Encode(IAnsiConsole console, IEnumerable<IRenderable> renderables)
    {
        var options = RenderOptions.Create(console, console.Profile.Capabilities);
        var lines = Segment.SplitLines(renderables.SelectMany(what => what.Render(options, console.Profile.Width)));
        while (lines.Count > 0 && lines[^1].All(segment => string.IsNullOrWhiteSpace(segment.Text)))
        {
            lines.RemoveAt(lines.Count - 1);
        }

        var width = (2 * Left) + (console.Profile.Width * CharWidth);
        var height = Top + (lines.Count * LineHeight) + 8;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:0.#} {height:0.#}" width="{width:0.#}" height="{height:0.#}" role="img">
            <title>{WebUtility.HtmlEncode(title)}</title>
            <rect width="100%" height="100%" rx="9" fill="#15181d"/>
            <circle cx="22" cy="20" r="6" fill="#f07178"/><circle cx="42" cy="20" r="6" fill="#e5b567"/><circle cx="62" cy="20" r="6" fill="#6abe6e"/>
            <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace" font-size="14" fill="{Ink}">
            <text x="{width / 2:0.#}" y="25" text-anchor="middle" fill="#80899a">{WebUtility.HtmlEncode(title)}</text>

            """);
        for (var i = 0; i < lines.Count; i++)
        {
            Draw(lines[i], Top + (i * LineHeight), svg);
        }

        return svg.Append("</g>\n</svg>\n").ToString();
    }

    private static void Draw(SegmentLine line, double y, StringBuilder svg)
    {
        var column = 0;
        foreach (var segment in line)
        {
            var text = segment.Text.Trim(' ');
            if (text.Length > 0)
            {
                // Stated lengths keep the columns straight whatever font the reader has.
                var x = Left + ((column + segment.Text.IndexOf(text[0])) * CharWidth);
                svg.Append(CultureInfo.InvariantCulture, $"""<text x="{x:0.#}" y="{y:0.#}" textLength="{text.Length * CharWidth:0.#}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"{Look(segment.Style)}>{WebUtility.HtmlEncode(text)}</text>""").Append('\n');
            }

            column += segment.Text.Length;
        }
    }

    private static string Look(Style style)
    {
        var colour = style.Foreground == Color.Default ? string.Empty : $" fill=\"#{style.Foreground.ToHex().ToLowerInvariant()}\"";
        return style.Decoration.HasFlag(Decoration.Bold) ? colour + " font-weight=\"bold\"" : colour;
    }
}
