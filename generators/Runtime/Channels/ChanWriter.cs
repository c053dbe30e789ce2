#nullable enable
using System;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>A channel as a <see cref="ChannelWriter{T}"/>.</summary>
[Embedded]
internal sealed class ChanWriter<T> : ChannelWriter<T>
{
    private TaskCompletionSource<bool>? _writable;

    internal ChanWriter(Chan<T> chan) => Chan = chan;

    internal Chan<T> Chan { get; }

    public override bool TryWrite(T item) => Chan.TrySendIfOpen(item);

    public override ValueTask WriteAsync(T item, CancellationToken cancellationToken = default) => Chan.SendAsync(item, cancellationToken).AsValueTask();

    public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        Chan.Lock.Enter();
        if (Chan.CanSend)
        {
            bool writable = !Chan.IsClosed;
            Chan.Lock.Exit();
            return new ValueTask<bool>(writable);
        }

        TaskCompletionSource<bool> wait = _writable ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        Chan.Watch();
        Chan.Lock.Exit();
        return new ValueTask<bool>(wait.Task.WaitAsync(cancellationToken));
    }

    /// <summary>Closes the channel. A channel closes without a reason, so <paramref name="error"/> is not seen by its receivers.</summary>
    public override bool TryComplete(Exception? error = null) => Chan.TryClose();

    internal void Changed()
    {
        if (Volatile.Read(ref _writable) is { } wait && Chan.CanSend && ReferenceEquals(Interlocked.CompareExchange(ref _writable, null, wait), wait))
        {
            wait.TrySetResult(!Chan.IsClosed);
        }
    }
}
