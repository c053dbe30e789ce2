using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Locking;

/// <summary>A body waits for one lock while it holds another.</summary>
/// <param name="Trace">The body.</param>
/// <param name="Step">The step at which it waits.</param>
/// <param name="From">What it holds.</param>
/// <param name="To">What it waits for.</param>
/// <param name="Gates">All that is held then: two edges under one gate never happen at once.</param>
internal sealed record OrderEdge(LockTrace Trace, LockStep Step, Held From, Wanted To, ImmutableArray<Held> Gates)
{
    /// <summary>Gets the edge that goes the other way between the same two objects, where this one goes from a child to its parent.</summary>
    public OrderEdge? Down { get; init; }

    /// <summary>Gets the collection that both locks are elements of, where two fields of one object hold them.</summary>
    public ISymbol? Collection { get; init; }

    public string Method => Trace.Symbol is IMethodSymbol { MethodKind: not MethodKind.AnonymousFunction } method ? method.AssociatedSymbol?.Name ?? (method.MethodKind == MethodKind.Constructor ? method.ContainingType.Name : method.Name) : "a lambda";
}

/// <summary>Edges that lead round: each holds what the one before waits for.</summary>
internal sealed record OrderCycle(ImmutableArray<OrderEdge> Edges);

/// <summary>All edges from one class of locks to another.</summary>
internal sealed record OrderPair(ISymbol From, ISymbol To, ImmutableArray<OrderEdge> Edges);

/// <summary>
/// In which order the locks of a compilation are taken, and where two orders make a circle. It is pulled: from the locks that a type waits for, only the
/// bodies that can hold those are looked at, then those that can hold what these wait for, until the circle is closed.
/// </summary>
internal sealed class LockOrder(LockModel model)
{
    private const int Longest = 4;
    private const int MostEdgesOfPair = 24;

    private static readonly string[] WordsOfParents = ["parent", "owner", "outer", "container"];
    private static readonly string[] WordsOfTrees = ["parent", "child", "next", "prev", "root", "owner", "inner", "outer", "node"];

    private readonly ConcurrentDictionary<SyntaxNode, ImmutableArray<OrderEdge>> _ofMembers = new();
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<OrderPair>> _from = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, Dictionary<ISymbol, OrderPair>> _ways = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _written = new(SymbolEqualityComparer.Default);

    /// <summary>Whether anybody takes the lock for writing.</summary>
    public bool IsWritten(LockRef locked, CancellationToken cancellation) => _written.TryGetValue(locked.Class, out bool known)
        ? known
        : _written.GetOrAdd(locked.Class, model.HoldersOf(locked.Class, cancellation).SelectMany(member => model.TracesOf(member, cancellation)).SelectMany(trace => trace.Steps)
            .Any(step => step is AcquireStep { Taken: { Kind: LockKind.Writer } taken } && taken.Lock.IsSameClass(locked)));

    /// <summary>The circles that <paramref name="type"/> has to tell: in each, the first edge is one of its own.</summary>
    public IEnumerable<OrderCycle> Of(TypeModel type)
    {
        var cancellation = type.Cancellation;
        var told = new HashSet<SyntaxNode>();
        var asked = new HashSet<(ISymbol From, ISymbol To)>();
        foreach (var edge in model.TracesOf(type).Select(trace => trace.Member).Distinct().SelectMany(member => EdgesOf(member, cancellation)))
        {
            if (asked.Add((edge.From.Lock.Class, edge.To.Lock.Class)) && Through(edge.From.Lock.Class, edge.To.Lock.Class, cancellation) is { } cycle && type.Parts.Contains(PartAround(cycle.Edges[0].Step.Syntax)) && told.Add(cycle.Edges[0].Step.Syntax))
            {
                yield return cycle;
            }
        }
    }

    private static SyntaxNode PartAround(SyntaxNode node) => (SyntaxNode?)node.FirstAncestorOrSelf<TypeDeclarationSyntax>() ?? node.SyntaxTree.GetRoot();

