using System;

namespace Sluice.Explore;

/// <summary>The transitions between states, and which process of the one is which of the other.</summary>
internal sealed class Graph
{
    private Edge[] _edges = new Edge[256];

    public int Count { get; private set; }

    /// <param name="from">The state before.</param>
    /// <param name="to">The state after.</param>
    /// <param name="places">Four bits for each process before: its place after, 15 when it is over.</param>
    public void Add(int from, int to, uint places)
    {
        if (Count == _edges.Length)
        {
            Array.Resize(ref _edges, Count * 2);
        }

        _edges[Count++] = new Edge(from, to, places);
    }

    /// <summary>Spreads backwards from state to state which processes (one bit each) may still move.</summary>
    public void Spread(byte[] moving)
    {
        var starts = new int[moving.Length + 1];
        for (var e = 0; e < Count; e++)
        {
            starts[_edges[e].To + 1]++;
        }

        for (var s = 0; s < moving.Length; s++)
        {
            starts[s + 1] += starts[s];
        }

        var into = new int[Count];
        var fill = (int[])starts.Clone();
        for (var e = 0; e < Count; e++)
        {
            into[fill[_edges[e].To]++] = e;
        }

        var todo = new int[moving.Length];
        var waits = new bool[moving.Length];
        var count = 0;
        for (var s = 0; s < moving.Length; s++)
        {
            todo[count++] = s;
            waits[s] = true;
        }

        while (count > 0)
        {
            var state = todo[--count];
            waits[state] = false;
            for (var i = starts[state]; i < starts[state + 1]; i++)
            {
                var edge = _edges[into[i]];
                var before = (byte)(moving[edge.From] | Before(moving[state], edge.Places));
                if (before != moving[edge.From])
                {
                    moving[edge.From] = before;
                    if (!waits[edge.From])
                    {
                        waits[edge.From] = true;
                        todo[count++] = edge.From;
                    }
                }
            }
        }
    }

    private static int Before(int after, uint places)
    {
        var before = 0;
        for (var p = 0; p < Limits.Processes; p++)
        {
            var place = (int)((places >> (4 * p)) & 0xF);
            before |= place < Limits.Processes ? ((after >> place) & 1) << p : 0;
        }

        return before;
    }

    private readonly record struct Edge(int From, int To, uint Places);
}
