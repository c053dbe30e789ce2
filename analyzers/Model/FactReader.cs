using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>Recognizes facts. The same reader serves the operation tree of a body and its control flow graph, where locks and usings are spelled out.</summary>
internal sealed class FactReader(KnownTypes known, Places places)
{
    /// <summary>Whether an operation of this kind may do anything that is a fact.</summary>
    public static bool MayRead(IOperation operation) =>
        operation is IInvocationOperation or IAwaitOperation or ILockOperation or IObjectCreationOperation or IPropertyReferenceOperation or IForEachLoopOperation;

    /// <summary>What <paramref name="operation"/> itself does, or null.</summary>
    public Fact? Read(IOperation operation, IReadOnlyDictionary<CaptureId, IOperation?>? captures = null) => operation switch
    {
        IInvocationOperation call => ReadCall(call, captures),
        IAwaitOperation awaiting => ReadAwait(awaiting, captures),
        ILockOperation region => new LockFact(region, known[region.LockedValue.Type] == KnownType.Lock ? LockKind.Lock : LockKind.Monitor, LockAction.Acquire, places.Of(region.LockedValue)) { Target = region.LockedValue, IsScoped = true },
        IObjectCreationOperation creation => ReadCreation(creation),
        IPropertyReferenceOperation { Property.Name: "Completion" } property when known[property.Property.ContainingType] == KnownType.ChannelReader => Channel(property, ChannelAction.Completion, property.Instance, captures),
        IForEachLoopOperation { IsAsynchronous: true } loop when known[loop.Collection.Bare().Type] == KnownType.Chan => Channel(loop, ChannelAction.Range, loop.Collection, captures),
        _ => null,
    };

    /// <summary>What the method of a channel, or of an end of one, does; null when that is nothing to speak of.</summary>
    public static ChannelAction? ChannelActionOf(string method) => method switch
    {
        "WriteAsync" or "SendAsync" => ChannelAction.Send,
        "TryWrite" or "TrySend" => ChannelAction.TrySend,
        "WaitToWriteAsync" => ChannelAction.WaitToSend,
        "ReadAsync" or "ReceiveAsync" => ChannelAction.Receive,
        "TryRead" or "TryReceive" => ChannelAction.TryReceive,
        "WaitToReadAsync" => ChannelAction.WaitToReceive,
        "ReadAllAsync" or "GetAsyncEnumerator" => ChannelAction.Range,
        "Complete" or "Close" => ChannelAction.Close,
        "TryComplete" => ChannelAction.TryClose,
        _ => null,
    };

