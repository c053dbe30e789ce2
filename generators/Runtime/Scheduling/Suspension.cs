#nullable enable
using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>Somebody who waits, and is resumed once: the waiter of a channel operation, or a select. Reused, so that a wait allocates nothing.</summary>
[Embedded]
internal abstract class Suspension : IThreadPoolWorkItem
{
    private static readonly object Completed = new();

    // null: nobody awaits yet; Completed: it happened; anything else: what to run when it happens. One compare-and-swap decides between awaiting and happening.
    private object? _continuation;
    private object? _state;
    private object? _context;

    /// <summary>Others to resume after this one, when many are resumed together.</summary>
    internal Suspension? Following { get; set; }

    internal bool IsCompleted => ReferenceEquals(Volatile.Read(ref _continuation), Completed);

    /// <summary>The async method that waits here, as far as the name of its state machine tells. For dumps.</summary>
    internal object? Continuation => (Volatile.Read(ref _continuation) as Delegate)?.Target ?? _state;

    void IThreadPoolWorkItem.Execute() => Runner.Run(this);

    /// <summary>Ready for the next wait. Only its owner calls this, while nobody can complete it.</summary>
    internal void Reset() => _continuation = null;

    /// <summary>It happened: resumes who awaits, now or when somebody does. After this the object may already serve another wait.</summary>
    internal void Complete()
    {
        if (TryComplete())
        {
            Runner.Resume(this);
        }
    }

    /// <summary>It happened.</summary>
    /// <returns>Whether somebody awaits, whom the caller must resume. If not, the object may already serve another wait.</returns>
    internal bool TryComplete() => !Atomic.TryReplace(ref _continuation, null, Completed);

    /// <summary>Goes on where nothing was waited for: <see cref="INotifyCompletion.OnCompleted"/> of what was over at once.</summary>
    internal static void GoOn(Action continuation) => ThreadPool.QueueUserWorkItem(static action => action(), continuation, preferLocal: true);

    /// <summary>The same for <see cref="ICriticalNotifyCompletion.UnsafeOnCompleted"/>.</summary>
    internal static void UnsafeGoOn(Action continuation) => ThreadPool.UnsafeQueueUserWorkItem(static action => action(), continuation, preferLocal: true);

    /// <inheritdoc cref="INotifyCompletion.OnCompleted"/>
    internal void OnCompleted(Action continuation, bool captureContext = true)
    {
        // Async methods flow the execution context themselves and use the unsafe form; this one is for everybody else.
        if (ExecutionContext.Capture() is { } context)
        {
            Await(() => ExecutionContext.Run(context, static action => ((Action)action!)(), continuation), null, captureContext);
        }
        else
        {
            Await(continuation, null, captureContext);
        }
    }

    internal void UnsafeOnCompleted(Action continuation, bool captureContext = true) => Await(continuation, null, captureContext);

    internal void OnCompleted(Action<object?> continuation, object? state, bool captureContext, bool flowExecutionContext)
    {
        if (flowExecutionContext && ExecutionContext.Capture() is { } context)
        {
            Await(() => ExecutionContext.Run(context, new ContextCallback(continuation), state), null, captureContext);
        }
        else
        {
            Await(continuation, state, captureContext);
        }
    }

    /// <summary>Runs what awaits. It may finish this wait and begin the next one on the same object, so nothing is touched after it.</summary>
    internal void Invoke()
    {
        object? continuation = _continuation;
        object? state = _state;
        _continuation = Completed;
        _state = null;
        if (continuation is Action action)
        {
            action();
        }
        else
        {
            ((Action<object?>)continuation!)(state);
        }
    }

    /// <summary>Resumes where the awaiting code asked to be resumed, when that is not just anywhere.</summary>
    internal bool TryPost()
    {
        object? context = _context;
        if (context is null)
        {
            return false;
        }

        _context = null;
        if (context is SynchronizationContext synchronization)
        {
            synchronization.Post(static suspension => ((Suspension)suspension!).Invoke(), this);
        }
        else
        {
            _ = Task.Factory.StartNew(static suspension => ((Suspension)suspension!).Invoke(), this, CancellationToken.None, TaskCreationOptions.DenyChildAttach, (TaskScheduler)context);
        }

        return true;
    }

    private static object? CurrentContext()
    {
        if (SynchronizationContext.Current is { } context && context.GetType() != typeof(SynchronizationContext))
        {
            return context;
        }

        TaskScheduler scheduler = TaskScheduler.Current;
        return ReferenceEquals(scheduler, TaskScheduler.Default) ? null : scheduler;
    }

    private void Await(object continuation, object? state, bool captureContext)
    {
        object? context = captureContext ? CurrentContext() : null;
        if (!ReferenceEquals(context, _context))
        {
            _context = context;
        }

        if (state is not null)
        {
            _state = state;
        }

        if (!Atomic.TryReplace(ref _continuation, null, continuation))
        {
            if (!ReferenceEquals(_continuation, Completed))
            {
                throw new InvalidOperationException("This operation is already awaited: await it once.");
            }

            _continuation = continuation;
            Runner.Resume(this);
        }
    }
}
