using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Explore;

/// <content>Tasks, threads, and what the library makes.</content>
internal sealed partial class Translator
{
    private Operand? Tasks(IInvocationOperation call, Kind kind, bool awaited)
    {
        var name = call.TargetMethod.Name;
        var text = Short(call);
        var label = At(call, text);
        switch (kind, name)
        {
            case (Kind.Task, "Run"):
            case (Kind.TaskFactory, "StartNew"):
                return Task(Perform(label, Act.Start, Started(call)), call, awaited, text);
            case (Kind.ThreadPool, "QueueUserWorkItem" or "UnsafeQueueUserWorkItem"):
                Perform(label, Act.Start, Started(call));
                return Operand.True;
            case (Kind.Task, "Delay"):
                return Task(Perform(label, IsInfinite(call.Arguments[0].Value) ? Act.Never : Act.Delay, TokenOf(call)), call, awaited, text);
            case (Kind.Task, "Yield"):
                return Operand.Null;
            case (Kind.Task, "FromResult"):
                return Given(Value(call.Arguments[0].Value), awaited);
            case (Kind.Task, "FromException" or "FromCanceled"):
                Effect(call.Arguments[0].Value);
                var failure = name == "FromCanceled" ? Failures.Cancelled : Caught.ByThrowing(call.Arguments[0].Value.Bare().Type);
                return Task(Perform(Act.FailedTask, Operand.Of((int)failure)), call, awaited, text);
            case (Kind.Task, "WhenAll"):
                return Task(Perform(label, Act.WhenAll, Several(call)), call, awaited, $"await {text}");
            case (Kind.Task, "WhenAny"):
                return Task(Perform(label, Act.WhenAny, Several(call)), call, awaited, $"await {text}");
            case (Kind.Task, "WaitAll"):
                var all = Perform(Act.WhenAll, Several(call));
                return IsTimed(call) ? Perform(label, Act.TimedJoin, all) : Join(TokenOf(call) is { Kind: not OperandKind.Null } token ? Perform(Act.WaitAsync, all, token) : all, call, text);
            case (Kind.Task, "WaitAny"):
                var any = Perform(Act.WhenAny, Several(call));
                if (IsTimed(call))
                {
                    Perform(label, Act.TimedJoin, any);
                }
                else
                {
                    Join(any, call, text);
                }

                return Operand.Unknown;
            case (Kind.Task, "ContinueWith"):
                return Task(Perform(label, Act.ContinueWith, Value(call.Instance), Value(call.Arguments[0].Value)), call, awaited, text);
            case (Kind.Task, "WaitAsync"):
                var waited = Value(call.Receiver());
                return Task(IsTimed(call) ? Perform(label, Act.TimedWaitAsync, waited, TokenOf(call)) : Perform(label, Act.WaitAsync, waited, TokenOf(call)), call, awaited, text);
            case (Kind.Task, "Wait" or "GetResult"):
                return Blocking(call, text);
            case (Kind.Task, "ConfigureAwait" or "AsTask" or "Preserve" or "Unwrap" or "GetAwaiter"):
                return awaited ? AwaitOf(call, call) : Value(call.Receiver());
            case (Kind.Thread, "Start"):
                return StartThread(call);
            case (Kind.Thread, "Join"):
                var thread = Value(call.Instance);
                var task = New(to => new Load(to, thread, "task"));
                return IsTimed(call) ? Perform(label, Act.TimedJoin, task) : Join(task, call, text);
            case (Kind.Thread, "Sleep" or "Yield" or "SpinWait" or "MemoryBarrier"):
                return Operand.Null;
            case (Kind.Parallel, _):
                return InParallel(call, awaited);
            case (Kind.Timer, "WaitForNextTickAsync"):
                var tick = Perform(label, Act.Delay, TokenOf(call));
                return awaited ? Constant(Join(tick, call, text), Operand.True) : tick;
            case (Kind.Timer, "Dispose"):
                return Operand.Null;
            case (Kind.Alarm, "Change"):
                SetAlarm(Kept(Value(call.Instance)), call.Arguments, call);
                return Operand.True;
            case (Kind.Alarm, "Dispose" or "DisposeAsync"):
                return Given(Perform(label, Act.Cancel, New(to => new Load(to, Kept(Value(call.Instance)), "stop", IsStable: true))), awaited || name == "Dispose");
            case (Kind.Completion, _):
                return Complete(call, name, label);
            default:
                return null;
        }
    }

