using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace Sluice.Explore;

/// <summary>What came of a step.</summary>
internal enum Outcome
{
    /// <summary>It is done: its result is written and the process goes on behind it.</summary>
    Done,

    /// <summary>It has said itself where the process goes on.</summary>
    Led,

    /// <summary>It cannot be done now.</summary>
    Blocked,
    Threw,
}

/// <summary>What a model may look at that most never do. As long as it does not, fewer states tell as much.</summary>
[Flags]
internal enum Watched
{
    Nothing = 0,

    /// <summary>Who waits at a rendezvous already, and who is only about to.</summary>
    Waiting = 1,

    /// <summary>Whether a lock is taken.</summary>
    Holding = 2,

    /// <summary>Whether a task is over yet, or which one is over first.</summary>
    Ends = 4,

    /// <summary>Static fields, or everything that there is: all processes may have to do with each other.</summary>
    Everything = 8,
}

/// <summary>What came of the turn of a process.</summary>
internal enum Turn
{
    Moved,

    /// <summary>It has begun to wait, which others can see.</summary>
    Parked,
    Blocked,
}

/// <summary>
/// Runs one process of a state up to its next step that others can see. Where a step can go several ways, <see cref="Choices"/> says which one it goes this time:
/// whoever runs a turn runs it again until there is no other way.
/// </summary>
internal sealed partial class Machine(Library library)
{
    private Process _process = new();
    private Frame _frame = new();
    private Value _result;
    private Failures _failure;
    private bool _endsFromOutside;
    private int _done;

    public World World { get; set; } = new();

    public Choices Choices { get; } = new();

    /// <summary>Gets what was found wrong in this turn.</summary>
    public List<(FindingKind Kind, Label At, Process By)> Found { get; } = new();

    /// <summary>Gets or sets where the labels of the steps go that run; null when nobody asks.</summary>
    public List<(Process By, Label Label, bool IsEnd)>? Told { get; set; }

    /// <summary>Gets or sets what the model is known to look at.</summary>
    public Watched Watched { get; set; }

    /// <summary>Gets or sets what steps have looked at.</summary>
    public Watched Seen { get; set; }

    /// <summary>Gets or sets a value indicating whether something happened that is beyond the limits.</summary>
    public bool IsBeyondLimits { get; set; }

    /// <summary>Gets or sets a value indicating whether what comes from here on is of no interest.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Gets or sets a value indicating whether the way is none that anybody takes.</summary>
    public bool IsImpossible { get; set; }

    /// <summary>Gets or sets a value indicating whether code of which nothing is known ends the waits that it may end.</summary>
    public bool LetsOutsideAct { get; set; }

    /// <summary>Gets a value indicating whether the wait that blocked, or one that the turn went past, may be ended from outside.</summary>
    public bool IsFreedFromOutside { get; private set; }

    /// <summary>
    /// Gives the process its turn: it does the step that it stands at and goes on up to the next one that others can see,
    /// and so do those that it has started or taken on.
    /// </summary>
    public Turn Run(Process process)
    {
        _process = process;
        _frame = process.Top;
        _done = 0;
        _endsFromOutside = false;
        var step = _frame.Code[_frame.Step];
        if (!Do(step))
        {
            return Park(step) ? Turn.Parked : Turn.Blocked;
        }

        GoOn(process, step.KeepsTurn);
        for (var p = 0; p < World.ProcessCount; p++)
        {
            var other = World.Process(p);
            if (other != process && (other.HasMoved || other.Origin < 0))
            {
                GoOn(other, keepsTurn: false);
            }
        }

        IsFreedFromOutside = _endsFromOutside;
        return Turn.Moved;
    }

    /// <summary>Does the steps that others cannot see.</summary>
    private void GoOn(Process process, bool keepsTurn)
    {
        _process = process;
        while (process.Depth > 0)
        {
            _frame = process.Top;
            var step = _frame.Code[_frame.Step];
            if (++_done > Limits.Chain || (!keepsTurn && !IsLocal(step)) || (Choices.AreExhausted && MayChoose(step)) || !Do(step))
            {
                return;
            }

            keepsTurn = step.KeepsTurn;
        }
    }

