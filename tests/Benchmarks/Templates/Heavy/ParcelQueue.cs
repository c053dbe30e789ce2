using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Depot.Platform;

namespace Depot.Parcels;

/// <summary>A bounded queue with a pool of workers; whoever sends waits when it is full.</summary>
public sealed class ParcelQueue : IAsyncDisposable
{
    private readonly Channel<Parcel> _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _workers = new();
    private readonly Func<Parcel, CancellationToken, Task> _handle;
    private readonly ILog _log;
    private int _failed;
    private long _handled;

    public ParcelQueue(int capacity, int workers, Func<Parcel, CancellationToken, Task> handle, ILog log)
    {
        _queue = Channel.CreateBounded<Parcel>(new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait });
        _handle = handle;
        _log = log;
        for (int i = 0; i < workers; i++)
        {
            int number = i;
            _workers.Add(Task.Run(() => WorkAsync(number, _stop.Token)));
        }
    }

    public long Handled => Interlocked.Read(ref _handled);

    public int Failed => Volatile.Read(ref _failed);

    public ValueTask SendAsync(Parcel parcel, CancellationToken cancellationToken) => _queue.Writer.WriteAsync(parcel, cancellationToken);

    public bool TrySend(Parcel parcel)
    {
        if (_queue.Writer.TryWrite(parcel))
        {
            return true;
        }

        _log.Warn($"{parcel.Number} was refused: the queue is full");
        return false;
    }

    public async Task SendAllAsync(IAsyncEnumerable<Parcel> parcels, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var parcel in parcels.WithCancellation(cancellationToken))
            {
                await _queue.Writer.WriteAsync(parcel, cancellationToken);
            }
        }
        finally
        {
            _queue.Writer.TryComplete();
        }
    }

    public async Task CompleteAsync()
    {
        _queue.Writer.TryComplete();
        await Task.WhenAll(_workers).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stop.CancelAsync();
        try
        {
            await Task.WhenAll(_workers).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _log.Info("stopped");
        }

        _stop.Dispose();
    }

    private async Task WorkAsync(int number, CancellationToken cancellationToken)
    {
        await foreach (var parcel in _queue.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await _handle(parcel, cancellationToken).ConfigureAwait(false);
                Interlocked.Increment(ref _handled);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception exception)
            {
                Interlocked.Increment(ref _failed);
                _log.Error($"worker {number}: {parcel.Number} failed", exception);
            }
        }
    }
}
