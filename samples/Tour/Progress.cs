using System;

namespace Sluice.Tour;

/// <summary>What is going on, on standard error: one line that changes on a terminal, plain lines otherwise.</summary>
internal sealed class Progress
{
    private readonly bool _live = !Console.IsErrorRedirected;
    private readonly object _gate = new();
    private string _last = string.Empty;

    public void Say(string what)
    {
        lock (_gate)
        {
            if (what == _last)
            {
                return;
            }

            _last = what;
            Console.Error.Write(_live ? Overwrite(what) : what + Environment.NewLine);
        }
    }

    /// <summary>Clears the line before something else is written.</summary>
    public void Rest()
    {
        lock (_gate)
        {
            _last = string.Empty;
            if (_live)
            {
                Console.Error.Write(Overwrite(string.Empty));
            }
        }
    }

    private static string Overwrite(string what)
    {
        var width = Math.Max(20, Console.BufferWidth - 1);
        return $"\r\u001b[2K{(what.Length > width ? what[..width] : what)}";
    }
}