    /// <summary>Does a step; false when the process has to wait.</summary>
    private bool Do(Step step)
    {
        IsFreedFromOutside = false;
        var process = _process;
        switch (Execute(step))
        {
            case Outcome.Done:
                Tell(step, process);
                Finish(_frame, step, _result);
                break;
            case Outcome.Led:
                break;
            case Outcome.Threw:
                Tell(step, process);
                Unwind(step, _failure);
                break;
            default:
                if (!Split())
                {
                    return false;
                }

                break;
        }

        process.HasMoved = true;
        return true;
    }

    private bool Watches(Watched what) => (Watched & what) != 0;

    /// <summary>Whether the step at which the process stands is of no interest to others.</summary>
    public bool IsAtLocalStep(Process process)
    {
        _process = process;
        _frame = process.Top;
        return IsLocal(_frame.Code[_frame.Step]);
    }

    /// <summary>What the process stands at, in the words of the source: the label of the step or of the call that leads to it.</summary>
    public static Label? LabelOf(Process process)
    {
        for (var d = process.Depth - 1; d >= 0; d--)
        {
            var step = process[d].Code[process[d].Step];
            if ((step.Label ?? (d == process.Depth - 2 && step is Call call ? call.Waiting : null)) is { } label)
            {
                return label;
            }
        }

        return null;
    }

    /// <summary>Calls the root in a process of its own.</summary>
    public void Begin(Prepared root, ImmutableArray<Operand> arguments)
    {
        var process = World.AddProcess(-1);
        process.Name = root.Name;
        process.IsRoot = true;
        var frame = process.Push(root);
        for (var i = 0; i < root.Parameters && i < arguments.Length; i++)
        {
            frame.Registers[i] = Constant(arguments[i]);
        }
    }

    private void Tell(Step step, Process process)
    {
        if (Told is { } told && step.Label is { } label)
        {
            told.Add((process, label, false));
        }
    }

    private void Report(FindingKind kind)
    {
        if (kind == FindingKind.SentAfterClose && IsExpected(Failures.Closed))
        {
            return;
        }

        if (LabelOf(_process) is { } label)
        {
            Found.Add((kind, label, _process));
        }
    }

