namespace Sluice.Explore;

/// <summary>
/// The operations that the machine itself knows: on channels, locks, tasks and what else orders code, and on small collections. After each: its arguments, and what it gives.
/// Those that wait throw <see cref="Failures.Cancelled"/> when the token (always the last argument, null for none) is cancelled. Arguments at the end may be left out: they are null then.
/// An object that is unknown, or null, never makes anybody wait; what it gives is unknown, and what it is given is open from then on.
/// In an async procedure Send, Receive, the waits for them, AcquireSemaphore and Select let the thread go, as <see cref="Await"/> does: whoever has called without awaiting goes on.
/// All other waits, and those in a procedure that is not async, block it (a blocking wait for a semaphore in async code is a call of a procedure that is not async).
/// </summary>
internal enum Act
{
    /// <summary>Values: they go to code of which nothing is known. What is reachable from them is open from then on: anybody may send, release, complete or cancel.</summary>
    Escape,

    /// <summary>Everything that there is goes to such code.</summary>
    EscapeAll,

    /// <summary>What comes from here on is of no interest: the exploration does not go on, and who is left behind is not stuck for that.</summary>
    Abandon,

    /// <summary>Nobody comes here: an argument that is refused.</summary>
    Impossible,

    /// <summary>An unknown value that is not null.</summary>
    Something,

    // Channels, of the BCL and ours. A channel, its reader and its writer are one object.
    NewChannel,           // capacity (0 rendezvous, -1 unbounded, -2 bounded but dropping; one above 4, or unknown, is never full) -> channel
    Send,                 // channel, value, token; throws Closed
    TrySend,              // channel, value -> 1 or 0
    WaitToSend,           // channel, token -> 1, or 0 when closed
    Receive,              // channel, token -> value; throws Closed
    TryReceive,           // channel -> 1 or 0 (the value: Received)
    WaitToReceive,        // channel, token -> 1, or 0 when closed and drained; throws Other when closed with an exception
    Received,             // channel -> the value that this process's last TryReceive, ReceiveOk or Select took; only once
    Close,                // channel; throws Misused when closed already (a finding)
    TryClose,             // channel -> 1 or 0
    CloseWith,            // channel, value: TryClose with an exception -> 1 or 0
    Completion,           // channel -> a task that ends when it is closed and drained
    ReceiveOk,            // channel (ours), token -> 1 with a value (Received), 0 when closed and drained

    // Locks. Those owned by a thread may be taken again by it.
    NewMonitor,           // -> lock object (any object can be one: Acquire of a plain object works too)
    Acquire,              // lock; a process that holds it may take it again
    TryAcquire,           // lock -> 1 or 0
    Release,              // lock; a finding when not held
    MonitorWait,          // lock: releases, waits for a pulse, takes again; a finding when not held -> 1
    MonitorTimedWait,     // lock -> 1 or 0: the same, but it may also end by itself
    Pulse,                // lock; a finding when not held; of several who wait, any is woken
    PulseAll,             // lock
    NewSemaphore,         // initial count or unknown -> semaphore
    AcquireSemaphore,     // semaphore, token
    TryAcquireSemaphore,  // semaphore -> 1 or 0 (also with a timeout: may fail)
    ReleaseSemaphore,     // semaphore, count
    NewReaderWriterLock,  // 1 when it may be taken again, else 0 (then that throws Misused) -> lock
    EnterRead,            // lock; waits behind a writer that waits
    ExitRead,             // lock; a finding when not held, as for the other two
    EnterWrite,
    ExitWrite,
    EnterUpgradeable,
    ExitUpgradeable,

    HowMany,              // semaphore, event or countdown -> what it counts, 1 for an event that is set

    // Events and counts.
    NewEvent,             // 1 when set at first, 1 when it resets by itself -> event
    SetEvent,
    ResetEvent,
    WaitEvent,            // event, token -> 1
    NewCountdown,         // count -> countdown (a Go WaitGroup is one with 0 that may grow again)
    AddCount,             // countdown, count; a finding when it is over already (BCL)
    Signal,               // countdown; a finding below zero -> 1 when that was the last
    WaitCountdown,        // countdown, token -> 1
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
    WhenAll,              // tasks (or one list) -> task whose result is unknown; fails as the first of them in order that failed
    WhenAny,              // tasks (or one list) -> task whose result is the first that ended
    ContinueWith,         // task, delegate (it is given the task) -> task of what the delegate gives, unwrapped
    WaitAsync,            // task, token -> task
    TimedWaitAsync,       // task, token -> task that may also fail (Other) at any time
    Join,                 // task: blocks the thread until it is over; throws as it ended
    TimedJoin,            // task -> 1 or 0; throws as it ended
    IsOver,               // task -> 1 or 0; either for one that may end at any time, as Delay

    // Cancellation. A source and its token are one object.
    NewCancellation,      // tokens that it is linked to (or none) -> source; one that is linked to an unknown one is never cancelled by that, but who waits with it is not stuck
    CancelAfter,          // source: from now on it may be cancelled at any time
    Cancel,               // source: runs what is registered, the last first
    IsCancelled,          // source -> 1 or 0, or unknown for one that may be cancelled from outside
    ThrowIfCancelled,     // source; throws Cancelled
    Register,             // source, delegate -> registration; runs at once when cancelled already
    Unregister,           // registration

    // Small collections: what grows beyond a few elements is unknown in part, and who waits for all of it is never stuck.
    NewList,              // elements -> list (array, List, HashSet, ImmutableArray …)
    Add,                  // list, value
    Remove,               // list, value -> 1 or 0
    Clear,                // list or map
    Count,                // list or map -> number
    ElementAt,            // list, index (any of them when unknown) -> value; throws Other outside
    SetElement,           // list, index, value: a list that is too short grows
    Enqueue,              // list, value: the same as Add
    Dequeue,              // list -> value, or null
    NewMap,               // -> map (Dictionary, ConcurrentDictionary …)
    Put,                  // map, key, value
    Get,                  // map, key -> value, or null
    ContainsKey,          // map, key -> 1 or 0
    RemoveKey,            // map, key -> 1 or 0
    Values,               // map -> list of them
    Keys,                 // map -> list of them

    // Select of ours: cases are given as pairs of an object and what is sent (Unknown for a receive).
    Select,               // mode (0 waits, 1 tries), then for each case: kind (0 receive, 1 send, 2 after, 3 done, 4 task), object or null, value -> number of the case from 1 in the order given, 0 for none; the value received: Received
}
