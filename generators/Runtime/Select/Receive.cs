#nullable enable
using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>The case of a select that receives. It keeps its channel until it is given another.</summary>
/// <typeparam name="T">What the channel carries.</typeparam>
[Embedded]
internal sealed class Receive<T> : SelectCase
{
    private Chan<T>? _chan;
    private ForeignReader<T>? _reader;
    private Waiter<T>? _waiter;
    private T? _value;
    private Outcome _outcome;

    internal override bool IsOn => _reader is not null;

    internal override bool IsForeign => _reader is not null;

    internal override bool IsReady => _chan is not null ? _chan.CanReceive : _reader is { IsReady: true };

    /// <summary>Receives from a channel.</summary>
    /// <param name="chan">The channel; null switches the case off.</param>
    /// <exception cref="InvalidOperationException">The select waits.</exception>
    public void From(Chan<T>? chan)
    {
        if (chan is { IsNil: true })
        {
            chan = null;
        }

        if (_reader is not null)
        {
            FromForeign(null);
        }

        SetChannel(chan);
        _chan = chan;
    }

    /// <summary>Receives from a channel.</summary>
    /// <param name="chan">The channel; a nil one switches the case off.</param>
    /// <exception cref="InvalidOperationException">The select waits.</exception>
    public void From(ReceiveOnly<T> chan) => From(chan.Chan);

    /// <summary>Switches the case off until it is given a channel.</summary>
    /// <exception cref="InvalidOperationException">The select waits.</exception>
    public void Off() => From((Chan<T>?)null);

    /// <summary>Takes what was received, after the select said that this case happened.</summary>
    /// <param name="value">The value; the default when the channel is closed and drained.</param>
    /// <returns>Whether a value was received: false when the channel is closed and drained.</returns>
    /// <exception cref="InvalidOperationException">This case did not happen, or its value was taken already.</exception>
    public bool Take([MaybeNullWhen(false)] out T value)
    {
        Outcome outcome = _outcome;
        if (outcome == Outcome.Pending)
        {
            throw new InvalidOperationException("There is nothing to take: this case did not happen, or its value was taken already.");
        }

        value = _value;
        _value = default;
        _outcome = Outcome.Pending;
        return outcome == Outcome.Delivered;
    }

    /// <summary>Receives from a channel that is not a <see cref="Chan{T}"/>.</summary>
    internal void FromForeign(ChannelReader<T>? reader)
    {
        if (ReferenceEquals(reader, _reader?.Reader))
        {
            return;
        }

        ForeignChanged();
        _chan = null;
        _reader = reader is null ? null : new ForeignReader<T>(this, reader);
    }

    internal override bool TryHappen()
    {
        if (_chan is null)
        {
            _outcome = _reader!.TryRead(out _value);
            return _outcome != Outcome.Pending;
        }

        _chan.Lock.Enter();
        bool happened = TryHappen(out Waiter? sender);
        _chan.Lock.Exit();
        if (happened)
        {
            _chan.Completed(sender);
        }

        return happened;
    }

    internal override bool TryHappen(out Waiter? counterpart)
    {
        _outcome = _chan!.ReceiveLocked(out _value, out counterpart);
        return _outcome != Outcome.Pending;
    }

    internal override void Enqueue() => _chan!.Enqueue(_waiter!);

    internal override void Dequeue()
    {
        Waiter<T> waiter = _waiter!;
        if (waiter.Outcome != Outcome.Pending)
        {
            _outcome = waiter.Outcome;
            _value = waiter.Value;
            waiter.Outcome = Outcome.Pending;
            waiter.Value = default;
            return;
        }

        // Also when it is no longer queued: a counterpart that found it too late must be through with it.
        _chan!.Lock.Enter();
        _chan.TryRemove(waiter);
        _chan.Lock.Exit();
    }

    internal override void Arm() => _reader!.Arm();

    internal override bool Confirms(object? source) => ReferenceEquals(source, _reader);

    internal override void Conclude()
    {
        if (_outcome == Outcome.Closed)
        {
            _reader?.ThrowIfFaulted();
        }
    }

    internal override void Release()
    {
        _chan = null;
        _reader = null;
        _value = default;
        _outcome = Outcome.Pending;
        SetChannel(null);
    }

    private protected override void Joined() => _waiter = new Waiter<T>(Select!, Index);
}