    private Fact? ReadCall(IInvocationOperation call, IReadOnlyDictionary<CaptureId, IOperation?>? captures)
    {
        var method = call.TargetMethod;
        switch (known[method.ContainingType])
        {
            case KnownType.ChannelWriter or KnownType.ChannelReader or KnownType.Chan when ChannelActionOf(method.Name) is { } action:
                return Channel(call, action, call.Instance, captures);

            case KnownType.Monitor when call.Arguments.Length > 0:
                return method.Name switch
                {
                    "Enter" => Lock(call, LockKind.Monitor, LockAction.Acquire, call.Arguments[0].Value, captures),
                    "TryEnter" => Lock(call, LockKind.Monitor, LockAction.TryAcquire, call.Arguments[0].Value, captures),
                    "Exit" => Lock(call, LockKind.Monitor, LockAction.Release, call.Arguments[0].Value, captures),
                    _ => null,
                };
            case KnownType.Lock:
                return method.Name switch
                {
                    "Enter" => Lock(call, LockKind.Lock, LockAction.Acquire, call.Instance, captures),
                    "EnterScope" => Lock(call, LockKind.Lock, LockAction.Acquire, call.Instance, captures) with { IsScoped = IsUsed(call) },
                    "TryEnter" => Lock(call, LockKind.Lock, LockAction.TryAcquire, call.Instance, captures),
                    "Exit" => Lock(call, LockKind.Lock, LockAction.Release, call.Instance, captures),
                    _ => null,
                };
            case KnownType.LockScope when method.Name == "Dispose" && LockOf(call.Instance, captures) is { } entered:
                return Lock(call, LockKind.Lock, LockAction.Release, entered, captures);
            case KnownType.SemaphoreSlim or KnownType.Semaphore or KnownType.Mutex or KnownType.WaitHandle:
                return ReadWaitHandle(call, captures);
            case KnownType.SpinLock:
                return method.Name switch
                {
                    "Enter" => Lock(call, LockKind.SpinLock, LockAction.Acquire, call.Instance, captures),
                    "TryEnter" => Lock(call, LockKind.SpinLock, LockAction.TryAcquire, call.Instance, captures),
                    "Exit" => Lock(call, LockKind.SpinLock, LockAction.Release, call.Instance, captures),
                    _ => null,
                };
            case KnownType.ReaderWriterLockSlim or KnownType.ReaderWriterLock:
                return ReadReaderWriter(call, captures);

            case KnownType.Task when method.Name == "Run":
            case KnownType.TaskFactory or KnownType.TaskFactoryOfT when method.Name == "StartNew":
                return Spawn(call, SpawnKind.Task, call.Arguments);
            case KnownType.Task or KnownType.TaskOfT when method.Name == "ContinueWith":
                return Spawn(call, SpawnKind.Continuation, call.Arguments);
            case KnownType.ThreadPool when method.Name is "QueueUserWorkItem" or "UnsafeQueueUserWorkItem":
                return Spawn(call, SpawnKind.Task, call.Arguments);
            case KnownType.Parallel:
                return Spawn(call, SpawnKind.Parallel, call.Arguments);
            default:
                return null;
        }
    }

    private ChannelFact? Channel(IOperation operation, ChannelAction action, IOperation? channel, IReadOnlyDictionary<CaptureId, IOperation?>? captures) =>
        places.Of(channel, captures) is { } place ? new(operation, action, place) : null;

    private LockFact Lock(IOperation operation, LockKind kind, LockAction action, IOperation? target, IReadOnlyDictionary<CaptureId, IOperation?>? captures)
    {
        var flag = (operation as IInvocationOperation)?.Arguments.FirstOrDefault(argument => argument.Parameter is { RefKind: RefKind.Ref, Type.SpecialType: SpecialType.System_Boolean });
        return new(operation, kind, action, places.Of(target, captures)) { Target = target, Taken = places.Of(flag?.Value, captures) };
    }

    // The lock whose scope this is: a local that EnterScope was assigned to.
    private IOperation? LockOf(IOperation? scope, IReadOnlyDictionary<CaptureId, IOperation?>? captures)
    {
        var value = scope is ILocalReferenceOperation { Local: var local } ? places.ValueOf(local) : scope;
        value = value is IFlowCaptureReferenceOperation reference && captures is not null && captures.TryGetValue(reference.Id, out var captured) ? captured : value;
        return value is IInvocationOperation { TargetMethod.Name: "EnterScope" } entering ? entering.Instance : null;
    }

    private static bool IsUsed(IOperation resource)
    {
        while (resource.Parent is IVariableInitializerOperation or IVariableDeclaratorOperation or IVariableDeclarationOperation or IVariableDeclarationGroupOperation or IParenthesizedOperation)
        {
            resource = resource.Parent;
        }

        return resource.Parent is IUsingOperation or IUsingDeclarationOperation;
    }