    private Operand? Complete(IInvocationOperation call, string name, Label label)
    {
        var source = Value(call.Instance);
        switch (name)
        {
            case "SetResult":
                return Perform(label, Act.Complete, source, call.Arguments.Length > 0 ? Value(call.Arguments[0].Value) : Operand.Null);
            case "TrySetResult":
                return Perform(label, Act.TryComplete, source, call.Arguments.Length > 0 ? Value(call.Arguments[0].Value) : Operand.Null);
            case "SetException" or "TrySetException":
                Effect(call.Arguments[0].Value);
                return Perform(label, Act.Fault, source, Operand.Of((int)Caught.ByThrowing(call.Arguments[0].Value.Bare().Type)));
            case "SetCanceled" or "TrySetCanceled":
                return Perform(label, Act.Fault, source, Operand.Of((int)Failures.Cancelled));
            default:
                return null;
        }
    }

    // task.Wait(), task.GetAwaiter().GetResult()
    private Operand Blocking(IInvocationOperation call, string text)
    {
        var receiver = (call.Receiver() ?? call).Bare().ThroughTaskAdapters();
        if (IsTimed(call))
        {
            return Perform(At(call, text), Act.TimedJoin, Value(receiver));
        }

        if (TokenOf(call) is { Kind: not OperandKind.Null } token)
        {
            return Join(Perform(Act.WaitAsync, Value(receiver), token), call, text);
        }

        return receiver is IInvocationOperation inner && inner != call ? Invoke(inner, awaited: true) : Join(Value(receiver), call, text);
    }

