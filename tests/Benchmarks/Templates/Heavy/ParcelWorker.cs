using System;
using System.Threading;
using System.Threading.Tasks;
using Depot.Platform;

namespace Depot.Parcels;

public sealed class ParcelWorker : IAsyncDisposable
{
    private readonly IStore<Guid, Parcel> _store;
    private readonly IClock _clock;
    private readonly ILog _log;
    private readonly TimeSpan _interval;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _stop;
    private Task? _running;
    private DateTimeOffset _last;

    public ParcelWorker(IStore<Guid, Parcel> store, IClock clock, ILog log, TimeSpan interval)
    {
        _store = store;
        _clock = clock;
        _log = log;
        _interval = interval;
    }

    public DateTimeOffset Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_running is not null)
            {
                throw new InvalidOperationException("already started");
            }

            _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _running = Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task? running;
        lock (_gate)
        {
            running = _running;
            _running = null;
        }

        if (running is null)
        {
            return;
        }

        _stop!.Cancel();
        var finished = await Task.WhenAny(running, Task.Delay(Timeout.Infinite, cancellationToken)).ConfigureAwait(false);
        if (finished != running)
        {
            _log.Warn("gave up waiting for the worker");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        _stop?.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_interval);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                int moved = await SweepAsync(cancellationToken).ConfigureAwait(false);
                _log.Info($"{moved} moved");
                lock (_gate)
                {
                    _last = _clock.Now;
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                _log.Error("sweep failed", exception);
            }
        }
    }

    private async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        int moved = 0;
        await foreach (var parcel in _store.AllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (parcel.State != ParcelState.InTransit || _clock.Now - parcel.Created < TimeSpan.FromDays(14))
            {
                continue;
            }

            parcel.State = ParcelState.Lost;
            await RetryAsync(() => _store.SaveAsync(parcel, cancellationToken), cancellationToken).ConfigureAwait(false);
            moved++;
        }

        return moved;
    }

    private async Task RetryAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        var delay = TimeSpan.FromMilliseconds(50);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await action().ConfigureAwait(false);
                return;
            }
            catch (TimeoutException exception) when (attempt < 5)
            {
                _log.Warn($"attempt {attempt} timed out", exception);
            }

            await Task.Delay(delay, cancellationToken).ConfigureAwait(false);
            delay *= 2;
        }
    }
}
