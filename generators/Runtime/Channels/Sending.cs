#nullable enable
using System;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>A send that has begun. Await it once: <c>await c.SendAsync(value);</c> The awaiting method goes on in its synchronization context, as with a task.</summary>
[Embedded]
internal readonly struct Sending : ICriticalNotifyCompletion
{
    private readonly Waiter? _waiter;
    private readonly short _version;
    private readonly bool _closed;
    private readonly bool _anywhere;

    internal Sending(Outcome outcome)
    {
        _waiter = null;
        _version = 0;
        _closed = outcome == Outcome.Closed;
    }

    internal Sending(Waiter waiter)
    {
        _waiter = waiter;
        _version = waiter.Version;
        _closed = false;
    }

    private Sending(in Sending sending, bool anywhere)
    {
        this = sending;
        _anywhere = anywhere;
    }

    /// <summary>Gets a value indicating whether the send is over.</summary>
    public bool IsCompleted => _waiter is null || _waiter.IsCompleted;

    /// <summary>Gets what <c>await</c> needs: itself.</summary>
    /// <returns>This.</returns>
    public Sending GetAwaiter() => this;

    /// <summary>Says where the awaiting method goes on.</summary>
    /// <param name="continueOnCapturedContext">Whether it goes on in its synchronization context; if not, anywhere.</param>
    /// <returns>The same send, to be awaited.</returns>
    public Sending ConfigureAwait(bool continueOnCapturedContext) => new(this, anywhere: !continueOnCapturedContext);

    /// <summary>Ends the send.</summary>
    /// <exception cref="ChannelClosedException">The channel is closed; the value was not delivered.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the value was not delivered.</exception>
    /// <exception cref="InvalidOperationException">It is not over yet, or was ended before.</exception>
    public void GetResult()
    {
        if (_waiter is not null)
        {
            _waiter.EndSend(_version);
        }
        else if (_closed)
        {
            throw new ChannelClosedException();
        }
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => Waiter.OnCompleted(_waiter, _version, continuation, captureContext: !_anywhere);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => Waiter.UnsafeOnCompleted(_waiter, _version, continuation, captureContext: !_anywhere);

    /// <summary>The send as a <see cref="ValueTask"/>, instead of awaiting it here.</summary>
    /// <returns>The same send.</returns>
    public ValueTask AsValueTask()
    {
        if (_waiter is not null)
        {
            return new ValueTask(_waiter, _version);
        }

        return _closed ? ValueTask.FromException(new ChannelClosedException()) : default;
    }

    /// <summary>The send as a <see cref="Task"/>, which may be awaited by many and blocked on. It allocates.</summary>
    /// <returns>The same send.</returns>
    public Task AsTask() => AsValueTask().AsTask();
}
