using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace Sluice.Explore;

/// <summary>The library types whose objects the machine knows.</summary>
internal enum Kind
{
    None,
    Channel,
    Chan,
    Task,
    TaskFactory,
    Completion,
    Source,
    Token,
    Registration,
    Monitor,
    Lock,
    Semaphore,
    Mutex,
    ReaderWriter,
    Event,
    Countdown,
    WaitGroup,
    Group,
    Barrier,
    Thread,
    ThreadPool,
    Parallel,
    Timer,

    /// <summary>A timer that calls.</summary>
    Alarm,
    Interlocked,
    Volatile,
    List,
    Queue,
    Map,
    Enumerable,
    Nullable,
    Lazy,
    Delegate,
    Case,
    Selector,

    /// <summary>What touches no object that matters.</summary>
    Harmless,
}

/// <summary>Tells them by their names: what is in System or Sluice.</summary>
internal static class Kinds
{
    private static readonly Dictionary<string, Kind> ByName = new()
    {
        ["Channel"] = Kind.Channel,
        ["ChannelReader"] = Kind.Channel,
        ["ChannelWriter"] = Kind.Channel,
        ["Chan"] = Kind.Chan,
        ["ReceiveOnly"] = Kind.Chan,
        ["SendOnly"] = Kind.Chan,
        ["ChanRange"] = Kind.Chan,
        ["Task"] = Kind.Task,
        ["ValueTask"] = Kind.Task,
        ["TaskExtensions"] = Kind.Task,
        ["TaskAwaiter"] = Kind.Task,
        ["ValueTaskAwaiter"] = Kind.Task,
        ["ConfiguredTaskAwaitable"] = Kind.Task,
        ["ConfiguredValueTaskAwaitable"] = Kind.Task,
        ["TaskFactory"] = Kind.TaskFactory,
        ["TaskCompletionSource"] = Kind.Completion,
        ["CancellationTokenSource"] = Kind.Source,
        ["CancellationToken"] = Kind.Token,
        ["CancellationTokenRegistration"] = Kind.Registration,
        ["Monitor"] = Kind.Monitor,
        ["Lock"] = Kind.Lock,
        ["SemaphoreSlim"] = Kind.Semaphore,
        ["Semaphore"] = Kind.Semaphore,
        ["Mutex"] = Kind.Mutex,
        ["ReaderWriterLockSlim"] = Kind.ReaderWriter,
        ["ManualResetEvent"] = Kind.Event,
        ["ManualResetEventSlim"] = Kind.Event,
        ["AutoResetEvent"] = Kind.Event,
        ["EventWaitHandle"] = Kind.Event,
        ["WaitHandle"] = Kind.Event,
        ["CountdownEvent"] = Kind.Countdown,
        ["WaitGroup"] = Kind.WaitGroup,
        ["Group"] = Kind.Group,
        ["Barrier"] = Kind.Barrier,
        ["Thread"] = Kind.Thread,
        ["ThreadPool"] = Kind.ThreadPool,
        ["Parallel"] = Kind.Parallel,
        ["PeriodicTimer"] = Kind.Timer,
        ["Timer"] = Kind.Alarm,
        ["Interlocked"] = Kind.Interlocked,
        ["Volatile"] = Kind.Volatile,
        ["List"] = Kind.List,
        ["IList"] = Kind.List,
        ["IReadOnlyList"] = Kind.List,
        ["ICollection"] = Kind.List,
        ["IReadOnlyCollection"] = Kind.List,
        ["IEnumerable"] = Kind.List,
        ["HashSet"] = Kind.List,
        ["ISet"] = Kind.List,
        ["SortedSet"] = Kind.List,
        ["LinkedList"] = Kind.List,
        ["Collection"] = Kind.List,
        ["ReadOnlyCollection"] = Kind.List,
        ["ImmutableArray"] = Kind.List,
        ["ImmutableList"] = Kind.List,
        ["Span"] = Kind.List,
        ["ReadOnlySpan"] = Kind.List,
        ["Memory"] = Kind.List,
        ["ReadOnlyMemory"] = Kind.List,
        ["ConcurrentBag"] = Kind.List,
        ["IOrderedEnumerable"] = Kind.List,
        ["KeyCollection"] = Kind.List,
        ["ValueCollection"] = Kind.List,
        ["Queue"] = Kind.Queue,
        ["Stack"] = Kind.Queue,
        ["ConcurrentQueue"] = Kind.Queue,
        ["ConcurrentStack"] = Kind.Queue,
        ["Dictionary"] = Kind.Map,
        ["ConcurrentDictionary"] = Kind.Map,
        ["IDictionary"] = Kind.Map,
        ["IReadOnlyDictionary"] = Kind.Map,
        ["SortedDictionary"] = Kind.Map,
        ["CollectionExtensions"] = Kind.Map,
        ["Enumerable"] = Kind.Enumerable,
        ["MemoryExtensions"] = Kind.Enumerable,
        ["ImmutableArrayExtensions"] = Kind.Enumerable,
        ["Array"] = Kind.Enumerable,
        ["Nullable"] = Kind.Nullable,
        ["Lazy"] = Kind.Lazy,
        ["After"] = Kind.Case,
        ["Done"] = Kind.Case,
        ["Receive"] = Kind.Case,
        ["Send"] = Kind.Case,
        ["When"] = Kind.Case,
        ["Tick"] = Kind.Case,
        ["Selector"] = Kind.Selector,
        ["Object"] = Kind.Harmless,
        ["String"] = Kind.Harmless,
        ["Console"] = Kind.Harmless,
        ["Math"] = Kind.Harmless,
        ["GC"] = Kind.Harmless,
        ["Debug"] = Kind.Harmless,
        ["Trace"] = Kind.Harmless,
        ["ArgumentNullException"] = Kind.Harmless,
        ["ArgumentException"] = Kind.Harmless,
        ["ArgumentOutOfRangeException"] = Kind.Harmless,
        ["ObjectDisposedException"] = Kind.Harmless,
        ["StringBuilder"] = Kind.Harmless,
        ["Environment"] = Kind.Harmless,
        ["TimeSpan"] = Kind.Harmless,
        ["DateTime"] = Kind.Harmless,
        ["DateTimeOffset"] = Kind.Harmless,
        ["Stopwatch"] = Kind.Harmless,
        ["Int32"] = Kind.Harmless,
        ["Int64"] = Kind.Harmless,
        ["Boolean"] = Kind.Harmless,
        ["Convert"] = Kind.Harmless,
        ["Random"] = Kind.Harmless,
        ["Guid"] = Kind.Harmless,
        ["Exception"] = Kind.Harmless,
        ["SpinWait"] = Kind.Harmless,
        ["HashCode"] = Kind.Harmless,
        ["Enum"] = Kind.Harmless,
        ["TextWriter"] = Kind.Harmless,
    };

