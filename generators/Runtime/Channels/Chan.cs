#nullable enable
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Channels;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>
/// Go's channel. Unbuffered, a send completes when a receiver takes the value; buffered, when the value is in the buffer. Waiters are served first in, first out.
/// All members may be used from any thread. An operation that can complete at once does, without yielding; a token that is already cancelled wins over it.
/// </summary>
/// <typeparam name="T">What the channel carries.</typeparam>
[Embedded]
internal sealed class Chan<T> : Chan, IAsyncEnumerable<T>
{
    // Every fourth: the sequence grows by two.
    private const int AtOnceMask = 6;

    private readonly T[] _buffer;
    private readonly bool _nil;
    private int _first;
    private int _count;
    private bool _closed;
    private bool _watched;

    // Neither closed nor watched nor observed: what the short way through an operation asks, once.
    private bool _isPlain = !Observe.IsOn;
    private WaitQueue<T> _receivers;
    private WaitQueue<T> _senders;

    // Waiters for reuse. Those in `_spare` are guarded by the lock, those in `_returned` come back without it.
    private Waiter<T>? _spare;
    private Waiter<T>? _returned;
    private ChanReader<T>? _reader;
    private ChanWriter<T>? _writer;

    /// <summary>Initializes a new instance of the <see cref="Chan{T}"/> class that is unbuffered: sender and receiver meet.</summary>
    public Chan()
        : this(0)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="Chan{T}"/> class.</summary>
    /// <param name="capacity">How many values can be sent before a receiver takes one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public Chan(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _buffer = capacity == 0 ? Array.Empty<T>() : new T[capacity];
    }

    private Chan(bool nil)
    {
        _buffer = Array.Empty<T>();
        _nil = nil;
    }

    /// <summary>Gets Go's nil channel: send and receive wait until they are cancelled, a case of a select with it is off, and closing it throws. A null <see cref="Chan{T}"/> is the same to a select.</summary>
    public static Chan<T> Nil => new(nil: true);

    /// <inheritdoc/>
    public override int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public override int Capacity => _buffer.Length;

    /// <summary>Gets the receiving side as a <see cref="ChannelReader{T}"/>, for code that knows only those.</summary>
    public ChannelReader<T> Reader => _reader ?? Interlocked.CompareExchange(ref _reader, new ChanReader<T>(this), null) ?? _reader;

    /// <summary>Gets the sending side as a <see cref="ChannelWriter{T}"/>, for code that knows only those.</summary>
    public ChannelWriter<T> Writer => _writer ?? Interlocked.CompareExchange(ref _writer, new ChanWriter<T>(this), null) ?? _writer;

    internal bool IsNil => _nil;

    /// <summary>Whether a receive would complete at once; without the lock this is a guess, unless <see cref="SequenceLock.Unchanged"/>.</summary>
    internal bool CanReceive => Atomic.Read(ref _count) > 0 || !_senders.IsEmpty || Volatile.Read(ref _closed);

    /// <summary>Whether a send would complete (or throw) at once; without the lock this is a guess, unless <see cref="SequenceLock.Unchanged"/>.</summary>
    internal bool CanSend => Atomic.Read(ref _count) < _buffer.Length || !_receivers.IsEmpty || Volatile.Read(ref _closed);

    internal bool IsClosed => Volatile.Read(ref _closed);

    internal bool IsClosedAndDrained => IsClosed && Count == 0;

    /// <summary>Sends a value: Go's <c>c &lt;- v</c>. What is returned is to be awaited, once.</summary>
    /// <param name="value">The value.</param>
    /// <param name="cancellationToken">Ends the wait; the value is not delivered then.</param>
    /// <exception cref="ChannelClosedException">When awaited: the channel is or was closed.</exception>
    /// <exception cref="OperationCanceledException">When awaited: the token was cancelled first.</exception>
    /// <returns>Completes when the value is received, or in the buffer.</returns>
    public Sending SendAsync(T value, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new Sending(Cancelled(sends: true, cancellationToken));
        }

        Lock.Enter();
        if (TryPut(value))
        {
            ExitAtOnce();
            return new Sending(Outcome.Delivered);
        }

        return SendEntered(value, cancellationToken);
    }

    /// <summary>Receives a value: Go's <c>v, ok := &lt;-c</c>. What is returned is to be awaited, once.</summary>
    /// <param name="cancellationToken">Ends the wait; nothing is taken from the channel then.</param>
    /// <exception cref="OperationCanceledException">When awaited: the token was cancelled first.</exception>
    /// <returns>The value and true; or, when the channel is closed and drained, the default value and false.</returns>
    public Receiving<T> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new Receiving<T>(Cancelled(sends: false, cancellationToken));
        }

        Lock.Enter();
        if (TryGet(out T? value))
        {
            ExitAtOnce();
            return new Receiving<T>(value, ok: true);
        }

        return ReceiveEntered(cancellationToken);
    }

    /// <summary>Sends a value if that is possible at once: Go's select with one send and a default.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether the value was sent.</returns>
    /// <exception cref="ChannelClosedException">The channel is closed.</exception>
    public bool TrySend(T value)
    {
        int sequence = Lock.Sequence;
        if (!CanSend && Lock.Unchanged(sequence))
        {
            return false;
        }

        Lock.Enter();
        if (TryPut(value))
        {
            ExitAtOnce();
            return true;
        }

        Outcome outcome = SendLocked(value, out Waiter? receiver);
        Lock.Exit();
        Completed(receiver);
        return outcome == Outcome.Closed ? throw new ChannelClosedException() : outcome == Outcome.Delivered;
    }

    /// <returns>Whether the value was sent: false also when the channel is closed.</returns>
    internal bool TrySendIfOpen(T value)
    {
        Lock.Enter();
        Outcome outcome = SendLocked(value, out Waiter? receiver);
        Lock.Exit();
        Completed(receiver);
        return outcome == Outcome.Delivered;
    }

    /// <summary>Receives a value if there is one.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether a value was received: false when the channel is empty, and when it is closed and drained.</returns>
    public bool TryReceive([MaybeNullWhen(false)] out T value)
    {
        bool happened = TryReceive(out value!, out bool ok);
        return happened && ok;
    }

    /// <summary>Receives if that is possible at once: Go's select with one receive and a default.</summary>
    /// <param name="value">The value, or the default when the channel is closed and drained.</param>
    /// <param name="ok">Whether a value was received.</param>
    /// <returns>Whether the receive happened: also true when the channel is closed and drained.</returns>
    public bool TryReceive(out T value, out bool ok)
    {
        int sequence = Lock.Sequence;
        if (!CanReceive && Lock.Unchanged(sequence))
        {
            value = default!;
            ok = false;
            return false;
        }

        Lock.Enter();
        if (TryGet(out value!))
        {
            ExitAtOnce();
            ok = true;
            return true;
        }

        Outcome outcome = ReceiveLocked(out value!, out Waiter? sender);
        Lock.Exit();
        Completed(sender);
        ok = outcome == Outcome.Delivered;
        return outcome != Outcome.Pending;
    }

    /// <summary>Closes the channel: receivers get what is in the buffer and then the default value and false; senders throw.</summary>
    /// <exception cref="ChannelClosedException">The channel is already closed.</exception>
    /// <exception cref="InvalidOperationException">The channel is <see cref="Nil"/>.</exception>
    public void Close()
    {
        if (!TryClose())
        {
            throw new ChannelClosedException("The channel is already closed.");
        }
    }

    /// <summary>Receives until the channel is closed and drained: Go's <c>for v := range c</c>.</summary>
    /// <param name="cancellationToken">Ends the wait for the next value.</param>
    /// <returns>What <c>await foreach</c> needs.</returns>
    public ChanEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new(this, continueOnCapturedContext: true, cancellationToken);

    /// <summary>Ranges over the channel until a token is cancelled, which throws.</summary>
    /// <param name="cancellationToken">Ends the wait for the next value.</param>
    /// <returns>To be ranged over with <c>await foreach</c>.</returns>
    public ChanRange<T> WithCancellation(CancellationToken cancellationToken) => new(this, continueOnCapturedContext: true, cancellationToken);

    /// <summary>Ranges over the channel, and says where the loop goes on after a wait.</summary>
    /// <param name="continueOnCapturedContext">Whether it goes on in its synchronization context; if not, anywhere.</param>
    /// <returns>To be ranged over with <c>await foreach</c>.</returns>
    public ChanRange<T> ConfigureAwait(bool continueOnCapturedContext) => new(this, continueOnCapturedContext, CancellationToken.None);

    IAsyncEnumerator<T> IAsyncEnumerable<T>.GetAsyncEnumerator(CancellationToken cancellationToken) => GetAsyncEnumerator(cancellationToken);

    /// <summary>Says what is in the channel and who waits, for debuggers: a look without the lock.</summary>
    /// <returns>A line.</returns>
    public override string ToString() =>
        $"{Name ?? "unnamed"}, Chan<{typeof(T).Name}>, {Count} of {Capacity} buffered{(IsClosed ? ", closed" : string.Empty)}{(_receivers.IsEmpty ? string.Empty : ", receivers wait")}{(_senders.IsEmpty ? string.Empty : ", senders wait")}";

    internal override List<Waiter> Waiters()
    {
        var waiters = new List<Waiter>();
        Lock.Enter();
        for (Waiter<T>? waiter = _receivers.First; waiter is not null; waiter = waiter.Next)
        {
            waiters.Add(waiter);
        }

        for (Waiter<T>? waiter = _senders.First; waiter is not null; waiter = waiter.Next)
        {
            waiters.Add(waiter);
        }

        Lock.Exit();
        return waiters;
    }

    /// <returns>Whether the channel was open.</returns>
    internal bool TryClose()
    {
        if (_nil)
        {
            throw new InvalidOperationException("A nil channel cannot be closed.");
        }

        Lock.Enter();
        if (_closed)
        {
            Lock.Exit();
            return false;
        }

        Volatile.Write(ref _closed, true);
        _isPlain = false;
        Waiter<T>? waiters = ClaimAll();
        _spare = null;
        Lock.Exit();
        WakeAll(waiters);
        Changed();
        return true;
    }

    /// <summary>Sends if that is possible at once. Under the lock; the receiver, if any, is to be woken after it.</summary>
    internal Outcome SendLocked(T value, out Waiter? receiver)
    {
        receiver = null;
        if (_closed)
        {
            return Outcome.Closed;
        }

        if (_receivers.Claim() is { } waiter)
        {
            waiter.Value = value;
            waiter.Outcome = Outcome.Delivered;
            receiver = waiter;
            Counted(sent: 1, received: 1);
            return Outcome.Delivered;
        }

        if (_count == _buffer.Length)
        {
            return Outcome.Pending;
        }

        Put(value);
        Counted(sent: 1, received: 0);
        return Outcome.Delivered;
    }

    /// <summary>Receives if that is possible at once. Under the lock; the sender, if any, is to be woken after it.</summary>
    internal Outcome ReceiveLocked(out T? value, out Waiter? sender)
    {
        sender = null;
        if (_count > 0)
        {
            value = Get();
            if (_senders.Claim() is { } first)
            {
                Put(first.Value!); // the buffer was full: its first sender is admitted
                sender = Delivered(first);
            }

            Counted(sent: sender is null ? 0 : 1, received: 1);
            return Outcome.Delivered;
        }

        if (_senders.Claim() is { } waiter)
        {
            value = waiter.Value;
            sender = Delivered(waiter);
            Counted(sent: 1, received: 1);
            return Outcome.Delivered;
        }

        value = default;
        return _closed ? Outcome.Closed : Outcome.Pending;
    }

    /// <summary>Waits in the queue of its side. Under the lock.</summary>
    internal void Enqueue(Waiter<T> waiter)
    {
        waiter.Outcome = Outcome.Pending;
        if (Observe.IsOn)
        {
            waiter.Since = Environment.TickCount64;
            Waits++;
        }

        if (_nil)
        {
            waiter.IsQueued = true; // nobody ever comes, so there is no queue
        }
        else if (waiter.Sends)
        {
            _senders.Enqueue(waiter);
        }
        else
        {
            _receivers.Enqueue(waiter);
        }
    }

    /// <summary>Leaves the queue, if nobody has taken the entry from it. Under the lock.</summary>
    internal bool TryRemove(Waiter<T> waiter)
    {
        if (!waiter.IsQueued)
        {
            return false;
        }

        if (_nil)
        {
            waiter.IsQueued = false;
        }
        else if (waiter.Sends)
        {
            _senders.Remove(waiter);
        }
        else
        {
            _receivers.Remove(waiter);
        }

        return true;
    }

    /// <summary>Called when a token is cancelled, which may be after the wait that it was meant for.</summary>
    internal void Cancel(Waiter<T> waiter, CancellationToken token)
    {
        Lock.Enter();
        bool cancelled = waiter.Token == token && TryRemove(waiter);
        if (cancelled)
        {
            waiter.Outcome = Outcome.Cancelled;
            waiter.Value = default;
        }

        Lock.Exit();
        if (cancelled)
        {
            waiter.Wake();
        }
    }

    /// <summary>After the lock: wakes the counterpart of an operation that completed at once.</summary>
    internal void Completed(Waiter? counterpart)
    {
        if (counterpart is not null)
        {
            counterpart.Wake();
        }
        else
        {
            Runner.CompletedAtOnce();
        }

        Changed();
    }

    /// <summary>From now on the adapters hear of every change. Under the lock.</summary>
    internal void Watch()
    {
        _watched = true;
        _isPlain = false;
    }

    internal void Return(Waiter<T> waiter)
    {
        if (IsClosed)
        {
            return; // nobody waits here any more
        }

        Waiter<T>? head;
        do
        {
            head = Volatile.Read(ref _returned);
            waiter.Next = head;
        }
        while (!Atomic.TryReplace(ref _returned, head, waiter));
    }

    private void Changed()
    {
        if (_watched)
        {
            _reader?.Changed();
            _writer?.Changed();
        }
    }

    private static void WakeAll(Waiter<T>? waiters)
    {
        var woken = default(Resumption);
        while (waiters is not null)
        {
            Waiter<T>? next = waiters.Next;
            waiters.Next = null;
            woken.Complete(waiters.Waiting);
            waiters = next;
        }

        woken.Run();
    }

    private static Waiter<T> Delivered(Waiter<T> sender)
    {
        sender.Value = default;
        sender.Outcome = Outcome.Delivered;
        return sender;
    }

    // At the end of the channel: everybody who waits, in the order of waiting, linked by Next.
    private Waiter<T>? ClaimAll()
    {
        Waiter<T>? first = null;
        Waiter<T>? last = null;
        while ((_receivers.Claim() ?? _senders.Claim()) is { } waiter)
        {
            waiter.Outcome = Outcome.Closed;
            waiter.Value = default;
            if (last is null)
            {
                first = waiter;
            }
            else
            {
                last.Next = waiter;
            }

            last = waiter;
        }

        return first;
    }

    // The rest of a send, with the lock held.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Sending SendEntered(T value, CancellationToken cancellationToken)
    {
        Outcome outcome = SendLocked(value, out Waiter? receiver);
        if (outcome != Outcome.Pending)
        {
            Lock.Exit();
            Completed(receiver);
            return new Sending(outcome);
        }

        Waiter<T> waiter = Rent(sends: true, cancellationToken);
        waiter.Value = value;
        Enqueue(waiter);
        Lock.Exit();
        Changed();
        if (cancellationToken.CanBeCanceled)
        {
            waiter.CancelOn(cancellationToken);
        }

        return new Sending(waiter);
    }

    // The rest of a receive, with the lock held.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Receiving<T> ReceiveEntered(CancellationToken cancellationToken)
    {
        Outcome outcome = ReceiveLocked(out T? value, out Waiter? sender);
        if (outcome != Outcome.Pending)
        {
            Lock.Exit();
            Completed(sender);
            return new Receiving<T>(value!, outcome == Outcome.Delivered);
        }

        Waiter<T> waiter = Rent(sends: false, cancellationToken);
        Enqueue(waiter);
        Lock.Exit();
        Changed();
        if (cancellationToken.CanBeCanceled)
        {
            waiter.CancelOn(cancellationToken);
        }

        return new Receiving<T>(waiter);
    }

    private Waiter<T> Cancelled(bool sends, CancellationToken token)
    {
        var waiter = new Waiter<T>(this) { Token = token, Sends = sends, Outcome = Outcome.Cancelled };
        waiter.Complete();
        return waiter;
    }

    private Waiter<T> Rent(bool sends, CancellationToken token)
    {
        Waiter<T>? waiter = _spare ?? (_returned is null ? null : Atomic.Exchange(ref _returned, null));
        if (waiter is null)
        {
            waiter = new Waiter<T>(this);
        }
        else
        {
            _spare = waiter.Next;
            waiter.Next = null;
        }

        waiter.Sends = sends;
        if (token.CanBeCanceled)
        {
            waiter.Token = token;
        }

        return waiter;
    }

    private void Counted(int sent, int received)
    {
        if (Observe.IsOn)
        {
            Sent += sent;
            Received += received;
            Observe.Used();
        }
    }

    /// <summary>Leaves the lock after an operation that completed at once and woke nobody. Its sequence counts them: now and then the scheduler hears of it, as that costs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ExitAtOnce()
    {
        if ((Lock.Exit() & AtOnceMask) == 0)
        {
            Runner.CompletedAtOnce();
        }
    }

    /// <summary>The short way of a send: there is room and nobody waits. Under the lock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryPut(T value)
    {
        if (!_isPlain || _count == _buffer.Length || !_receivers.IsEmpty)
        {
            return false;
        }

        Put(value);
        return true;
    }

    /// <summary>The short way of a receive: there is a value and nobody waits. Under the lock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryGet([MaybeNullWhen(false)] out T value)
    {
        if (!_isPlain || _count == 0 || !_senders.IsEmpty)
        {
            value = default;
            return false;
        }

        value = Get();
        return true;
    }

    private void Put(T value)
    {
        int slot = _first + _count;
        _buffer[slot < _buffer.Length ? slot : slot - _buffer.Length] = value;
        Volatile.Write(ref _count, _count + 1);
    }

    private T Get()
    {
        T value = _buffer[_first];
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            _buffer[_first] = default!;
        }

        _first = _first + 1 == _buffer.Length ? 0 : _first + 1;
        Volatile.Write(ref _count, _count - 1);
        return value;
    }
}
