using System.Collections.Immutable;

namespace Sluice.Explore;

/// <content>The steps of a procedure, but for what <see cref="Act"/> names.</content>
internal sealed partial class Machine
{
    /// <summary>Awaits what a procedure that is not async has returned.</summary>
    private Prepared? _unwrap;

    private Prepared Unwrap => _unwrap ??= library.Prepare(new Procedure(
        "await",
        1,
        1,
        ImmutableArray.Create<Step>(new Await(0, Operand.Register(0)) { Next = 1 }, new Return(Operand.Register(0))),
        IsAsync: true));

    private Outcome Execute(Step step)
    {
        switch (step)
        {
            case Set set:
                return Done(Copy(set.Value));
            case Make:
                return Done(World.New(NodeKind.Plain, Named));
            case Load load:
                return Done(LoadField(load));
            case Store store:
                StoreField(store);
                return Done();
            case Test test:
                Tell(step, _process);
                _frame.GoTo(Decide(test) ? test.Next : test.Otherwise);
                return Outcome.Led;
            case Choose choose:
                Tell(step, _process);
                var way = Choices.Pick(choose.Others.Length + 1);
                _frame.GoTo(way == 0 ? choose.Next : choose.Others[way - 1]);
                return Outcome.Led;
            case Compute compute:
                return Done(Calculate(Concrete(compute.Left), Concrete(compute.Right), compute.How));
            case MakeDelegate made:
                return Done(NewDelegate(made));
            case Call call:
                return Enter(step, Target(call), call.Arguments, call.Mode);
            case Invoke invoke:
                return Enter(invoke);
            case Await wait:
                return Wait(Read(wait.Task));
            case Do act:
                return Perform(act);
            case Return end:
                Tell(step, _process);
                Leave(Copy(end.Value));
                return Outcome.Led;
            case Throw thrown:
                return Threw(thrown.Kind);
            default:
                return Done(Value.Unknown);
        }
    }

    /// <summary>Gets the number of what the step names.</summary>
    private int Named => _frame.Code.NameOf(_frame.Step, library);

    private Value LoadField(Load load)
    {
        if (load.IfKnown && !IsStaticKnown)
        {
            return Value.Unknown;
        }

        var node = load.Of is { } of ? World.Object(Read(of)) : Statics();
        if (node is not { Kind: NodeKind.Plain or NodeKind.Statics })
        {
            return Value.Unknown;
        }

        var field = Named;
        var slot = World.FieldSlot(node, field);
        if (slot < 0)
        {
            if (node.Kind == NodeKind.Plain && !node.IsOpen)
            {
                return Value.Default;
            }

            // What others have put there is unknown, but it stays the same until somebody writes it.
            World.SetField(node, field, Value.Unknown);
            slot = World.FieldSlot(node, field);
        }

        return World.Share(ref node.Slots[slot]);
    }

    private bool IsStaticKnown => World.Statics >= 0 && World.FieldSlot(World.Node(World.Statics), Named) >= 0;

    private Node Statics()
    {
        Seen |= Watched.Everything;
        if (World.Statics < 0)
        {
            World.Statics = World.New(NodeKind.Statics).Payload;
        }

        return World.Node(World.Statics);
    }

    private void StoreField(Store store)
    {
        var value = Copy(store.Value);
        if (store.IfKnown && !IsStaticKnown)
        {
            World.Open(value);
        }
        else if ((store.Of is { } of ? World.Object(Read(of)) : Statics()) is { Kind: NodeKind.Plain or NodeKind.Statics } node)
        {
            // What nobody reads need not be kept, unless something hangs on it.
            if (library.IsRead(store.Field) || node.IsOpen || World.Resolve(value).IsReference || World.FieldSlot(node, Named) >= 0)
            {
                World.SetField(node, Named, value);
            }
        }
        else
        {
            World.Open(value);
        }
    }

    private Value Calculate(Value left, Value right, Calculation how)
    {
        if (!IsNumber(left) || !IsNumber(right))
        {
            return Unknowns.LostNumber;
        }

        long a = left.AsNumber, b = right.AsNumber;
        var result = how switch
        {
            Calculation.Add => a + b,
            Calculation.Subtract => a - b,
            Calculation.Multiply => a * b,
            Calculation.Divide when b != 0 => a / b,
            Calculation.Remainder when b != 0 => a % b,
            _ => long.MaxValue,
        };
        var most = library.Sizes.Largest;
        return result >= -most && result <= most ? Value.Number((int)result)
            : result is > 0 and < long.MaxValue ? Unknowns.Compared(Unknowns.LostNumber, most + 1, below: false)
            : Unknowns.LostNumber;
    }

