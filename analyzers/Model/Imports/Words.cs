using System;
using System.Buffers;
using System.Collections.Generic;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.Model.Imports;

/// <summary>Every word of a file and where it stands: in code, comments and strings alike. One pass over the text, no tree walk.</summary>
internal sealed class Words
{
    private readonly Dictionary<string, List<int>> _positions = new(StringComparer.Ordinal);

    // Words seen lately, by their hash: nearly every word of a file has been there before and needs no string of its own.
    private readonly string?[] _recent = new string?[1024];

    private Words()
    {
    }

    public IEnumerable<string> All => _positions.Keys;

    public IReadOnlyList<int> this[string word] => _positions.TryGetValue(word, out var positions) ? positions : [];

    public static Words Of(SourceText text)
    {
        var words = new Words();
        var buffer = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            text.CopyTo(0, buffer, 0, text.Length);
            words.Read(buffer, text.Length);
            return words;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    public bool Contains(string word) => _positions.ContainsKey(word);

    private void Read(char[] text, int length)
    {
        for (int start = 0; start < length;)
        {
            if (!SyntaxFacts.IsIdentifierStartCharacter(text[start]))
            {
                start++;
                continue;
            }

            int end = start + 1;
            while (end < length && SyntaxFacts.IsIdentifierPartCharacter(text[end]))
            {
                end++;
            }

            Add(StringOf(text.AsSpan(start, end - start)), start);
            start = end;
        }
    }

    private string StringOf(ReadOnlySpan<char> word)
    {
        int hash = word.Length;
        foreach (char c in word)
        {
            hash = (hash * 31) + c;
        }

        ref var recent = ref _recent[hash & (_recent.Length - 1)];
        return recent is not null && word.SequenceEqual(recent.AsSpan()) ? recent : recent = word.ToString();
    }

    private void Add(string word, int position)
    {
        if (!_positions.TryGetValue(word, out var positions))
        {
            _positions.Add(word, positions = []);
        }

        positions.Add(position);
    }
}