    private ImmutableArray<OrderEdge> EdgesOf(SyntaxNode member, CancellationToken cancellation) =>
        _ofMembers.TryGetValue(member, out var known) ? known : _ofMembers.GetOrAdd(member, model.TracesOf(member, cancellation).SelectMany(trace => EdgesOf(trace, cancellation)).ToImmutableArray());

    private IEnumerable<OrderEdge> EdgesOf(LockTrace trace, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (var step in trace.Steps)
        {
            var edges = step switch
            {
                ReleaseStep released when !step.State.Held.Any(held => held.Lock.IsSameClass(released.Lock)) && !released.Lock.IsParameter => Before(released, trace, cancellation),
                CallStep { Callee: { Arguments.IsEmpty: false } or { Delegates.IsEmpty: false } } passing => OfArguments(passing, trace, cancellation).Concat(Under(step, trace, cancellation)),
                AcquireStep or CallStep or JoinStep => Under(step, trace, cancellation),
                _ => [],
            };
            foreach (var edge in edges)
            {
                yield return edge;
            }
        }
    }

    private IEnumerable<OrderEdge> Under(LockStep step, LockTrace trace, CancellationToken cancellation)
    {
        if (step.State.Held.IsEmpty)
        {
            yield break;
        }

        foreach (var wanted in model.WantedBy(step, trace, cancellation))
        {
            // Who holds it already does not wait for it.
            if (!wanted.Beside && wanted.Inside.Any(held => IsReentrant(held.Kind) && held.Lock.IsSameClass(wanted.Lock) && !AreTwo(held.Lock, wanted.Lock) && !wanted.Released.Any(released => released.IsSameClass(held.Lock))))
            {
                continue;
            }

            foreach (var held in step.State.Held)
            {
                if (!wanted.Released.Any(released => released.IsSameObject(held.Lock) || (released.Place is null && released.IsSameClass(held.Lock))) && Matters(held.Lock, trace) && Matters(wanted.Lock, trace))
                {
                    yield return new(trace, step, held, wanted, wanted.Inside);
                }
            }
        }
    }

    // What a body gives back without having taken it was held from its beginning: while it took what it took until then.
    private IEnumerable<OrderEdge> Before(ReleaseStep release, LockTrace trace, CancellationToken cancellation)
    {
        var held = new Held(release.Lock, release.Kind, release.Syntax);
        foreach (var step in trace.Steps.TakeWhile(step => step != release).Where(step => step is AcquireStep or CallStep or JoinStep))
        {
            foreach (var wanted in model.WantedBy(step, trace, cancellation).Where(wanted => !wanted.Lock.IsSameClass(release.Lock) && Matters(wanted.Lock, trace) && Matters(release.Lock, trace)))
            {
                yield return new(trace, step, held, wanted, wanted.Inside);
            }
        }
    }

    // A helper that locks its parameters, or runs code that it is given: only here it is known which locks these are.
    private IEnumerable<OrderEdge> OfArguments(CallStep call, LockTrace trace, CancellationToken cancellation)
    {
        foreach (var wanted in model.WantedBy(call, trace, cancellation))
        {
            foreach (var held in wanted.Inside.Skip(call.State.Held.Length).Where(held => (held.Lock.IsArgument || wanted.Lock.IsArgument || wanted.Around.Contains(held)) && !held.Lock.IsSameObject(wanted.Lock) && Matters(held.Lock, trace) && Matters(wanted.Lock, trace)))
            {
                yield return new(trace, call, held, wanted, wanted.Inside);
            }
        }
    }

    private static bool IsReentrant(LockKind kind) => kind is LockKind.Monitor or LockKind.Lock or LockKind.Mutex or LockKind.Writer or LockKind.Reader or LockKind.UpgradeableReader;

    // Known to be two objects: the one and the other are named, and differently.
    private static bool AreTwo(LockRef one, LockRef other) => IsUp(one, other) || IsDown(one, other) || (one.IsElement && other.IsElement) || (one.OwnerOf is not null && SymbolEqualityComparer.Default.Equals(one.OwnerOf, other.OwnerOf) && !one.IsSameObject(other)) || (one.Place is { } first && other.Place is { } second && IsTwin(first, second));

