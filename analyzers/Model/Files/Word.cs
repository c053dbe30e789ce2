using System;
using System.Linq;

namespace Sluice.Model.Files;

/// <summary>The words of a text, told by their characters alone.</summary>
internal static class Word
{
    /// <summary>The hash of no characters yet.</summary>
    public const int Empty = 17;

    public static bool IsCharacter(char c) => char.IsLetterOrDigit(c) || c == '_';

    /// <summary>The hash of a word that begins with what has <paramref name="hash"/> and goes on with <paramref name="next"/>.</summary>
    public static int Hash(int hash, char next) => unchecked((hash * 31) + next);

    public static int HashOf(string word) => word.Aggregate(Empty, Hash);

    /// <summary>Whether a word begins and ends there, and is not a part of a longer one.</summary>
    public static bool IsAt(string text, int at, int length) => (at == 0 || !IsCharacter(text[at - 1])) && (at + length >= text.Length || !IsCharacter(text[at + length]));

    /// <summary>Whether the word stands between two positions.</summary>
    public static bool IsIn(string text, int from, int to, string word)
    {
        for (int at = from; (at = text.IndexOf(word, at, to - at, StringComparison.Ordinal)) >= 0; at += word.Length)
        {
            if (IsAt(text, at, word.Length))
            {
                return true;
            }
        }

        return false;
    }
}
