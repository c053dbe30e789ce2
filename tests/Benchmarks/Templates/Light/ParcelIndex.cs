using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Depot.Parcels;

/// <summary>A binary search tree by number, with prefix search and a cursor.</summary>
public sealed class ParcelIndex : IEnumerable<Parcel>
{
    private readonly IComparer<string> _order;
    private Node? _root;

    public ParcelIndex(IComparer<string>? order = null) => _order = order ?? StringComparer.Ordinal;

    public int Count { get; private set; }

    public Parcel this[string number] => TryGet(number, out var parcel) ? parcel : throw new KeyNotFoundException(number);

    public bool Add(Parcel parcel)
    {
        ref Node? place = ref _root;
        while (place is not null)
        {
            int order = _order.Compare(parcel.Number, place.Value.Number);
            if (order == 0)
            {
                place.Value = parcel;
                return false;
            }

            place = ref order < 0 ? ref place.Left : ref place.Right;
        }

        place = new Node(parcel);
        Count++;
        return true;
    }

    public bool TryGet(string number, [NotNullWhen(true)] out Parcel? parcel)
    {
        var node = _root;
        while (node is not null)
        {
            int order = _order.Compare(number, node.Value.Number);
            if (order == 0)
            {
                parcel = node.Value;
                return true;
            }

            node = order < 0 ? node.Left : node.Right;
        }

        parcel = null;
        return false;
    }

    public IEnumerable<Parcel> StartingWith(string prefix)
    {
        foreach (var parcel in this)
        {
            if (parcel.Number.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return parcel;
            }
        }
    }

    public int Depth() => Depth(_root);

    public void Balance()
    {
        var sorted = new List<Parcel>(this);
        _root = Build(sorted, 0, sorted.Count - 1);
    }

    public IEnumerator<Parcel> GetEnumerator()
    {
        var path = new Stack<Node>();
        var node = _root;
        while (node is not null || path.Count > 0)
        {
            while (node is not null)
            {
                path.Push(node);
                node = node.Left;
            }

            node = path.Pop();
            yield return node.Value;
            node = node.Right;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static int Depth(Node? node) => node is null ? 0 : 1 + Math.Max(Depth(node.Left), Depth(node.Right));

    private static Node? Build(List<Parcel> sorted, int low, int high)
    {
        if (low > high)
        {
            return null;
        }

        int middle = low + ((high - low) / 2);
        return new Node(sorted[middle])
        {
            Left = Build(sorted, low, middle - 1),
            Right = Build(sorted, middle + 1, high),
        };
    }

    private sealed class Node(Parcel value)
    {
        public Node? Left;
        public Node? Right;

        public Parcel Value { get; set; } = value;
    }
}
