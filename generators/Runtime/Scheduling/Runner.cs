#nullable enable
using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>
/// Resumes waiters. Whoever is woken by code that a runner runs goes to the slot of that runner and runs next on the same thread, as soon as the running code
/// suspends: a hand-over costs no trip through the thread pool. Several follow each other there, first in, first out. What stays in the slot too long goes to the pool,
/// where another core finds it; and an idle core is asked to look at the slot, as long as it finds somebody there.
/// </summary>
[Embedded]
internal sealed class Runner : IThreadPoolWorkItem
{
    /// <summary>How many resumptions a runner makes before it lets the pool do other work, if there is any.</summary>
    private const int Budget = 256;

    /// <summary>Looks that find nobody become rare: each skips twice as many uses of the slot as the one before, up to this power of two.</summary>
    private const int MostLooksInVain = 14;

    /// <summary>How many may follow each other in the slot.</summary>
    private const int MostFollowing = 4;

    /// <summary>One look in so many checks that it is still right to take at once.</summary>
    private const int TrustedLooks = 8;

    /// <summary>For how long operations may complete at once before the slot is handed to the pool: 10 µs.</summary>
    private static readonly long PatienceInTicks = Stopwatch.Frequency / 100_000;

    /// <summary>How long somebody must have been in the slot before another core may take him: 5 µs. Two that hand over more often than that are quicker on one core.</summary>
    private static readonly long StandInTicks = Stopwatch.Frequency / 200_000;

    private static readonly bool HasOtherCores = Environment.ProcessorCount > 1;
    private static readonly bool PoolOnly = AppContext.TryGetSwitch("Sluice.PoolOnly", out bool on) && on;

    [ThreadStatic]
    private static Runner? OfThread;

    private Suspension? _slot;
    private int _completedAtOnce;
    private long _counting;
    private bool _running;

    // The look of another core. While one is under way it alone writes these, otherwise the thread of this runner does (and the rescue, now and then: they only say how rare looks are).
    private volatile bool _isLookedAt;
    private bool _looksAgain;
    private int _putsAtLook;
    private long _lookedAtSince;
    private int _foundInARow;
    private int _looksInVain;
    private int _putsToSkip;

    private Runner() => Rescue.Watch(this);

    /// <summary>Whether a runner runs the calling code.</summary>
    internal static bool IsCurrent => OfThread is { _running: true };

    /// <summary>How often something was put into the slot: how the rescue sees that nothing moved.</summary>
    internal int Puts { get; private set; }

    /// <summary>Makes a waiter that was completed run: next on this thread, on the pool, or where it asked to.</summary>
    internal static void Resume(Suspension suspension)
    {
        if (suspension.TryPost())
        {
            return;
        }

        if (OfThread is { _running: true } runner)
        {
            runner.Put(suspension);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(suspension, preferLocal: true);
        }
    }

    /// <summary>Lets the pool run a waiter, and those that follow it.</summary>
    internal static void Queue(Suspension suspension) => ThreadPool.UnsafeQueueUserWorkItem(suspension, preferLocal: false);

    /// <summary>Called now and then by operations that completed without suspending: a busy sender must not keep its receiver waiting.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void CompletedAtOnce()
    {
        if (OfThread is { _slot: not null } runner)
        {
            runner.CountCompletedAtOnce();
        }
    }

    /// <summary>Runs a waiter and then whoever it woke, on a thread of the pool.</summary>
    internal static void Run(Suspension first)
    {
        Runner runner = OfThread ??= new Runner();
        ExecutionContext? clean = ExecutionContext.Capture();
        runner._running = !PoolOnly;
        Suspension? next = first;
        for (int left = Budget; next is not null; left--)
        {
            if (left == 0)
            {
                if (ThreadPool.PendingWorkItemCount > 0)
                {
                    Queue(next);
                    break;
                }

                left = Budget; // nobody waits for this thread: a trip through the pool would only wake another one
            }

            if (next.Following is { } following)
            {
                next.Following = null;
                runner.Put(following);
            }

            if (Observe.IsOn)
            {
                Observe.Resumed();
                next.Invoke();
                Observe.Suspended();
            }
            else
            {
                next.Invoke();
            }

            if (clean is not null)
            {
                ExecutionContext.Restore(clean); // what one waiter set must not be seen by the next
            }

            next = runner.Take();
        }

        runner._running = false;
    }

    /// <summary>Another core looks: who was put into the slot before it was asked, and is still there, waits for code that works for long.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        Suspension? suspension = StandsLong() ? Take() : null;
        int puts = Puts;
        if (suspension is null && !_looksAgain && Volatile.Read(ref _slot) is not null)
        {
            // Somebody else by now, perhaps the last for long.
            _looksAgain = true;
            _putsAtLook = puts;
            _lookedAtSince = Stopwatch.GetTimestamp();
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }

        _looksAgain = false;
        _foundInARow = suspension is null ? 0 : _foundInARow + 1;
        _looksInVain = suspension is null ? Math.Min(_looksInVain + 1, MostLooksInVain) : 0;
        _putsToSkip = (1 << _looksInVain) >> 2;
        _isLookedAt = false;
        if (suspension is not null)
        {
            Run(suspension);
        }
    }

    /// <summary>Whether who was put into the slot before the look was asked for is still there after a while. Where looks have found somebody, they wait for that only now and then.</summary>
    private bool StandsLong()
    {
        while (Puts == _putsAtLook && Volatile.Read(ref _slot) is not null)
        {
            if (_foundInARow % TrustedLooks != 0 || Stopwatch.GetTimestamp() - _lookedAtSince >= StandInTicks)
            {
                return true;
            }

            Thread.SpinWait(8);
        }

        return false;
    }

    /// <summary>Hands what has been in the slot for long to the pool; another core looks at the next one soon.</summary>
    internal void RescueSlot()
    {
        if (Take() is { } suspension)
        {
            LookSoon();
            Queue(suspension);
        }
    }

    private void CountCompletedAtOnce()
    {
        int count = ++_completedAtOnce;
        if ((count & (count - 1)) != 0)
        {
            return; // the time is looked at when the count has doubled: that costs next to nothing an operation
        }

        long now = Stopwatch.GetTimestamp();
        if (count == 1)
        {
            _counting = now;
        }
        else if (now - _counting > PatienceInTicks)
        {
            RescueSlot();
        }
    }

    private void LookSoon()
    {
        if (!_isLookedAt)
        {
            _looksInVain = 0;
            _putsToSkip = 0;
        }
    }

    // Only the thread of this runner puts; the rescue and a look may take.
    private void Put(Suspension suspension)
    {
        suspension = TakeWith(suspension);
        _completedAtOnce = 0;
        Puts = unchecked(Puts + 1);
        Volatile.Write(ref _slot, suspension);
        Rescue.Wake();
        if (HasOtherCores && !_isLookedAt && --_putsToSkip < 0)
        {
            _putsAtLook = Puts;
            _lookedAtSince = Stopwatch.GetTimestamp();
            _isLookedAt = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Who is in the slot, followed by one more; many go to the pool instead, for other cores.</summary>
    private Suspension TakeWith(Suspension suspension)
    {
        if (Take() is not { } first)
        {
            return suspension;
        }

        Suspension last = first;
        for (int count = 1; last.Following is { } next; count++)
        {
            if (count == MostFollowing)
            {
                Queue(first);
                return suspension;
            }

            last = next;
        }

        last.Following = suspension;
        return first;
    }

    private Suspension? Take() => _slot is null ? null : Interlocked.Exchange(ref _slot, null);
}
