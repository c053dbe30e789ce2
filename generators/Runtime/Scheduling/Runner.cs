#nullable enable
using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>
/// Resumes waiters. Whoever is woken by code that a runner runs goes to the slot of that runner and runs next on the same thread, as soon as the running code
/// suspends: a hand-over costs no trip through the thread pool. What stays in the slot too long goes to the pool, where another core finds it; and an idle core is
/// asked to look at the slot, as long as it finds somebody there.
/// </summary>
[Embedded]
internal sealed class Runner : IThreadPoolWorkItem
{
    /// <summary>How many resumptions a runner makes before it lets the pool do other work.</summary>
    private const int Budget = 256;

    /// <summary>How often it may be said that operations complete at once before the slot is handed to the pool; and for how long: 10 µs.</summary>
    private const int Patience = 32;

    /// <summary>Looks that find nobody become rare: each skips twice as many uses of the slot as the one before, up to this power of two.</summary>
    private const int MostLooksInVain = 14;

    private static readonly long PatienceInTicks = Stopwatch.Frequency / 100_000;
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
                Queue(next);
                break;
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
        int puts = Puts;
        Suspension? suspension = puts == _putsAtLook ? Take() : null;
        if (suspension is null && !_looksAgain && Volatile.Read(ref _slot) is not null)
        {
            // Somebody else by now, perhaps the last for long.
            _looksAgain = true;
            _putsAtLook = puts;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }

        _looksAgain = false;
        _looksInVain = suspension is null ? Math.Min(_looksInVain + 1, MostLooksInVain) : 0;
        _putsToSkip = (1 << _looksInVain) >> 2;
        _isLookedAt = false;
        if (suspension is not null)
        {
            Run(suspension);
        }
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

    /// <summary>Hands what is in the slot to the pool.</summary>
    private void Flush()
    {
        if (Take() is { } suspension)
        {
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
            LookSoon();
            Flush();
        }
        else if (count >= Patience)
        {
            Flush();
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
        Flush();
        _completedAtOnce = 0;
        Puts = unchecked(Puts + 1);
        Volatile.Write(ref _slot, suspension);
        Rescue.Wake();
        if (HasOtherCores && !_isLookedAt && --_putsToSkip < 0)
        {
            _putsAtLook = Puts;
            _isLookedAt = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private Suspension? Take() => _slot is null ? null : Interlocked.Exchange(ref _slot, null);
}
