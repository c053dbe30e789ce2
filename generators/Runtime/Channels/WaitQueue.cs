#nullable enable
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>Who waits at one side of a channel, first in first out. Any entry leaves in constant time. Guarded by the lock of the channel.</summary>
[Embedded]
internal struct WaitQueue<T>
{
    private Waiter<T>? _first;
    private Waiter<T>? _last;

    internal readonly Waiter<T>? First => _first;

    /// <summary>Whether there are entries, for a look without the lock.</summary>
    internal bool IsEmpty => Volatile.Read(ref _first) is null;

    internal void Enqueue(Waiter<T> waiter)
    {
        waiter.IsQueued = true;
        waiter.Previous = _last;
        if (_last is null)
        {
            _first = waiter;
        }
        else
        {
            _last.Next = waiter;
        }

        _last = waiter;
    }

    /// <summary>The first that the caller may complete: entries of selects that another case has won are dropped on the way.</summary>
    internal Waiter<T>? Claim()
    {
        while (_first is { } waiter)
        {
            Remove(waiter);
            if (waiter.TryClaim())
            {
                return waiter;
            }
        }

        return null;
    }

    internal void Remove(Waiter<T> waiter)
    {
        waiter.IsQueued = false;
        Waiter<T>? previous = waiter.Previous;
        Waiter<T>? next = waiter.Next;
        if (previous is null)
        {
            _first = next;
        }
        else
        {
            previous.Next = next;
            waiter.Previous = null;
        }

        if (next is null)
        {
            _last = previous;
        }
        else
        {
            next.Previous = previous;
            waiter.Next = null;
        }
    }
}