    // A wait handle that is no lock (an event, a countdown) is not acquired by waiting for it.
    private LockFact? ReadWaitHandle(IInvocationOperation call, IReadOnlyDictionary<CaptureId, IOperation?>? captures)
    {
        LockKind? kind = known[call.Instance?.Type] switch
        {
            KnownType.SemaphoreSlim or KnownType.Semaphore => LockKind.Semaphore,
            KnownType.Mutex => LockKind.Mutex,
            _ => null,
        };
        if (kind is null)
        {
            return null;
        }

        return call.TargetMethod switch
        {
            { Name: "Wait", ReturnsVoid: true } => Lock(call, kind.Value, LockAction.Acquire, call.Instance, captures),
            { Name: "Wait" } => Lock(call, kind.Value, LockAction.TryAcquire, call.Instance, captures),
            { Name: "WaitOne", Parameters.IsEmpty: true } => Lock(call, kind.Value, LockAction.Acquire, call.Instance, captures),
            { Name: "WaitOne" } => Lock(call, kind.Value, LockAction.TryAcquire, call.Instance, captures),
            { Name: "Release" or "ReleaseMutex" } => Lock(call, kind.Value, LockAction.Release, call.Instance, captures),
            _ => null,
        };
    }

    private LockFact? ReadReaderWriter(IInvocationOperation call, IReadOnlyDictionary<CaptureId, IOperation?>? captures)
    {
        (LockKind Kind, LockAction Action)? found = call.TargetMethod.Name switch
        {
            "EnterReadLock" => (LockKind.Reader, LockAction.Acquire),
            "EnterWriteLock" => (LockKind.Writer, LockAction.Acquire),
            "EnterUpgradeableReadLock" => (LockKind.UpgradeableReader, LockAction.Acquire),
            "AcquireReaderLock" => (LockKind.Reader, LockAction.Acquire),
            "AcquireWriterLock" => (LockKind.Writer, LockAction.Acquire),
            "ReleaseReaderLock" => (LockKind.Reader, LockAction.Release),
            "ReleaseWriterLock" => (LockKind.Writer, LockAction.Release),
            "TryEnterReadLock" => (LockKind.Reader, LockAction.TryAcquire),
            "TryEnterWriteLock" => (LockKind.Writer, LockAction.TryAcquire),
            "TryEnterUpgradeableReadLock" => (LockKind.UpgradeableReader, LockAction.TryAcquire),
            "ExitReadLock" => (LockKind.Reader, LockAction.Release),
            "ExitWriteLock" => (LockKind.Writer, LockAction.Release),
            "ExitUpgradeableReadLock" => (LockKind.UpgradeableReader, LockAction.Release),
            _ => null,
        };
        return found is { } what ? Lock(call, what.Kind, what.Action, call.Instance, captures) : null;
    }

    private LockFact? ReadAwait(IAwaitOperation awaiting, IReadOnlyDictionary<CaptureId, IOperation?>? captures)
    {
        if (awaiting.Awaited() is not IInvocationOperation { TargetMethod.Name: "WaitAsync" } call || known[call.Instance?.Type] != KnownType.SemaphoreSlim)
        {
            return null;
        }

        var action = known[call.Type] == KnownType.TaskOfT ? LockAction.TryAcquire : LockAction.Acquire;
        return Lock(awaiting, LockKind.Semaphore, action, call.Instance, captures);
    }

    private SpawnFact? ReadCreation(IObjectCreationOperation creation) => known[creation.Type] switch
    {
        KnownType.Thread => Spawn(creation, SpawnKind.Thread, creation.Arguments),
        KnownType.Task or KnownType.TaskOfT => Spawn(creation, SpawnKind.Task, creation.Arguments),
        KnownType.ThreadingTimer => Spawn(creation, SpawnKind.Timer, creation.Arguments),
        _ => null,
    };

    private static SpawnFact? Spawn(IOperation operation, SpawnKind kind, IEnumerable<IArgumentOperation> arguments)
    {
        var works = arguments.SelectMany(DelegatesIn).ToImmutableArray();
        return works.IsEmpty ? null : new(operation, kind, works) { IsJoined = kind == SpawnKind.Parallel ? Joins.Blocks(operation) : Joins.InPlace(operation) };
    }

    private static IEnumerable<IOperation> DelegatesIn(IArgumentOperation argument) => argument.Value.Items().Where(IsDelegate).Select(element => element.Bare());

    private static bool IsDelegate(IOperation value) => value.Type?.TypeKind == TypeKind.Delegate;
}
