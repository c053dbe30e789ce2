#nullable enable
using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>Go's <c>sync.WaitGroup</c>: counts work that is under way, and waits until there is none. All members may be used from any thread.</summary>
[Embedded]
internal sealed class WaitGroup
{
    private readonly object _gate = new();
    private TaskCompletionSource? _zero;
    private int _count;

    /// <summary>Counts work that begins. Call it before the work is started, or the wait may miss it.</summary>
    /// <param name="delta">How much; negative to count work that is done.</param>
    /// <exception cref="InvalidOperationException">More is done than was begun.</exception>
    public void Add(int delta = 1)
    {
        TaskCompletionSource? zero = null;
        lock (_gate)
        {
            if (_count + delta < 0)
            {
                throw new InvalidOperationException("More is done than was begun: every Done needs its Add before it.");
            }

            _count += delta;
            if (_count == 0)
            {
                zero = _zero;
                _zero = null;
            }
        }

        zero?.TrySetResult();
    }

    /// <summary>Counts one work that is done.</summary>
    /// <exception cref="InvalidOperationException">More is done than was begun.</exception>
    public void Done() => Add(-1);

    /// <summary>Starts work on the thread pool and counts it: Go's <c>wg.Go</c>. What it throws is lost to the group; use a <see cref="Group"/> to see it.</summary>
    /// <param name="work">The work.</param>
    /// <returns>The work, which shows how it ended.</returns>
    public Task Go(Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Add();
        return Task.Run(async () =>
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            finally
            {
                Done();
            }
        });
    }

    /// <summary>Waits until all work is done.</summary>
    /// <param name="cancellationToken">Ends the wait, not the work.</param>
    /// <returns>Completes when nothing is under way.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public Task WaitAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                return Task.CompletedTask;
            }

            _zero ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _zero.Task.WaitAsync(cancellationToken);
        }
    }
}
