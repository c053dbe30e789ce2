using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

internal enum FlowEdgeKind
{
    Step,

    /// <summary>Taken when <see cref="FlowEdge.Condition"/> is as <see cref="FlowEdge.Holds"/> says.</summary>
    Branch,

    /// <summary>The operation throws.</summary>
    Throw,
}

/// <summary>One step from a node to a next one.</summary>
internal readonly record struct FlowEdge(FlowNode To, FlowEdgeKind Kind, IOperation? Condition = null, bool Holds = true);

/// <summary>One operation with an effect, at one place of the control flow. Code in a finally has a node for each way on from there.</summary>
internal sealed class FlowNode(IOperation? operation)
{
    private readonly List<FlowEdge> _next = [];

    /// <summary>Gets the operation; null for a mere junction.</summary>
    public IOperation? Operation { get; } = operation;

    public IReadOnlyList<FlowEdge> Next => _next;

    public void Add(FlowEdge edge) => _next.Add(edge);
}

/// <summary>
/// The control flow of one body, exceptions included: what Roslyn's graph implies about throw, catch and finally is drawn as edges here. Within one
/// expression the nodes stand in order of evaluation.
/// </summary>
internal sealed class Flow
{
    private Flow(FlowNode entry, FlowNode exit, FlowNode raise, ImmutableArray<FlowNode> nodes, IReadOnlyDictionary<CaptureId, IOperation?> captures) =>
        (Entry, Exit, Raise, Nodes, Captures) = (entry, exit, raise, nodes, captures);

    public FlowNode Entry { get; }

    /// <summary>Gets the node that a body reaches when it ends normally.</summary>
    public FlowNode Exit { get; }

    /// <summary>Gets the node that a body reaches when an exception leaves it.</summary>
    public FlowNode Raise { get; }

    public ImmutableArray<FlowNode> Nodes { get; }

    /// <summary>Gets what each flow capture stands for; null when that depends on the way taken.</summary>
    public IReadOnlyDictionary<CaptureId, IOperation?> Captures { get; }

    /// <summary>The flow of <paramref name="body"/>, or null when it is too large to be worth it.</summary>
    public static Flow? Of(Body body, ControlFlowGraph graph, CancellationToken cancellation) => new Builder(body, graph, cancellation).Build();

    private static Dictionary<CaptureId, IOperation?> CapturesIn(ControlFlowGraph graph)
    {
        var captures = new Dictionary<CaptureId, IOperation?>();
        foreach (var capture in graph.Blocks.SelectMany(block => block.Operations).OfType<IFlowCaptureOperation>())
        {
            captures[capture.Id] = captures.ContainsKey(capture.Id) ? null : capture.Value;
        }

        return captures;
    }

    /// <summary>Where a copy of a finally goes on when it ends. Copies are nested as the regions are.</summary>
    private sealed class Context(Context? outer, ControlFlowRegion region, FlowNode next)
    {
        public Context? Outer { get; } = outer;

        public ControlFlowRegion Region { get; } = region;

        public FlowNode Next { get; } = next;
    }

    private sealed class Builder(Body body, ControlFlowGraph graph, CancellationToken cancellation)
    {
        // A finally is copied for each way that leads through it; nested ones multiply.
        private const int MostNodes = 20_000;

        private readonly Throws _throws = new(body.Compilation, cancellation);
        private readonly FlowNode _exit = new(null);
        private readonly FlowNode _raise = new(null);
        private readonly List<FlowNode> _nodes = [];
        private readonly Dictionary<(int Block, Context? Context), FlowNode> _entries = [];
        private readonly Dictionary<(ControlFlowRegion Region, Context? Outer, FlowNode Next), Context> _contexts = [];
        private readonly Dictionary<(ControlFlowRegion? Region, Context? Context), FlowNode> _raises = [];
        private readonly Queue<(BasicBlock Block, Context? Context, FlowNode Entry)> _open = new();
        private readonly List<IOperation> _steps = [];

        public Flow? Build()
        {
            var entry = EntryOf(graph.Blocks[0], null);
            while (_open.Count > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                var (block, context, node) = _open.Dequeue();
                Connect(block, context, node);
                if (_nodes.Count > MostNodes)
                {
                    return null;
                }
            }

            return new(entry, _exit, _raise, _nodes.ToImmutableArray(), CapturesIn(graph));
        }

