#nullable enable
using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>One wait for something that is not ours, pending across the waits of a select: it cannot be taken back, so it is kept until it is over.</summary>
[Embedded]
internal abstract class Readiness
{
    private readonly SelectCase _case;
    private readonly Action _completed;
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _awaiter;
    private int _isPending;

    private protected Readiness(SelectCase @case)
    {
        _case = @case;
        _completed = Completed;
    }

    private protected bool IsPending => Volatile.Read(ref _isPending) != 0;

    /// <summary>Sees to it that the case is offered when this is ready.</summary>
    internal void Arm()
    {
        if (!IsPending && TryBegin())
        {
            _case.Select!.Offer(_case, this);
        }
    }

    /// <summary>Begins to wait.</summary>
    private protected abstract ValueTask<bool> Wait();

    /// <summary>The wait is over.</summary>
    private protected abstract void End(bool result);

#pragma warning disable CA2012 // the wait is kept, and its result is asked for once
    /// <returns>Whether the wait was over at once.</returns>
    private protected bool TryBegin()
    {
        ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter awaiter = Wait().ConfigureAwait(false).GetAwaiter();
        if (awaiter.IsCompleted)
        {
            End(Result(awaiter));
            return true;
        }

        _awaiter = awaiter;
        Volatile.Write(ref _isPending, 1);
        awaiter.UnsafeOnCompleted(_completed);
        return false;
    }
#pragma warning restore CA2012

    // A wait that fails says that the other side is closed; why, it says itself when it is asked.
    private static bool Result(in ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter awaiter)
    {
        try
        {
            return awaiter.GetResult();
        }
        catch (Exception)
        {
            return false;
        }
    }

    private void Completed()
    {
        bool result = Result(_awaiter);
        _awaiter = default;
        End(result);
        Interlocked.Exchange(ref _isPending, 0);
        _case.Select!.Offer(_case, this);
    }
}
