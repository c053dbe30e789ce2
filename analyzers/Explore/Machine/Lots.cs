namespace Sluice.Explore;

/// <summary>
/// Who goes first in a walk: the process with the highest priority, which is drawn when it begins; and at a few steps, drawn too, who has gone falls behind all others.
/// A deadlock that takes only few changes of who runs is met soon, however many states there are (probabilistic concurrency testing: Burckhardt and others, ASPLOS 2010).
/// The lots are the same each time, so that the same code gives the same reports.
/// </summary>
internal sealed class Lots
{
    // The changes of who runs, and the steps among which they are.
    private const int Changes = 4;
    private const int Span = 200;

    private readonly int[] _changes = new int[Changes];
    private int[] _priorities = new int[Limits.Processes];
    private uint _state = 2463534242;
    private int _behind;
    private int _steps;

    /// <summary>A number from 0 to one below <paramref name="ways"/>.</summary>
    public int Draw(int ways)
    {
        // Marsaglia's xorshift.
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return (int)(_state % (uint)ways);
    }

    /// <summary>A walk begins.</summary>
    public void Begin()
    {
        _behind = 0;
        _steps = 0;
        for (var i = 0; i < Changes; i++)
        {
            _changes[i] = Draw(Span);
        }

        for (var p = 0; p < _priorities.Length; p++)
        {
            _priorities[p] = DrawPriority();
        }
    }

    /// <summary>Which of the processes (one bit each) comes first.</summary>
    public int First(int among)
    {
        var first = -1;
        for (var p = 0; p < _priorities.Length; p++)
        {
            first = ((among >> p) & 1) != 0 && (first < 0 || _priorities[p] > _priorities[first]) ? p : first;
        }

        return first;
    }

    /// <summary>The walk has taken a step.</summary>
    /// <param name="places">Four bits for each process before: its place after, 15 when it is over.</param>
    /// <param name="process">Who has gone; -1 for nobody.</param>
    /// <param name="isRound">Whether it leads to where the walk has been, as one that goes round a loop does: then others have to come first.</param>
    public void Follow(uint places, int process, bool isRound)
    {
        var isChange = isRound || System.Array.IndexOf(_changes, _steps) >= 0;
        _steps++;
        var after = new int[Limits.Processes];
        for (var p = 0; p < after.Length; p++)
        {
            after[p] = DrawPriority();
        }

        for (var p = 0; p < after.Length; p++)
        {
            var place = (int)((places >> (4 * p)) & 0xF);
            if (place < after.Length)
            {
                after[place] = p == process && isChange ? --_behind : _priorities[p];
            }
        }

        _priorities = after;
    }

    private int DrawPriority() => 1 + Draw(1 << 16);
}
