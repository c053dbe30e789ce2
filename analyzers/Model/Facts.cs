using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Sluice.Model;

internal enum ChannelAction
{
    Send,
    TrySend,
    WaitToSend,
    Receive,
    TryReceive,
    WaitToReceive,

    /// <summary>Reads until the channel is closed.</summary>
    Range,

    /// <summary>Asks for the task that ends when the channel is closed and drained.</summary>
    Completion,

    /// <summary>Closes, and throws when it was closed before.</summary>
    Close,

    /// <summary>Closes unless it was closed before.</summary>
    TryClose,
}

internal enum LockKind
{
    Monitor,
    Lock,
    Semaphore,
    Mutex,
    SpinLock,
    Reader,
    Writer,
    UpgradeableReader,
}

internal enum LockAction
{
    Acquire,

    /// <summary>Acquires, or tells that it did not: as its result or in a flag.</summary>
    TryAcquire,
    Release,
}

internal enum SpawnKind
{
    /// <summary>Task.Run, StartNew, the thread pool: runs at some time, beside what follows.</summary>
    Task,
    Continuation,
    Thread,
    Timer,

    /// <summary>Parallel.For and its like: runs beside itself, and the call returns when all is done.</summary>
    Parallel,
}

/// <summary>Something that code does and that concurrency is about.</summary>
/// <param name="Operation">The operation that does it.</param>
internal abstract record Fact(IOperation Operation)
{
    /// <summary>Gets the method that does it on behalf of <see cref="Operation"/>, a call; null when it is done right there.</summary>
    public IMethodSymbol? Via { get; init; }

    /// <summary>Gets a value indicating whether it happens whenever the operation ends normally; a call may do it on some paths only.</summary>
    public bool Always { get; init; } = true;

    /// <summary>Gets the line of the operation as an editor counts it, for messages.</summary>
    public int Line => Operation.Syntax.Line();
}

/// <summary>A use of a channel.</summary>
internal sealed record ChannelFact(IOperation Operation, ChannelAction Action, Place Channel) : Fact(Operation);

/// <summary>A lock (or what serves as one) is taken or given back.</summary>
/// <param name="Operation">For a task-returning acquire the await: only then is the lock held.</param>
/// <param name="Kind">What sort of lock, and for a reader-writer lock in which mode.</param>
/// <param name="Action">Whether it is taken or given back.</param>
/// <param name="Lock">The lock object; null when it is not known.</param>
internal sealed record LockFact(IOperation Operation, LockKind Kind, LockAction Action, Place? Lock) : Fact(Operation)
{
    /// <summary>Gets the operation that denotes the lock object.</summary>
    public IOperation? Target { get; init; }

    /// <summary>Gets the flag that tells whether the lock was taken (<c>ref bool lockTaken</c>).</summary>
    public Place? Taken { get; init; }

    /// <summary>Gets a value indicating whether the language gives it back (<c>lock</c>, <c>using</c>).</summary>
    public bool IsScoped { get; init; }
}

/// <summary>Work is handed to something that runs it beside the code that follows.</summary>
/// <param name="Operation">The call or object creation.</param>
/// <param name="Kind">What runs it.</param>
/// <param name="Works">The delegates: lambdas, method references, or something else.</param>
internal sealed record SpawnFact(IOperation Operation, SpawnKind Kind, ImmutableArray<IOperation> Works) : Fact(Operation)
{
    /// <summary>Gets a value indicating whether the code that follows runs only when the work is done.</summary>
    public bool IsJoined { get; init; }
}
