using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <summary>
/// Goes through the code of one method and of what it calls, once, as a reader would who asks who shares what: it makes the objects, follows them into fields,
/// collections, lambdas and calls, starts strands where work is started, and writes down each access with what is held and each step that orders strands.
/// What it cannot tell is something unknown, which is never the same as anything else. Used by one thread.
/// </summary>
internal sealed partial class Rehearsal
{
    private const int MostSteps = 5000;
    private const int MostStrands = 24;
    private const int MostAccesses = 4_000;
    private const int Deepest = 16; // what lies deeper may hold the lock or the wait that keeps two apart

    private readonly CompilationModel _compilation;
    private readonly CancellationToken _cancellation;
    private readonly List<Access> _accesses = [];
    private readonly List<Access> _firstUses = [];
    private readonly List<(Moment From, Moment To)> _edges = [];
    private readonly Dictionary<(Cell Cell, Thing Thing, Strand Strand), Moment> _stores = [];
    private readonly Dictionary<(Cell Cell, Thing Thing, Strand Strand), Moment> _loads = [];
    private readonly List<(object Signal, Moment At, bool IsFirstOnly)> _signals = [];
    private readonly List<(object Signal, Moment At)> _waits = [];
    private readonly Dictionary<ISymbol, Cell> _statics = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<Strand, Moment> _begins = [];
    private readonly Dictionary<SyntaxNode, int> _rounds = [];
    private readonly Dictionary<Thing, List<ImmutableArray<Thing>>> _items = [];

    // How many strands there were when the making of an object began.
    private readonly Dictionary<Thing, int> _made = [];
    private readonly HashSet<(Thing, ISymbol)> _constructed = [];
    private readonly HashSet<Cell> _late = [];
    private readonly HashSet<SyntaxNode> _throttles = [];

    // Calls whose task a caller waits for that gets it from who made the call.
    private readonly HashSet<IOperation> _returnedCalls = [];
    private readonly Queue<Action> _open = new();

    // What serves others from the making of an object on meets what they give it, so it is gone through last.
    private readonly Queue<Action> _serving = new();
    private readonly Stack<ImmutableArray<Thing>> _receivers = new();
    private readonly List<Strand> _strands = [];
    private readonly Thing? _self;

    // Where there is a user interface, async code comes back to its thread: what is not awaited takes turns with what follows.
    private readonly bool _hasOneThread;
    private readonly HashSet<Thing> _sent = [];

    // What code that does not resolve gives to `using` may be any lock.
    private readonly Thing _unknownLock = new(null);
    private readonly List<(Thing Channel, Moment At)> _receives = [];

    private Frame _frame;
    private Strand _strand;
    private ImmutableArray<HeldThing> _locks = ImmutableArray<HeldThing>.Empty;
    private ImmutableArray<(int Branch, int Arm)> _path = ImmutableArray<(int, int)>.Empty;
    private readonly HashSet<Cell> _initialized = [];
    private Order? _order;
    private Order? _forced;
    private int _steps;
    private int _branches;
    private int _syncs;
    private int _gathered;
    private bool _isMuted;
    private bool _isTooEarly;

    private Rehearsal(CompilationModel compilation, Frame root, CancellationToken cancellation)
    {
        (_compilation, _frame, _self, _cancellation) = (compilation, root, root.This.FirstOrDefault(), cancellation);
        _hasOneThread = compilation.Known.Has(KnownType.FormsControl) || compilation.Known.Has(KnownType.DispatcherObject) || TakesTurns(_self?.Type, compilation.Known);
        Root = _strand = new(null, null);
    }

    /// <summary>Gets the accesses, in the order in which they were met.</summary>
    public IReadOnlyList<Access> Accesses => _accesses;

    /// <summary>Gets the writes of what is made at its first use: by themselves they are no one's loss.</summary>
    public IReadOnlyList<Access> FirstUses => _firstUses;

    /// <summary>Gets a value indicating whether there was more than a person could follow: then nothing is claimed.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Gets the strands that were started.</summary>
    public IReadOnlyList<Strand> Strands => _strands;

    /// <summary>Gets the strand of the member itself.</summary>
    public Strand Root { get; }

    /// <summary>Gets the step at which the member waits for something for the first time.</summary>
    public int FirstWait => _waits.Where(wait => wait.At.Strand == Root).Select(wait => wait.At.Step).DefaultIfEmpty(Strand.End).Min();

