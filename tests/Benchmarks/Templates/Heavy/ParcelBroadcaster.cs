using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Depot.Platform;

namespace Depot.Parcels;

public sealed record ParcelEvent(Guid Id, ParcelState State, DateTimeOffset At);

public sealed class ParcelBroadcaster
{
    private readonly ConcurrentDictionary<int, Channel<ParcelEvent>> _subscribers = new();
    private readonly IClock _clock;
    private readonly ILog _log;
    private int _next;
    private volatile bool _closed;

    public ParcelBroadcaster(IClock clock, ILog log)
    {
        _clock = clock;
        _log = log;
    }

    public event EventHandler<ParcelEvent>? Published;

    public int Subscribers => _subscribers.Count;

    public async ValueTask PublishAsync(Parcel parcel, CancellationToken cancellationToken)
    {
        if (_closed)
        {
            throw new InvalidOperationException("closed");
        }

        var message = new ParcelEvent(parcel.Id, parcel.State, _clock.Now);
        Published?.Invoke(this, message);
        foreach (var (number, channel) in _subscribers)
        {
            if (channel.Writer.TryWrite(message))
            {
                continue;
            }

            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(TimeSpan.FromMilliseconds(100));
            try
            {
                await channel.Writer.WriteAsync(message, patience.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                _log.Warn($"subscriber {number} is too slow and was dropped");
                Drop(number);
            }
            catch (ChannelClosedException)
            {
                Drop(number);
            }
        }
    }

    public async IAsyncEnumerable<ParcelEvent> SubscribeAsync(Guid? only, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        int number = Interlocked.Increment(ref _next);
        var channel = Channel.CreateBounded<ParcelEvent>(64);
        _subscribers[number] = channel;
        try
        {
            while (await channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                while (channel.Reader.TryRead(out var message))
                {
                    if (only is null || only == message.Id)
                    {
                        yield return message;
                    }
                }
            }
        }
        finally
        {
            Drop(number);
        }
    }

    public async Task<ParcelEvent> WaitForAsync(Guid id, ParcelState state, CancellationToken cancellationToken)
    {
        var arrived = new TaskCompletionSource<ParcelEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnPublished(object? sender, ParcelEvent message)
        {
            if (message.Id == id && message.State == state)
            {
                arrived.TrySetResult(message);
            }
        }

        Published += OnPublished;
        try
        {
            using var registration = cancellationToken.Register(() => arrived.TrySetCanceled(cancellationToken));
            return await arrived.Task.ConfigureAwait(false);
        }
        finally
        {
            Published -= OnPublished;
        }
    }

    public void Close()
    {
        _closed = true;
        foreach (var number in _subscribers.Keys.ToArray())
        {
            Drop(number);
        }
    }

    private void Drop(int number)
    {
        if (_subscribers.TryRemove(number, out var channel))
        {
            channel.Writer.TryComplete();
        }
    }
}
