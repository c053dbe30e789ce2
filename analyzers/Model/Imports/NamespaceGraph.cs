using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Sluice.Model.Imports;

/// <summary>The first place where the code of one namespace names what belongs to another.</summary>
/// <param name="From">The namespace of the code.</param>
/// <param name="To">The namespace of what it names.</param>
/// <param name="User">The type in whose code it stands.</param>
/// <param name="Used">What is named.</param>
/// <param name="Location">Where.</param>
internal sealed record Tie(string From, string To, string User, string Used, Location Location);

/// <summary>Which namespaces of one compilation import which. Thread-safe while it is filled; what it answers depends on the code alone.</summary>
internal sealed class NamespaceGraph
{
    private readonly Dictionary<(string From, string To), Tie> _ties = [];

    public void Add(IEnumerable<Tie> ties)
    {
        lock (_ties)
        {
            foreach (var tie in ties)
            {
                if (!_ties.TryGetValue((tie.From, tie.To), out var other) || IsBefore(tie, other))
                {
                    _ties[(tie.From, tie.To)] = tie;
                }
            }
        }
    }

    /// <summary>For every namespace that needs itself by way of others, the shortest way, in the order of the names.</summary>
    public IEnumerable<IReadOnlyList<Tie>> Cycles()
    {
        var next = _ties.Values.OrderBy(tie => tie.To, StringComparer.Ordinal).ToLookup(tie => tie.From, StringComparer.Ordinal);
        return next.Select(ties => ties.Key).OrderBy(name => name, StringComparer.Ordinal).Select(start => ShortestWay(start, next)).OfType<IReadOnlyList<Tie>>();
    }

    private static bool IsBefore(Tie one, Tie other)
    {
        int byFile = string.CompareOrdinal(one.Location.SourceTree!.FilePath, other.Location.SourceTree!.FilePath);
        return byFile < 0 || (byFile == 0 && one.Location.SourceSpan.Start < other.Location.SourceSpan.Start);
    }

    private static List<Tie>? ShortestWay(string start, ILookup<string, Tie> next)
    {
        var arrived = new Dictionary<string, Tie>(StringComparer.Ordinal);
        var waiting = new Queue<string>([start]);
        while (waiting.Count > 0 && !arrived.ContainsKey(start))
        {
            foreach (var tie in next[waiting.Dequeue()].Where(tie => !arrived.ContainsKey(tie.To)))
            {
                arrived.Add(tie.To, tie);
                waiting.Enqueue(tie.To);
            }
        }

        if (!arrived.TryGetValue(start, out var last))
        {
            return null;
        }

        var way = new List<Tie> { last };
        while (way[0].From != start)
        {
            way.Insert(0, arrived[way[0].From]);
        }

        return way;
    }
}
