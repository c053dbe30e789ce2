using System;
using System.Collections.Concurrent;
using System.Threading;

namespace Sluice.Interleavings;

/// <summary>Threads that are used again: a run takes microseconds, and starting a thread would take longer.</summary>
internal static class Workers
{
    private static readonly ConcurrentBag<Worker> Idle = [];

    public static void Start(Action action) => (Idle.TryTake(out Worker? worker) ? worker : new Worker()).Start(action);

    private sealed class Worker
    {
        private readonly SemaphoreSlim _work = new(0);
        private Action? _action;

        public Worker() => new Thread(Loop) { IsBackground = true }.Start();

        public void Start(Action action)
        {
            _action = action;
            _work.Release();
        }

        private void Loop()
        {
            while (true)
            {
                _work.Wait();
                _action!();
                Idle.Add(this);
            }
        }
    }
}
