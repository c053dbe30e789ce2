#nullable enable
using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>
/// Resumes waiters. Whoever is woken by code that a runner runs goes to the slot of that runner and runs next on the same thread, as soon as the running code
/// suspends: a hand-over costs no trip through the thread pool. What stays in the slot too long goes to the pool, where another core finds it.
/// </summary>
[Embedded]
internal sealed class Runner
{
    /// <summary>How many resumptions a runner makes before it lets the pool do other work.</summary>
    private const int Budget = 256;

    /// <summary>How many operations may complete at once before the slot is handed to the pool.</summary>
    private const int Patience = 8;

    private static readonly bool PoolOnly = AppContext.TryGetSwitch("Sluice.PoolOnly", out bool on) && on;

    [ThreadStatic]
    private static Runner? OfThread;

    private Suspension? _slot;
    private int _completedAtOnce;
    private bool _running;

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

    /// <summary>Called by every operation that completed without suspending: a busy sender must not keep its receiver waiting.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

    /// <summary>Hands what is in the slot to the pool.</summary>
    internal void Flush()
    {
        if (Take() is { } suspension)
        {
            Queue(suspension);
        }
    }

    private void CountCompletedAtOnce()
    {
        if (++_completedAtOnce >= Patience)
        {
            Flush();
        }
    }

    // Only the thread of this runner puts; the rescue may take.
    private void Put(Suspension suspension)
    {
        Flush();
        _completedAtOnce = 0;
        Puts = unchecked(Puts + 1);
        Volatile.Write(ref _slot, suspension);
        Rescue.Wake();
    }

    private Suspension? Take() => _slot is null ? null : Interlocked.Exchange(ref _slot, null);
}
