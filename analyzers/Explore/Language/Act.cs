namespace Sluice.Explore;

/// <summary>
/// The operations that the machine itself knows: on channels, locks, tasks and what else orders code, and on small collections. After each: its arguments, and what it gives.
/// Those that wait throw <see cref="Failures.Cancelled"/> when the token (always the last argument, null for none) is cancelled. An object that is unknown never makes anybody wait.
/// </summary>
internal enum Act
{
    /// <summary>Values: they go to code of which nothing is known. What is reachable from them is open from then on: anybody may send, release, complete or cancel.</summary>
    Escape,

    /// <summary>Everything that there is goes to such code.</summary>
    EscapeAll,

    // Channels, of the BCL and ours. A channel, its reader and its writer are one object.
    NewChannel,           // capacity (0 rendezvous, -1 unbounded, -2 bounded but dropping) -> channel
    Send,                 // channel, value, token; throws Closed
    TrySend,              // channel, value -> 1 or 0
    WaitToSend,           // channel, token -> 1, or 0 when closed
    Receive,              // channel, token -> value; throws Closed
    TryReceive,           // channel -> 1 or 0 (the value is unknown unless asked with Received)
    WaitToReceive,        // channel, token -> 1, or 0 when closed and drained
    Received,             // channel -> the value that this process's last TryReceive took
    Close,                // channel; throws Misused when closed already (a finding)
    TryClose,             // channel -> 1 or 0
    CloseWith,            // channel, value: TryClose with an exception
    Completion,           // channel -> a task that ends when it is closed and drained
    ReceiveOk,            // channel (ours), token -> 1 with a value, 0 when closed and drained

    // Locks. Those owned by a thread may be taken again by it.
    NewMonitor,           // -> lock object (any object can be one: Acquire of a plain object works too)
    Acquire,              // lock
    TryAcquire,           // lock -> 1 or 0
    Release,              // lock; a finding when not held
    MonitorWait,          // lock: releases, waits for a pulse, takes again
    MonitorTimedWait,     // lock -> 1 or 0: the same, but it may also end by itself
    Pulse,                // lock
    PulseAll,             // lock
    NewSemaphore,         // initial count or unknown -> semaphore
    AcquireSemaphore,     // semaphore, token
    TryAcquireSemaphore,  // semaphore -> 1 or 0 (also with a timeout: may fail)
    ReleaseSemaphore,     // semaphore, count
    NewReaderWriterLock,  // 1 when it may be taken again, else 0 -> lock
    EnterRead,            // lock
    ExitRead,
    EnterWrite,
    ExitWrite,
    EnterUpgradeable,
    ExitUpgradeable,

    // Events and counts.
    NewEvent,             // 1 when set at first, 1 when it resets by itself -> event
    SetEvent,
    ResetEvent,
    WaitEvent,            // event, token
    NewCountdown,         // count -> countdown (a Go WaitGroup is one with 0 that may grow again)
    AddCount,             // countdown, count; a finding when it is over already (BCL)
    Signal,               // countdown; a finding below zero
    WaitCountdown,        // countdown, token
    NewBarrier,           // participants
    SignalAndWait,        // barrier

    // Tasks.
    Start,                // delegate -> task: it runs at the same time, whatever it waits for (async delegates are unwrapped)
    StartThread,          // delegate -> task
    NewCompletion,        // -> TaskCompletionSource; it is its own task
    Complete,             // source, value; throws Misused when complete already
    TryComplete,          // source, value -> 1 or 0
    Fault,                // source, Number of Failures -> 1 or 0: TrySetException, TrySetCanceled
    CompletedTask,        // value -> task
    FailedTask,           // Number of Failures -> task
    Delay,                // token -> task that ends at any time, or with the token
    Never,                // token -> task that ends with the token only
    WhenAll,              // tasks (or one list) -> task
    WhenAny,              // tasks (or one list) -> task whose result is the first that ended
    ContinueWith,         // task, delegate -> task
    WaitAsync,            // task, token -> task
    TimedWaitAsync,       // task, token -> task that may also fail (Other) at any time
    Join,                 // task: blocks the thread until it is over; throws as it ended
    TimedJoin,            // task -> 1 or 0
    IsOver,               // task -> 1 or 0

    // Cancellation. A source and its token are one object.
    NewCancellation,      // tokens that it is linked to (or none) -> source
    CancelAfter,          // source: from now on it may be cancelled at any time
    Cancel,               // source: runs what is registered
    IsCancelled,          // source -> 1 or 0
    ThrowIfCancelled,     // source; throws Cancelled
    Register,             // source, delegate -> registration
    Unregister,           // registration

    // Small collections: what grows beyond a few elements is unknown in part, and who waits for all of it is never stuck.
    NewList,              // elements -> list (array, List, HashSet, ImmutableArray …)
    Add,                  // list, value
    Remove,               // list, value -> 1 or 0
    Clear,                // list or map
    Count,                // list or map -> number
    ElementAt,            // list, index -> value
    SetElement,           // list, index, value
    Enqueue,              // list, value
    Dequeue,              // list -> value, or null
    NewMap,               // -> map (Dictionary, ConcurrentDictionary …)
    Put,                  // map, key, value
    Get,                  // map, key -> value, or null
    ContainsKey,          // map, key -> 1 or 0
    RemoveKey,            // map, key -> 1 or 0
    Values,               // map -> list of them
    Keys,                 // map -> list of them

    // Select of ours: cases are given as pairs of an object and what is sent (Unknown for a receive).
    Select,               // mode (0 waits, 1 tries), then for each case: kind (0 receive, 1 send, 2 after, 3 done, 4 task), object or null, value -> number of the case from 1 in the order given, 0 for none
}
