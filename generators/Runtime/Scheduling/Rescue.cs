#nullable enable
using System;
using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>Looks every millisecond for waiters left in the slot of a runner whose code computes or blocks, and gives them to the pool. It sleeps while no slot is in use.</summary>
[Embedded]
internal static class Rescue
{
    private const int PeriodInMilliseconds = 1;

    /// <summary>How many looks without any use of a slot before it sleeps.</summary>
    private const int QuietLooks = 20;

    private static readonly List<Watched> Runners = new();
    private static readonly Timer Clock = CreateClock();
    private static int Awake;
    private static int Quiet;

    internal static void Watch(Runner runner)
    {
        lock (Runners)
        {
            Runners.Add(new Watched(runner));
        }
    }

    internal static void Wake()
    {
        if (Volatile.Read(ref Awake) == 0 && Interlocked.Exchange(ref Awake, 1) == 0)
        {
            Clock.Change(PeriodInMilliseconds, PeriodInMilliseconds);
        }
    }

    private static Timer CreateClock()
    {
        // The timer lives for ever: it must not carry the execution context of whoever happened to come first.
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            return new Timer(static _ => Look(), null, Timeout.Infinite, Timeout.Infinite);
        }
    }

    private static void Look()
    {
        bool moved = false;
        lock (Runners)
        {
            for (int i = Runners.Count - 1; i >= 0; i--)
            {
                if (Runners[i].Runner is { } runner)
                {
                    moved |= Runners[i].Look(runner);
                }
                else
                {
                    Runners.RemoveAt(i);
                }
            }

            Quiet = moved ? 0 : Quiet + 1;
            if (Quiet < QuietLooks)
            {
                return;
            }

            Quiet = 0;
            Clock.Change(Timeout.Infinite, Timeout.Infinite);
            Interlocked.Exchange(ref Awake, 0);
        }

        // A slot that was filled just before `Awake` fell did not wake us.
        lock (Runners)
        {
            foreach (Watched watched in Runners)
            {
                if (watched.Runner is { } runner && watched.Moved(runner))
                {
                    Wake();
                    return;
                }
            }
        }
    }

    private sealed class Watched
    {
        // Weak: the threads of the pool come and go.
        private readonly WeakReference<Runner> _runner;
        private int _puts;

        public Watched(Runner runner) => _runner = new WeakReference<Runner>(runner);

        public Runner? Runner => _runner.TryGetTarget(out Runner? runner) ? runner : null;

        public bool Moved(Runner runner) => runner.Puts != _puts;

        public bool Look(Runner runner)
        {
            int puts = runner.Puts;
            if (puts == _puts)
            {
                runner.RescueSlot();
                return false;
            }

            _puts = puts;
            return true;
        }
    }
}
