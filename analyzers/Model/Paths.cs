using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>
/// The path questions that rules ask of one body. A path is feasible only when the tests on it agree with each other: a variable that was
/// assigned or tested on the way keeps its value until something may change it.
/// </summary>
internal sealed class Paths
{
    // Enough for any body that a person can read; beyond it nothing is claimed.
    private const int MostStates = 20_000;

    private readonly Body _body;
    private readonly Flow _flow;
    private readonly bool _steady;
    private readonly Lazy<ILookup<FlowNode, Assumptions>> _reached;

    /// <summary>Initializes a new instance of the <see cref="Paths"/> class. Where fields are <paramref name="steady"/>, only this body is thought to change them.</summary>
    public Paths(Body body, Flow flow, bool steady = false)
    {
        (_body, _flow, _steady) = (body, flow, steady);
        _reached = new(() => Reach(this, flow.Entry), LazyThreadSafetyMode.None);
    }

    /// <summary>The nodes at which <paramref name="operation"/> happens: several when it stands in a finally.</summary>
    public IEnumerable<FlowNode> NodesOf(IOperation operation) => _flow.Nodes.Where(node => node.Operation is { } candidate && IsSame(candidate, operation));

    /// <summary>Whether <paramref name="place"/> may denote another object after <paramref name="node"/>.</summary>
    public bool Reassigns(FlowNode node, Place place) => node.Operation is { } operation
        && Locals.WritesOf(operation).Any(write => _body.Places.OfTarget(write.Target, _flow.Captures) is { } target && place.StartsWith(target));

    /// <summary>
    /// Whether the loop that <paramref name="path"/> goes round passes <paramref name="node"/> in every round. A path that goes round no loop passes it.
    /// What stands under a condition in a loop is often meant for the last round only, which no path tells.
    /// </summary>
    public bool IsOnEveryRound(FlowPath path, FlowNode node) =>
        !path.GoesRound || path.Nodes.All(other => other == node || Find(other, again => again == other, again => again == node) is null);

    /// <summary>The shortest way from the end of <paramref name="first"/> to <paramref name="second"/> on which <paramref name="place"/> stays the same object.</summary>
    public FlowPath? FindUnchanged(FlowNode first, FlowNode second, Place place) =>
        Reassigns(second, place) ? null : Find(first, node => node == second, node => Reassigns(node, place));

    /// <summary>
    /// The shortest way that begins when <paramref name="start"/> has ended normally and reaches a node where <paramref name="goal"/> holds, without passing one where
    /// <paramref name="avoid"/> holds; only the operations for which <paramref name="throws"/> holds may fail. Null when there is none, or when there is too much to look at.
    /// When <paramref name="yes"/>, the operation at the start has answered true; when <paramref name="no"/>, false.
    /// </summary>
    public FlowPath? Find(FlowNode start, Func<FlowNode, bool> goal, Func<FlowNode, bool>? avoid = null, Assumptions? given = null, Func<FlowNode, bool>? throws = null, bool yes = false, bool no = false)
    {
        var answered = yes || no ? start.Operation : null;
        var seen = new HashSet<(FlowNode, Assumptions)>();
        var open = new Queue<FlowPath>(KnownAt(start).Select(known => known.And(given)).OfType<Assumptions>().Select(known => new FlowPath(start, null, known, default)));
        while (open.Count > 0 && seen.Count < MostStates)
        {
            var here = open.Dequeue();
            foreach (var edge in here.Node.Next)
            {
                // What the first operation does has happened: its own exception is not on the way.
                if ((edge.Kind == FlowEdgeKind.Throw && here.Node.Operation is not null && (here.Previous is null || throws?.Invoke(here.Node) == false)) || Take(edge, here.Known, answered, yes) is not { } known)
                {
                    continue;
                }

                known = After(edge.To.Operation, known, answered, yes);
                if (!seen.Add((edge.To, known)))
                {
                    continue;
                }

                var next = new FlowPath(edge.To, here, known, edge);
                if (goal(edge.To))
                {
                    return next;
                }

                if (avoid?.Invoke(edge.To) != true)
                {
                    open.Enqueue(next);
                }
            }
        }

        return null;
    }

    // What may be known when the body has come to this node: one entry for each way of knowing.
    private IEnumerable<Assumptions> KnownAt(FlowNode node) => node == _flow.Entry ? [Assumptions.None] : _reached.Value[node];

