using System;
using System.IO;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sluice.Tour;

/// <summary>Where the report goes: the console, and on request a picture of its main parts.</summary>
internal sealed class Screen : IDisposable
{
    private const int WidthOfFile = 140;
    private const int WidthOfPicture = 116;

    private readonly IAnsiConsole _console;
    private readonly Recorder? _picture;

    public Screen(bool withPicture)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out), Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect });
        if (Console.IsOutputRedirected)
        {
            _console.Profile.Width = WidthOfFile;
            _console.Profile.Capabilities.Unicode = true;
        }

        if (withPicture)
        {
            var canvas = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null), Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.TrueColor });
            canvas.Profile.Width = WidthOfPicture;
            canvas.Profile.Capabilities.Unicode = true;
            _picture = new Recorder(canvas);
        }
    }

    public void Dispose() => _picture?.Dispose();

    /// <summary>Gets or sets a value indicating whether what is written now belongs into the picture.</summary>
    public bool Pictured { get; set; } = true;

    public void Write(IRenderable what)
    {
        _console.Write(what);
        if (Pictured)
        {
            _picture?.Write(what);
        }
    }

    public void Line(params (string Text, Style Style)[] parts) => Write(new Line(parts));

    /// <summary>Text that wraps, indented.</summary>
    public void Text(string text, Style style, int indent = 0) => Write(new Padder(new Text(text, style), new Padding(indent, 0, 0, 0)));

    public void SavePicture(string file, string title)
    {
        if (_picture is not null)
        {
            File.WriteAllText(file, _picture.Export(new Picture(title)));
        }
    }
}