        private FlowNode EntryOf(BasicBlock block, Context? context)
        {
            if (block.Kind == BasicBlockKind.Exit)
            {
                return _exit;
            }

            if (!_entries.TryGetValue((block.Ordinal, context), out var node))
            {
                _entries[(block.Ordinal, context)] = node = New(null);
                _open.Enqueue((block, context, node));
            }

            return node;
        }

        private FlowNode New(IOperation? operation)
        {
            var node = new FlowNode(operation);
            _nodes.Add(node);
            return node;
        }

        private FlowNode Append(IOperation operation, FlowNode last)
        {
            var node = New(operation);
            last.Add(new(node, FlowEdgeKind.Step));
            return node;
        }

        private void Connect(BasicBlock block, Context? context, FlowNode last)
        {
            foreach (var operation in block.BranchValue is { } value ? block.Operations.Append(value) : block.Operations)
            {
                _steps.Clear();
                AddSteps(operation);
                foreach (var step in _steps)
                {
                    last = Append(step, last);
                    if (_throws.May(step))
                    {
                        last.Add(new(RaiseFrom(block.EnclosingRegion, context), FlowEdgeKind.Throw));
                    }

                    if (Throws.EndsThere(step))
                    {
                        return;
                    }
                }
            }

            Connect(block, block.FallThroughSuccessor, context, last, holds: block.ConditionKind == ControlFlowConditionKind.WhenFalse);
            Connect(block, block.ConditionalSuccessor, context, last, holds: block.ConditionKind == ControlFlowConditionKind.WhenTrue);
        }

        private void Connect(BasicBlock block, ControlFlowBranch? branch, Context? context, FlowNode last, bool holds)
        {
            switch (branch?.Semantics)
            {
                case ControlFlowBranchSemantics.Regular or ControlFlowBranchSemantics.Return when branch.Destination is not null:
                    var next = EntryOf(branch.Destination, ContextOf(branch.Destination, context));
                    foreach (var region in branch.FinallyRegions.Reverse())
                    {
                        next = EntryOf(graph.Blocks[region.FirstBlockOrdinal], Enter(region, context, next));
                    }

                    last.Add(block.ConditionKind == ControlFlowConditionKind.None
                        ? new(next, FlowEdgeKind.Step)
                        : new(next, FlowEdgeKind.Branch, block.BranchValue, holds));
                    break;
                case ControlFlowBranchSemantics.Throw when block.BranchValue is IObjectCreationOperation { IsImplicit: true } or IInvalidOperation:
                    // A switch expression that matches nothing: it is meant to match all.
                    break;
                case ControlFlowBranchSemantics.Throw or ControlFlowBranchSemantics.Rethrow:
                    if (block.BranchValue is { } exception && last.Operation != exception)
                    {
                        last = Append(exception, last);
                    }
                    else if (branch.Semantics == ControlFlowBranchSemantics.Rethrow)
                    {
                        // It is not what stands before `throw;` that throws.
                        var rethrow = New(null);
                        last.Add(new(rethrow, FlowEdgeKind.Step));
                        last = rethrow;
                    }

                    last.Add(new(RaiseFrom(block.EnclosingRegion, context), FlowEdgeKind.Throw));
                    break;
                case ControlFlowBranchSemantics.StructuredExceptionHandling when FilterAround(block) is { } filter:
                    // A filter that says no: the exception goes on to the next handler.
                    last.Add(block.ConditionKind == ControlFlowConditionKind.None
                        ? new(NextHandler(filter, context), FlowEdgeKind.Throw)
                        : new(NextHandler(filter, context), FlowEdgeKind.Branch, block.BranchValue, holds));
                    break;
                case ControlFlowBranchSemantics.StructuredExceptionHandling when context is not null:
                    last.Add(new(context.Next, FlowEdgeKind.Step));
                    break;
            }
        }

        private Context Enter(ControlFlowRegion region, Context? outer, FlowNode next)
        {
            if (!_contexts.TryGetValue((region, outer, next), out var context))
            {
                _contexts[(region, outer, next)] = context = new(outer, region, next);
            }

            return context;
        }

        // A branch may leave the finally it stands in only by ending it, but a handler within it stays in it.
        private static Context? ContextOf(BasicBlock destination, Context? context)
        {
            while (context is not null && !IsIn(destination, context.Region))
            {
                context = context.Outer;
            }

            return context;
        }

        private static bool IsIn(BasicBlock block, ControlFlowRegion region) => block.Ordinal >= region.FirstBlockOrdinal && block.Ordinal <= region.LastBlockOrdinal;

