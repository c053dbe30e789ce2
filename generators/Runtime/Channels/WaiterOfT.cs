#nullable enable
using System;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks.Sources;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>An entry in the queue of a channel, with the value that is sent or was received.</summary>
[Embedded]
internal sealed class Waiter<T> : Waiter, IValueTaskSource<(T Value, bool Ok)>
{
    private readonly Chan<T>? _chan;

    /// <summary>An operation that waits alone.</summary>
    internal Waiter(Chan<T> chan)
        : base(null, 0) => _chan = chan;

    /// <summary>A case of a select.</summary>
    internal Waiter(Selector select, int index)
        : base(select, index)
    {
    }

    internal T? Value { get; set; }

    /// <summary>The neighbours in the queue; the next one also in the list of spare waiters.</summary>
    internal Waiter<T>? Next { get; set; }

    internal Waiter<T>? Previous { get; set; }

    (T Value, bool Ok) IValueTaskSource<(T Value, bool Ok)>.GetResult(short token) => EndReceive(token);

    ValueTaskSourceStatus IValueTaskSource<(T Value, bool Ok)>.GetStatus(short token) => Status(token);

    void IValueTaskSource<(T Value, bool Ok)>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        OnCompleted(continuation, state, token, flags);

    /// <exception cref="OperationCanceledException">The token was cancelled; nothing was taken.</exception>
    internal (T Value, bool Ok) EndReceive(short version)
    {
        Outcome outcome = End(version);
        T value = Value!;
        CancellationToken token = Token;
        Recycle();
        return outcome == Outcome.Cancelled ? throw new OperationCanceledException(token) : (value, outcome == Outcome.Delivered);
    }

    internal override void EndSend(short version)
    {
        Outcome outcome = End(version);
        CancellationToken token = Token;
        Recycle();
        switch (outcome)
        {
            case Outcome.Closed: throw new ChannelClosedException();
            case Outcome.Cancelled: throw new OperationCanceledException(token);
        }
    }

    private protected override void Cancel(CancellationToken token) => _chan!.Cancel(this, token);

    private void Recycle()
    {
        if (Token.CanBeCanceled)
        {
            Registration.Unregister();
            Registration = default;
            Token = default;
        }

        Value = default;
        Version = unchecked((short)(Version + 1));
        Reset();
        _chan!.Return(this);
    }
}
