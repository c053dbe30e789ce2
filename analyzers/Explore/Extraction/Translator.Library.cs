using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Explore;

/// <content>Calls into the library, of what orders code: channels, locks, tasks, cancellation.</content>
internal sealed partial class Translator
{
    /// <summary>A call of a method of a known type. What is not known of it is unknown.</summary>
    private Operand Library(IInvocationOperation call, bool awaited)
    {
        var kind = Kinds.Of(call.TargetMethod.ContainingType);
        var known = kind switch
        {
            Kind.Channel => Channel(call, awaited),
            Kind.Chan => Chan(call, awaited),
            Kind.Monitor or Kind.Lock or Kind.Semaphore or Kind.Mutex or Kind.ReaderWriter => Lock(call, kind, awaited),
            Kind.Event or Kind.Countdown or Kind.WaitGroup or Kind.Barrier => Gate(call, kind, awaited),
            Kind.Task or Kind.TaskFactory or Kind.Thread or Kind.ThreadPool or Kind.Parallel or Kind.Timer or Kind.Alarm or Kind.Completion => Tasks(call, kind, awaited),
            Kind.Source or Kind.Token or Kind.Registration => Cancellation(call, awaited),
            Kind.Interlocked or Kind.Volatile => Atomic(call),
            Kind.List or Kind.Queue or Kind.Map or Kind.Enumerable => Collections(call, kind),
            Kind.Case or Kind.Selector => Selecting(call),
            Kind.Group => Group(call, awaited),
            Kind.Nullable when call.TargetMethod.Name == "GetValueOrDefault" && call.Instance is { } nullable => Value(nullable),
            Kind.Harmless => Harmless(call),
            _ when IsSelect(call.TargetMethod.ContainingType) => Selecting(call),
            _ => null,
        };
        return known ?? CallUnknown(call, awaited);
    }

