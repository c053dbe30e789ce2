using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Depot.Platform;

namespace Depot.Parcels;

/// <summary>Collects single saves and writes them together, when there are enough or after a while.</summary>
public sealed class ParcelBatcher : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Func<IReadOnlyList<Parcel>, CancellationToken, Task> _write;
    private readonly ILog _log;
    private readonly int _size;
    private readonly Timer _timer;
    private List<Parcel> _batch = new();
    private TaskCompletionSource _written = NewSource();
    private Task _last = Task.CompletedTask;
    private bool _disposed;

    public ParcelBatcher(int size, TimeSpan interval, Func<IReadOnlyList<Parcel>, CancellationToken, Task> write, ILog log)
    {
        _size = size;
        _write = write;
        _log = log;
        _timer = new Timer(static state => ((ParcelBatcher)state!).Flush(), this, interval, interval);
    }

    public Task AddAsync(Parcel parcel)
    {
        Task written;
        bool full;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _batch.Add(parcel);
            written = _written.Task;
            full = _batch.Count >= _size;
        }

        if (full)
        {
            Flush();
        }

        return written;
    }

    public async Task AddAllAsync(IEnumerable<Parcel> parcels, CancellationToken cancellationToken)
    {
        var waiting = new List<Task>();
        foreach (var parcel in parcels)
        {
            cancellationToken.ThrowIfCancellationRequested();
            waiting.Add(AddAsync(parcel));
        }

        await Task.WhenAll(waiting).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        Flush();
        Task last;
        lock (_gate)
        {
            _disposed = true;
            last = _last;
        }

        await last.ConfigureAwait(false);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Flush()
    {
        using (_gate.EnterScope())
        {
            if (_batch.Count == 0)
            {
                return;
            }

            var batch = _batch;
            var written = _written;
            var previous = _last;
            _batch = new List<Parcel>(_size);
            _written = NewSource();
            _last = WriteAsync(batch, written, previous);
        }
    }

    private async Task WriteAsync(List<Parcel> batch, TaskCompletionSource written, Task previous)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await _write(batch, timeout.Token).ConfigureAwait(false);
            written.SetResult();
        }
        catch (Exception exception)
        {
            _log.Error($"a batch of {batch.Count} failed", exception);
            written.SetException(exception);
        }
    }
}