    /// <summary>Gets what happens before what.</summary>
    public Order HappensBefore => _order ??= MakeOrder();

    /// <summary>Gets what happens before what whoever gets which object: a variable that two set at its first use may give each his own.</summary>
    public Order ForcedOrder => _forced ??= new(SignalEdges());

    /// <summary>Whether the object went through a channel or a collection that hands over.</summary>
    public bool WasSent(Thing thing) => thing.IsKnown && _sent.Contains(thing);

    /// <summary>Whether the object is the one whose member is rehearsed.</summary>
    public bool IsSelf(Thing thing) => _self == thing;

    /// <summary>The field of that object, or the static of its type, that holds <paramref name="thing"/>.</summary>
    public ISymbol? FieldOf(Thing thing) => _self?.FieldHolding(thing) ?? _statics.Values.FirstOrDefault(cell => cell.Holds(thing))?.Symbol;

    /// <summary>Whether the access fills or reads a collection that was made here and has not been published yet.</summary>
    public bool IsFilledBefore(Access access) => access.Cell is { Symbol: null, Owner: { IsKnown: true } made }
        && _stores.Where(store => store.Key.Thing == made && store.Key.Cell.Symbol is not (null or ILocalSymbol or IParameterSymbol)).Select(store => store.Value).ToList() is { Count: > 0 } stored
        && stored.All(store => store.Strand == access.At.Strand && store.Step > access.At.Step);

    public static Rehearsal? Of(Body body, CancellationToken cancellation)
    {
        if (body.Root is not { } root || body.Symbol is not { } symbol)
        {
            return null;
        }

        var type = symbol.ContainingType;
        var self = symbol.IsStatic || type is null ? ImmutableArray<Thing>.Empty : ImmutableArray.Create(new Thing(type));
        var frame = new Frame(null, null, null, self, body.Declaration);
        var rehearsal = new Rehearsal(body.Compilation, frame, cancellation);
        foreach (var parameter in (symbol as IMethodSymbol)?.Parameters ?? ImmutableArray<IParameterSymbol>.Empty)
        {
            frame.Declare(parameter, parameter.Type);
        }

        try
        {
            if (symbol is IMethodSymbol method)
            {
                rehearsal.HoldDeclared(method, self, site: null);
            }

            if (self.Length > 0 && symbol is IMethodSymbol { MethodKind: MethodKind.Constructor })
            {
                rehearsal._made[self[0]] = 0;
                if (body.Declaration is ConstructorDeclarationSyntax { Initializer: null } constructor)
                {
                    rehearsal.ConstructBase(self[0], type!, constructor, constructor);
                }
            }

            rehearsal.EvalAll(root.ChildOperations);
            for (int walked = 0; rehearsal._open.Count + rehearsal._serving.Count > 0 && walked < MostStrands; walked++)
            {
                (rehearsal._open.Count > 0 ? rehearsal._open : rehearsal._serving).Dequeue()();
            }
        }
        catch (InsufficientExecutionStackException)
        {
            return null; // code within code within code: nothing is claimed
        }

        return rehearsal;
    }

    private bool IsTired()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (++_steps > MostSteps || _accesses.Count > MostAccesses)
        {
            IsOver = true;
        }

        if ((_steps & 255) == 0)
        {
            _cancellation.ThrowIfCancellationRequested();
        }

