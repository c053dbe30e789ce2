using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Sluice.Model.Locking;

/// <summary>A lock that is held at some point.</summary>
/// <param name="Lock">Which lock.</param>
/// <param name="Kind">What sort, and in which mode.</param>
/// <param name="At">Where it was taken.</param>
/// <param name="IsScoped">Whether the language gives it back.</param>
internal sealed record Held(LockRef Lock, LockKind Kind, SyntaxNode At, bool IsScoped = false);

/// <summary>What is known of locks at one point of a body.</summary>
internal sealed record LockState
{
    private LockState()
    {
    }

    /// <summary>Gets the state in which a body begins: it has taken nothing yet.</summary>
    public static LockState Free { get; } = new();

    /// <summary>Gets what the body has taken and holds on every way that leads here, in order.</summary>
    public ImmutableArray<Held> Held { get; private init; } = ImmutableArray<Held>.Empty;

    /// <summary>Gets what the body has given back, on some way at least, without having taken it: its caller's.</summary>
    public ImmutableArray<LockRef> Released { get; private init; } = ImmutableArray<LockRef>.Empty;

    /// <summary>Gets what is held if the variable is true.</summary>
    public ImmutableDictionary<ISymbol, Held> If { get; private init; } = ImmutableDictionary<ISymbol, Held>.Empty.WithComparers(SymbolEqualityComparer.Default);

    public LockState Take(Held held) => this with { Held = Held.Add(held) };

    public LockState TakeIf(ISymbol flag, Held held) => this with { If = If.SetItem(flag, held) };

    public LockState Without(Held held) => this with { Held = Held.Remove(held) };

    /// <summary>The same after <paramref name="released"/> was given back.</summary>
    public LockState Release(LockRef released, LockKind kind) =>
        Held.LastOrDefault(held => held.Kind == kind && Matches(held.Lock, released)) is { } taken
            ? Without(taken) with { If = If.RemoveRange(If.Where(pair => pair.Value == taken).Select(pair => pair.Key)) }
            : this with { Released = Released.Add(released) };

    public LockState AfterTest(ISymbol flag, bool holds) =>
        !If.TryGetValue(flag, out var held) ? this : holds && !Held.Contains(held) ? Take(held) : holds ? this : Without(held);

    /// <summary>What holds where two ways meet; null stands for a way that leads nowhere.</summary>
    public static LockState? Join(LockState? one, LockState? other)
    {
        if (one is null || other is null || ReferenceEquals(one, other))
        {
            return one ?? other;
        }

        return new()
        {
            Held = one.Held.RemoveAll(held => !other.Held.Contains(held)),
            Released = one.Released.AddRange(other.Released.Where(released => !one.Released.Contains(released))),
            If = one.If.RemoveRange(one.If.Where(pair => !other.If.TryGetValue(pair.Key, out var held) || held != pair.Value).Select(pair => pair.Key)),
        };
    }

    private static bool Matches(LockRef held, LockRef released) => held.Place is not null && released.Place is not null ? held.IsSameObject(released) : held.IsSameClass(released);
}

/// <summary>Something that a body does and that matters to locks.</summary>
/// <param name="Syntax">Where.</param>
/// <param name="State">What is held when it begins.</param>
internal abstract record LockStep(SyntaxNode Syntax, LockState State)
{
    public int Line => Syntax.Line();
}

/// <summary>A lock is taken.</summary>
internal sealed record AcquireStep(SyntaxNode Syntax, LockState State, Held Taken) : LockStep(Syntax, State)
{
    /// <summary>Gets a value indicating whether it waits without an end; an attempt gives up.</summary>
    public bool Blocks { get; init; }
}

/// <summary>A lock is given back.</summary>
internal sealed record ReleaseStep(SyntaxNode Syntax, LockState State, LockRef Lock, LockKind Kind) : LockStep(Syntax, State);

/// <summary>Code is run, and over when the step is.</summary>
/// <param name="Syntax">Where.</param>
/// <param name="State">What is held when it begins.</param>
/// <param name="Callee">What is run.</param>
/// <param name="Beside">Whether another thread runs it while this one waits.</param>
internal sealed record CallStep(SyntaxNode Syntax, LockState State, Callee Callee, bool Beside) : LockStep(Syntax, State)
{
    /// <summary>Gets a value indicating whether the thread is blocked until the task that the call gives is over: what comes after its first await then runs on another thread.</summary>
    public bool IsBlocking { get; init; }
}

/// <summary>The body waits until a task or thread, made elsewhere, is over.</summary>
internal sealed record JoinStep(SyntaxNode Syntax, LockState State, Place Work) : LockStep(Syntax, State)
{
    /// <summary>Gets a value indicating whether it is an await, which blocks nobody but its own flow.</summary>
    public bool IsAwait { get; init; }
}

/// <summary>The body waits until somebody sets an event, counts down, completes or pulses the object.</summary>
internal sealed record WaitStep(SyntaxNode Syntax, LockState State, Place Signal, string Method) : LockStep(Syntax, State);

/// <summary>The body ends such a wait, or one turn of it.</summary>
internal sealed record SignalStep(SyntaxNode Syntax, LockState State, Place Signal, string Method) : LockStep(Syntax, State);

/// <summary>The body waits for the other end of a channel.</summary>
internal sealed record ChannelStep(SyntaxNode Syntax, LockState State) : LockStep(Syntax, State);

/// <summary>The flow may go on on another thread.</summary>
internal sealed record AwaitStep(SyntaxNode Syntax, LockState State) : LockStep(Syntax, State);

/// <summary>What one body does about locks, in order of the source. It holds no operations, so it may be kept.</summary>
/// <param name="Node">The declaration of the member, or the lambda or local function.</param>
/// <param name="Member">The declaration of the member that it stands in.</param>
/// <param name="Symbol">The method, lambda or local function.</param>
/// <param name="Steps">The steps.</param>
/// <param name="End">What is held when it ends normally; null when it does not.</param>
internal sealed record LockTrace(SyntaxNode Node, SyntaxNode Member, ISymbol? Symbol, ImmutableArray<LockStep> Steps, LockState? End);

/// <summary>Code that is run, as the caller names it: just one of method, inner and variable is set.</summary>
internal sealed record Callee
{
    public IMethodSymbol? Method { get; init; }

    /// <summary>Gets the lambda or local function of the same member.</summary>
    public SyntaxNode? Inner { get; init; }

    /// <summary>Gets the variable or member that holds the delegate.</summary>
    public ISymbol? Variable { get; init; }

    /// <summary>Gets a value indicating whether a type below may run its own code instead.</summary>
    public bool IsVirtual { get; init; }

    /// <summary>Gets the type of the object as far as the caller knows it.</summary>
    public ITypeSymbol? ReceiverType { get; init; }

    /// <summary>Gets the object that the method is called on, or that the variable is a member of; null when it is not known.</summary>
    public LockRef? Receiver { get; init; }

    public ImmutableArray<(IParameterSymbol Parameter, LockRef Value)> Arguments { get; init; } = ImmutableArray<(IParameterSymbol, LockRef)>.Empty;

    /// <summary>Gets the code that is passed as an argument.</summary>
    public ImmutableArray<(IParameterSymbol Parameter, Callee Code)> Delegates { get; init; } = ImmutableArray<(IParameterSymbol, Callee)>.Empty;

    /// <summary>Gets a value indicating whether it is what the method got as an argument: which code that is only the caller knows.</summary>
    public bool IsParameter => Variable is IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction } };
}
