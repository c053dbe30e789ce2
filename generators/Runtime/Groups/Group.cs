#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>
/// Go's <c>errgroup</c>: work that belongs together. The first failure cancels the rest; whoever waits sees every failure; and leaving the
/// <c>await using</c> block waits for all of it, so that nothing outlives the group. All members may be used from any thread.
/// </summary>
[Embedded]
internal sealed class Group : IAsyncDisposable
{
    private readonly WaitGroup _underWay = new();
    private readonly List<Exception> _failures = new();
    private readonly CancellationTokenSource _cancellation;
    private readonly CancellationToken _parent;
    private readonly SemaphoreSlim? _limit;
    private int _seen;
    private bool _isOver;

    /// <summary>Initializes a new instance of the <see cref="Group"/> class.</summary>
    /// <param name="cancellationToken">Cancels all of the work.</param>
    public Group(CancellationToken cancellationToken = default)
    {
        _parent = cancellationToken;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        CancellationToken = _cancellation.Token;
    }

    /// <summary>Initializes a new instance of the <see cref="Group"/> class that runs only so much work at a time; more of it waits for its turn.</summary>
    /// <param name="limit">How much, at least 1.</param>
    /// <param name="cancellationToken">Cancels all of the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is less than 1.</exception>
    public Group(int limit, CancellationToken cancellationToken = default)
        : this(cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        _limit = new SemaphoreSlim(limit);
    }

    /// <summary>Gets the token that the work is given: cancelled at the first failure, by <see cref="Cancel"/>, and with the token of the constructor.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Starts work on the thread pool.</summary>
    /// <param name="work">The work, which should end soon when its token is cancelled. That it is cancelled then is no failure.</param>
    /// <exception cref="ObjectDisposedException">The group is over: what is started now would outlive it.</exception>
    public void Go(Func<CancellationToken, Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        lock (_failures)
        {
            ObjectDisposedException.ThrowIf(_isOver, this);
            _underWay.Add();
        }

        _ = Task.Run(() => RunAsync(work), CancellationToken.None);
    }

    /// <summary>Starts work on the thread pool.</summary>
    /// <param name="work">The work.</param>
    /// <exception cref="ObjectDisposedException">The group is over: what is started now would outlive it.</exception>
    public void Go(Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Go(_ => work());
    }

    /// <summary>Cancels the work that is under way. That is no failure.</summary>
    public void Cancel() => _cancellation.Cancel();

    /// <summary>Waits until all of the work is done.</summary>
    /// <returns>Completes when nothing is under way.</returns>
    /// <exception cref="AggregateException">More than one failed: all failures, in the order in which they came. A single failure is thrown as it is.</exception>
    /// <exception cref="OperationCanceledException">The token of the constructor was cancelled, and nothing failed.</exception>
    public async Task WaitAsync()
    {
        await _underWay.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        Throw(Failures(after: 0));
        _parent.ThrowIfCancellationRequested();
    }

    /// <summary>Cancels what is still under way and waits for it. Failures that nobody saw in <see cref="WaitAsync"/> are thrown here.</summary>
    /// <returns>Completes when nothing is under way.</returns>
    /// <exception cref="AggregateException">More than one failed. A single failure is thrown as it is.</exception>
    public async ValueTask DisposeAsync()
    {
        int seen;
        lock (_failures)
        {
            if (_isOver)
            {
                return;
            }

            seen = _seen;
        }

        try
        {
            Cancel();
            while (!TryEnd())
            {
                await _underWay.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            _cancellation.Dispose();
            _limit?.Dispose();
        }

        Throw(Failures(after: seen));
    }

    private static void Throw(Exception[] failures)
    {
        switch (failures.Length)
        {
            case 0:
                break;
            case 1:
                ExceptionDispatchInfo.Throw(failures[0]);
                break;
            default:
                throw new AggregateException(failures);
        }
    }

    /// <returns>Whether nothing is under way, and nothing can begin any more.</returns>
    private bool TryEnd()
    {
        lock (_failures)
        {
            return _isOver = _underWay.WaitAsync(CancellationToken.None).IsCompleted;
        }
    }

    /// <summary>The failures but the first so many, which from now on count as seen.</summary>
    private Exception[] Failures(int after)
    {
        lock (_failures)
        {
            _seen = _failures.Count;
            return _failures.GetRange(after, _seen - after).ToArray();
        }
    }

    private async Task RunAsync(Func<CancellationToken, Task> work)
    {
        bool entered = false;
        try
        {
            if (_limit is not null)
            {
                await _limit.WaitAsync(CancellationToken).ConfigureAwait(false);
                entered = true;
            }

            await work(CancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (CancellationToken.IsCancellationRequested)
        {
            // The work did as it was told.
        }
        catch (Exception failure)
        {
            lock (_failures)
            {
                _failures.Add(failure);
            }

            _cancellation.Cancel();
        }
        finally
        {
            if (entered)
            {
                _limit!.Release();
            }

            _underWay.Done();
        }
    }
}
