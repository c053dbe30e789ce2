using System.Collections.Immutable;

namespace Sluice.Explore;

/// <summary>What a task is made of, and the slots of it.</summary>
internal static class Flavour
{
    public const int Pending = 0;
    public const int Succeeded = 1;
    public const int Failed = 2;

    public const int State = 0;

    /// <summary>Its result, or the number of its failure.</summary>
    public const int Result = 1;
    public const int Kind = 2;

    /// <summary>What cancels it.</summary>
    public const int Token = 3;

    /// <summary>1 and more for the label of the step that made it.</summary>
    public const int Label = 4;
    public const int Children = 5;

    /// <summary>Its process ends it, whoever else may hold it.</summary>
    public const int Plain = 0;
    public const int Delay = 1;
    public const int Never = 2;
    public const int All = 3;
    public const int Any = 4;
    public const int Wait = 5;
    public const int TimedWait = 6;

    /// <summary>Whoever holds its source may end it, or close the channel whose completion it is.</summary>
    public const int Source = 7;
}

/// <summary>Whether a task is over.</summary>
internal enum Ending
{
    Not,

    /// <summary>It may end at any time, whatever the processes do.</summary>
    Possible,
    Over,
}

/// <content>Tasks.</content>
internal sealed partial class Machine
{
    private Value NewTask(int kind)
    {
        var value = World.New(NodeKind.Task);
        var node = World.Object(value)!;
        node.Append(Value.Number(Flavour.Pending));
        node.Append(Value.Unknown);
        node.Append(Value.Number(kind));
        return value;
    }

    private Value NewTask(int kind, Value token, Step step)
    {
        var value = NewTask(kind);
        var node = World.Object(value)!;
        node.Append(token);
        node.Append(Value.Number(step.Label is { } label ? library.Labels[label] + 1 : 0));
        return value;
    }

    private void SetOver(Value task, int state, Value result)
    {
        var node = World.Object(task)!;
        World.Set(node, Flavour.Result, result);
        node.Slots[Flavour.State] = Value.Number(state);
        node.Slots[Flavour.Kind] = Value.Number(Flavour.Plain);
        node.Count = Flavour.Kind + 1;
    }

    private static bool IsOver(Node task) => task.Slots[Flavour.State].AsNumber != Flavour.Pending;

    /// <summary>Ends a task, and with it those that hang on it.</summary>
    private void Complete(Node task, Value value, int state, Value result)
    {
        if (IsOver(task))
        {
            return;
        }

        SetOver(value, state, result);
        for (var n = 0; n < World.NodeCount; n++)
        {
            var other = World.Node(n);
            if (other.Kind == NodeKind.Task && other.Count > Flavour.Children && !IsOver(other) && Holds(other, value))
            {
                CheckChildren(other, Value.Reference(n));
            }
        }
    }

