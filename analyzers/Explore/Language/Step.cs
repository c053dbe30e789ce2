using System.Collections.Immutable;

namespace Sluice.Explore;

/// <summary>One step of a procedure. Steps name each other by their index in it; -1 as <see cref="Next"/> ends the procedure without a value.</summary>
internal abstract record Step
{
    public int Next { get; init; } = -1;

    /// <summary>Gets where an exception of this step goes, the first that takes it; when none does, it leaves the procedure.</summary>
    public ImmutableArray<Handler> Handlers { get; init; } = ImmutableArray<Handler>.Empty;

    /// <summary>Gets a value indicating whether the step behind it belongs to the same turn: nobody else does anything in between, as in an interlocked operation.</summary>
    public bool KeepsTurn { get; init; }

    /// <summary>Gets what a schedule says of the step, or null when it is of no interest to people.</summary>
    public Label? Label { get; init; }
}

/// <summary>Where a step stands and what it does, in the words of the source. <paramref name="Site"/> is for the reader of findings (a syntax node or a line); the machine compares it only.</summary>
internal sealed record Label(string Text, object? Site = null);

/// <param name="Takes">What it takes.</param>
/// <param name="Step">Where that goes.</param>
/// <param name="IsExpected">Whether the code says that it reckons with it.</param>
internal readonly record struct Handler(Failures Takes, int Step, bool IsExpected = false);

/// <summary>The kinds of exceptions that can be told apart.</summary>
[System.Flags]
internal enum Failures
{
    None = 0,
    Cancelled = 1,
    Closed = 2,

    /// <summary>An operation that its object forbids, as a second completion.</summary>
    Misused = 4,
    Other = 8,
    All = Cancelled | Closed | Misused | Other,
}

/// <summary>Target := value.</summary>
internal sealed record Set(int Target, Operand Value) : Step;

/// <summary>Target := a new object with no field set. <paramref name="Type"/> decides which procedure a virtual call of it runs.</summary>
internal sealed record Make(int Target, object Type) : Step;

/// <summary>
/// Target := Of.Field. Of null means a static field. A stable field is not written once its object is made, so reading it is of no interest to others.
/// A field that is asked for only if it is known is unknown each time, unless somebody has stored in it without asking.
/// </summary>
internal sealed record Load(int Target, Operand? Of, string Field, bool IsStable = false, bool IfKnown = false) : Step;

/// <summary>Of.Field := value. Of null means a static field. What is stored only if the field is known goes to unknown code otherwise.</summary>
internal sealed record Store(Operand? Of, string Field, Operand Value, bool IfKnown = false) : Step;

/// <summary>Goes to Next when the relation holds and to Otherwise when not. When that is unknown both are possible, and what a register or field held that was unknown is known after it, as far as an equality says.</summary>
internal sealed record Test(Operand Left, Relation Relation, Operand Right, int Otherwise) : Step;

internal enum Relation
{
    Equal,
    Less,
    LessOrEqual,
}

/// <summary>Goes to Next or to any of the others: nothing is known of what decides.</summary>
internal sealed record Choose(ImmutableArray<int> Others) : Step;

/// <summary>
/// Target := what a calculation gives. What grows beyond a small number is lost: unknown from then on, so that counting loops are finite; and what is found out
/// by a test of such a number is a guess. Of an unknown number that is calculated with, one value is taken.
/// </summary>
internal sealed record Compute(int Target, Operand Left, Operand Right, Calculation How = Calculation.Add) : Step;

internal enum Calculation
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,

    /// <summary>The result is lost.</summary>
    Other,
}

/// <summary>Target := a delegate that runs a procedure with what it captured as its first arguments, or (when virtual) the method of its first captured object's type.</summary>
internal sealed record MakeDelegate(int Target, object Procedure, ImmutableArray<Operand> Captured, bool IsVirtual = false) : Step;

/// <summary>Target := what the procedure returns. <paramref name="Procedure"/> is a key for <see cref="ICode"/>; the receiver, if any, is the first argument, and decides by its type when the call is virtual.</summary>
internal sealed record Call(int Target, object Procedure, ImmutableArray<Operand> Arguments, CallMode Mode = CallMode.Plain, bool IsVirtual = false) : Step
{
    /// <summary>Gets what a schedule says of the wait for the task that the procedure has returned.</summary>
    public Label? Waiting { get; init; }
}

/// <summary>Target := what the delegate returns; of a delegate that is null or unknown, an unknown value (its arguments escape).</summary>
/// <param name="Target">Where the result goes.</param>
/// <param name="Delegate">What is called.</param>
/// <param name="Arguments">What it is given behind what it has captured.</param>
/// <param name="Mode">Whether it is awaited.</param>
/// <param name="MayFail">Whether a delegate of which nothing is known may throw: somebody reckons with that.</param>
internal sealed record Invoke(int Target, Operand Delegate, ImmutableArray<Operand> Arguments, CallMode Mode = CallMode.Plain, bool MayFail = false) : Step;

internal enum CallMode
{
    /// <summary>The value of a procedure that is not async; of an async one its task: the caller goes on when the procedure first waits.</summary>
    Plain,

    /// <summary>The result: the call is awaited on the spot, so no task is made.</summary>
    Awaited,
}

/// <summary>Target := the result of a task, once it is over; throws as it ended. An unknown task may end at any time.</summary>
internal sealed record Await(int Target, Operand Task) : Step;

/// <summary>Target := what an operation on the objects that the machine knows gives: see <see cref="Act"/>.</summary>
internal sealed record Do(int Target, Act Act, ImmutableArray<Operand> Arguments) : Step;

internal sealed record Return(Operand Value) : Step;

internal sealed record Throw(Failures Kind) : Step;
