#nullable enable
using System;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>The case of a select that happens after some time: Go's <c>&lt;-time.After(d)</c>. It happens once, and is then off until it is set again. Accurate to the clock of timers, some milliseconds.</summary>
[Embedded]
internal sealed class After : SelectCase
{
    private const long Never = long.MaxValue;
    private const long Longest = (uint.MaxValue - 2L) * TimeSpan.TicksPerMillisecond;

    private SequenceLock _lock;
    private Timer? _timer;
    private long _deadline = Never;
    private long _timerDue = Never;

    internal override bool MayEnd => Volatile.Read(ref _deadline) != Never;

    internal override bool IsReady
    {
        get
        {
            long deadline = Volatile.Read(ref _deadline);
            return deadline != Never && Environment.TickCount64 >= deadline;
        }
    }

    /// <summary>Happens when this time has passed from now, in whichever wait that is.</summary>
    /// <param name="time">The time; <see cref="Timeout.InfiniteTimeSpan"/> switches the case off.</param>
    /// <exception cref="InvalidOperationException">The select waits.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or longer than timers can count (about 49 days).</exception>
    public void In(TimeSpan time)
    {
        ThrowIfWaiting();
        if (time == Timeout.InfiniteTimeSpan)
        {
            Volatile.Write(ref _deadline, Never);
            return;
        }

        ArgumentOutOfRangeException.ThrowIfNegative(time.Ticks, nameof(time));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time.Ticks, Longest, nameof(time));
        long milliseconds = (time.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        Volatile.Write(ref _deadline, Environment.TickCount64 + milliseconds);
    }

    /// <summary>Switches the case off until it is set again.</summary>
    /// <exception cref="InvalidOperationException">The select waits.</exception>
    public void Off() => In(Timeout.InfiniteTimeSpan);

    internal override bool TryHappen() => true;

    internal override void Conclude() => _deadline = Never;

    internal override void Arm()
    {
        if (_deadline == Never)
        {
            return;
        }

        _timer ??= CreateTimer();
        MoveTimer();
    }

    internal override void Release()
    {
        _lock.Enter();
        Timer? timer = _timer;
        _timer = null;
        _deadline = Never;
        _timerDue = Never;
        _lock.Exit();
        timer?.Dispose();
    }

    // The timer is moved only when it is due too late: when it is due early, it looks and moves itself. So a wait that ends in time seldom touches it.
    private void MoveTimer()
    {
        if (Volatile.Read(ref _deadline) >= Volatile.Read(ref _timerDue))
        {
            return;
        }

        _lock.Enter();
        long deadline = Volatile.Read(ref _deadline);
        if (deadline < _timerDue && _timer is { } timer)
        {
            _timerDue = deadline;
            timer.Change(Math.Max(1, deadline - Environment.TickCount64), Timeout.Infinite);
        }

        _lock.Exit();
    }

    private Timer CreateTimer()
    {
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            return new Timer(static after => ((After)after!).TimerFired(), this, Timeout.Infinite, Timeout.Infinite);
        }
    }

    private void TimerFired()
    {
        _lock.Enter();
        _timerDue = Never;
        _lock.Exit();
        Interlocked.MemoryBarrier(); // either this sees that the select waits, or the select sees that the timer is not set
        if (IsReady)
        {
            Select!.Offer(this, null);
        }
        else if (Select!.IsWaiting)
        {
            MoveTimer();
        }
    }
}