    private bool Holds(Node task, Value child)
    {
        for (var i = Flavour.Children; i < task.Count; i++)
        {
            if (World.Resolve(task.Slots[i]) == child)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Ends a task when those that it waits for are over.</summary>
    private void CheckChildren(Node task, Value value)
    {
        var failure = 0;
        var all = true;
        for (var i = Flavour.Children; i < task.Count; i++)
        {
            var child = World.Resolve(task.Slots[i]);
            if (World.Object(child, NodeKind.Task) is not { } node || !IsOver(node))
            {
                all = false;
                continue;
            }

            var state = node.Slots[Flavour.State].AsNumber;
            switch (task.Slots[Flavour.Kind].AsNumber)
            {
                case Flavour.Any:
                    Complete(task, value, Flavour.Succeeded, child);
                    return;
                case Flavour.Wait or Flavour.TimedWait:
                    Complete(task, value, state, node.Slots[Flavour.Result]);
                    return;
            }

            failure = failure == 0 && state == Flavour.Failed ? node.Slots[Flavour.Result].AsNumber : failure;
        }

        if (all && task.Slots[Flavour.Kind].AsNumber == Flavour.All)
        {
            Complete(task, value, failure != 0 ? Flavour.Failed : Flavour.Succeeded, failure != 0 ? Value.Number(failure) : Value.Unknown);
        }
    }

    /// <summary>Whether a task is over; <paramref name="isFreed"/> when it may be ended from outside.</summary>
    private Ending Poll(Value value, ref bool isFreed)
    {
        if (World.Object(value, NodeKind.Task) is not { } task)
        {
            return Ending.Possible;
        }

        if (IsOver(task))
        {
            return Ending.Over;
        }

        var kind = task.Slots[Flavour.Kind].AsNumber;
        var hasToken = task.Count > Flavour.Token;
        if (hasToken && (IsCancelled(task.Slots[Flavour.Token]) || (LetsOutsideAct && IsFromOutside(task.Slots[Flavour.Token]))))
        {
            Complete(task, value, Flavour.Failed, Value.Number((int)Failures.Cancelled));
            return Ending.Over;
        }

        isFreed |= hasToken && IsFromOutside(task.Slots[Flavour.Token]);
        if ((task.IsOpen && kind == Flavour.Source) || kind is Flavour.Delay or Flavour.TimedWait)
        {
            return Ending.Possible;
        }

        var possible = 0;
        for (var i = Flavour.Children; i < task.Count; i++)
        {
            possible += Poll(World.Resolve(task.Slots[i]), ref isFreed) != Ending.Not ? 1 : 0;
        }

        if (IsOver(task))
        {
            return Ending.Over;
        }

        var enough = kind == Flavour.All ? possible == task.Count - Flavour.Children : possible > 0;
        return enough ? Ending.Possible : Ending.Not;
    }

    /// <summary>Ends a task that may end at any time.</summary>
    private void Force(Value value)
    {
        if (World.Object(value, NodeKind.Task) is not { } task || IsOver(task))
        {
            return;
        }

        switch (task.Slots[Flavour.Kind].AsNumber)
        {
            case Flavour.Plain or Flavour.Source:
                Complete(task, value, Flavour.Succeeded, Value.Unknown);
                break;
            case Flavour.Delay:
                TellEnd(task);
                Complete(task, value, Flavour.Succeeded, Value.Null);
                break;
            case Flavour.All:
                for (var i = Flavour.Children; i < task.Count && !IsOver(task); i++)
                {
                    Force(World.Resolve(task.Slots[i]));
                }

                Complete(task, value, Flavour.Succeeded, Value.Unknown);
                break;
            case Flavour.TimedWait when !ChildMayEnd(task) || Choices.Coin():
                TellEnd(task);
                Complete(task, value, Flavour.Failed, Value.Number((int)Failures.Other));
                break;
            default:
                ForceOne(task, value);
                break;
        }
    }

    private bool ChildMayEnd(Node task)
    {
        var isFreed = false;
        return Poll(World.Resolve(task.Slots[Flavour.Children]), ref isFreed) != Ending.Not;
    }

    private void ForceOne(Node task, Value value)
    {
        var isFreed = false;
        var possible = 0;
        for (var i = Flavour.Children; i < task.Count; i++)
        {
            possible += Poll(World.Resolve(task.Slots[i]), ref isFreed) != Ending.Not ? 1 : 0;
        }

        var picked = Choices.Pick(possible);
        for (var i = Flavour.Children; i < task.Count; i++)
        {
            var child = World.Resolve(task.Slots[i]);
            if (Poll(child, ref isFreed) != Ending.Not && picked-- == 0)
            {
                var isAny = task.Slots[Flavour.Kind].AsNumber == Flavour.Any;
                Force(child);
                Complete(task, value, Flavour.Succeeded, isAny ? child : Value.Unknown);
                return;
            }
        }
    }

    private void TellEnd(Node task)
    {
        if (Told is { } told && task.Slots[Flavour.Label].AsNumber is > 0 and var label)
        {
            told.Add((_process, library.Labels.Of(label - 1), true));
        }
    }

    private Outcome Wait(Value value)
    {
        var isFreed = false;
        switch (Poll(value, ref isFreed))
        {
            case Ending.Not:
                return Blocked(isFreed);
            case Ending.Possible when CanSplit():
                return Outcome.Blocked;
            case Ending.Possible:
                _endsFromOutside |= isFreed;

                // It may be one of those of which only others know where they are: then they are over as well.
                World.IsGuessed |= IsUnknownTask(value) && HasLostTask();
                Force(value);
                break;
        }

        if (World.Object(value, NodeKind.Task) is not { } task)
        {
            return Done(Value.Unknown);
        }

        return task.Slots[Flavour.State].AsNumber == Flavour.Failed
            ? Threw((Failures)task.Slots[Flavour.Result].AsNumber)
            : Done(World.Share(ref task.Slots[Flavour.Result]));
    }

    /// <summary>Whether it is a task of which nothing is known, or hangs on one.</summary>
    private bool IsUnknownTask(Value value)
    {
        if (World.Object(value, NodeKind.Task) is not { } task)
        {
            return true;
        }

        for (var i = Flavour.Children; i < task.Count; i++)
        {
            if (IsUnknownTask(World.Resolve(task.Slots[i])))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a process goes on whose task is among those that are not told apart.</summary>
    private bool HasLostTask()
    {
        for (var p = 0; p < World.ProcessCount; p++)
        {
            if (World.Process(p) is { Depth: > 0 } process && World.Object(process.Task, NodeKind.Task) is { IsOpen: true } task && !IsOver(task))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a task is over, or ends in a given time: 1 or 0.</summary>
    private Outcome Ask(Value value, bool throws)
    {
        Seen |= Watched.Ends;
        var isFreed = false;
        var end = Poll(value, ref isFreed);
        if (end == Ending.Possible && Choices.Coin())
        {
            Force(value);
            end = Ending.Over;
        }

        if (end == Ending.Over && throws && World.Object(value, NodeKind.Task) is { } task && task.Slots[Flavour.State].AsNumber == Flavour.Failed)
        {
            return Threw((Failures)task.Slots[Flavour.Result].AsNumber);
        }

        return Done(Value.Truth(end == Ending.Over));
    }

    private Outcome TimedJoin(Value value)
    {
        var isFreed = false;
        return Poll(value, ref isFreed) == Ending.Over && !Choices.Coin() ? Done(Value.False) : Ask(value, throws: true);
    }

    private Outcome Start(Value started)
    {
        var code = World.Object(started, NodeKind.Delegate) is { } called ? Target(called) : null;
        if (code is null)
        {
            World.Open(started);
            return Done(Value.Unknown);
        }

        var process = World.AddProcess(-1);
        process.Name = code.Name;
        PassCaptured(started, process.Push(code));
        process.Task = NewTask(Flavour.Plain);
        World.MakeShared(process);
        return Done(process.Task);
    }

    private Outcome Complete(Value source, Value value, bool tries, int state)
    {
        if (World.Object(source, NodeKind.Task) is not { } task)
        {
            World.Open(value);
            return Done(tries ? Value.Truth(Choices.Coin()) : Value.Null);
        }

        if (IsOver(task))
        {
            if (tries)
            {
                return Done(Value.False);
            }

            if (!task.IsOpen)
            {
                Report(FindingKind.CompletedTwice);
            }

            return Threw(Failures.Misused);
        }

        if (task.IsOpen && tries && !Choices.Coin())
        {
            return Done(Value.False);
        }

        Complete(task, source, state, value);
        return Done(Value.True);
    }

    private Value NewOver(int state, Value result)
    {
        var task = NewTask(Flavour.Plain);
        SetOver(task, state, result);
        return task;
    }

    private Outcome NewGroup(Do act, int kind)
    {
        Seen |= kind == Flavour.Any ? Watched.Ends : Watched.Nothing;
        var value = NewTask(kind, Value.Null, act);
        var group = World.Object(value)!;
        foreach (var argument in act.Arguments)
        {
            if (World.Object(Read(argument), NodeKind.List) is { } list)
            {
                for (var i = 1; i < list.Count; i++)
                {
                    group.Append(World.Resolve(list.Slots[i]));
                }

                if (list.Slots[0] == Value.True || list.IsOpen)
                {
                    group.Append(Value.Unknown);
                }
            }
            else
            {
                group.Append(Read(argument));
            }
        }

        if (kind == Flavour.All && group.Count == Flavour.Children)
        {
            SetOver(value, Flavour.Succeeded, Value.Null);
        }
        else
        {
            CheckChildren(group, value);
        }

        return Done(value);
    }

    private Outcome NewWait(Do act, int kind)
    {
        Seen |= Watched.Ends;
        var value = NewTask(kind, TokenOf(_frame, act, 1), act);
        World.Object(value)!.Append(Read(act.Arguments[0]));
        CheckChildren(World.Object(value)!, value);
        return Done(value);
    }

    /// <summary>A process that awaits the one and calls the other.</summary>
    private Outcome ContinueWith(Value task, Value next)
    {
        if (World.Object(next, NodeKind.Delegate) is null)
        {
            World.Open(next);
            World.Open(task);
            return Done(Value.Unknown);
        }

        var process = World.AddProcess(-1);
        var frame = process.Push(Continuation);
        process.Name = World.Object(next) is { } called && Target(called) is { } code ? code.Name : "continuation";
        frame.Registers[0] = task;
        frame.Registers[1] = next;
        process.Task = NewTask(Flavour.Plain);
        World.MakeShared(process);
        return Done(process.Task);
    }

    private Prepared? _continuation;

    private Prepared Continuation => _continuation ??= library.Prepare(new Procedure(
        "continuation",
        2,
        3,
        ImmutableArray.Create<Step>(
            new Await(-1, Operand.Register(0)) { Next = 1, Handlers = ImmutableArray.Create(new Handler(Failures.All, 1)) },
            new Invoke(2, Operand.Register(1), ImmutableArray.Create(Operand.Register(0)), CallMode.Awaited) { Next = 2 },
            new Return(Operand.Register(2))),
        IsAsync: true));
}
