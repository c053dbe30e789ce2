#nullable enable
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>A channel as a <see cref="ChannelReader{T}"/>.</summary>
[Embedded]
internal sealed class ChanReader<T> : ChannelReader<T>
{
    private TaskCompletionSource? _completion;
    private TaskCompletionSource<bool>? _readable;

    internal ChanReader(Chan<T> chan) => Chan = chan;

    public override bool CanCount => true;

    public override int Count => Chan.Count;

    /// <summary>Gets what completes when the channel is closed and drained.</summary>
    public override Task Completion
    {
        get
        {
            Chan.Lock.Enter();
            TaskCompletionSource completion = _completion ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            Chan.Watch();
            Chan.Lock.Exit();
            Changed();
            return completion.Task;
        }
    }

    internal Chan<T> Chan { get; }

    public override bool TryRead([MaybeNullWhen(false)] out T item) => Chan.TryReceive(out item);

    public override async ValueTask<T> ReadAsync(CancellationToken cancellationToken = default)
    {
        (T value, bool ok) = await Chan.ReceiveAsync(cancellationToken).AsValueTask().ConfigureAwait(false);
        return ok ? value : throw new ChannelClosedException();
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        Chan.Lock.Enter();
        if (Chan.CanReceive)
        {
            bool readable = !Chan.IsClosedAndDrained;
            Chan.Lock.Exit();
            return new ValueTask<bool>(readable);
        }

        TaskCompletionSource<bool> wait = _readable ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        Chan.Watch();
        Chan.Lock.Exit();
        return new ValueTask<bool>(wait.Task.WaitAsync(cancellationToken));
    }

    internal void Changed()
    {
        if (Volatile.Read(ref _readable) is { } wait && Chan.CanReceive && ReferenceEquals(Interlocked.CompareExchange(ref _readable, null, wait), wait))
        {
            wait.TrySetResult(!Chan.IsClosedAndDrained);
        }

        if (Chan.IsClosedAndDrained)
        {
            Volatile.Read(ref _completion)?.TrySetResult();
        }
    }
}