        /// <summary>The junction from which an exception that is thrown within <paramref name="region"/> goes to its handlers and out.</summary>
        private FlowNode RaiseFrom(ControlFlowRegion? region, Context? context)
        {
            if (_raises.TryGetValue((region, context), out var known))
            {
                return known;
            }

            var junction = _raises[(region, context)] = New(null);
            // The root of a lambda's graph is enclosed by a region of the code around it, which its exceptions do not reach.
            for (var inner = region; inner is { Kind: not ControlFlowRegionKind.Root }; inner = inner.EnclosingRegion)
            {
                if (inner.Kind == ControlFlowRegionKind.Try && inner.EnclosingRegion is { Kind: ControlFlowRegionKind.TryAndCatch } handled)
                {
                    AddHandlers(junction, handled, first: 1, context);
                    return junction;
                }

                if (inner.Kind == ControlFlowRegionKind.Try && inner.EnclosingRegion is { Kind: ControlFlowRegionKind.TryAndFinally } guarded)
                {
                    var last = guarded.NestedRegions.First(nested => nested.Kind == ControlFlowRegionKind.Finally);
                    var next = RaiseFrom(guarded.EnclosingRegion, context);
                    junction.Add(new(EntryOf(graph.Blocks[last.FirstBlockOrdinal], Enter(last, context, next)), FlowEdgeKind.Throw));
                    return junction;
                }

                if (inner.Kind == ControlFlowRegionKind.Filter)
                {
                    // A filter that throws says no.
                    junction.Add(new(NextHandler(inner.EnclosingRegion!, context), FlowEdgeKind.Throw));
                    return junction;
                }

                if (inner.Kind == ControlFlowRegionKind.Finally && context is not null && context.Region == inner)
                {
                    context = context.Outer;
                }
            }

            junction.Add(new(_raise, FlowEdgeKind.Throw));
            return junction;
        }

        // To each handler that may take the exception: those behind a filter are reached through it, and none behind one that takes all.
        private void AddHandlers(FlowNode junction, ControlFlowRegion handled, int first, Context? context)
        {
            foreach (var handler in handled.NestedRegions.Skip(first))
            {
                junction.Add(new(EntryOf(graph.Blocks[handler.FirstBlockOrdinal], context), FlowEdgeKind.Throw));
                if (TakesAll(handler.ExceptionType))
                {
                    return;
                }
            }

            junction.Add(new(RaiseFrom(handled.EnclosingRegion, context), FlowEdgeKind.Throw));
        }

        private FlowNode NextHandler(ControlFlowRegion filter, Context? context)
        {
            var junction = New(null);
            var handled = filter.EnclosingRegion!;
            AddHandlers(junction, handled, handled.NestedRegions.IndexOf(filter) + 1, context);
            return junction;
        }

        // The handler whose filter the block stands in, unless a finally within that filter comes first.
        private static ControlFlowRegion? FilterAround(BasicBlock block)
        {
            var region = block.EnclosingRegion;
            while (region is not null && region.Kind is not (ControlFlowRegionKind.Filter or ControlFlowRegionKind.Finally))
            {
                region = region.EnclosingRegion;
            }

            return region?.Kind == ControlFlowRegionKind.Filter ? region.EnclosingRegion : null;
        }

        private bool TakesAll(ITypeSymbol? exception) =>
            exception is null or { SpecialType: SpecialType.System_Object } || body.Compilation.Known[exception] == KnownType.Exception;

        private void AddSteps(IOperation operation)
        {
            if (operation is IFlowAnonymousFunctionOperation or INameOfOperation or ITypeOfOperation)
            {
                return;
            }

            foreach (var child in operation.ChildOperations)
            {
                AddSteps(child);
            }

            if (IsStep(operation))
            {
                _steps.Add(operation);
            }
        }

        private static bool IsStep(IOperation operation) => operation is
            IInvocationOperation or IObjectCreationOperation or IAwaitOperation or IThrowOperation or IAssignmentOperation or IIncrementOrDecrementOperation
            or IEventAssignmentOperation or IMemberReferenceOperation or IDynamicInvocationOperation or IArrayElementReferenceOperation
            or IDeclarationPatternOperation or IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } or IReturnOperation
            or IInvalidOperation { Parent.Syntax: LockStatementSyntax }; // what Roslyn makes of a Lock where the context is nullable
    }
}