    private Operand Started(IInvocationOperation call)
    {
        var work = Value(call.Arguments[0].Value);
        return call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "state") is { } state
            ? Bound(work, Value(state.Value))
            : call.Arguments[0].Value.Bare() is IAnonymousFunctionOperation { Symbol.Parameters.Length: 1 } ? Bound(work, Operand.Unknown) : work;
    }

    private Operand Bound(Operand work, Operand argument) => New(to => new MakeDelegate(to, Wrappers.Given, ImmutableArray.Create(work, argument)));

    /// <summary>A timer calls at any time from now on, once or again and again, until it is stopped.</summary>
    private void SetAlarm(Operand alarm, ImmutableArray<IArgumentOperation> arguments, IOperation at)
    {
        IOperation? Given(string name) => arguments.FirstOrDefault(argument => argument.Parameter?.Name == name)?.Value;
        if (Given("dueTime") is not { } due || IsInfinite(due))
        {
            return;
        }

        var period = Given("period");
        var repeats = period is null || IsInfinite(period) || period.ConstantValue is { HasValue: true, Value: 0 } ? Operand.False : Operand.True;
        var stop = New(to => new Load(to, alarm, "stop", IsStable: true));
        var work = New(to => new Load(to, alarm, "work", IsStable: true));
        var state = New(to => new Load(to, alarm, "state", IsStable: true));
        Perform(At(at, "the timer"), Act.Start, New(to => new MakeDelegate(to, Wrappers.OnTime, ImmutableArray.Create(work, state, stop, repeats))));
    }

    private Operand[] Several(IInvocationOperation call)
    {
        var tasks = call.Arguments.Where(argument => Kinds.Of(argument.Parameter?.Type) is Kind.List or Kind.Task).ToArray();
        var items = tasks.SelectMany(argument => argument.Value.Items()).ToArray();
        if (tasks.Length == 1 && (items.Length != 1 || items[0] != tasks[0].Value) && items.All(item => !item.IsSpread()))
        {
            return items.Select(item => Kept(Value(item))).ToArray();
        }

        return tasks.Select(argument => Kept(Value(argument.Value))).ToArray();
    }

    private Operand StartThread(IInvocationOperation call)
    {
        var thread = Value(call.Instance);
        var work = New(to => new Load(to, thread, "work"));
        var task = Perform(At(call, Short(call)), Act.StartThread, call.Arguments.Length > 0 ? Bound(work, Value(call.Arguments[0].Value)) : work);
        _emitter.Emit(new Store(thread, "task", task));
        return Operand.Null;
    }

    private Operand? InParallel(IInvocationOperation call, bool awaited)
    {
        var tasks = Perform(Act.NewList);
        var label = At(call, Short(call));
        void Begin(Operand work) => _emitter.Emit(new Do(-1, Act.Add, ImmutableArray.Create(tasks, Perform(label, Act.Start, work))));

        switch (call.TargetMethod.Name)
        {
            case "Invoke":
                foreach (var action in call.Arguments.SelectMany(argument => argument.Value.Items()).Where(item => Kinds.Of(item.Type) == Kind.Delegate || item.Bare() is IAnonymousFunctionOperation or IMethodReferenceOperation))
                {
                    Begin(Value(action));
                }

                break;
            case "ForEach" or "ForEachAsync" when call.Arguments.LastOrDefault() is { Parameter.Name: "body" } body:
                var each = Kept(Value(body.Value));
                var end = _emitter.NewMark();
                Each(call.Arguments[0].Value.Bare(), element => Begin(Bound(each, element)), end);
                _emitter.Place(end);
                break;
            case "For" or "ForAsync" when call.Arguments.LastOrDefault() is { Parameter.Name: "body" } body:
                var round = Kept(Value(body.Value));
                Begin(Bound(round, Value(call.Arguments[0].Value)));
                Begin(Bound(round, Operand.Unknown));
                break;
            default:
                return null;
        }

        var whole = Perform(Act.WhenAll, tasks);
        return call.TargetMethod.Name.EndsWith("Async", System.StringComparison.Ordinal) && !awaited ? whole : Join(whole, call, Short(call));
    }

    private Operand Group(IInvocationOperation call, bool awaited)
    {
        if (call.Instance is null)
        {
            return Operand.Unknown;
        }

        var group = Value(call.Instance);
        switch (call.TargetMethod.Name)
        {
            case "Go":
                var source = New(to => new Load(to, group, "source", IsStable: true));
                var tasks = New(to => new Load(to, group, "tasks", IsStable: true));
                var work = Value(call.Arguments[0].Value);
                var bound = New(to => new MakeDelegate(to, Wrappers.InGroup, ImmutableArray.Create(work, source)));
                _emitter.Emit(new Do(-1, Act.Add, ImmutableArray.Create(tasks, Perform(At(call, Short(call)), Act.Start, bound))));
                return Operand.Null;
            case "Cancel":
                return Perform(At(call, Short(call)), Act.Cancel, New(to => new Load(to, group, "source", IsStable: true)));
            case "WaitAsync" or "DisposeAsync":
                var all = Perform(Act.WhenAll, New(to => new Load(to, group, "tasks", IsStable: true)));
                return Task(all, call, awaited, Short(call));
            default:
                return Operand.Unknown;
        }
    }

    private void DisposeGroup(Operand group, IOperation at)
    {
        _emitter.Emit(new Do(-1, Act.Cancel, ImmutableArray.Create(New(to => new Load(to, group, "source", IsStable: true)))));
        Join(Perform(Act.WhenAll, New(to => new Load(to, group, "tasks", IsStable: true))), at, "the end of the group");
    }

    private Operand CreateLibrary(IObjectCreationOperation creation, Kind kind)
    {
        Operand First() => creation.Arguments.Length > 0 ? Value(creation.Arguments[0].Value) : Operand.Null;

        switch (kind)
        {
            case Kind.Chan when creation.Type!.Name == "Chan":
                return Perform(Act.NewChannel, creation.Arguments.Length > 0 ? First() : Operand.Of(0));
            case Kind.Chan:
                return First();
            case Kind.Completion:
                return Perform(Act.NewCompletion);
            case Kind.Source:
                var source = Perform(Act.NewCancellation);
                if (creation.Arguments.Length > 0 && !IsInfinite(creation.Arguments[0].Value))
                {
                    Perform(At(creation, "the timeout"), Act.CancelAfter, source);
                }

                return source;
            case Kind.Lock:
                return Perform(Act.NewMonitor);
            case Kind.Mutex:
                return Perform(Act.NewMonitor);
            case Kind.Harmless when creation.Type!.SpecialType == SpecialType.System_Object:
                return Perform(Act.NewMonitor);
            case Kind.Semaphore:
                return Perform(Act.NewSemaphore, First());
            case Kind.ReaderWriter:
                return Perform(Act.NewReaderWriterLock, creation.Arguments.Length > 0 && creation.Arguments[0].Value.ConstantValue is { HasValue: true, Value: 1 } ? Operand.True : Operand.False);
            case Kind.Event:
                var resets = creation.Type!.Name == "AutoResetEvent" || (creation.Type.Name == "EventWaitHandle" && creation.Arguments.Length > 1 && creation.Arguments[1].Value.ConstantValue is { HasValue: true, Value: 0 });
                return Perform(Act.NewEvent, creation.Arguments.Length > 0 ? First() : Operand.False, resets ? Operand.True : Operand.False);
            case Kind.Countdown:
                return Perform(Act.NewCountdown, First());
            case Kind.WaitGroup:
                return Perform(Act.NewCountdown, Operand.Of(0));
            case Kind.Barrier when creation.Arguments.Length == 1:
                return Perform(Act.NewBarrier, First());
            case Kind.Group:
                return NewGroup(creation);
            case Kind.Thread:
                var work = First();
                var thread = New(to => new Make(to, "thread"));
                _emitter.Emit(new Store(thread, "work", work));
                return thread;
            case Kind.Alarm when creation.Arguments.Length > 1:
                var alarm = New(to => new Make(to, "timer"));
                _emitter.Emit(new Store(alarm, "work", First()));
                _emitter.Emit(new Store(alarm, "state", creation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "state") is { } given ? Value(given.Value) : Operand.Null));
                _emitter.Emit(new Store(alarm, "stop", Perform(Act.NewCancellation)));
                SetAlarm(alarm, creation.Arguments, creation);
                return alarm;
            case Kind.List or Kind.Queue:
                var list = Perform(Act.NewList);
                if (creation.Arguments.Length > 0 && Kinds.Of(creation.Arguments[0].Value.Bare().Type) is Kind.List or Kind.Queue)
                {
                    AddAll(list, creation.Arguments[0].Value.Bare());
                }

                return list;
            case Kind.Map:
                // What it is made from is not looked into.
                return creation.Arguments.Any(argument => Kinds.Of(argument.Value.Bare().Type) is Kind.List or Kind.Map) ? Operand.Unknown : Perform(Act.NewMap);
            case Kind.Case:
                return New(to => new Make(to, "case"));
            case Kind.Lazy:
                var factory = First();
                var lazy = New(to => new Make(to, "lazy"));
                _emitter.Emit(new Store(lazy, "work", factory));
                return lazy;
            case Kind.Nullable when creation.Arguments.Length == 1:
                return First();
            case Kind.Task when creation.Type!.Name == "ValueTask" && creation.Arguments.Length == 1:
                var result = creation.Arguments[0].Value;
                return Kinds.Of(result.Type) == Kind.Task ? Value(result) : Perform(Act.CompletedTask, Value(result));
            case Kind.Token:
                return Operand.Null;
            case Kind.Delegate:
                return First();
            default:
                foreach (var argument in creation.Arguments)
                {
                    EscapeUnlessHarmless(Value(argument.Value), argument.Value.Bare().Type);
                }

                return Perform(Act.Something);
        }
    }

    private Operand NewGroup(IObjectCreationOperation creation)
    {
        var token = creation.Arguments.Where(argument => Kinds.Of(argument.Parameter?.Type) == Kind.Token).Select(argument => Value(argument.Value)).FirstOrDefault();
        var group = New(to => new Make(to, "group"));
        _emitter.Emit(new Store(group, "source", token.Kind is OperandKind.Null ? Perform(Act.NewCancellation) : Perform(Act.NewCancellation, token)));
        _emitter.Emit(new Store(group, "tasks", Perform(Act.NewList)));
        return group;
    }
}
