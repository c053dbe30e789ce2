#nullable enable
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>A lock in one int: even is free, odd is held. It grows with every use, and wraps round, so that who reads without it sees whether anything changed meanwhile. Held for a few instructions, never while the code of others runs.</summary>
[Embedded]
internal struct SequenceLock
{
    private int _sequence;

    /// <summary>What to compare before and after reading without the lock.</summary>
    public int Sequence => Atomic.Read(ref _sequence);

    /// <summary>Whether a reader who saw <paramref name="sequence"/> before saw one moment: nobody held the lock then, and nobody has taken it since.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Unchanged(int sequence) => (sequence & 1) == 0 && Atomic.Read(ref _sequence) == sequence;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter()
    {
        int free = _sequence & ~1;
        if (!Atomic.TryReplace(ref _sequence, free, unchecked(free + 1)))
        {
            Contend();
        }
    }

    /// <returns>The sequence after it, which is even.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Exit()
    {
        int sequence = unchecked(_sequence + 1);
        Atomic.Write(ref _sequence, sequence);
        return sequence;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Contend()
    {
        var spin = default(SpinWait);
        while (true)
        {
            int sequence = Atomic.Read(ref _sequence);
            if ((sequence & 1) == 0 && Atomic.TryReplace(ref _sequence, sequence, unchecked(sequence + 1)))
            {
                return;
            }

            Atomic.Pause(ref spin);
        }
    }
}
