#nullable enable
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>What all channels have, whatever they carry: a lock, a place in the order of locking, and a name.</summary>
[DebuggerDisplay("{ToString(),nq}")]
[Embedded]
internal abstract class Chan
{
    private static long LastId;

    private protected Chan()
    {
        if (Observe.IsOn)
        {
            Observe.Add(this);
        }
    }

    /// <summary>Gets a name for dumps and counters.</summary>
    public string? Name { get; init; }

    /// <summary>Gets how many values are in the buffer: Go's <c>len</c>.</summary>
    public abstract int Count { get; }

    /// <summary>Gets how many values fit into the buffer, 0 for an unbuffered channel: Go's <c>cap</c>.</summary>
    public abstract int Capacity { get; }

    /// <summary>What was counted, while observed; guarded by the lock.</summary>
    internal long Sent { get; private protected set; }

    /// <inheritdoc cref="Sent"/>
    internal long Received { get; private protected set; }

    /// <inheritdoc cref="Sent"/>
    internal long Waits { get; private protected set; }

    /// <summary>Who locks several channels locks them in this order, so that no two wait for each other.</summary>
    internal long Id { get; } = Interlocked.Increment(ref LastId);

    // A field, because it is a struct that is locked in place.
#pragma warning disable SA1401
    internal SequenceLock Lock;
#pragma warning restore SA1401

    /// <summary>Who waits now, receivers first.</summary>
    internal abstract List<Waiter> Waiters();
}
