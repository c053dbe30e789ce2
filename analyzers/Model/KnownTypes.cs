using System.Collections.Generic;
using System.Globalization;
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
    ReaderWriterLock,
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
    FormsControl,
    DispatcherObject,
    OrleansAddressable,
    AkkaActor,
    BlazorComponent,
}

/// <summary>
/// Tells the types that rules know by name. The only place with metadata names. A type is told when it is met, so a compilation in which none is met costs nothing, and every
/// definition counts: a polyfill is as good as the framework's own. Thread-safe.
/// </summary>
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
        ("System.Threading.ReaderWriterLock", KnownType.ReaderWriterLock),
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
        ("System.Windows.Forms.Control", KnownType.FormsControl),
        ("System.Windows.Threading.DispatcherObject", KnownType.DispatcherObject),
        ("Orleans.Runtime.IAddressable", KnownType.OrleansAddressable),
        ("Akka.Actor.ActorBase", KnownType.AkkaActor),
        ("Microsoft.AspNetCore.Components.IComponent", KnownType.BlazorComponent),
    ];

    private static readonly Dictionary<string, MetadataName[]> ByName = Names
        .Select(known => MetadataName.Of(known.Name, known.Type))
        .GroupBy(name => name.Name)
        .ToDictionary(group => group.Key, group => group.ToArray());

    /// <summary>Which known type <paramref name="type"/> is, whatever its type arguments; <see cref="KnownType.None"/> for every other.</summary>
    public KnownType this[ITypeSymbol? type]
    {
        get
        {
            if (type is INamedTypeSymbol named && ByName.TryGetValue(named.Name, out var names))
            {
                foreach (var name in names)
                {
                    if (name.IsOf(named))
                    {
                        return name.Type;
                    }
                }
            }

            return KnownType.None;
        }
    }

    /// <summary>Whether the compilation can name <paramref name="type"/>: for fixes and messages that propose it.</summary>
    public bool Has(KnownType type) => !compilation.GetTypesByMetadataName(Names.First(known => known.Type == type).Name).IsEmpty;

    // A metadata name taken apart: the simple name and what is around it, from the inside out.
    private sealed record MetadataName(string Name, int Arity, string[] Around, bool IsNested, KnownType Type)
    {
        public static MetadataName Of(string metadataName, KnownType type)
        {
            var parts = metadataName.Split('.', '+');
            var last = parts[parts.Length - 1].Split('`');
            return new(last[0], last.Length > 1 ? int.Parse(last[1], CultureInfo.InvariantCulture) : 0, parts.Reverse().Skip(1).ToArray(), metadataName.Contains('+'), type);
        }

        public bool IsOf(INamedTypeSymbol type)
        {
            if (type.Arity != Arity || type.ContainingType is not null != IsNested)
            {
                return false;
            }

            var container = type.ContainingSymbol;
            foreach (var name in Around)
            {
                if (container?.Name != name)
                {
                    return false;
                }

                container = container.ContainingSymbol;
            }

            return container is INamespaceSymbol { IsGlobalNamespace: true };
        }
    }
}
