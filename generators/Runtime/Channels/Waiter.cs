#nullable enable
using System;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks.Sources;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>An entry in the queue of a channel: a send or a receive that waits, alone or as one case of a select.</summary>
[Embedded]
internal abstract class Waiter : Suspension, IValueTaskSource
{
    private protected Waiter(Selector? select, int index)
    {
        Select = select;
        Index = index;
    }

    /// <summary>The select that waits here with this case, or null for an operation that waits alone.</summary>
    internal Selector? Select { get; }

    internal int Index { get; }

    internal Outcome Outcome { get; set; }

    /// <summary>Whether a counterpart may still take this entry. Written under the lock of the channel only.</summary>
    internal bool IsQueued { get; set; }

    internal bool Sends { get; set; }

    /// <summary>Which use of this object: an operation that is awaited twice is found out.</summary>
    internal short Version { get; private protected set; }

    /// <summary>The token that may end the wait.</summary>
    internal CancellationToken Token { get; set; }

    /// <summary>Since when it waits, in milliseconds of <see cref="Environment.TickCount64"/>; only while observed.</summary>
    internal long Since { get; set; }

    /// <summary>Whether something other than the channel can end the wait.</summary>
    internal bool MayEnd => Select is null ? Token.CanBeCanceled : Select.MayEnd;

    private protected CancellationTokenRegistration Registration { get; set; }

    void IValueTaskSource.GetResult(short token) => EndSend(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => Status(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => OnCompleted(continuation, state, token, flags);

    /// <summary>Whether the entry is the claimer's now. One that waits alone is, once it is out of the queue; a select may have been claimed through another case.</summary>
    internal bool TryClaim() => Select is null || Select.TryClaim(Index);

    /// <summary>Who is to be resumed for this entry: the operation or the select; null when that is still busy beginning to wait and will see by itself.</summary>
    internal Suspension? Waiting => Select is null ? this : Select.MayComplete() ? Select : null;

    /// <summary>Resumes who waits here.</summary>
    internal void Wake() => Waiting?.Complete();

    /// <summary>Ends the wait when the token is cancelled, unless somebody was faster.</summary>
    internal void CancelOn(CancellationToken token) =>
        Registration = token.UnsafeRegister(static (waiter, cancelled) => ((Waiter)waiter!).Cancel(cancelled), this);

    /// <exception cref="ChannelClosedException">The channel was closed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the value was not handed over.</exception>
    internal abstract void EndSend(short version);

    /// <summary>What the awaitables of a channel do when they are awaited; without a waiter the operation was over at once.</summary>
    internal static void OnCompleted(Waiter? waiter, short version, Action continuation, bool captureContext)
    {
        if (waiter is null)
        {
            GoOn(continuation);
            return;
        }

        waiter.Check(version);
        waiter.OnCompleted(continuation, captureContext);
    }

    /// <summary>The same for code that flows the execution context itself.</summary>
    internal static void UnsafeOnCompleted(Waiter? waiter, short version, Action continuation, bool captureContext)
    {
        if (waiter is null)
        {
            UnsafeGoOn(continuation);
            return;
        }

        waiter.Check(version);
        waiter.UnsafeOnCompleted(continuation, captureContext);
    }

    internal void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Check(token);
        OnCompleted(
            continuation,
            state,
            captureContext: (flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0,
            flowExecutionContext: (flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0);
    }

    internal ValueTaskSourceStatus Status(short version)
    {
        Check(version);
        if (!IsCompleted)
        {
            return ValueTaskSourceStatus.Pending;
        }

        return Outcome switch
        {
            Outcome.Cancelled => ValueTaskSourceStatus.Canceled,
            Outcome.Closed when Sends => ValueTaskSourceStatus.Faulted,
            _ => ValueTaskSourceStatus.Succeeded,
        };
    }

    internal void Check(short version)
    {
        if (version != Version)
        {
            throw new InvalidOperationException("This operation is over: await it once.");
        }
    }

    private protected abstract void Cancel(CancellationToken token);

    private protected Outcome End(short version)
    {
        Check(version);
        if (!IsCompleted)
        {
            throw new InvalidOperationException("This operation is not over: await it, or block on AsTask().");
        }

        return Outcome;
    }
}