        return IsOver;
    }

    private void EvalAll(IEnumerable<IOperation> operations)
    {
        foreach (var operation in operations)
        {
            Eval(operation);
        }
    }

    /// <summary>Does what the operation does; gives the objects that its value may be.</summary>
    private ImmutableArray<Thing> Eval(IOperation? operation)
    {
        if (operation is null || IsTired())
        {
            return ImmutableArray<Thing>.Empty;
        }

        switch (operation)
        {
            case INameOfOperation or ITypeOfOperation or ILiteralOperation or ISizeOfOperation:
                return ImmutableArray<Thing>.Empty;
            case ILocalFunctionOperation:
                _frame.SharesLocals = true;
                return ImmutableArray<Thing>.Empty;
            case IBlockOperation block:
                EvalBlock(block);
                return ImmutableArray<Thing>.Empty;
            case ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation or IArrayElementReferenceOperation:
                return Read(operation);
            case IEventReferenceOperation raised:
                return HandlersOf(raised).SelectMany(handlers => handlers.Values).ToImmutableArray();
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver }:
                return _receivers.Count > 0 ? _receivers.Peek() : ImmutableArray<Thing>.Empty;
            case IInstanceReferenceOperation:
                return _frame.This;
            case IConditionalAccessInstanceOperation:
                return _receivers.Count > 0 ? _receivers.Peek() : ImmutableArray<Thing>.Empty;
            case IConversionOperation conversion:
                return Eval(conversion.Operand);
            case IParenthesizedOperation parenthesized:
                return Eval(parenthesized.Operand);
            case IDelegateCreationOperation creation:
                return Eval(creation.Target);
            case IAnonymousFunctionOperation lambda:
                return One(new Thing(null) { Closure = new(lambda.Symbol, lambda, _frame.Capture(), _frame.This) });
            case IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction } reference:
                return LocalFunction(reference.Method) is { } function ? One(new Thing(null) { Closure = function }) : ImmutableArray<Thing>.Empty;
            case IMethodReferenceOperation { IsVirtual: true } reference:
                return Eval(reference.Instance).SelectMany(thing => TargetsOf(reference.Method, thing).Select(code => new Thing(null) { Closure = new(code, null, null, One(thing)) })).Take(MostTargets).ToImmutableArray();
            case IMethodReferenceOperation reference:
                return One(new Thing(null) { Closure = new(reference.Method, null, null, Eval(reference.Instance)) });
            case ISimpleAssignmentOperation { Target: IDiscardOperation } discard:
                Eval(discard.Value);
                return ImmutableArray<Thing>.Empty;
            case ISimpleAssignmentOperation assignment:
                return EvalAssignment(assignment);
            case ITupleOperation tuple:
                return MakeTuple(tuple);
            case IDeconstructionAssignmentOperation deconstruction:
                EvalDeconstruction(deconstruction.Target, deconstruction.Value);
                return ImmutableArray<Thing>.Empty;
            case ICoalesceAssignmentOperation lazily:
                // Made at first use: who comes second gets what the first made, or another that is as good.
                var made = Cell.Union(Read(lazily.Target), Eval(lazily.Value));
                Write(lazily.Target, made, Writing.AtFirstUse);
                return made;
            case IEventAssignmentOperation handler:
                Subscribe(handler);
                return ImmutableArray<Thing>.Empty;
            case ICompoundAssignmentOperation compound:
                Eval(compound.Value);
                Write(compound.Target, ImmutableArray<Thing>.Empty);
                return ImmutableArray<Thing>.Empty;
            case IIncrementOrDecrementOperation step:
                Write(step.Target, ImmutableArray<Thing>.Empty);
                return ImmutableArray<Thing>.Empty;
            case IVariableDeclaratorOperation declarator:
                var cell = _frame.Declare(declarator.Symbol, declarator.Symbol.Type);
                if ((declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer)?.Value is { } initial)
                {
                    cell.Store(Eval(initial));
                }

                return ImmutableArray<Thing>.Empty;
            case IDeclarationPatternOperation { DeclaredSymbol: { } declared }:
                Declare(declared);
                return ImmutableArray<Thing>.Empty;
            case IIsPatternOperation test:
                EvalPattern(test.Pattern, Eval(test.Value));
                return ImmutableArray<Thing>.Empty;
            case IConditionalOperation choice:
                return EvalChoice(choice);
            case ICoalesceOperation either:
                return Cell.Union(Eval(either.Value), Eval(either.WhenNull));
            case IConditionalAccessOperation access:
                return With(Eval(access.Operation), () => Eval(access.WhenNotNull));
            case ISwitchExpressionOperation choice:
                return EvalArms(Eval(choice.Value), choice.Arms);
            case ISwitchOperation choice:
                EvalSwitch(choice);
                return ImmutableArray<Thing>.Empty;
            case ILoopOperation loop:
                EvalLoop(loop);
                return ImmutableArray<Thing>.Empty;
            case ITryOperation attempt:
                EvalTry(attempt);
                return ImmutableArray<Thing>.Empty;
            case ILockOperation region:
                EvalLock(region);
                return ImmutableArray<Thing>.Empty;
            case IUsingOperation use:
                EvalUsing(use.Resources, use.IsAsynchronous, () => Eval(use.Body));
                return ImmutableArray<Thing>.Empty;
            case IReturnOperation { ReturnedValue: { } value } end:
                if (end.Kind == OperationKind.Return && _frame.IsAwaited && !IsAsync())
                {
                    _returnedCalls.UnionWith(Alternatives(value).OfType<IInvocationOperation>());
                }

                var returned = Eval(value);
                _frame.Returned = Cell.Union(_frame.Returned, returned);
                return ImmutableArray<Thing>.Empty;
            case IAwaitOperation awaiting:
                return EvalAwait(awaiting);
            case IArrayCreationOperation array:
                return Contain(array, array.Initializer?.ElementValues ?? ImmutableArray<IOperation>.Empty, array.DimensionSizes);
            case var list when list.IsListing():
                return Contain(list, list.ChildOperations);
            case IObjectOrCollectionInitializerOperation initializer:
                EvalAll(initializer.Initializers);
                return ImmutableArray<Thing>.Empty;
            case IMemberInitializerOperation member:
                return With(Read(member.InitializedMember), () => Eval(member.Initializer));
            case IObjectCreationOperation creation:
                return Create(creation);
            case IWithOperation copy:
                Eval(copy.Operand);
                var other = One(new Thing(copy.Type, isKnown: true));
                With(other, () => Eval(copy.Initializer));
                return other;
            case IInterpolationOperation part:
                Show(Eval(part.Expression));
                return ImmutableArray<Thing>.Empty;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum:
                Show(Eval(sum.LeftOperand));
                Show(Eval(sum.RightOperand));
                return ImmutableArray<Thing>.Empty;
            case IInvocationOperation invocation:
                return Call(invocation, awaited: _returnedCalls.Contains(invocation) || (invocation.Parent?.Kind is OperationKind.Invalid or OperationKind.None && Joins.IsAwaited(invocation)));
            case IFieldInitializerOperation or IPropertyInitializerOperation or IParameterInitializerOperation:
                return ImmutableArray<Thing>.Empty;
            default:
                EvalAll(operation.ChildOperations);
                return ImmutableArray<Thing>.Empty;
        }
    }

    // `ready ? new(value) : LoadAsync()`: each that it may be.
    private static IEnumerable<IOperation> Alternatives(IOperation? value) => value?.Bare() switch
    {
        null => [],
        IConditionalOperation choice => Alternatives(choice.WhenTrue).Concat(Alternatives(choice.WhenFalse)),
        ISwitchExpressionOperation choice => choice.Arms.SelectMany(arm => Alternatives(arm.Value)),
        ICoalesceOperation either => Alternatives(either.Value).Concat(Alternatives(either.WhenNull)),
        IObjectCreationOperation { Type.Name: "ValueTask", Arguments: [{ Value: var task }, ..] } => Alternatives(task),
        IConditionalAccessOperation access => Alternatives(access.WhenNotNull),
        IInvalidOperation broken => broken.ChildOperations.SelectMany(Alternatives),
        var one => [one],
    };

    private static ImmutableArray<Thing> One(Thing thing) => ImmutableArray.Create(thing);

    private ImmutableArray<Thing> With(ImmutableArray<Thing> receiver, Func<ImmutableArray<Thing>> eval)
    {
        _receivers.Push(receiver);
        var value = eval();
        _receivers.Pop();
        return value;
    }

    private bool IsAsync() => _frame.Declaration switch
    {
        MethodDeclarationSyntax method => method.Modifiers.Any(modifier => modifier.ValueText == "async"),
        LocalFunctionStatementSyntax function => function.Modifiers.Any(modifier => modifier.ValueText == "async"),
        AnonymousFunctionExpressionSyntax lambda => lambda.AsyncKeyword.ValueText == "async",
        _ => false,
    };

    // A grain, an actor or a component goes on where it was, one piece of code after the other.
    private static bool TakesTurns(ITypeSymbol? type, KnownTypes known)
    {
        for (var above = type; above is not null; above = above.BaseType)
        {
            if (known[above] == KnownType.AkkaActor)
            {
                return true;
            }
        }

        return type?.AllInterfaces.Any(face => known[face] is KnownType.OrleansAddressable or KnownType.BlazorComponent) == true;
    }

    private Cell Declare(ISymbol symbol) => _frame.Declare(symbol, (symbol as ILocalSymbol)?.Type);
}
