using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model.Files;

namespace Sluice.Model;

/// <summary>What a call does to an object that its caller can name too.</summary>
/// <param name="Fact">What is done; its place is named as the callee does.</param>
/// <param name="Place">The object: reached from <c>this</c>, a parameter or a static, or for a local function from a local around it.</param>
/// <param name="Always">Whether every normal end of the call comes after it.</param>
internal sealed record Effect(Effect.Kind Fact, Place Place, bool Always)
{
    /// <summary>A channel action, or a lock action with the sort of lock.</summary>
    public readonly record struct Kind(ChannelAction? Channel, LockKind? Lock, LockAction? Action);

    /// <summary>The effect as a fact of the body whose operation makes it happen.</summary>
    public Fact At(IOperation operation, IMethodSymbol? via, Place place) => Fact switch
    {
        { Channel: { } action } => new ChannelFact(operation, action, place) { Via = via, Always = Always },
        _ => new LockFact(operation, Fact.Lock!.Value, Fact.Action!.Value, place) { Via = via, Always = Always },
    };
}

/// <summary>
/// What the methods of a compilation do to the objects of their callers. Each is looked at once for each depth and holds no syntax or operation.
/// Calls are followed to a fixed depth, so that the answer never depends on who asks first. Thread-safe.
/// </summary>
internal sealed class Summaries(CompilationModel compilation)
{
    private const int Deepest = 3;

    private readonly ConcurrentDictionary<(IMethodSymbol Method, int Depth), ImmutableArray<Effect>> _effects = new(MethodAndDepth.Comparer);
    private readonly ConcurrentDictionary<(IMethodSymbol Method, int Depth), bool> _mayThrow = new(MethodAndDepth.Comparer);

    /// <summary>What <paramref name="call"/> does through the code of its callee, as facts of <paramref name="caller"/>.</summary>
    public ImmutableArray<Fact> Of(IInvocationOperation call, Body caller, CancellationToken cancellation) => Of(call, caller, Deepest, cancellation);

    /// <summary>
    /// What <paramref name="operation"/> sets going that is done at some time, now or later, as facts of <paramref name="body"/>: by the code of its callee, awaited or
    /// not, or by the lambdas and methods that it hands to something that runs them. What is done on some paths only is marked as such.
    /// </summary>
    public IEnumerable<Fact> StartedBy(IOperation operation, Body body, CancellationToken cancellation)
    {
        if (operation is IInvocationOperation call && EffectsOf(call, body, Deepest, awaited: false, cancellation) is { IsEmpty: false } effects)
        {
            return InCaller(effects, call, body);
        }

        return body.FactsAt(operation).OfType<SpawnFact>().SelectMany(spawn => spawn.Works).SelectMany(work => OfWork(work, body, cancellation));
    }

    /// <summary>Whether the code of <paramref name="method"/> may let an exception out. Calls are followed to a fixed depth, and what lies deeper may.</summary>
    public bool MayThrow(IMethodSymbol method, CancellationToken cancellation) => MayThrow(method, Deepest, cancellation);

    private bool MayThrow(IMethodSymbol method, int depth, CancellationToken cancellation)
    {
        if (depth == 0 || !compilation.Owns(method))
        {
            // Of other projects, getters and constructors are taken for harmless, as those of libraries are.
            return depth == 0 || method.MethodKind is not (MethodKind.PropertyGet or MethodKind.Constructor);
        }

        var key = (method.OriginalDefinition, depth);
        return _mayThrow.TryGetValue(key, out bool known)
            ? known
            : _mayThrow.GetOrAdd(key, BodyOf(method.OriginalDefinition, cancellation) is not { } body || body.Operations.Any(MayLeave));

        bool MayLeave(IOperation operation) =>
            !RejectsArgument(operation) && Throws.May(operation, callee => MayThrow(callee, depth - 1, cancellation)) && !IsCaught(operation);
    }

    // A caller that passes a wrong argument has another problem.
    private static bool RejectsArgument(IOperation operation) => operation switch
    {
        IThrowOperation { Exception: { } exception } => IsArgumentException(exception.Bare().Type),
        IInvocationOperation { TargetMethod: { IsStatic: true, ContainingType: var type } } => IsArgumentException(type),
        _ => false,
    };

