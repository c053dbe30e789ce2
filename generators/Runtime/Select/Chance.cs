#nullable enable
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>The dice of one select: fast, and fair enough to choose among cases.</summary>
[Embedded]
internal struct Chance
{
    private static int LastSeed;

    private uint _state;

    /// <returns>A number below <paramref name="bound"/>, each with the same chance.</returns>
    internal uint Below(uint bound)
    {
        uint x = _state == 0 ? unchecked((uint)Interlocked.Increment(ref LastSeed) * 2654435769u) : _state;
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        _state = x;
        return (uint)(((ulong)x * bound) >> 32);
    }
}