    private bool IsCounter(Operand operand) => IsNumber(Read(operand));

    private static bool IsConstant(Operand operand) => operand.Kind is OperandKind.Number or OperandKind.Size;

    private static bool IsNumber(Value value) => value.Tag is Tag.Number or Tag.Default;

    /// <summary>The value of an operand that something is counted by: a number of which nothing is known is taken for 2 from then on, wherever it is held.</summary>
    private Value Concrete(Operand operand)
    {
        var value = Read(operand);
        if (operand.Kind == OperandKind.Unknown)
        {
            return LikelyCounts[0];
        }

        if (!IsUnknown(value) || Unknowns.IsLost(World.Known(value)))
        {
            return value;
        }

        foreach (var number in LikelyCounts)
        {
            if (Unknowns.May(World.Known(value), number))
            {
                World.Node(Copy(operand).Payload).Slots[0] = number;
                return number;
            }
        }

        return value;
    }

    private static readonly Value[] LikelyCounts = [Value.Number(2), Value.Number(1), Value.Number(3)];

    /// <summary>Whether the values are the same; null when that is unknown.</summary>
    private bool? AreEqual(Value left, Value right)
    {
        if (IsUnknown(left) && IsUnknown(right))
        {
            return left.Tag == Tag.Symbol && left == right ? true : null;
        }

        if (IsUnknown(left) || IsUnknown(right))
        {
            var (unknown, known) = IsUnknown(left) ? (left, right) : (right, left);

            // Code of which nothing is known cannot have what it was never given.
            return World.Object(known) is { IsOpen: false } || !Unknowns.May(World.Known(unknown), known) ? false : null;
        }

        return left == right
            || (left.Tag == Tag.Default && (right.Tag == Tag.Null || right == Value.False))
            || (right.Tag == Tag.Default && (left.Tag == Tag.Null || left == Value.False));
    }

    private static bool IsUnknown(Value value) => value.Tag is Tag.Unknown or Tag.Symbol;

    /// <summary>Whether the test holds; null when that is unknown.</summary>
    private bool? Holds(Test test) => Holds(test, Read(test.Left), Read(test.Right));

    private bool? Holds(Test test, Value left, Value right)
    {
        if (test.Relation == Relation.Equal)
        {
            return AreEqual(left, right);
        }

        if (left.Tag == Tag.Symbol && left == right)
        {
            return test.Relation == Relation.LessOrEqual;
        }

        if (IsUnknown(left) && right.Tag is Tag.Number or Tag.Default)
        {
            var below = test.Relation == Relation.Less ? right.AsNumber : right.AsNumber + 1;
            var known = World.Known(left);
            return !Unknowns.MayBe(known, below, below: true) ? false : !Unknowns.MayBe(known, below, below: false) ? true : null;
        }

        if (IsUnknown(right) && left.Tag is Tag.Number or Tag.Default)
        {
            // left < right when right is not below left + 1.
            var below = test.Relation == Relation.Less ? left.AsNumber + 1 : left.AsNumber;
            var known = World.Known(right);
            return !Unknowns.MayBe(known, below, below: false) ? false : !Unknowns.MayBe(known, below, below: true) ? true : null;
        }

        if (left.Tag is not (Tag.Number or Tag.Default) || right.Tag is not (Tag.Number or Tag.Default))
        {
            return null;
        }

        return test.Relation == Relation.Less ? left.AsNumber < right.AsNumber : left.AsNumber <= right.AsNumber;
    }

    /// <summary>Whether the test holds this time; what it says of an unknown value is known from then on.</summary>
    private bool Decide(Test test)
    {
        // A counter and what it counts to; a constant asks what kind of number it is.
        var counts = test.Relation != Relation.Equal && IsCounter(test.Left) != IsCounter(test.Right) && !IsConstant(test.Left) && !IsConstant(test.Right);
        var left = counts ? Concrete(test.Left) : Read(test.Left);
        var right = counts ? Concrete(test.Right) : Read(test.Right);
        if (Holds(test, left, right) is { } certain)
        {
            return certain;
        }

        var holds = Choices.Coin();
        World.IsGuessed |= Unknowns.IsLost(World.Known(left)) || Unknowns.IsLost(World.Known(right));
        if (IsUnknown(left) == IsUnknown(right))
        {
            return holds;
        }

        var (place, known) = IsUnknown(left) ? (test.Left, right) : (test.Right, left);
        if (place.Kind != OperandKind.Register)
        {
            return holds;
        }

        var symbol = World.Node(Copy(place).Payload);
        var value = symbol.Slots[0];
        if (test.Relation == Relation.Equal)
        {
            symbol.Slots[0] = holds ? known : Unknowns.Without(value, known);
        }
        else if (known.Tag is Tag.Number or Tag.Default)
        {
            var isLeft = IsUnknown(left);
            var below = known.AsNumber + ((test.Relation == Relation.Less) == isLeft ? 0 : 1);
            symbol.Slots[0] = Unknowns.Compared(value, below, below: holds == isLeft);
        }

        return holds;
    }