    private static bool IsArgumentException(ITypeSymbol? type) => type is { Name: "ArgumentException" or "ArgumentNullException" or "ArgumentOutOfRangeException" };

    private ImmutableArray<Fact> Of(IInvocationOperation call, Body caller, int depth, CancellationToken cancellation, bool awaited = true)
    {
        var effects = EffectsOf(call, caller, depth, awaited, cancellation);
        return effects.IsEmpty ? ImmutableArray<Fact>.Empty : InCaller(effects, call, caller).ToImmutableArray();
    }

    private static IEnumerable<Fact> InCaller(ImmutableArray<Effect> effects, IInvocationOperation call, Body caller)
    {
        foreach (var effect in effects)
        {
            if (PlaceInCaller(effect.Place, call, caller) is { } place)
            {
                var fact = effect.At(call, call.TargetMethod, place);
                yield return fact is LockFact taken ? taken with { Taken = FlagOf(call, caller) } : fact;
            }
        }
    }

    // A method that takes a lock and says so in a flag, as Monitor.Enter does.
    private static Place? FlagOf(IInvocationOperation call, Body caller) =>
        call.Arguments.FirstOrDefault(argument => argument.Parameter is { RefKind: RefKind.Ref or RefKind.Out, Type.SpecialType: SpecialType.System_Boolean }) is { } flag ? caller.Places.Of(flag.Value) : null;

    private IEnumerable<Fact> OfWork(IOperation work, Body body, CancellationToken cancellation)
    {
        if (body.Outermost.InnerOf(work) is { } inner)
        {
            return Read(inner, Deepest, cancellation, started: true).Select(effect => effect.At(work, null, effect.Place));
        }

        if (work is IMethodReferenceOperation { Method: { DeclaringSyntaxReferences.IsEmpty: false } method } reference && BodyOf(method.OriginalDefinition, cancellation) is { } callee)
        {
            return Read(callee, Deepest, cancellation)
                .Select(effect => effect.Place.Root.Symbol switch
                {
                    null => body.Places.Of(reference.Instance) is { } receiver ? effect.At(work, method, effect.Place.Rebase(Place.This, receiver)) : null,
                    IParameterSymbol => null,
                    _ => effect.At(work, method, effect.Place),
                })
                .OfType<Fact>();
        }

        return [];
    }

    private ImmutableArray<Effect> EffectsOf(IInvocationOperation call, Body caller, int depth, bool awaited, CancellationToken cancellation)
    {
        var method = call.TargetMethod;
        if (depth == 0 || method.DeclaringSyntaxReferences.IsEmpty || method.IsAbstract || method.IsExtern || ((method.IsVirtual || method.IsOverride) && !IsSealed(call, method)))
        {
            return ImmutableArray<Effect>.Empty;
        }

        // A task that is not awaited goes on beside the caller: what it does is not done when the call returns.
        if (awaited && method.IsAsync && !Joins.InPlace(call))
        {
            return ImmutableArray<Effect>.Empty;
        }

        if (method.MethodKind == MethodKind.LocalFunction)
        {
            return caller.Outermost.InnerOf(method) is { } function ? Read(function, depth, cancellation) : ImmutableArray<Effect>.Empty;
        }

        var key = (method.OriginalDefinition, depth);
        return _effects.TryGetValue(key, out var known)
            ? known
            : _effects.GetOrAdd(key, BodyOf(method.OriginalDefinition, cancellation) is { } body && IsWorthReading(body, cancellation) ? Read(body, depth, cancellation) : ImmutableArray<Effect>.Empty);
    }

    private static bool IsSealed(IInvocationOperation call, IMethodSymbol method) => method.IsSealed || call.Instance is IInstanceReferenceOperation { Syntax: BaseExpressionSyntax } || call.Instance?.Type?.IsSealed == true;

    // A type that mentions no lock and no channel hands on nobody else's.
    private static bool IsWorthReading(Body body, CancellationToken cancellation)
    {
        var type = body.Declaration.FirstAncestorOrSelf<TypeDeclarationSyntax>();
        return type is not null && (SourceFile.Of(type.SyntaxTree).Mentions(cancellation).In(type.Span) & (Mentions.Channel | Mentions.Lock)) != 0;
    }