    private bool IsExpected(Failures failure)
    {
        for (var d = _process.Depth - 1; d >= 0; d--)
        {
            foreach (var handler in _process[d].Code[_process[d].Step].Handlers)
            {
                if (handler.IsExpected && (handler.Takes & failure) != 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Writes the result of a step and goes on behind it.</summary>
    private static void Finish(Frame frame, Step step, Value result)
    {
        if (Liveness.Target(step) is >= 0 and var target)
        {
            frame.Registers[target] = result;
        }

        frame.GoTo(step.Next);
    }

    private Value Constant(Operand operand) => operand.Kind switch
    {
        OperandKind.Null => Value.Null,
        OperandKind.Number => Value.Number(operand.Number),
        OperandKind.Size => Value.Number(library.Sizes[operand.Number]),
        OperandKind.Text => Value.Text(library.Texts[operand.Text ?? string.Empty]),
        _ => Value.Unknown,
    };

    /// <summary>The value of an operand, to look at.</summary>
    private Value Read(Operand operand) => Read(_frame, operand);

    private Value Read(Frame frame, Operand operand) =>
        operand.Kind == OperandKind.Register ? World.Resolve(frame.Registers[operand.Number]) : Constant(operand);

    /// <summary>The value of an operand, to keep in another place.</summary>
    private Value Copy(Operand operand) =>
        operand.Kind == OperandKind.Register ? World.Share(ref _frame.Registers[operand.Number]) : Constant(operand);

    private Outcome Done(Value result)
    {
        _result = result;
        return Outcome.Done;
    }

    private Outcome Done() => Done(Value.Null);

    private Outcome Threw(Failures failure)
    {
        _failure = failure;
        return Outcome.Threw;
    }

    /// <summary>A wait that ends at any time, so that others may run before: it suspends whoever can be.</summary>
    private Outcome AnyTime(Value result) => CanSplit() ? Outcome.Blocked : Done(result);

    private Outcome Blocked(bool isFreedFromOutside = false)
    {
        IsFreedFromOutside |= isFreedFromOutside;
        return Outcome.Blocked;
    }

    private Outcome BlockedBy(Value token) =>
        LetsOutsideAct && IsFromOutside(token) && !CanSplit() ? Threw(Failures.Cancelled) : Blocked(IsFromOutside(token));

    private int Boundary()
    {
        var at = _process.Depth - 1;
        while (at > 0 && !_process[at].IsBoundary)
        {
            at--;
        }

        return at;
    }

    private bool CanSplit() => _frame.Code.IsAsync && Boundary() > 0 && Suspends(_frame.Code[_frame.Step]);

    /// <summary>Whether a wait of the step lets the thread go; the others keep it.</summary>
    private static bool Suspends(Step step) => step is Await or Call or Invoke or Do
    {
        Act: Act.Send or Act.WaitToSend or Act.Receive or Act.ReceiveOk or Act.WaitToReceive or Act.AcquireSemaphore or Act.Select,
    };

    /// <summary>The process waits in an async procedure that somebody has called without awaiting it: what waits goes on by itself, and the caller goes on with the task.</summary>
    private bool Split()
    {
        if (!CanSplit())
        {
            return false;
        }

        var at = Boundary();

        var process = _process;
        var waiting = World.AddProcess(-1);
        process.HandOver(at, waiting);
        waiting[0].IsBoundary = false;
        waiting.Name = waiting[0].Code.Name;
        waiting.Task = NewTask(Flavour.Plain);
        World.MakeShared(waiting);
        if (Watches(Watched.Waiting) && IsSeenWaiting(_frame.Code[_frame.Step]))
        {
            _frame.Phase = 1;
        }

        var caller = process.Top;
        var call = caller.Code[caller.Step];
        Finish(caller, call, waiting.Task);
        return true;
    }

    private bool Park(Step step)
    {
        if (_frame.Phase != 0 || !((Watches(Watched.Waiting) && IsSeenWaiting(step)) || step is Do { Act: Act.EnterWrite }))
        {
            return false;
        }

        _frame.Phase = 1;
        return true;
    }

    private bool IsSeenWaiting(Step step) =>
        step is Do { Act: Act.Send or Act.Receive or Act.ReceiveOk } act
            ? World.Object(Read(act.Arguments[0]), NodeKind.Channel) is { } channel && channel.Slots[Channels.Capacity] == Value.Number(0)
            : step is Do { Act: Act.Select };

    /// <summary>Ends the top frame with a value.</summary>
    private void Leave(Value value)
    {
        var code = _frame.Code;
        var isBoundary = _frame.IsBoundary;
        _process.Pop();
        if (_process.Depth == 0)
        {
            if (!code.IsAsync && World.Object(value, NodeKind.Task) is not null && !_process.IsRoot)
            {
                _process.Push(Unwrap).Registers[0] = value;
                return;
            }

            End(Flavour.Succeeded, value);
            return;
        }

        var caller = _process.Top;
        var call = caller.Code[caller.Step];
        if (isBoundary)
        {
            var task = NewTask(Flavour.Plain);
            SetOver(task, Flavour.Succeeded, value);
            value = task;
        }
        else if (!code.IsAsync && call is Call { Mode: CallMode.Awaited } or Invoke { Mode: CallMode.Awaited } && World.Object(value, NodeKind.Task) is not null)
        {
            _process.Push(Unwrap).Registers[0] = value;
            return;
        }

        Finish(caller, call, value);
    }

    /// <summary>An exception looks for who takes it.</summary>
    private void Unwind(Step step, Failures failure)
    {
        while (true)
        {
            foreach (var handler in step.Handlers)
            {
                if ((handler.Takes & failure) != 0)
                {
                    _process.Top.GoTo(handler.Step);
                    return;
                }
            }

            var isBoundary = _process.Top.IsBoundary;
            _process.Pop();
            if (_process.Depth == 0)
            {
                End(Flavour.Failed, Value.Number((int)failure));
                return;
            }

            step = _process.Top.Code[_process.Top.Step];
            if (isBoundary)
            {
                var task = NewTask(Flavour.Plain);
                SetOver(task, Flavour.Failed, Value.Number((int)failure));
                Finish(_process.Top, step, task);
                return;
            }
        }
    }

    /// <summary>The process is over, and so is its task.</summary>
    private void End(int state, Value result)
    {
        if (_process.IsRoot)
        {
            World.Open(result);
        }

        if (World.Object(_process.Task) is { } task)
        {
            Complete(task, _process.Task, state, result);
        }
    }
}