    /// <summary>All that is waited for while a lock of the class is held, in the order of the source.</summary>
    private ImmutableArray<OrderPair> From(ISymbol held, CancellationToken cancellation) => _from.TryGetValue(held, out var known)
        ? known
        : _from.GetOrAdd(held, model.HoldersOf(held, cancellation).SelectMany(member => EdgesOf(member, cancellation))
            .Where(edge => SymbolEqualityComparer.Default.Equals(edge.From.Lock.Class, held))
            .GroupBy(edge => edge.To.Lock.Class, SymbolEqualityComparer.Default)
            .Select(pair => new OrderPair(held, pair.Key!, pair.Take(MostEdgesOfPair).ToImmutableArray()))
            .ToImmutableArray());

    // What nobody else can reach yet makes nobody wait, and of what only a caller knows the caller says it.
    private static bool Matters(LockRef locked, LockTrace trace) => !locked.IsFresh && !locked.IsParameter
        && !(trace.Symbol is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } && locked.Place?.Root.Symbol is null && locked.Place is not null);

    private OrderCycle? Through(ISymbol from, ISymbol to, CancellationToken cancellation)
    {
        if (SymbolEqualityComparer.Default.Equals(from, to))
        {
            return From(from, cancellation).Where(pair => SymbolEqualityComparer.Default.Equals(pair.To, to)).SelectMany(pair => pair.Edges).ToList() is var twins
                && (twins.Find(edge => IsUnordered(edge, cancellation)) ?? UpAndDown(twins)) is { } both ? new(ImmutableArray.Create(both)) : null;
        }

        if (TwoOfOneCollection(from, to, cancellation) is { } neighbours)
        {
            return new(ImmutableArray.Create(neighbours));
        }

        // Who mends the shorter circle, which has one of its pairs, mends it as well.
        if (CircleOf(from, to, cancellation) is not { } circle || circle.Any(pair => CircleOf(pair.From, pair.To, cancellation) is { } other && other.Length < circle.Length && Choose(ImmutableArray<OrderEdge>.Empty, other, cancellation) is not null) || Choose(ImmutableArray<OrderEdge>.Empty, circle, cancellation) is not { } edges)
        {
            return null;
        }

        // The order that fewer take is the one to change: it comes first. But of pairs that see a shorter circle nobody would tell this one.
        int first = Enumerable.Range(0, edges.Length)
            .Where(i => CircleOf(circle[i].From, circle[i].To, cancellation)?.SequenceEqual(circle) == true)
            .OrderBy(i => circle[i].Edges.Length).ThenBy(i => edges[i].Step.Syntax.SyntaxTree.FilePath, StringComparer.Ordinal).ThenBy(i => edges[i].Step.Syntax.SpanStart)
            .First();
        return new(edges.Skip(first).Concat(edges.Take(first)).ToImmutableArray());
    }

    // `_left` and `_right` of one object, each an element of one array: whose `_right` is whose `_left`, nobody has put in order.
    private OrderEdge? TwoOfOneCollection(ISymbol from, ISymbol to, CancellationToken cancellation) =>
        model.Origins.CollectionOf(from, cancellation) is { } collection && SymbolEqualityComparer.Default.Equals(collection, model.Origins.CollectionOf(to, cancellation))
            ? From(from, cancellation).Where(pair => SymbolEqualityComparer.Default.Equals(pair.To, to)).SelectMany(pair => pair.Edges)
                .FirstOrDefault(edge => edge.From.Lock.Place is { Owner.Symbol: null } && edge.To.Lock.Place is { Owner.Symbol: null } && !IsSorted(edge.Trace.Member)) is { } edge
                ? edge with { Collection = collection } : null
            : null;

    // The pair and the shortest way back from its end to its beginning; it begins at the same pair, whichever of them was asked for.
    private ImmutableArray<OrderPair>? CircleOf(ISymbol from, ISymbol to, CancellationToken cancellation)
    {
        var ways = WaysFrom(to, cancellation);
        if (!ways.ContainsKey(from) || From(from, cancellation).FirstOrDefault(pair => SymbolEqualityComparer.Default.Equals(pair.To, to)) is not { } first)
        {
            return null;
        }

        var circle = new List<OrderPair>();
        for (var at = from; !SymbolEqualityComparer.Default.Equals(at, to); at = circle[0].From)
        {
            circle.Insert(0, ways[at]);
        }

        circle.Insert(0, first);
        int start = Enumerable.Range(0, circle.Count).OrderBy(i => circle[i].Edges[0].Step.Syntax.SyntaxTree.FilePath, StringComparer.Ordinal).ThenBy(i => circle[i].Edges[0].Step.Syntax.SpanStart).ThenBy(i => circle[i].Edges[0].From.Lock.FullName, StringComparer.Ordinal).First();
        return circle.Skip(start).Concat(circle.Take(start)).ToImmutableArray();
    }

    // For each class that is on the way from `start`, the pair by which the shortest way comes to it.
    private Dictionary<ISymbol, OrderPair> WaysFrom(ISymbol start, CancellationToken cancellation)
    {
        return _ways.TryGetValue(start, out var known) ? known : _ways.GetOrAdd(start, Walk());

        Dictionary<ISymbol, OrderPair> Walk()
        {
            var ways = new Dictionary<ISymbol, OrderPair>(SymbolEqualityComparer.Default);
            var open = new List<ISymbol> { start };
            for (int length = 1; length < Longest; length++)
            {
                var next = new List<ISymbol>();
                foreach (var pair in open.SelectMany(at => From(at, cancellation)))
                {
                    if (!ways.ContainsKey(pair.To) && !SymbolEqualityComparer.Default.Equals(pair.To, start))
                    {
                        ways.Add(pair.To, pair);
                        next.Add(pair.To);
                    }
                }

                open = next;
            }

            return ways;
        }
    }

    // One edge of each pair, such that all can wait at once.
    private ImmutableArray<OrderEdge>? Choose(ImmutableArray<OrderEdge> chosen, ImmutableArray<OrderPair> circle, CancellationToken cancellation)
    {
        if (chosen.Length == circle.Length)
        {
            return Blocks(chosen[chosen.Length - 1], chosen[0], cancellation) ? chosen : null;
        }

        foreach (var edge in circle[chosen.Length].Edges)
        {
            if ((chosen.IsEmpty || Blocks(chosen[chosen.Length - 1], edge, cancellation)) && model.IsExclusive(edge.From.Lock, edge.From.Kind, cancellation) && model.IsExclusive(edge.To.Lock, edge.To.Kind, cancellation)
                && !chosen.Any(other => AreSerialized(other, edge, circle, cancellation)) && Choose(chosen.Add(edge), circle, cancellation) is { } all)
            {
                return all;
            }
        }

        return null;
    }

    // Whether who holds what `next` holds keeps `edge` waiting. Readers keep readers waiting only when a writer stands between.
    private bool Blocks(OrderEdge edge, OrderEdge next, CancellationToken cancellation) => (edge.To.Kind, next.From.Kind) switch
    {
        (LockKind.Reader, LockKind.Reader or LockKind.UpgradeableReader) or (LockKind.UpgradeableReader, LockKind.Reader) => IsWritten(edge.To.Lock, cancellation),
        _ => true,
    };

    private bool AreSerialized(OrderEdge one, OrderEdge other, ImmutableArray<OrderPair> circle, CancellationToken cancellation)
    {
        var cycle = new HashSet<ISymbol>(circle.Select(pair => pair.From), SymbolEqualityComparer.Default);
        return GatesOf(one, cancellation).Any(gate => !cycle.Contains(gate.Lock.Class) && gate.Kind != LockKind.Reader && GatesOf(other, cancellation).Any(same => same.Kind != LockKind.Reader && same.Lock.IsSameClass(gate.Lock) && !same.Lock.IsElement));
    }

    private IEnumerable<Held> GatesOf(OrderEdge edge, CancellationToken cancellation) => edge.Gates.Concat(model.HeldOnEntry(edge.Trace, cancellation));

    // Two locks of one class on two objects: is it a matter of chance which comes first?
    private bool IsUnordered(OrderEdge edge, CancellationToken cancellation)
    {
        var (held, wanted) = (edge.From.Lock, edge.To.Lock);
        if (held.IsSameObject(wanted) || (edge.From.Kind == LockKind.Reader && edge.To.Kind == LockKind.Reader) || !model.IsExclusive(held, edge.From.Kind, cancellation) || !model.IsExclusive(wanted, edge.To.Kind, cancellation)
            || edge.Gates.Any(gate => !gate.Lock.IsSameClass(held) && gate.Kind != LockKind.Reader) || !model.HeldOnEntry(edge.Trace, cancellation).IsEmpty)
        {
            return false;
        }

        bool isPair = (held.IsElement && wanted.IsElement)
            || (held.OwnerOf is { } many && SymbolEqualityComparer.Default.Equals(many, wanted.OwnerOf))
            || (held.Place is { } one && wanted.Place is { } other && IsTwin(one, other));
        return isPair && !IsSorted(edge.Trace.Member);
    }

    // A tree: one method goes from a child to its parent with the child locked, another from the parent to its children with the parent locked.
    private static OrderEdge? UpAndDown(List<OrderEdge> twins) =>
        twins.Find(edge => IsUp(edge.From.Lock, edge.To.Lock)) is { } up && twins.Find(edge => IsDown(edge.From.Lock, edge.To.Lock)) is { } down ? up with { Down = down } : null;

    // `this._gate` and `this._parent._gate`.
    private static bool IsUp(LockRef held, LockRef wanted) => held.Place is { Owner: { Owner: null, Symbol: null } } && wanted.Place is { Owner: { Owner: { Owner: null, Symbol: null }, Symbol: { } above } }
        && WordsOfParents.Any(word => above.Name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);

    // `this._gate` and `child._gate` of a loop or lambda.
    private static bool IsDown(LockRef held, LockRef wanted) => held.Place is { Owner: { Owner: null, Symbol: null } }
        && ((wanted.OwnerOf is IFieldSymbol or IPropertySymbol && wanted.Place is { Owner: { Owner: null, Symbol: { } } }) || (wanted.Place is { Owner: { Owner: null, Symbol: IParameterSymbol one } } && IsOfLambda(one)));

    private static bool IsOfLambda(ISymbol? parameter) => parameter?.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction };

    // `this._gate` and `other._gate`, `from.Gate` and `to.Gate`.
    private static bool IsTwin(Place one, Place other)
    {
        if (one.Root.Symbol is not (null or IParameterSymbol) || other.Root.Symbol is not (null or IParameterSymbol) || one.Root.Equals(other.Root) || IsOfLambda(one.Root.Symbol) || IsOfLambda(other.Root.Symbol) || IsBelow(one.Root.Symbol) || IsBelow(other.Root.Symbol))
        {
            return false;
        }

        var (left, right) = (one, other);
        while (left.Owner is not null && right.Owner is not null && SymbolEqualityComparer.Default.Equals(left.Symbol, right.Symbol))
        {
            (left, right) = (left.Owner, right.Owner);
        }

        return left.Owner is null && right.Owner is null;
    }

    // Who locks a tree goes one way.
    private static bool IsBelow(ISymbol? symbol) => symbol is not null && WordsOfTrees.Any(word => symbol.Name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);

    // A comparison or a sort beside the locks is how people make an order.
    internal static bool IsSorted(SyntaxNode member) => member.DescendantNodes().Any(node => node switch
    {
        BinaryExpressionSyntax comparison when comparison.Kind() is SyntaxKind.LessThanExpression or SyntaxKind.GreaterThanExpression or SyntaxKind.LessThanOrEqualExpression or SyntaxKind.GreaterThanOrEqualExpression =>
            comparison.FirstAncestorOrSelf<ForStatementSyntax>()?.Condition != comparison,
        IdentifierNameSyntax { Identifier.ValueText: "CompareTo" or "Compare" or "CompareOrdinal" or "OrderBy" or "Order" or "Sort" or "Min" or "Max" or "SortedSet" } => true,
        _ => false,
    });
}