    private static ILookup<FlowNode, Assumptions> Reach(Paths paths, FlowNode entry)
    {
        var seen = new HashSet<(FlowNode Node, Assumptions Known)> { (entry, Assumptions.None) };
        var open = new Queue<(FlowNode Node, Assumptions Known)>(seen);
        while (open.Count > 0 && seen.Count < MostStates)
        {
            var (node, known) = open.Dequeue();
            foreach (var edge in node.Next)
            {
                if (paths.Take(edge, known) is { } taken && (edge.To, paths.After(edge.To.Operation, taken)) is var next && seen.Add(next))
                {
                    open.Enqueue(next);
                }
            }
        }

        return (open.Count > 0 ? [] : seen).ToLookup(state => state.Node, state => state.Known);
    }

    private static bool IsSame(IOperation candidate, IOperation operation) =>
        operation is ILockOperation { Syntax: LockStatementSyntax statement }
            ? candidate is { IsImplicit: true } and (IInvocationOperation { TargetMethod.Name: "Enter" or "EnterScope" } or IInvalidOperation) && (candidate.Syntax == statement || candidate.Syntax.Parent == statement || candidate.Syntax.Parent?.Parent == statement)
            : candidate.Syntax == operation.Syntax && candidate.Kind == operation.Kind && candidate.IsImplicit == operation.IsImplicit;

    private Assumptions? Take(FlowEdge edge, Assumptions known, IOperation? answered = null, bool yes = true)
    {
        if (edge.Kind != FlowEdgeKind.Branch)
        {
            return known;
        }

        if (edge.Condition?.ConstantValue is { HasValue: true, Value: bool constant })
        {
            return constant == edge.Holds ? known : null;
        }

        if (answered is not null && edge.Condition?.Bare() == answered)
        {
            return edge.Holds == yes ? known : null;
        }

        return Condition.Of(edge.Condition, _body, _flow) is { } condition && (edge.Holds ? condition.WhenTrue : condition.WhenFalse) is { } value
            ? known.With(condition.Place, value)
            : known;
    }

    private Assumptions After(IOperation? operation, Assumptions known, IOperation? answered = null, bool yes = true)
    {
        if (operation is null)
        {
            return known;
        }

        foreach (var (target, value) in Locals.WritesOf(operation))
        {
            if (_body.Places.OfTarget(target, _flow.Captures) is { } place)
            {
                known = known.Assign(place, answered is not null && value?.Bare() == answered ? (yes ? Known.True : Known.False) : Condition.ValueOf(value));
            }
        }

        // While something else runs, what it can reach may change.
        return !_steady && operation is (IAwaitOperation or IInvocationOperation { TargetMethod.DeclaringSyntaxReferences.IsEmpty: false }) ? known.ForgetShared(_body.Locals) : known;
    }
}

/// <summary>A way through a body, told backwards from where it ended.</summary>
internal sealed class FlowPath(FlowNode node, FlowPath? previous, Assumptions known, FlowEdge by)
{
    public FlowNode Node { get; } = node;

    public FlowPath? Previous { get; } = previous;

    public Assumptions Known { get; } = known;

    /// <summary>Gets the last step, which came here.</summary>
    public FlowEdge By { get; } = by;

    /// <summary>Gets the nodes on the way, the last one first.</summary>
    public IEnumerable<FlowNode> Nodes
    {
        get
        {
            for (var path = this; path is not null; path = path.Previous)
            {
                yield return path.Node;
            }
        }
    }

    /// <summary>Gets a value indicating whether the way goes back to an earlier statement: round a loop.</summary>
    public bool GoesRound
    {
        get
        {
            int last = int.MaxValue;
            foreach (var operation in Nodes.Select(node => node.Operation))
            {
                if (operation?.Syntax.FirstAncestorOrSelf<StatementSyntax>() is { } statement)
                {
                    if (statement.SpanStart > last)
                    {
                        return true;
                    }

                    last = statement.SpanStart;
                }
            }

            return false;
        }
    }

    /// <summary>Gets the operations on the way, the first one first.</summary>
    public ImmutableArray<IOperation> Operations
    {
        get
        {
            var operations = Nodes.Select(node => node.Operation).OfType<IOperation>().ToList();
            operations.Reverse();
            return operations.ToImmutableArray();
        }
    }

    /// <summary>Gets the operation whose exception the way follows last; null when it follows none.</summary>
    public IOperation? Thrower
    {
        get
        {
            for (var path = this; path.Previous is not null; path = path.Previous)
            {
                if (path.By.Kind == FlowEdgeKind.Throw && path.Previous.Node.Operation is { } operation)
                {
                    return operation;
                }
            }

            return null;
        }
    }
}
