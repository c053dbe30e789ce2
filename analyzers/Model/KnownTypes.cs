using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Sluice.Model;

/// <summary>The types that rules know by name.</summary>
internal enum KnownType
{
    None,
    Task,
    TaskOfT,
    ValueTask,
    ValueTaskOfT,
    TaskFactory,
    TaskFactoryOfT,
    ConfiguredTaskAwaitable,
    ConfiguredTaskAwaitableOfT,
    ConfiguredValueTaskAwaitable,
    ConfiguredValueTaskAwaitableOfT,
    ConfiguredCancelableAsyncEnumerable,
    TaskAwaiter,
    TaskAwaiterOfT,
    TaskCompletionSource,
    TaskCompletionSourceOfT,
    AsyncEnumerable,
    CancellationToken,
    CancellationTokenSource,
    Thread,
    ThreadPool,
    Parallel,
    ThreadingTimer,
    TimersTimer,
    PeriodicTimer,
    Monitor,
    Lock,
    LockScope,
    SemaphoreSlim,
    Semaphore,
    Mutex,
    WaitHandle,
    SpinLock,
    ReaderWriterLockSlim,
    Interlocked,
    Volatile,
    Channel,
    ChannelOfT,
    ChannelOfTwo,
    ChannelReader,
    ChannelWriter,
    ChannelClosedException,
    Chan,
    ListOfT,
    ImmutableListOfT,
    Array,
    EventArgs,
    Enumerable,
    ParallelEnumerable,
    Exception,
    OperationCanceledException,
    ObsoleteAttribute,
    EditorBrowsableAttribute,
    MethodImplAttribute,
    UnmanagedCallersOnlyAttribute,
    ExpressionOfT,
}