    /// <summary>Which kind the type is; none for what a program declares itself.</summary>
    public static Kind Of(ITypeSymbol? type)
    {
        switch (type)
        {
            case IArrayTypeSymbol:
                return Kind.List;
            case null or ITypeParameterSymbol:
                return Kind.None;
            case { TypeKind: TypeKind.Delegate }:
                return Kind.Delegate;
            case INamedTypeSymbol named when ByName.TryGetValue(named.Name, out var kind) && IsLibrary(named):
                // An IEnumerable is a list as long as nobody makes it otherwise; a string is none.
                return kind;
            case INamedTypeSymbol { BaseType: { SpecialType: SpecialType.None } parent } derived when !IsLibrary(derived) || parent.Name is "Exception" or "TextWriter":
                return Of(parent) is var inherited && inherited is Kind.Selector ? inherited : Kind.None;
            default:
                return Kind.None;
        }
    }

    public static bool IsLibrary(ITypeSymbol type)
    {
        var space = type.ContainingNamespace;
        if (space is { Name: "Sluice", ContainingNamespace.IsGlobalNamespace: true })
        {
            return true;
        }

        while (space is { ContainingNamespace: { IsGlobalNamespace: false } outer })
        {
            space = outer;
        }

        return space?.Name is "System";
    }
}
