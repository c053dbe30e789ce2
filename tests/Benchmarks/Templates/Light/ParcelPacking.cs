using System;
using System.Collections.Generic;
using System.Linq;

namespace Depot.Parcels;

public readonly record struct ParcelBox(double Length, double Width, double Height)
{
    public double Volume => Length * Width * Height;

    public ParcelBox Rotate() => new(Width, Height, Length);

    public bool Fits(ParcelBox other) => other.Length <= Length && other.Width <= Width && other.Height <= Height;
}

public sealed class ParcelPacking
{
    private readonly double[,] _distance;
    private readonly int _stops;

    public ParcelPacking(double[,] distance)
    {
        _distance = distance;
        _stops = distance.GetLength(0);
    }

    public static int MinimumOf(int[] sizes, int capacity)
    {
        var sorted = (int[])sizes.Clone();
        Array.Sort(sorted);
        Array.Reverse(sorted);
        var bins = new List<int>();
        foreach (int size in sorted)
        {
            int found = bins.FindIndex(bin => bin + size <= capacity);
            if (found < 0)
            {
                bins.Add(size);
            }
            else
            {
                bins[found] += size;
            }
        }

        return bins.Count;
    }

    public static long Knapsack(int[] weights, long[] values, int capacity)
    {
        var best = new long[capacity + 1];
        for (int i = 0; i < weights.Length; i++)
        {
            for (int room = capacity; room >= weights[i]; room--)
            {
                best[room] = Math.Max(best[room], best[room - weights[i]] + values[i]);
            }
        }

        return best[capacity];
    }

    public int[] NearestNeighbour(int start)
    {
        var route = new int[_stops];
        var visited = new bool[_stops];
        int current = start;
        for (int i = 0; i < _stops; i++)
        {
            route[i] = current;
            visited[current] = true;
            int next = -1;
            for (int j = 0; j < _stops; j++)
            {
                if (!visited[j] && (next < 0 || _distance[current, j] < _distance[current, next]))
                {
                    next = j;
                }
            }

            current = next;
        }

        return route;
    }

    public double LengthOf(int[] route)
    {
        double length = 0;
        for (int i = 1; i < route.Length; i++)
        {
            length += _distance[route[i - 1], route[i]];
        }

        return length;
    }

    public bool Improve(int[] route)
    {
        bool improved = false;
        for (int i = 1; i < route.Length - 2; i++)
        {
            for (int j = i + 1; j < route.Length - 1; j++)
            {
                double before = _distance[route[i - 1], route[i]] + _distance[route[j], route[j + 1]];
                double after = _distance[route[i - 1], route[j]] + _distance[route[i], route[j + 1]];
                if (after + 1e-9 < before)
                {
                    Array.Reverse(route, i, j - i + 1);
                    improved = true;
                }
            }
        }

        return improved;
    }

    public static ParcelBox SmallestOf(IEnumerable<ParcelBox> boxes, ParcelBox content)
    {
        var turned = content.Rotate();
        return boxes
            .Where(box => box.Fits(content) || box.Fits(turned) || box.Fits(turned.Rotate()))
            .OrderBy(box => box.Volume)
            .FirstOrDefault();
    }
}
