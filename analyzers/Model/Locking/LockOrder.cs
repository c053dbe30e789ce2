using System;
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
    public string Method => Trace.Symbol is IMethodSymbol { MethodKind: not MethodKind.AnonymousFunction } method ? method.AssociatedSymbol?.Name ?? (method.MethodKind == MethodKind.Constructor ? method.ContainingType.Name : method.Name) : "a lambda";
}

/// <summary>Edges that lead round: each holds what the one before waits for.</summary>
internal sealed record OrderCycle(ImmutableArray<OrderEdge> Edges);

/// <summary>In which order the locks of a compilation are taken, and where two orders make a circle.</summary>
internal sealed class LockOrder
{
    private const int Longest = 4;
    private const int MostEdgesOfPair = 24;

    private static readonly string[] WordsOfTrees = ["parent", "child", "next", "prev", "root", "owner", "inner", "outer", "node"];

    private readonly LockModel _model;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<ISymbol, Dictionary<ISymbol, List<OrderEdge>>> _edges = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _written = new(SymbolEqualityComparer.Default);

    private LockOrder(LockModel model, CancellationToken cancellation) => (_model, _cancellation) = (model, cancellation);

    /// <summary>Gets the circles, each once.</summary>
    public ImmutableArray<OrderCycle> Cycles { get; private set; } = ImmutableArray<OrderCycle>.Empty;

    /// <summary>Whether anybody takes the lock for writing.</summary>
    public bool IsWritten(LockRef locked) => _written.Contains(locked.Class);

    /// <summary>Gets the names of the methods that return with a lock held, or lock what they are given.</summary>
    public ImmutableArray<string> Takers { get; private set; } = ImmutableArray<string>.Empty;