    private Value NewDelegate(MakeDelegate made)
    {
        var value = World.New(NodeKind.Delegate, Named);
        var node = World.Object(value)!;
        node.Append(Value.Truth(made.IsVirtual));
        foreach (var captured in made.Captured)
        {
            node.Append(Copy(captured));
        }

        return value;
    }

    private Prepared? Target(Call call) => call.IsVirtual
        ? call.Arguments.Length > 0 && World.Object(Read(call.Arguments[0]), NodeKind.Plain) is { } receiver ? library.Resolve(call.Procedure, receiver.Type) : null
        : _frame.Code.CalledBy(_frame.Step, call, library);

    private Prepared? Target(Node called) => called.Slots[0] == Value.True
        ? called.Count > 1 && World.Object(World.Resolve(called.Slots[1]), NodeKind.Plain) is { } receiver ? library.Resolve(library.Keys.Of(called.Type), receiver.Type) : null
        : library.Find(library.Keys.Of(called.Type));

    private Outcome Enter(Step step, Prepared? code, ImmutableArray<Operand> arguments, CallMode mode)
    {
        if (code is null || _process.Depth >= Limits.Depth)
        {
            if (mode == CallMode.Awaited && HoldsCancelled(arguments))
            {
                return Threw(Failures.Cancelled);
            }

            OpenAll(arguments, 0);
            return mode == CallMode.Awaited ? AnyTime(Value.Unknown) : Done(Value.Unknown);
        }

        Tell(step, _process);
        var caller = _frame;
        var callee = _process.Push(code, code.IsAsync && mode == CallMode.Plain);
        for (var i = 0; i < arguments.Length && i < code.Parameters; i++)
        {
            callee.Registers[i] = arguments[i].Kind == OperandKind.Register ? World.Share(ref caller.Registers[arguments[i].Number]) : Constant(arguments[i]);
        }

        return Outcome.Led;
    }

    private Outcome Enter(Invoke invoke)
    {
        var value = Read(invoke.Delegate);
        var code = World.Object(value, NodeKind.Delegate) is { } called ? Target(called) : null;
        if (code is null || _process.Depth >= Limits.Depth)
        {
            if (invoke.Mode == CallMode.Awaited && HoldsCancelled(invoke.Arguments))
            {
                return Threw(Failures.Cancelled);
            }

            World.Open(value);
            OpenAll(invoke.Arguments, 0);
            if (invoke.MayFail && Choices.Coin())
            {
                return Threw(Failures.Other);
            }

            return invoke.Mode == CallMode.Awaited ? AnyTime(Value.Unknown) : Done(Value.Unknown);
        }

        Tell(invoke, _process);
        var caller = _frame;
        var callee = _process.Push(code, code.IsAsync && invoke.Mode == CallMode.Plain);
        var at = PassCaptured(value, callee);
        for (var i = 0; i < invoke.Arguments.Length && at < code.Parameters; i++)
        {
            var argument = invoke.Arguments[i];
            callee.Registers[at++] = argument.Kind == OperandKind.Register ? World.Share(ref caller.Registers[argument.Number]) : Constant(argument);
        }

        return Outcome.Led;
    }

    /// <summary>What a delegate captured are the first parameters; gives the number of them.</summary>
    private int PassCaptured(Value called, Frame callee)
    {
        var count = 0;
        for (var i = 1; i < World.Object(called)!.Count && count < callee.Code.Parameters; i++)
        {
            callee.Registers[count++] = World.Share(ref World.Object(called)!.Slots[i]);
        }

        return count;
    }

    // Unknown code that is given a token is taken to look at it.
    private bool HoldsCancelled(ImmutableArray<Operand> operands)
    {
        foreach (var operand in operands)
        {
            if (IsCancelled(Read(operand)))
            {
                return true;
            }
        }

        return false;
    }

    private void OpenAll(ImmutableArray<Operand> operands, int from)
    {
        for (var i = from; i < operands.Length; i++)
        {
            World.Open(Read(operands[i]));
        }
    }
}
