#nullable enable
using System;
using System.Threading.Channels;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>The case of a select that sends. It keeps its channel and its value until it is given others: what was sent is sent again, unless <see cref="To(Chan{T}?, T)"/> says otherwise.</summary>
/// <typeparam name="T">What the channel carries.</typeparam>
[Embedded]
internal sealed class Send<T> : SelectCase
{
    private Chan<T>? _chan;
    private ForeignWriter<T>? _writer;
    private Waiter<T>? _waiter;
    private T? _value;
    private Outcome _outcome;

    internal override bool IsOn => _writer is not null;

    internal override bool IsForeign => _writer is not null;

    internal override bool IsReady => _chan is not null ? _chan.CanSend : _writer is not null;

    /// <summary>Sends a value to a channel.</summary>
    /// <param name="chan">The channel; null switches the case off, and the value is dropped.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="InvalidOperationException">The select waits.</exception>
    public void To(Chan<T>? chan, T value)
    {
        if (chan is { IsNil: true })
        {
            chan = null;
        }

        ThrowIfWaiting();
        if (_writer is not null)
        {
            ToForeign(null, value);
        }

        SetChannel(chan);
        _chan = chan;
        _value = chan is null ? default : value;
    }

    /// <summary>Sends a value to a channel.</summary>
    /// <param name="chan">The channel; a nil one switches the case off, and the value is dropped.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="InvalidOperationException">The select waits.</exception>
    public void To(SendOnly<T> chan, T value) => To(chan.Chan, value);

    /// <summary>Switches the case off until it is given a channel, and drops its value.</summary>
    /// <exception cref="InvalidOperationException">The select waits.</exception>
    public void Off() => To((Chan<T>?)null, default!);

    /// <summary>Sends to a channel that is not a <see cref="Chan{T}"/>.</summary>
    internal void ToForeign(ChannelWriter<T>? writer, T value)
    {
        ThrowIfWaiting();
        _value = writer is null ? default : value;
        if (!ReferenceEquals(writer, _writer?.Writer))
        {
            ForeignChanged();
            _chan = null;
            _writer = writer is null ? null : new ForeignWriter<T>(this, writer);
        }
    }

    internal override bool TryHappen()
    {
        if (_chan is null)
        {
            _outcome = _writer!.TryWrite(_value!);
            return _outcome != Outcome.Pending;
        }

        _chan.Lock.Enter();
        bool happened = TryHappen(out Waiter? receiver);
        _chan.Lock.Exit();
        if (happened)
        {
            _chan.Completed(receiver);
        }

        return happened;
    }

    internal override bool TryHappen(out Waiter? counterpart)
    {
        _outcome = _chan!.SendLocked(_value!, out counterpart);
        return _outcome != Outcome.Pending;
    }

    internal override void Enqueue()
    {
        _waiter!.Value = _value;
        _chan!.Enqueue(_waiter);
    }

    internal override void Dequeue()
    {
        Waiter<T> waiter = _waiter!;
        if (waiter.Outcome != Outcome.Pending)
        {
            _outcome = waiter.Outcome;
            waiter.Outcome = Outcome.Pending;
            return;
        }

        // Also when it is no longer queued: a counterpart that found it too late must be through with it.
        _chan!.Lock.Enter();
        _chan.TryRemove(waiter);
        _chan.Lock.Exit();
        waiter.Value = default;
    }

    internal override void Arm() => _writer!.Arm();

    internal override bool Confirms(object? source) => ReferenceEquals(source, _writer);

    internal override void Conclude()
    {
        Outcome outcome = _outcome;
        _outcome = Outcome.Pending;
        if (outcome == Outcome.Closed)
        {
            throw new ChannelClosedException();
        }
    }

    internal override void Release()
    {
        _chan = null;
        _writer = null;
        _value = default;
        SetChannel(null);
    }

    private protected override void Joined() => _waiter = new Waiter<T>(Select!, Index) { Sends = true };
}