    // Of work that is started, the task that it hands back ends with it: `Task.Run(() => ProduceAsync())`.
    private ImmutableArray<Effect> Read(Body body, int depth, CancellationToken cancellation, bool started = false)
    {
        var found = new Dictionary<(Effect.Kind, Place), List<IOperation>>();
        foreach (var operation in body.Operations)
        {
            foreach (var fact in body.FactsAt(operation, call => Of(call, body, depth - 1, cancellation, awaited: !started || !IsHandedBack(call))))
            {
                if (KindOf(fact) is not { } effect || (effect.Place.Root.Symbol is ILocalSymbol && body.Outer is null))
                {
                    continue;
                }

                if (!found.TryGetValue((effect.Kind, effect.Place), out var operations))
                {
                    found[(effect.Kind, effect.Place)] = operations = [];
                }

                if (fact.Always)
                {
                    operations.Add(fact.Operation);
                }
            }
        }

        return found.Select(pair => new Effect(pair.Key.Item1, pair.Key.Item2, HappensAlways(body, pair.Value))).ToImmutableArray();
    }

    private static bool IsHandedBack(IOperation task) => task.Parent switch
    {
        IReturnOperation => true,
        IConversionOperation conversion => IsHandedBack(conversion),
        _ => false,
    };

    private static (Effect.Kind Kind, Place Place)? KindOf(Fact fact) => fact switch
    {
        ChannelFact channel => (new(channel.Action, null, null), channel.Channel),
        LockFact { IsScoped: false, Lock: { } place } taken when !taken.Operation.IsUsingResource() => (new(null, taken.Kind, taken.Action), place),
        _ => null,
    };

    private static bool HappensAlways(Body body, List<IOperation> operations)
    {
        if (operations.Count == 0 || body.Flow is not { } flow)
        {
            return false;
        }

        var paths = new Paths(body, flow);
        var nodes = new HashSet<FlowNode>(operations.SelectMany(paths.NodesOf));
        return paths.Find(flow.Entry, node => node == flow.Exit, nodes.Contains) is null;
    }

    private static Place? PlaceInCaller(Place place, IInvocationOperation call, Body caller)
    {
        var root = place.Root;
        return root.Symbol switch
        {
            null when call.TargetMethod.MethodKind == MethodKind.LocalFunction => place,
            null => caller.Places.Of(call.Instance) is { } receiver ? place.Rebase(root, receiver) : null,
            // A parameter of a primary constructor is a field of the object.
            IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } when call.TargetMethod.MethodKind != MethodKind.Constructor =>
                caller.Places.Of(call.Instance) == Place.This ? place : null,
            IParameterSymbol parameter => ArgumentFor(parameter, call) is { } argument
                ? caller.Places.Of(argument) is { } passed ? place.Rebase(root, passed) : null
                : call.TargetMethod.MethodKind == MethodKind.LocalFunction ? place : null,
            _ => place,
        };
    }

    private static IOperation? ArgumentFor(IParameterSymbol parameter, IInvocationOperation call) =>
        call.Arguments.FirstOrDefault(argument => SymbolEqualityComparer.Default.Equals(argument.Parameter?.OriginalDefinition, parameter))?.Value;

    private Body? BodyOf(IMethodSymbol method, CancellationToken cancellation)
    {
        var declaration = compilation.DeclarationOf(method, cancellation);
        return declaration switch
        {
            BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or ArrowExpressionClauseSyntax or LocalFunctionStatementSyntax => Body.Of(declaration, compilation, cancellation),
            _ => null,
        };
    }

    private static bool IsCaught(IOperation operation)
    {
        for (var inner = operation; inner.Parent is { } outer; inner = outer)
        {
            if (outer is ITryOperation guarded && guarded.Body == inner && guarded.Catches.Any(handler => handler.Filter is null && handler.ExceptionType is { Name: "Exception" or "Object" }))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class MethodAndDepth : IEqualityComparer<(IMethodSymbol Method, int Depth)>
    {
        public static MethodAndDepth Comparer { get; } = new();

        public bool Equals((IMethodSymbol Method, int Depth) x, (IMethodSymbol Method, int Depth) y) =>
            x.Depth == y.Depth && SymbolEqualityComparer.Default.Equals(x.Method, y.Method);

        public int GetHashCode((IMethodSymbol Method, int Depth) key) => SymbolEqualityComparer.Default.GetHashCode(key.Method) + key.Depth;
    }
}
