using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Depot.Platform;

namespace Depot.Parcels;

public sealed class ParcelThrottle : IDisposable
{
    private readonly SemaphoreSlim _slots;
    private readonly SemaphoreSlim _single = new(1, 1);
    private readonly ConcurrentDictionary<string, int> _perCity = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Exception> _errors = new();
    private readonly ILog _log;
    private readonly int _degree;
    private int _inFlight;
    private int _peak;
    private long _bytes;

    public ParcelThrottle(int degree, ILog log)
    {
        _degree = degree;
        _slots = new SemaphoreSlim(degree, degree);
        _log = log;
    }

    public int Peak => Volatile.Read(ref _peak);

    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            RaisePeak(Interlocked.Increment(ref _inFlight));
            return await action(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
            _slots.Release();
        }
    }

    public async Task<bool> TryExclusivelyAsync(Func<Task> action, TimeSpan patience)
    {
        if (!await _single.WaitAsync(patience).ConfigureAwait(false))
        {
            return false;
        }

        try
        {
            await action().ConfigureAwait(false);
            return true;
        }
        finally
        {
            _single.Release();
        }
    }

    public async Task<IReadOnlyList<Parcel>> ShipAsync(IReadOnlyList<Parcel> parcels, Func<Parcel, CancellationToken, Task<int>> ship, CancellationToken cancellationToken)
    {
        var shipped = new ConcurrentBag<Parcel>();
        await Parallel.ForEachAsync(parcels, new ParallelOptions { MaxDegreeOfParallelism = _degree, CancellationToken = cancellationToken }, async (parcel, token) =>
        {
            try
            {
                int bytes = await ship(parcel, token).ConfigureAwait(false);
                Interlocked.Add(ref _bytes, bytes);
                _perCity.AddOrUpdate(parcel.Receiver.City, 1, (_, count) => count + 1);
                shipped.Add(parcel);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                _errors.Enqueue(exception);
            }
        }).ConfigureAwait(false);
        while (_errors.TryDequeue(out var error))
        {
            _log.Error("shipping failed", error);
        }

        return shipped.OrderBy(parcel => parcel.Number, StringComparer.Ordinal).ToList();
    }

    public async Task<decimal> TotalAsync(IEnumerable<Task<Parcel>> parcels)
    {
        var pending = parcels.ToList();
        decimal total = 0;
        while (pending.Count > 0)
        {
            var finished = await Task.WhenAny(pending).ConfigureAwait(false);
            pending.Remove(finished);
            var parcel = await finished.ConfigureAwait(false);
            total += parcel.Total;
        }

        return total;
    }

    public double Weigh(Parcel[] parcels)
    {
        double total = 0;
        object gate = new();
        Parallel.For(0, parcels.Length, () => 0.0, (i, _, sum) => sum + parcels[i].Weight, sum =>
        {
            lock (gate)
            {
                total += sum;
            }
        });
        return total;
    }

    public void Dispose()
    {
        _slots.Dispose();
        _single.Dispose();
    }

    private void RaisePeak(int current)
    {
        int peak = Volatile.Read(ref _peak);
        while (current > peak)
        {
            int seen = Interlocked.CompareExchange(ref _peak, current, peak);
            if (seen == peak)
            {
                return;
            }

            peak = seen;
        }
    }
}
