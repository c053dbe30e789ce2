using System.Collections.Immutable;
using System.Linq;

namespace Sluice.Explore;

/// <summary>Small procedures that the library runs around delegates.</summary>
internal static class Wrappers
{
    /// <summary>Says yes, or no: what a type test runs on an object whose type is known.</summary>
    public static readonly Procedure Yes = new("is", 1, 1, ImmutableArray.Create<Step>(new Return(Operand.True)));
    public static readonly Procedure No = new("is", 1, 1, ImmutableArray.Create<Step>(new Return(Operand.False)));

    /// <summary>Calls a delegate with an argument: both are captured.</summary>
    public static readonly Procedure Given = new("work", 2, 3, ImmutableArray.Create<Step>(
        new Invoke(2, Operand.Register(0), ImmutableArray.Create(Operand.Register(1), Operand.Null), CallMode.Awaited) { Next = 1 },
        new Return(Operand.Register(2))), IsAsync: true);

    /// <summary>Calls a delegate and counts a wait group down afterwards, whatever comes of it.</summary>
    public static readonly Procedure Counted = new("work", 2, 3, ImmutableArray.Create<Step>(
        new Invoke(2, Operand.Register(0), ImmutableArray<Operand>.Empty, CallMode.Awaited) { Next = 1, Handlers = ImmutableArray.Create(new Handler(Failures.All, 1)) },
        new Do(-1, Act.Signal, ImmutableArray.Create(Operand.Register(1))) { Next = 2 },
        new Return(Operand.Register(2))), IsAsync: true);

    /// <summary>The code that calls a root. What it leaves behind when it fails is the business of who cancelled it, or gave it what it could not work with.</summary>
    /// <param name="root">The key of what is called.</param>
    /// <param name="name">Its name.</param>
    /// <param name="isObject">For each parameter whether it is an object that others hold; all others are unknown.</param>
    /// <param name="statics">The static fields that are its own, with what they begin with: a value, or what the procedure of a key gives.</param>
    public static Procedure Root(object root, string name, ImmutableArray<bool> isObject, ImmutableArray<(string Name, Operand Value, object? Initializer)> statics)
    {
        var steps = ImmutableArray.CreateBuilder<Step>();
        foreach (var (field, value, initializer) in statics)
        {
            var first = value;
            if (initializer is not null)
            {
                first = Operand.Register(isObject.Length);
                steps.Add(new Call(first.Number, initializer, ImmutableArray<Operand>.Empty) { Next = steps.Count + 1 });
            }

            steps.Add(new Store(null, field, first) { Next = steps.Count + 1 });
        }

        for (var i = 0; i < isObject.Length; i++)
        {
            if (isObject[i])
            {
                steps.Add(new Make(i, "given") { Next = steps.Count + 1 });
                steps.Add(new Do(-1, Act.Escape, ImmutableArray.Create(Operand.Register(i))) { Next = steps.Count + 1 });
            }
        }

        var (call, result) = (steps.Count, isObject.Length);
        steps.Add(new Call(result, root, Enumerable.Range(0, result).Select(Operand.Register).ToImmutableArray(), CallMode.Awaited) { Next = call + 1, Handlers = ImmutableArray.Create(new Handler(Failures.All, call + 2)) });
        steps.Add(new Return(Operand.Register(result)));
        steps.Add(new Do(-1, Act.Abandon, ImmutableArray<Operand>.Empty) { Next = call + 1 });
        return new(name, result, result + 1, steps.ToImmutable(), IsAsync: true);
    }

    /// <summary>The value of a Lazy: made by the first who asks, while others wait.</summary>
    public static readonly Procedure LazyValue = new("Value", 1, 4, ImmutableArray.Create<Step>(
        new Do(-1, Act.Acquire, ImmutableArray.Create(Operand.Register(0))) { Next = 1 },
        new Load(1, Operand.Register(0), "made") { Next = 2 },
        new Test(Operand.Register(1), Relation.Equal, Operand.True, 3) { Next = 7 },
        new Load(2, Operand.Register(0), "work", IsStable: true) { Next = 4 },
        new Invoke(3, Operand.Register(2), ImmutableArray<Operand>.Empty) { Next = 5, Handlers = ImmutableArray.Create(new Handler(Failures.All, 9)) },
        new Store(Operand.Register(0), "value", Operand.Register(3)) { Next = 6 },
        new Store(Operand.Register(0), "made", Operand.True) { Next = 7 },
        new Load(3, Operand.Register(0), "value") { Next = 8 },
        new Do(-1, Act.Release, ImmutableArray.Create(Operand.Register(0))) { Next = 11 },
        new Do(-1, Act.Release, ImmutableArray.Create(Operand.Register(0))) { Next = 10 },
        new Throw(Failures.Other),
        new Return(Operand.Register(3))));

    /// <summary>What a timer runs: the work with its state when the time has come, until it is stopped, and again if it is one that repeats.</summary>
    public static readonly Procedure OnTime = new("the timer", 4, 5, ImmutableArray.Create<Step>(
        new Do(4, Act.Delay, ImmutableArray.Create(Operand.Register(2))) { Next = 1 },
        new Await(-1, Operand.Register(4)) { Next = 2, Handlers = ImmutableArray.Create(new Handler(Failures.All, 4)) },
        new Invoke(-1, Operand.Register(0), ImmutableArray.Create(Operand.Register(1))) { Next = 3, Handlers = ImmutableArray.Create(new Handler(Failures.All, 4)) },
        new Test(Operand.Register(3), Relation.Equal, Operand.True, 4) { Next = 0 },
        new Return(Operand.Null)), IsAsync: true);

    /// <summary>Work of a group: one that fails cancels the others.</summary>
    public static readonly Procedure InGroup = new("work", 2, 3, ImmutableArray.Create<Step>(
        new Invoke(2, Operand.Register(0), ImmutableArray.Create(Operand.Register(1)), CallMode.Awaited) { Next = 1, Handlers = ImmutableArray.Create(new Handler(Failures.All, 2)) },
        new Return(Operand.Register(2)),
        new Do(-1, Act.Cancel, ImmutableArray.Create(Operand.Register(1))) { Next = 3 },
        new Throw(Failures.Other)), IsAsync: true);
}
