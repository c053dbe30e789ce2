using System;
using System.Collections.Generic;
using System.Linq;

namespace Depot.Parcels;

public enum ParcelEdit
{
    Keep,
    Insert,
    Delete,
}

public readonly record struct ParcelChange(ParcelEdit Edit, string Text);

public static class ParcelDiff
{
    public static IReadOnlyList<ParcelChange> Lines(string before, string after) => Compare(before.Split('\n'), after.Split('\n'));

    public static IReadOnlyList<ParcelChange> Compare(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var length = new int[before.Count + 1, after.Count + 1];
        for (int i = before.Count - 1; i >= 0; i--)
        {
            for (int j = after.Count - 1; j >= 0; j--)
            {
                length[i, j] = before[i] == after[j]
                    ? length[i + 1, j + 1] + 1
                    : Math.Max(length[i + 1, j], length[i, j + 1]);
            }
        }

        var changes = new List<ParcelChange>();
        int left = 0;
        int right = 0;
        while (left < before.Count && right < after.Count)
        {
            if (before[left] == after[right])
            {
                changes.Add(new(ParcelEdit.Keep, before[left++]));
                right++;
            }
            else if (length[left + 1, right] >= length[left, right + 1])
            {
                changes.Add(new(ParcelEdit.Delete, before[left++]));
            }
            else
            {
                changes.Add(new(ParcelEdit.Insert, after[right++]));
            }
        }

        changes.AddRange(before.Skip(left).Select(text => new ParcelChange(ParcelEdit.Delete, text)));
        changes.AddRange(after.Skip(right).Select(text => new ParcelChange(ParcelEdit.Insert, text)));
        return changes;
    }

    public static double Similarity(string before, string after)
    {
        var changes = Compare(Words(before), Words(after));
        int kept = changes.Count(change => change.Edit == ParcelEdit.Keep);
        return changes.Count == 0 ? 1 : (double)kept / changes.Count;
    }

    public static int Distance(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        Span<int> row = stackalloc int[right.Length + 1];
        for (int j = 0; j <= right.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= left.Length; i++)
        {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int above = row[j];
                row[j] = left[i - 1] == right[j - 1] ? corner : 1 + Math.Min(corner, Math.Min(row[j - 1], above));
                corner = above;
            }
        }

        return row[right.Length];
    }

    private static string[] Words(string text) => text.Split(new[] { ' ', '\t', '\n', ',', '.' }, StringSplitOptions.RemoveEmptyEntries);
}
