using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Depot.Platform;

namespace Depot.Parcels;

public sealed class ParcelCache : IDisposable
{
    private readonly object _gate = new();
    private readonly Dictionary<Guid, Entry> _entries = new();
    private readonly Dictionary<Guid, Task<Parcel?>> _loading = new();
    private readonly ReaderWriterLockSlim _names = new(LockRecursionPolicy.NoRecursion);
    private readonly SortedDictionary<string, Guid> _byNumber = new(StringComparer.Ordinal);
    private readonly IStore<Guid, Parcel> _store;
    private readonly IClock _clock;
    private readonly Timer _timer;
    private readonly TimeSpan _lifetime;
    private int _hits;
    private int _misses;

    public ParcelCache(IStore<Guid, Parcel> store, IClock clock, TimeSpan lifetime)
    {
        _store = store;
        _clock = clock;
        _lifetime = lifetime;
        _timer = new Timer(_ => Expire(), null, lifetime, lifetime);
    }

    public double HitRate
    {
        get
        {
            int hits = Volatile.Read(ref _hits);
            int misses = Volatile.Read(ref _misses);
            return hits + misses == 0 ? 0 : (double)hits / (hits + misses);
        }
    }

    public async Task<Parcel?> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        Task<Parcel?> loading;
        lock (_gate)
        {
            if (_entries.TryGetValue(id, out var entry) && entry.Until > _clock.Now)
            {
                _hits++;
                return entry.Parcel;
            }

            _misses++;
            if (!_loading.TryGetValue(id, out loading!))
            {
                loading = LoadAsync(id);
                _loading.Add(id, loading);
            }
        }

        return await loading.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public Guid? Find(string number)
    {
        _names.EnterReadLock();
        try
        {
            return _byNumber.TryGetValue(number, out var id) ? id : null;
        }
        finally
        {
            _names.ExitReadLock();
        }
    }

    public IReadOnlyList<string> Numbers(string prefix)
    {
        _names.EnterReadLock();
        try
        {
            return _byNumber.Keys.Where(number => number.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        }
        finally
        {
            _names.ExitReadLock();
        }
    }

    public void Forget(Guid id)
    {
        Entry? entry;
        lock (_gate)
        {
            if (!_entries.Remove(id, out entry))
            {
                return;
            }
        }

        _names.EnterWriteLock();
        try
        {
            _byNumber.Remove(entry.Parcel.Number);
        }
        finally
        {
            _names.ExitWriteLock();
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _names.Dispose();
    }

    private async Task<Parcel?> LoadAsync(Guid id)
    {
        await Task.Yield();
        try
        {
            var parcel = await _store.FindAsync(id).ConfigureAwait(false);
            if (parcel is not null)
            {
                Keep(parcel);
            }

            return parcel;
        }
        finally
        {
            lock (_gate)
            {
                _loading.Remove(id);
            }
        }
    }

    private void Keep(Parcel parcel)
    {
        lock (_gate)
        {
            _entries[parcel.Id] = new Entry(parcel, _clock.Now + _lifetime);
        }

        _names.EnterWriteLock();
        try
        {
            _byNumber[parcel.Number] = parcel.Id;
        }
        finally
        {
            _names.ExitWriteLock();
        }
    }

    private void Expire()
    {
        List<Guid> expired;
        lock (_gate)
        {
            expired = _entries.Where(entry => entry.Value.Until <= _clock.Now).Select(entry => entry.Key).ToList();
        }

        foreach (var id in expired)
        {
            Forget(id);
        }
    }

    private sealed record Entry(Parcel Parcel, DateTimeOffset Until);
}