    public static LockOrder Of(CompilationModel compilation, LockModel model, CancellationToken cancellation)
    {
        var order = new LockOrder(model, cancellation);
        var mentioning = new List<TypeModel>();
        var takers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var type in model.Types)
        {
            var typed = TypeModel.Of(type, compilation, cancellation);
            if ((typed.Mentions & Mentions.Lock) == 0)
            {
                continue;
            }

            mentioning.Add(typed);
            takers.UnionWith(typed.Bodies.Where(body => (body.Mentions & Mentions.Lock) != 0).SelectMany(body => model.TracesOf(body.Declaration, cancellation)).Where(trace => trace.Symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary } && (trace.End is { Held.IsEmpty: false } || trace.Steps.Any(step => step is AcquireStep { Taken.Lock.Class: IParameterSymbol }))).Select(trace => trace.Symbol!.Name));
        }

        order.Takers = takers.OrderBy(name => name, StringComparer.Ordinal).ToImmutableArray();
        foreach (var trace in mentioning.SelectMany(typed => typed.Bodies.Where(body => (body.Mentions & Mentions.Lock) != 0 || LockModel.Names(body, order.Takers, cancellation))).SelectMany(body => model.TracesOf(body.Declaration, cancellation)))
        {
            order.Add(trace);
        }

        order.Cycles = order.Find().ToImmutableArray();
        return order;
    }

    private void Add(LockTrace trace)
    {
        foreach (var step in trace.Steps)
        {
            if (step is AcquireStep { Taken: { Kind: LockKind.Writer } written })
            {
                _written.Add(written.Lock.Class);
            }

            if (step is ReleaseStep released && !step.State.Held.Any(held => held.Lock.IsSameClass(released.Lock)) && released.Lock.Class is not IParameterSymbol)
            {
                AddBefore(released, trace);
            }

            if (step is CallStep { Callee.Arguments.IsEmpty: false } passing)
            {
                AddOfArguments(passing, trace);
            }

            if (step.State.Held.IsEmpty || step is not (AcquireStep or CallStep))
            {
                continue;
            }

            foreach (var wanted in _model.WantedBy(step, trace, _cancellation))
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
                        Add(new OrderEdge(trace, step, held, wanted, wanted.Inside));
                    }
                }
            }
        }
    }

    // What a body gives back without having taken it was held from its beginning: while it took what it took until then.
    private void AddBefore(ReleaseStep release, LockTrace trace)
    {
        var held = new Held(release.Lock, release.Kind, release.Syntax);
        foreach (var step in trace.Steps.TakeWhile(step => step != release).Where(step => step is AcquireStep or CallStep))
        {
            foreach (var wanted in _model.WantedBy(step, trace, _cancellation).Where(wanted => !wanted.Lock.IsSameClass(release.Lock) && Matters(wanted.Lock, trace) && Matters(release.Lock, trace)))
            {
                Add(new OrderEdge(trace, step, held, wanted, wanted.Inside));
            }
        }
    }

    // A helper that locks its parameters: only here it is known which locks these are.
    private void AddOfArguments(CallStep call, LockTrace trace)
    {
        foreach (var wanted in _model.WantedBy(call, trace, _cancellation))
        {
            foreach (var held in wanted.Inside.Skip(call.State.Held.Length).Where(held => (held.Lock.IsArgument || wanted.Lock.IsArgument) && !held.Lock.IsSameObject(wanted.Lock) && Matters(held.Lock, trace) && Matters(wanted.Lock, trace)))
            {
                Add(new OrderEdge(trace, call, held, wanted, wanted.Inside));
            }
        }
    }

    private static bool IsReentrant(LockKind kind) => kind is LockKind.Monitor or LockKind.Lock or LockKind.Mutex or LockKind.Writer or LockKind.Reader or LockKind.UpgradeableReader;

    // Known to be two objects: the one and the other are named, and differently.
    private static bool AreTwo(LockRef one, LockRef other) => (one.IsElement && other.IsElement) || (one.OwnerOf is not null && SymbolEqualityComparer.Default.Equals(one.OwnerOf, other.OwnerOf) && !one.IsSameObject(other)) || (one.Place is { } first && other.Place is { } second && IsTwin(first, second));

    private void Add(OrderEdge edge)
    {
        var (from, to) = (edge.From.Lock.Class, edge.To.Lock.Class);
        if (!_edges.TryGetValue(from, out var next))
        {
            _edges[from] = next = new(SymbolEqualityComparer.Default);
        }

        if (!next.TryGetValue(to, out var edges))
        {
            next[to] = edges = [];
        }

        if (edges.Count < MostEdgesOfPair)
        {
            edges.Add(edge);
        }
    }

    // What nobody else can reach yet makes nobody wait, and of what only a caller knows the caller says it.
    private static bool Matters(LockRef locked, LockTrace trace) => !locked.IsFresh && locked.Class is not IParameterSymbol
        && !(trace.Symbol is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } && locked.Place?.Root.Symbol is null && locked.Place is not null);

    private IEnumerable<OrderCycle> Find()
    {
        var seen = new HashSet<string>();
        var told = new HashSet<SyntaxNode>();
        foreach (var (from, next) in _edges.Select(pair => (pair.Key, pair.Value)))
        {
            foreach (var (to, edges) in next.Select(pair => (pair.Key, pair.Value)))
            {
                _cancellation.ThrowIfCancellationRequested();
                if (SymbolEqualityComparer.Default.Equals(from, to))
                {
                    if (edges.Find(IsUnordered) is { } both)
                    {
                        yield return new(ImmutableArray.Create(both));
                    }

                    continue;
                }

                if (WayBack(to, from) is { } path && Choose(edges, path) is { } cycle && seen.Add(string.Join("|", cycle.Edges.Select(edge => edge.From.Lock.FullName).OrderBy(name => name, StringComparer.Ordinal))) && told.Add(cycle.Edges[0].Step.Syntax))
                {
                    yield return cycle;
                }
            }
        }
    }

    // The shortest way over lock classes.
    private List<List<OrderEdge>>? WayBack(ISymbol start, ISymbol goal)
    {
        var open = new Queue<(ISymbol At, List<List<OrderEdge>> Path)>();
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default) { start };
        open.Enqueue((start, []));
        while (open.Count > 0)
        {
            var (at, path) = open.Dequeue();
            if (path.Count >= Longest - 1 || !_edges.TryGetValue(at, out var next))
            {
                continue;
            }

            foreach (var pair in next)
            {
                if (SymbolEqualityComparer.Default.Equals(pair.Key, goal))
                {
                    return [.. path, pair.Value];
                }

                if (seen.Add(pair.Key))
                {
                    open.Enqueue((pair.Key, [.. path, pair.Value]));
                }
            }
        }

        return null;
    }

    // One edge of each pair, such that all can wait at once.
    private OrderCycle? Choose(List<OrderEdge> first, List<List<OrderEdge>> rest)
    {
        return Choose(ImmutableArray<OrderEdge>.Empty, [first, .. rest]) is { } edges ? new(Arrange(edges, first, rest)) : null;

        ImmutableArray<OrderEdge>? Choose(ImmutableArray<OrderEdge> chosen, List<List<OrderEdge>> pairs)
        {
            if (chosen.Length == pairs.Count)
            {
                return Blocks(chosen[chosen.Length - 1], chosen[0]) ? chosen : null;
            }

            foreach (var edge in pairs[chosen.Length])
            {
                if ((chosen.IsEmpty || Blocks(chosen[chosen.Length - 1], edge)) && _model.IsExclusive(edge.From.Lock, edge.From.Kind, _cancellation) && _model.IsExclusive(edge.To.Lock, edge.To.Kind, _cancellation)
                    && !chosen.Any(other => AreSerialized(other, edge, pairs)) && Choose(chosen.Add(edge), pairs) is { } all)
                {
                    return all;
                }
            }

            return null;
        }
    }

    // The order that fewer take is the one to change: it comes first.
    private static ImmutableArray<OrderEdge> Arrange(ImmutableArray<OrderEdge> edges, List<OrderEdge> first, List<List<OrderEdge>> rest)
    {
        var counts = rest.Select(pair => pair.Count).Prepend(first.Count).ToList();
        int least = Enumerable.Range(0, edges.Length).OrderBy(i => counts[i]).ThenBy(i => edges[i].Step.Syntax.SyntaxTree.FilePath, StringComparer.Ordinal).ThenBy(i => edges[i].Step.Syntax.SpanStart).First();
        return edges.Skip(least).Concat(edges.Take(least)).ToImmutableArray();
    }

    // Whether who holds what `next` holds keeps `edge` waiting. Readers keep readers waiting only when a writer stands between.
    private bool Blocks(OrderEdge edge, OrderEdge next) => (edge.To.Kind, next.From.Kind) switch
    {
        (LockKind.Reader, LockKind.Reader or LockKind.UpgradeableReader) or (LockKind.UpgradeableReader, LockKind.Reader) => _written.Contains(edge.To.Lock.Class),
        _ => true,
    };

    private bool AreSerialized(OrderEdge one, OrderEdge other, List<List<OrderEdge>> pairs)
    {
        var cycle = new HashSet<ISymbol>(pairs.Select(pair => pair[0].From.Lock.Class), SymbolEqualityComparer.Default);
        return GatesOf(one).Any(gate => !cycle.Contains(gate.Lock.Class) && gate.Kind != LockKind.Reader && GatesOf(other).Any(same => same.Kind != LockKind.Reader && same.Lock.IsSameClass(gate.Lock) && !same.Lock.IsElement));
    }

    private IEnumerable<Held> GatesOf(OrderEdge edge) => edge.Gates.Concat(_model.HeldOnEntry(edge.Trace, _cancellation));

    // Two locks of one class on two objects: is it a matter of chance which comes first?
    private bool IsUnordered(OrderEdge edge)
    {
        var (held, wanted) = (edge.From.Lock, edge.To.Lock);
        if (held.IsSameObject(wanted) || (edge.From.Kind == LockKind.Reader && edge.To.Kind == LockKind.Reader) || !_model.IsExclusive(held, edge.From.Kind, _cancellation) || !_model.IsExclusive(wanted, edge.To.Kind, _cancellation)
            || edge.Gates.Any(gate => !gate.Lock.IsSameClass(held) && gate.Kind != LockKind.Reader) || !_model.HeldOnEntry(edge.Trace, _cancellation).IsEmpty)
        {
            return false;
        }

        bool isPair = (held.IsElement && wanted.IsElement)
            || (held.OwnerOf is { } many && SymbolEqualityComparer.Default.Equals(many, wanted.OwnerOf))
            || (held.Place is { } one && wanted.Place is { } other && IsTwin(one, other));
        return isPair && !IsSorted(edge.Trace.Member);
    }

    // `this._gate` and `other._gate`, `from.Gate` and `to.Gate`.
    private static bool IsTwin(Place one, Place other)
    {
        if (one.Root.Symbol is not (null or IParameterSymbol) || other.Root.Symbol is not (null or IParameterSymbol) || one.Root.Equals(other.Root) || IsBelow(one.Root.Symbol) || IsBelow(other.Root.Symbol))
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
    private static bool IsSorted(SyntaxNode member) => member.DescendantNodes().Any(node => node switch
    {
        BinaryExpressionSyntax comparison when comparison.Kind() is SyntaxKind.LessThanExpression or SyntaxKind.GreaterThanExpression or SyntaxKind.LessThanOrEqualExpression or SyntaxKind.GreaterThanOrEqualExpression =>
            comparison.FirstAncestorOrSelf<ForStatementSyntax>()?.Condition != comparison,
        IdentifierNameSyntax { Identifier.ValueText: "CompareTo" or "Compare" or "CompareOrdinal" or "OrderBy" or "Order" or "Sort" or "Min" or "Max" or "SortedSet" } => true,
        _ => false,
    });
}