/// <summary>The symbols of one compilation that rules know by name. The only place with metadata names. A type that the compilation lacks is simply never met.</summary>
internal sealed class KnownTypes(Compilation compilation)
{
    private static readonly (string Name, KnownType Type)[] Names =
    [
        ("System.Threading.Tasks.Task", KnownType.Task),
        ("System.Threading.Tasks.Task`1", KnownType.TaskOfT),
        ("System.Threading.Tasks.ValueTask", KnownType.ValueTask),
        ("System.Threading.Tasks.ValueTask`1", KnownType.ValueTaskOfT),
        ("System.Threading.Tasks.TaskFactory", KnownType.TaskFactory),
        ("System.Threading.Tasks.TaskFactory`1", KnownType.TaskFactoryOfT),
        ("System.Runtime.CompilerServices.ConfiguredTaskAwaitable", KnownType.ConfiguredTaskAwaitable),
        ("System.Runtime.CompilerServices.ConfiguredTaskAwaitable`1", KnownType.ConfiguredTaskAwaitableOfT),
        ("System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable", KnownType.ConfiguredValueTaskAwaitable),
        ("System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable`1", KnownType.ConfiguredValueTaskAwaitableOfT),
        ("System.Runtime.CompilerServices.ConfiguredCancelableAsyncEnumerable`1", KnownType.ConfiguredCancelableAsyncEnumerable),
        ("System.Runtime.CompilerServices.TaskAwaiter", KnownType.TaskAwaiter),
        ("System.Runtime.CompilerServices.TaskAwaiter`1", KnownType.TaskAwaiterOfT),
        ("System.Threading.Tasks.TaskCompletionSource", KnownType.TaskCompletionSource),
        ("System.Threading.Tasks.TaskCompletionSource`1", KnownType.TaskCompletionSourceOfT),
        ("System.Collections.Generic.IAsyncEnumerable`1", KnownType.AsyncEnumerable),
        ("System.Threading.CancellationToken", KnownType.CancellationToken),
        ("System.Threading.CancellationTokenSource", KnownType.CancellationTokenSource),
        ("System.Threading.Thread", KnownType.Thread),
        ("System.Threading.ThreadPool", KnownType.ThreadPool),
        ("System.Threading.Tasks.Parallel", KnownType.Parallel),
        ("System.Threading.Timer", KnownType.ThreadingTimer),
        ("System.Timers.Timer", KnownType.TimersTimer),
        ("System.Threading.PeriodicTimer", KnownType.PeriodicTimer),
        ("System.Threading.Monitor", KnownType.Monitor),
        ("System.Threading.Lock", KnownType.Lock),
        ("System.Threading.Lock+Scope", KnownType.LockScope),
        ("System.Threading.SemaphoreSlim", KnownType.SemaphoreSlim),
        ("System.Threading.Semaphore", KnownType.Semaphore),
        ("System.Threading.Mutex", KnownType.Mutex),
        ("System.Threading.WaitHandle", KnownType.WaitHandle),
        ("System.Threading.SpinLock", KnownType.SpinLock),
        ("System.Threading.ReaderWriterLockSlim", KnownType.ReaderWriterLockSlim),
        ("System.Threading.Interlocked", KnownType.Interlocked),
        ("System.Threading.Volatile", KnownType.Volatile),
        ("System.Threading.Channels.Channel", KnownType.Channel),
        ("System.Threading.Channels.Channel`1", KnownType.ChannelOfT),
        ("System.Threading.Channels.Channel`2", KnownType.ChannelOfTwo),
        ("System.Threading.Channels.ChannelReader`1", KnownType.ChannelReader),
        ("System.Threading.Channels.ChannelWriter`1", KnownType.ChannelWriter),
        ("System.Threading.Channels.ChannelClosedException", KnownType.ChannelClosedException),
        ("Sluice.Chan`1", KnownType.Chan),
        ("System.Collections.Generic.List`1", KnownType.ListOfT),
        ("System.Collections.Immutable.ImmutableList`1", KnownType.ImmutableListOfT),
        ("System.Array", KnownType.Array),
        ("System.EventArgs", KnownType.EventArgs),
        ("System.Linq.Enumerable", KnownType.Enumerable),
        ("System.Linq.ParallelEnumerable", KnownType.ParallelEnumerable),
        ("System.Exception", KnownType.Exception),
        ("System.OperationCanceledException", KnownType.OperationCanceledException),
        ("System.ObsoleteAttribute", KnownType.ObsoleteAttribute),
        ("System.ComponentModel.EditorBrowsableAttribute", KnownType.EditorBrowsableAttribute),
        ("System.Runtime.CompilerServices.MethodImplAttribute", KnownType.MethodImplAttribute),
        ("System.Runtime.InteropServices.UnmanagedCallersOnlyAttribute", KnownType.UnmanagedCallersOnlyAttribute),
        ("System.Linq.Expressions.Expression`1", KnownType.ExpressionOfT),
    ];

    // Every definition counts: a polyfill in a referenced assembly is as good as the framework's own.
    private readonly Dictionary<ISymbol, KnownType> _types = Names
        .SelectMany(known => compilation.GetTypesByMetadataName(known.Name).Select(symbol => (symbol, known.Type)))
        .ToDictionary(pair => (ISymbol)pair.symbol, pair => pair.Type, SymbolEqualityComparer.Default);

    private readonly ILookup<KnownType, INamedTypeSymbol> _symbols = Names
        .SelectMany(known => compilation.GetTypesByMetadataName(known.Name).Select(symbol => (symbol, known.Type)))
        .ToLookup(pair => pair.Type, pair => pair.symbol);

    /// <summary>Which known type <paramref name="type"/> is, whatever its type arguments; <see cref="KnownType.None"/> for every other.</summary>
    public KnownType this[ITypeSymbol? type] => type is not null && _types.TryGetValue(type.OriginalDefinition, out var known) ? known : KnownType.None;

    /// <summary>Whether the compilation can name <paramref name="type"/>: for fixes and messages that propose it.</summary>
    public bool Has(KnownType type) => _symbols.Contains(type);
}