    private Operand Harmless(IInvocationOperation call)
    {
        Value(call.Instance);
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out)
            {
                Assign(argument.Value, Operand.Unknown);
            }
            else
            {
                Value(argument.Value);
            }
        }

        return Operand.Unknown;
    }

    /// <summary>A method group of the library, as a delegate: a call of it, with the parameters of the delegate.</summary>
    private Operand Library(IMethodReferenceOperation reference)
    {
        var receiver = Value(reference.Instance);
        var act = (Kinds.Of(reference.Method.ContainingType), reference.Method.Name) switch
        {
            (Kind.Source, "Cancel" or "CancelAsync") => Act.Cancel,
            (Kind.Completion, "TrySetResult" or "TrySetCanceled") => Act.TryComplete,
            (Kind.Completion, "SetResult") => Act.Complete,
            (Kind.Countdown, "Signal") => Act.Signal,
            (Kind.WaitGroup, "Done") => Act.Signal,
            (Kind.Countdown, "Wait") when reference.Method.Parameters.IsEmpty => Act.WaitCountdown,
            (Kind.Event, "Wait" or "WaitOne") when reference.Method.Parameters.IsEmpty => Act.WaitEvent,
            (Kind.Semaphore, "Wait" or "WaitOne" or "WaitAsync") when reference.Method.Parameters.IsEmpty => Act.AcquireSemaphore,
            (Kind.Event, "Set") => Act.SetEvent,
            (Kind.Channel, "Complete") => Act.Close,
            (Kind.Channel, "TryComplete") => Act.TryClose,
            _ => default(Act?),
        };
        if (act is not { } known)
        {
            Escape(receiver);
            return Operand.Unknown;
        }

        var code = Wrapper(known, 1, At(reference, Short(reference.Syntax)), isAsync: reference.Method.Name == "WaitAsync");
        return New(to => new MakeDelegate(to, code, ImmutableArray.Create(receiver)));
    }

    /// <summary>An operation that waits: done here, when it is awaited or blocks, or else as the task that it gives.</summary>
    private Operand Wait(Act act, IOperation at, string text, bool awaited, params Operand[] arguments)
    {
        var label = At(at, text);
        if (awaited)
        {
            return Perform(label, act, arguments);
        }

        var code = Wrapper(act, arguments.Length, label, isAsync: true);
        return New(to => new Call(to, code, arguments.ToImmutableArray()));
    }

    private static Procedure Wrapper(Act act, int arguments, Label label, bool isAsync) => new(
        label.Text,
        arguments,
        arguments + 1,
        ImmutableArray.Create<Step>(
            new Do(arguments, act, Enumerable.Range(0, arguments).Select(Operand.Register).ToImmutableArray()) { Label = label, Next = 1 },
            new Return(Operand.Register(arguments))),
        isAsync);

    /// <summary>What has the value already, or its task, as it is asked for.</summary>
    private Operand Given(Operand value, bool awaited) => awaited ? value : Perform(Act.CompletedTask, value);

    /// <summary>What waits for a task, when it is awaited at once; else the task.</summary>
    private Operand Task(Operand task, IOperation at, bool awaited, string text) => awaited ? Join(task, at, text.StartsWith("await ", System.StringComparison.Ordinal) ? text : $"await {text}") : task;

    private Operand TokenOf(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (Kinds.Of(argument.Parameter?.Type) == Kind.Token)
            {
                return Value(argument.Value);
            }
        }

        return Operand.Null;
    }

    // Whether a call gives up after a time: with a timeout that is not infinite.
    private static bool IsTimed(IInvocationOperation call) => call.Arguments.Any(argument =>
        argument.Parameter is { Type: { Name: "TimeSpan" } or { SpecialType: SpecialType.System_Int32 }, Name: not ("releaseCount" or "signalCount" or "initialCount" or "maximumCount" or "exitContext") }
        && !IsInfinite(argument.Value));

    private static bool IsInfinite(IOperation time) => time.Bare() is { ConstantValue: { HasValue: true, Value: -1 } } or IFieldReferenceOperation { Field.Name: "InfiniteTimeSpan" or "Infinite" };

    private Operand? Channel(IInvocationOperation call, bool awaited)
    {
        var name = call.TargetMethod.Name;
        if (call.TargetMethod.IsStatic)
        {
            return name switch
            {
                "CreateUnbounded" or "CreateUnboundedPrioritized" => Perform(Act.NewChannel, Operand.Of(-1)),
                "CreateBounded" => Perform(Act.NewChannel, Capacity(call.Arguments[0].Value)),
                _ => null,
            };
        }

        var channel = Value(call.Instance);
        switch (name)
        {
            case "WriteAsync":
                return Wait(Act.Send, call, Short(call), awaited, channel, Value(call.Arguments[0].Value), TokenOf(call));
            case "TryWrite":
                return Perform(At(call, Short(call)), Act.TrySend, channel, Value(call.Arguments[0].Value));
            case "WaitToWriteAsync":
                return Wait(Act.WaitToSend, call, Short(call), awaited, channel, TokenOf(call));
            case "ReadAsync":
                return Wait(Act.Receive, call, Short(call), awaited, channel, TokenOf(call));
            case "TryRead":
                return TryTake(call, channel);
            case "TryPeek":
                Outs(call);
                return Operand.Unknown;
            case "WaitToReadAsync":
                return Wait(Act.WaitToReceive, call, Short(call), awaited, channel, TokenOf(call));
            case "ReadAllAsync":
                // Whoever enumerates it may be given a token besides: then it is not told who can end that.
                return TokenOf(call).Kind == OperandKind.Null ? channel : Operand.Unknown;
            case "Complete":
                return Perform(At(call, Short(call)), Act.Close, channel);
            case "TryComplete":
                return call.Arguments.FirstOrDefault(argument => argument.ArgumentKind != ArgumentKind.DefaultValue) is { } error
                    ? Perform(At(call, Short(call)), Act.CloseWith, channel, Value(error.Value))
                    : Perform(At(call, Short(call)), Act.TryClose, channel);
            default:
                return null;
        }
    }

    private Operand TryTake(IInvocationOperation call, Operand channel)
    {
        var result = Kept(Perform(At(call, Short(call)), Act.TryReceive, channel));
        int some = _emitter.NewMark(), none = _emitter.NewMark(), end = _emitter.NewMark();
        Test(result, Relation.Equal, Operand.True, some, none);
        _emitter.Place(some);
        AssignOut(call, Perform(Act.Received, channel));
        _emitter.GoTo(end);
        _emitter.Place(none);
        AssignOut(call, Operand.Null);
        _emitter.Place(end);
        return result;
    }

    private void AssignOut(IInvocationOperation call, Operand value)
    {
        if (call.Arguments.FirstOrDefault(argument => argument.Parameter?.RefKind == RefKind.Out) is { } output)
        {
            Assign(output.Value, value);
        }
    }

    private Operand Capacity(IOperation given)
    {
        if (given.Bare() is not IObjectCreationOperation { Arguments.Length: 1 } options)
        {
            return given.Type?.SpecialType == SpecialType.System_Int32 ? Value(given) : Operand.Unknown;
        }

        var drops = options.Initializer?.Initializers.OfType<ISimpleAssignmentOperation>().Any(assignment =>
            assignment.Target is IPropertyReferenceOperation { Property.Name: "FullMode" } && assignment.Value.ConstantValue is { HasValue: true, Value: not 0 }) == true;
        return drops ? Operand.Of(-2) : Value(options.Arguments[0].Value);
    }

    private Operand? Chan(IInvocationOperation call, bool awaited)
    {
        if (call.TargetMethod.IsStatic)
        {
            return null;
        }

        var channel = Value(call.Instance);
        switch (call.TargetMethod.Name)
        {
            case "SendAsync":
                return Wait(Act.Send, call, Short(call), awaited, channel, Value(call.Arguments[0].Value), TokenOf(call));
            case "TrySend":
                return Perform(At(call, Short(call)), Act.TrySend, channel, Value(call.Arguments[0].Value));
            case "ReceiveAsync" when awaited:
                var ok = Perform(At(call, Short(call)), Act.ReceiveOk, channel, TokenOf(call));
                return Pair("Item1", Perform(Act.Received, channel), "Item2", ok);
            case "ReceiveAsync":
                return Wait(Act.ReceiveOk, call, Short(call), awaited, channel, TokenOf(call));
            case "TryReceive":
                var taken = TryTake(call, channel);
                foreach (var argument in call.Arguments.Where(argument => argument.Parameter is { RefKind: RefKind.Out, Ordinal: 1 }))
                {
                    Assign(argument.Value, Operand.Unknown);
                }

                return taken;
            case "Close":
                return Perform(At(call, Short(call)), Act.Close, channel);
            case "ConfigureAwait" or "WithCancellation":
                return channel;
            default:
                return null;
        }
    }

    private Operand? Lock(IInvocationOperation call, Kind kind, bool awaited)
    {
        var name = call.TargetMethod.Name;
        var gate = kind == Kind.Monitor ? (call.Arguments.Length > 0 ? Value(call.Arguments[0].Value) : Operand.Unknown) : Value(call.Instance);
        var timed = IsTimed(call);
        var label = At(call, Short(call));
        switch (kind, name)
        {
            case (Kind.Monitor or Kind.Lock, "Enter"):
                var entered = Perform(label, Act.Acquire, gate);
                AssignTaken(call, Operand.True);
                return entered;
            case (Kind.Lock, "EnterScope"):
                Perform(label, Act.Acquire, gate);
                return gate;
            case (Kind.Monitor or Kind.Lock, "TryEnter"):
                var tried = Kept(Perform(label, Act.TryAcquire, gate));
                AssignTaken(call, tried);
                return tried;
            case (Kind.Monitor or Kind.Lock, "Exit"):
                return Perform(label, Act.Release, gate);
            case (Kind.Monitor, "Wait"):
                return timed ? Perform(label, Act.MonitorTimedWait, gate) : Constant(Perform(label, Act.MonitorWait, gate), Operand.True);
            case (Kind.Monitor, "Pulse"):
                return Perform(label, Act.Pulse, gate);
            case (Kind.Monitor, "PulseAll"):
                return Perform(label, Act.PulseAll, gate);
            case (Kind.Semaphore, "WaitAsync") when timed:
                return Given(Perform(label, Act.TryAcquireSemaphore, gate), awaited);
            case (Kind.Semaphore, "WaitAsync"):
                return Wait(Act.AcquireSemaphore, call, Short(call), awaited, gate, TokenOf(call));
            case (Kind.Semaphore, "Wait" or "WaitOne"):
                return timed ? Perform(label, Act.TryAcquireSemaphore, gate) : Perform(label, Act.AcquireSemaphore, gate, TokenOf(call));
            case (Kind.Semaphore, "Release"):
                return Perform(label, Act.ReleaseSemaphore, gate, call.Arguments.Length > 0 ? Value(call.Arguments[0].Value) : Operand.Of(1));
            case (Kind.Mutex, "WaitOne"):
                return timed ? Perform(label, Act.TryAcquire, gate) : Constant(Perform(label, Act.Acquire, gate), Operand.True);
            case (Kind.Mutex, "ReleaseMutex"):
                return Perform(label, Act.Release, gate);
            case (Kind.ReaderWriter, "EnterReadLock"):
                return Perform(label, Act.EnterRead, gate);
            case (Kind.ReaderWriter, "ExitReadLock"):
                return Perform(label, Act.ExitRead, gate);
            case (Kind.ReaderWriter, "EnterWriteLock"):
                return Perform(label, Act.EnterWrite, gate);
            case (Kind.ReaderWriter, "ExitWriteLock"):
                return Perform(label, Act.ExitWrite, gate);
            case (Kind.ReaderWriter, "EnterUpgradeableReadLock"):
                return Perform(label, Act.EnterUpgradeable, gate);
            case (Kind.ReaderWriter, "ExitUpgradeableReadLock"):
                return Perform(label, Act.ExitUpgradeable, gate);
            case (_, "Dispose"):
                return Operand.Null;
            default:
                return null;
        }
    }

    private static Operand Constant(Operand done, Operand value) => done.Kind == OperandKind.Register ? value : done;

    private void AssignTaken(IInvocationOperation call, Operand value)
    {
        if (call.Arguments.FirstOrDefault(argument => argument.Parameter?.RefKind == RefKind.Ref) is { } taken)
        {
            Assign(taken.Value, value);
        }
    }

    private Operand? Gate(IInvocationOperation call, Kind kind, bool awaited)
    {
        if (call.Instance is not { } instance)
        {
            return null;
        }

        var gate = Value(instance);
        var label = At(call, Short(call));
        var timed = IsTimed(call);
        switch (kind, call.TargetMethod.Name)
        {
            case (Kind.Event, "Set"):
                return Perform(label, Act.SetEvent, gate);
            case (Kind.Event, "Reset"):
                return Perform(label, Act.ResetEvent, gate);
            case (Kind.Event, "Wait" or "WaitOne") when !timed:
                return Constant(Perform(label, Act.WaitEvent, gate, TokenOf(call)), Operand.True);
            case (Kind.Countdown, "Wait") when !timed:
                return Perform(label, Act.WaitCountdown, gate, TokenOf(call));
            case (Kind.Event or Kind.Countdown, "Wait" or "WaitOne"):
                return Operand.Unknown;
            case (Kind.Countdown, "Signal") when call.Arguments.IsEmpty:
                return Constant(Perform(label, Act.Signal, gate), Operand.Unknown);
            case (Kind.Countdown, "AddCount"):
                return Perform(label, Act.AddCount, gate, call.Arguments.Length > 0 ? Value(call.Arguments[0].Value) : Operand.Of(1));
            case (Kind.WaitGroup, "Add") when call.Arguments[0].Value.ConstantValue is { HasValue: true, Value: int and >= 0 and var delta }:
                return Perform(label, Act.AddCount, gate, Operand.Of(delta));
            case (Kind.WaitGroup, "Done"):
                return Perform(label, Act.Signal, gate);
            case (Kind.WaitGroup, "WaitAsync"):
                return Wait(Act.WaitCountdown, call, Short(call), awaited, gate, TokenOf(call));
            case (Kind.WaitGroup, "Go"):
                Perform(Act.AddCount, gate, Operand.Of(1));
                return Perform(label, Act.Start, Counted(Value(call.Arguments[0].Value), gate));
            case (Kind.Barrier, "SignalAndWait") when !timed:
                return Perform(label, Act.SignalAndWait, gate);
            case (_, "Dispose"):
                return Operand.Null;
            default:
                return null;
        }
    }

    private Operand Counted(Operand work, Operand group) => New(to => new MakeDelegate(to, Wrappers.Counted, ImmutableArray.Create(work, group)));

    private Operand? Cancellation(IInvocationOperation call, bool awaited)
    {
        var name = call.TargetMethod.Name;
        if (call.TargetMethod.IsStatic)
        {
            return name == "CreateLinkedTokenSource" ? Perform(Act.NewCancellation, Linked(call)) : null;
        }

        var source = Value(call.Instance);
        switch (name)
        {
            case "Cancel":
                return Perform(At(call, Short(call)), Act.Cancel, source);
            case "CancelAsync":
                return Given(Perform(At(call, Short(call)), Act.Cancel, source), awaited);
            case "CancelAfter":
                return IsInfinite(call.Arguments[0].Value) ? Operand.Null : Perform(At(call, Short(call)), Act.CancelAfter, source);
            case "ThrowIfCancellationRequested":
                return Perform(Act.ThrowIfCancelled, source);
            case "Register" or "UnsafeRegister":
                var action = Value(call.Arguments[0].Value);
                return Perform(At(call, Short(call)), Act.Register, source, WithState(call, action));
            case "Unregister" or "DisposeAsync":
            case "Dispose" when Kinds.Of(call.TargetMethod.ContainingType) == Kind.Registration:
                return Given(Perform(Act.Unregister, source), awaited || name == "Unregister" || name == "Dispose");
            case "Dispose" or "TryReset":
                return Operand.Unknown;
            default:
                return null;
        }
    }

    private Operand[] Linked(IInvocationOperation call) => call.Arguments.SelectMany(argument => argument.Value.Items()).Select(token => Value(token)).ToArray();

    // Register(state => …, state).
    private Operand WithState(IInvocationOperation call, Operand action)
    {
        if (call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "state") is not { } state)
        {
            return action;
        }

        var given = Value(state.Value);
        return New(to => new MakeDelegate(to, Wrappers.Given, ImmutableArray.Create(action, given)));
    }

    private Operand? Atomic(IInvocationOperation call)
    {
        var target = call.Arguments.Length > 0 ? call.Arguments[0].Value.Bare() : null;
        if (target is null)
        {
            // A fence.
            return Operand.Null;
        }

        switch (call.TargetMethod.Name)
        {
            case "Read":
                return Value(target);
            case "Write":
                var written = Value(call.Arguments[1].Value);
                Assign(target, written);
                return Operand.Null;
            case "Increment" or "Decrement" or "Add":
                var by = call.Arguments.Length > 1 ? Value(call.Arguments[1].Value) : Operand.Of(1);
                return AtOnce(() =>
                {
                    var old = Value(target);
                    var sum = New(to => new Compute(to, old, by, call.TargetMethod.Name == "Decrement" ? Calculation.Subtract : Calculation.Add));
                    Assign(target, sum);
                    return sum;
                });
            case "Exchange":
                var value = Value(call.Arguments[1].Value);
                return AtOnce(() =>
                {
                    var old = Value(target);
                    Assign(target, value);
                    return old;
                });
            case "CompareExchange":
                var replacement = Value(call.Arguments[1].Value);
                var expected = Value(call.Arguments[2].Value);
                return AtOnce(() =>
                {
                    var old = Kept(Value(target));
                    int same = _emitter.NewMark(), end = _emitter.NewMark();
                    Test(old, Relation.Equal, expected, same, end);
                    _emitter.Place(same);
                    Assign(target, replacement);
                    _emitter.Place(end);
                    return old;
                });
            default:
                return null;
        }
    }

    /// <summary>Steps between which nobody else does anything.</summary>
    private Operand AtOnce(System.Func<Operand> steps)
    {
        var outer = _emitter.KeepsTurn;
        _emitter.KeepsTurn = true;
        var result = steps();
        _emitter.KeepsTurn = outer;
        _emitter.Emit(new Set(-1, Operand.Null));
        return result;
    }
}
