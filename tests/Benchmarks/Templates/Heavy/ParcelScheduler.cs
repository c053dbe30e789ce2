using System;
using System.Collections.Generic;
using System.Threading;
using Depot.Platform;

namespace Depot.Parcels;

/// <summary>Runs work at its time on one thread of its own: monitor, wait and pulse.</summary>
public sealed class ParcelScheduler : IDisposable
{
    private readonly object _gate = new();
    private readonly PriorityQueue<Action, DateTimeOffset> _due = new();
    private readonly ManualResetEventSlim _started = new();
    private readonly CountdownEvent _finished = new(1);
    private readonly IClock _clock;
    private readonly ILog _log;
    private readonly Thread _thread;
    private bool _stopping;
    private int _ran;

    public ParcelScheduler(IClock clock, ILog log)
    {
        _clock = clock;
        _log = log;
        _thread = new Thread(Run) { IsBackground = true, Name = nameof(ParcelScheduler) };
    }

    public int Ran => Volatile.Read(ref _ran);

    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _due.Count;
            }
        }
    }

    public void Start()
    {
        _thread.Start();
        _started.Wait();
    }

    public void At(DateTimeOffset time, Action action)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                throw new InvalidOperationException("stopping");
            }

            _due.Enqueue(action, time);
            Monitor.Pulse(_gate);
        }
    }

    public void After(TimeSpan delay, Parcel parcel, Action<Parcel> action) => At(_clock.Now + delay, () => action(parcel));

    public bool TryStop(TimeSpan patience)
    {
        bool taken = false;
        try
        {
            Monitor.TryEnter(_gate, patience, ref taken);
            if (!taken)
            {
                return false;
            }

            _stopping = true;
            Monitor.PulseAll(_gate);
        }
        finally
        {
            if (taken)
            {
                Monitor.Exit(_gate);
            }
        }

        return _finished.Wait(patience);
    }

    public void Dispose()
    {
        if (!TryStop(TimeSpan.FromSeconds(5)))
        {
            _log.Warn("the scheduler did not stop in time");
        }

        _started.Dispose();
        _finished.Dispose();
    }

    private void Run()
    {
        _started.Set();
        try
        {
            while (Next() is { } action)
            {
                try
                {
                    action();
                    Interlocked.Increment(ref _ran);
                }
                catch (Exception exception)
                {
                    _log.Error("scheduled work failed", exception);
                }
            }
        }
        finally
        {
            _finished.Signal();
        }
    }

    private Action? Next()
    {
        lock (_gate)
        {
            while (!_stopping)
            {
                if (!_due.TryPeek(out var action, out var time))
                {
                    Monitor.Wait(_gate);
                }
                else if (time > _clock.Now)
                {
                    Monitor.Wait(_gate, time - _clock.Now);
                }
                else
                {
                    _due.Dequeue();
                    return action;
                }
            }

            return null;
        }
    }
}
