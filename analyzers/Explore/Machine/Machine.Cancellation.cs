using System.Collections.Generic;
using System.Collections.Immutable;

namespace Sluice.Explore;

/// <summary>The slots of a cancellation source.</summary>
internal static class Cancellations
{
    public const int Cancelled = 0;

    /// <summary>1 and more once it may be cancelled at any time: the label of the step that said so.</summary>
    public const int Armed = 1;

    /// <summary>1 when it is linked to a token of which nothing is known.</summary>
    public const int FromOutside = 2;

    /// <summary>How many sources it is linked to; they follow, and after them what is registered.</summary>
    public const int Links = 3;
    public const int First = 4;
}

/// <content>Cancellation.</content>
internal sealed partial class Machine
{
    private readonly List<Value> _registered = new();
    private readonly Dictionary<int, Prepared> _runAll = new();

    private bool IsCancelled(Value token)
    {
        if (World.Object(token, NodeKind.Cancellation) is not { } source)
        {
            return false;
        }

        if (source.Slots[Cancellations.Cancelled] == Value.True)
        {
            return true;
        }

        for (var i = 0; i < source.Slots[Cancellations.Links].AsNumber; i++)
        {
            if (IsCancelled(source.Slots[Cancellations.First + i]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether code of which nothing is known may cancel it.</summary>
    private bool IsFromOutside(Value token)
    {
        token = World.Resolve(token);
        if (World.Object(token) is not { } source)
        {
            return IsUnknown(token);
        }

        if (source.IsOpen || source.Kind != NodeKind.Cancellation || source.Slots[Cancellations.FromOutside] == Value.True)
        {
            return true;
        }

        for (var i = 0; i < source.Slots[Cancellations.Links].AsNumber; i++)
        {
            if (IsFromOutside(source.Slots[Cancellations.First + i]))
            {
                return true;
            }
        }

        return false;
    }

    private Outcome NewCancellation(ImmutableArray<Operand> linked)
    {
        var value = World.New(NodeKind.Cancellation);
        var source = World.Object(value)!;
        source.Append(Value.False);
        source.Append(Value.False);
        source.Append(Value.False);
        source.Append(Value.False);
        var links = 0;
        foreach (var operand in linked)
        {
            var token = Read(operand);
            if (World.Object(token, NodeKind.Cancellation) is not null)
            {
                source.Append(token);
                links++;
            }
            else if (IsUnknown(token))
            {
                source.Slots[Cancellations.FromOutside] = Value.True;
            }
        }

        source.Slots[Cancellations.Links] = Value.Number(links);
        return Done(value);
    }

    private Outcome CancelAfter(Value value, Step step)
    {
        if (World.Object(value, NodeKind.Cancellation) is { } source && !IsCancelled(value))
        {
            source.Slots[Cancellations.Armed] = Value.Number(step.Label is { } label ? library.Labels[label] + 2 : 1);
            World.MakeShared(value);
        }

        return Done();
    }

    private Outcome Cancel(Value value)
    {
        if (World.Object(value, NodeKind.Cancellation) is not { } source || source.Slots[Cancellations.Cancelled] == Value.True)
        {
            return Done();
        }

        SetCancelled(source);
        if (_registered.Count == 0)
        {
            return Done();
        }

        Tell(_frame.Code[_frame.Step], _process);
        RunRegistered(_process);
        return Outcome.Led;
    }

    /// <summary>The time of a source is over: a turn of the clock.</summary>
    public void Expire(Node source)
    {
        var label = source.Slots[Cancellations.Armed].AsNumber - 2;
        _process = new Process { Name = "the clock" };
        if (label >= 0)
        {
            Told?.Add((_process, library.Labels.Of(label), true));
        }

        SetCancelled(source);
        if (_registered.Count > 0)
        {
            var process = World.AddProcess(-1);
            process.Name = "cancellation";
            RunRegistered(process);
            World.MakeShared(process);
        }
    }

    /// <summary>Sets it, ends the tasks that hang on it, and collects what is registered, the last first.</summary>
    private void SetCancelled(Node source)
    {
        source.Slots[Cancellations.Cancelled] = Value.True;
        source.Slots[Cancellations.Armed] = Value.False;
        _registered.Clear();
        var first = Cancellations.First + source.Slots[Cancellations.Links].AsNumber;
        for (var i = source.Count - 1; i >= first; i--)
        {
            if (World.Object(source.Slots[i]) is { Count: > 0 } registration)
            {
                _registered.Add(registration.Slots[0]);
                registration.Count = 0;
            }
        }

        source.Count = first;
        for (var n = 0; n < World.NodeCount; n++)
        {
            var task = World.Node(n);
            if (task.Kind == NodeKind.Task && task.Count > Flavour.Label && !IsOver(task) && IsCancelled(task.Slots[Flavour.Token]))
            {
                Complete(task, Value.Reference(n), Flavour.Failed, Value.Number((int)Failures.Cancelled));
            }
        }
    }

    private void RunRegistered(Process process)
    {
        var count = _registered.Count;
        if (!_runAll.TryGetValue(count, out var code))
        {
            var steps = ImmutableArray.CreateBuilder<Step>();
            for (var i = 0; i < count; i++)
            {
                steps.Add(new Invoke(-1, Operand.Register(i), ImmutableArray<Operand>.Empty) { Next = i + 1 });
            }

            steps.Add(new Return(Operand.Null));
            code = library.Prepare(new Procedure("cancellation", count, count, steps.ToImmutable()));
            _runAll.Add(count, code);
        }

        var frame = process.Push(code);
        for (var i = 0; i < count; i++)
        {
            frame.Registers[i] = _registered[i];
        }
    }

    private Outcome Register(Value token, Value called)
    {
        var value = World.New(NodeKind.Registration);
        if (World.Object(token, NodeKind.Cancellation) is not { } source)
        {
            // A token that is none is never cancelled.
            if (World.Resolve(token).Tag is not (Tag.Null or Tag.Default))
            {
                World.Open(called);
            }

            return Done(value);
        }

        if (IsCancelled(token))
        {
            _registered.Clear();
            _registered.Add(called);
            Tell(_frame.Code[_frame.Step], _process);
            RunRegistered(_process);
            return Outcome.Led;
        }

        World.Append(World.Object(value)!, called);
        RegisterAt(source, value);
        return Done(value);
    }

    private void RegisterAt(Node source, Value registration)
    {
        var links = source.Slots[Cancellations.Links].AsNumber;
        IsBeyondLimits |= source.Count - Cancellations.First - links >= Limits.Few;
        World.Append(source, registration);
        for (var i = 0; i < links; i++)
        {
            RegisterAt(World.Object(source.Slots[Cancellations.First + i])!, registration);
        }
    }

    private Outcome Unregister(Value value)
    {
        if (World.Object(value, NodeKind.Registration) is { } registration)
        {
            registration.Count = 0;
            for (var n = 0; n < World.NodeCount; n++)
            {
                var source = World.Node(n);
                if (source.Kind == NodeKind.Cancellation)
                {
                    for (var i = source.Count - 1; i >= Cancellations.First + source.Slots[Cancellations.Links].AsNumber; i--)
                    {
                        if (source.Slots[i] == value)
                        {
                            source.RemoveAt(i);
                        }
                    }
                }
            }
        }

        return Done();
    }
}
