using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A cancellation source that is linked or has a timer, and that some path neither disposes nor cancels.</summary>
internal sealed class SourceNotDisposed : Rule
{
    internal const string Id = "SLC1005";

    /// <summary>Set when a using to the end of the block is right: nothing that gets the token is still at work there.</summary>
    internal const string ToUsing = nameof(ToUsing);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Cancellation source not disposed",
        "{0}: {1}; {2}",
        Family.Context,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A linked source is registered with its parent tokens, which keep it for as long as they live; one with a timeout holds a timer. Each call leaves one more behind, unless the source is disposed on every path.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Token;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.Bodies.Where(body => (body.Mentions & Mentions.Token) != 0 || IsOfSource(body)).SelectMany(body => body.All))
        {
            foreach (var operation in body.Operations)
            {
                if (TokenSource.Of(operation, body) is { } source && Leak.Of(source, body, type) is { } leak)
                {
                    report(Diagnostic.Create(
                        Descriptor,
                        operation.Syntax.GetLocation(),
                        leak.CanUse ? ImmutableDictionary<string, string?>.Empty.Add(ToUsing, null) : null,
                        leak.How,
                        source.Parent is { } parent ? $"'{parent.InOneLine()}' keeps it, one more each time, until that is cancelled" : "its timer goes on until the time is up, one more each time",
                        leak.CanUse ? "say 'using'" : "dispose it when its work is over"));
                }
            }
        }
    }

    // `CancellationTokenSource _source = new(…)`: the type stands before the body.
    private static bool IsOfSource(Body body) => body.Declaration.Parent?.Parent is VariableDeclarationSyntax { Type: var type } && type.ToString().TrimEnd('?') == "CancellationTokenSource";

    /// <summary>A source that is left behind.</summary>
    /// <param name="How">Whose it is, and when.</param>
    /// <param name="CanUse">Whether a using would be right.</param>
    private sealed record Leak(string How, bool CanUse)
    {
        // What such methods begin has not begun before.
        private static readonly string[] Beginnings = ["Start", "Init", "Execute", "Connect", "Open", "Run", "Begin", "Set", "Configure", "Load", "Create", "Build"];

        public static Leak? Of(TokenSource source, Body body, TypeModel type)
        {
            var value = source.Made;
            while (value.Parent is { } parent)
            {
                switch (parent)
                {
                    case IConversionOperation or IParenthesizedOperation or ISwitchExpressionArmOperation or ISwitchExpressionOperation:
                    case IConditionalOperation choice when choice.Condition != value:
                    case ICoalesceOperation coalesce when coalesce.WhenNull == value:
                        value = parent;
                        break;
                    case IPropertyReferenceOperation { Property.Name: "Token" } token:
                        return IsHeld(source) && !IsKept(token, source) ? new("nobody can dispose this source", CanUse: IsOver(token, body)) : null;
                    case IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation }:
                        return IsHeld(source) ? new("nobody disposes this source", CanUse: false) : null;
                    case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                        return value.IsUsingResource() ? null : OfLocal(declarator.Symbol, source, body, type, isDeclared: true);
                    case ISimpleAssignmentOperation { Target: ILocalReferenceOperation local } assignment when assignment.Value == value:
                        return OfLocal(local.Local, source, body, type, isDeclared: false);
                    case ICoalesceAssignmentOperation { Target: ILocalReferenceOperation local } assignment when assignment.Value == value:
                        return OfLocal(local.Local, source, body, type, isDeclared: false);
                    case IFieldInitializerOperation { InitializedFields: [var field] }:
                        return OfMember(field, source, null, body, type);
                    case IPropertyInitializerOperation { InitializedProperties: [var property] }:
                        return OfMember(property, source, null, body, type);
                    case ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Instance: IInstanceReferenceOperation } member } assignment when assignment.Value == value && IsStatement(assignment):
                        return OfMember(member.Member, source, assignment, body, type);
                    default:
                        return null;
                }
            }

            return null;
        }

        private static bool IsHeld(TokenSource source) => source.Parent is not null || source.IsTimed;

        private static bool IsStatement(IOperation assignment) => assignment.Parent is IExpressionStatementOperation;

        private static Leak? OfLocal(ILocalSymbol local, TokenSource source, Body body, TypeModel type, bool isDeclared)
        {
            // A program that ends takes its sources along.
            if (body.Symbol is IMethodSymbol { IsStatic: true, Name: "Main" or "<Main>$" })
            {
                return null;
            }

            var uses = body.UsesOf(local).Select(use => (use.In, use.Use, Kind: SourceUses.Of(use.Use, use.In, type.Cancellation))).ToList();
            if (!IsHeld(source) && !uses.Any(use => IsTimerSet(use.Use)))
            {
                return null;
            }

            bool outlives = uses.Any(use => use.Use.Parent is IPropertyReferenceOperation { Property.Name: "Token" } token && IsKept(token, source));
            if (outlives || uses.Any(use => use.Kind != SourceUse.Plain && use.In != body))
            {
                return null; // whoever has the token, or the code that runs later, may see to it
            }

            bool canUse = isDeclared && body.Locals.CountOf(local) == 1 && uses.All(use => use.Use.Parent is not IPropertyReferenceOperation { Property.Name: "Token" } token || IsOver(token, use.In));
            var overs = uses.Where(use => use.Kind != SourceUse.Plain).ToList();
            return overs.Count == 0
                ? new($"nobody disposes '{local.Name}'", canUse)
                : OnSomePath(local, source, overs.ConvertAll(use => (IOperation)use.Use), body) is { } how ? new($"'{local.Name}' is not disposed {how}", canUse) : null;
        }

        private static bool IsTimerSet(IOperation use) => use.Parent is IInvocationOperation { TargetMethod.Name: "CancelAfter" };

        // Who gets the token for later needs the timer until then: it ends by itself.
        private static bool IsKept(IOperation token, TokenSource source)
        {
            var value = token;
            while (value.Parent is IConversionOperation or IParenthesizedOperation or IConditionalOperation or ICoalesceOperation)
            {
                value = value.Parent;
            }

            return source.Parent is null && value.Parent is IReturnOperation or ISimpleAssignmentOperation { Target: IMemberReferenceOperation } or IArgumentOperation { Parent: IObjectCreationOperation };
        }

        private static string? OnSomePath(ILocalSymbol local, TokenSource source, List<IOperation> overs, Body body)
        {
            if (body.Flow is not { } flow || body.Paths is not { } paths)
            {
                return null;
            }

            var place = Place.Of(local);
            var ends = new HashSet<FlowNode>();
            foreach (var nodes in overs.Select(over => NodesAround(over, paths)))
            {
                if (nodes.Count == 0)
                {
                    return null; // a using, or a return: on what path it is given away is not told
                }

                ends.UnionWith(nodes);
            }

            // What stands in a finally is meant for every path; that something may throw before the try is not worth a word.
            bool inFinally = overs.Any(over => IsInFinally(over));
            var known = Assumptions.None.Assign(place, Known.NotNull);
            bool IsEnd(FlowNode node) => node == flow.Exit || paths.Reassigns(node, place);
            foreach (var start in flow.Nodes.Where(node => Assigns(node, source, local)))
            {
                if (paths.Find(start, IsEnd, ends.Contains, known, static _ => false) is { } left)
                {
                    return HowLeft(left, paths, ends);
                }

                if (!inFinally && paths.Find(start, node => node == flow.Raise || IsEnd(node), ends.Contains, known)?.Thrower is { } thrower)
                {
                    return WayOut.Thrown(thrower);
                }
            }

            return null;
        }

        private static bool Assigns(FlowNode node, TokenSource source, ILocalSymbol local) =>
            node.Operation is ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment
            && SymbolEqualityComparer.Default.Equals(target.Local, local)
            && assignment.Syntax.Span.Contains(source.Made.Syntax.Span);

        private static List<FlowNode> NodesAround(IOperation use, Paths paths)
        {
            for (var outer = use.Parent; outer is not (null or IBlockOperation); outer = outer.Parent)
            {
                if (outer is IInvocationOperation or IObjectCreationOperation or IAssignmentOperation && paths.NodesOf(outer).ToList() is { Count: > 0 } nodes)
                {
                    return nodes;
                }

                if (outer is IConditionalAccessOperation { WhenNotNull: var then } && then.DescendantsAndSelf().OfType<IInvocationOperation>().SelectMany(paths.NodesOf).ToList() is { Count: > 0 } inner)
                {
                    return inner;
                }
            }

            return [];
        }

        private static bool IsInFinally(IOperation operation)
        {
            for (var inner = operation; inner.Parent is { } outer; inner = outer)
            {
                if (outer is ITryOperation attempt && attempt.Finally == inner)
                {
                    return true;
                }
            }

            return false;
        }

        // The last turning on the way: before it the end of the source lay ahead.
        private static string HowLeft(FlowPath left, Paths paths, HashSet<FlowNode> ends)
        {
            var next = left;
            for (var here = left.Previous; here is not null; (next, here) = (here, here.Previous))
            {
                if (next.By is { Kind: FlowEdgeKind.Branch, Condition: { } condition } && paths.Find(here.Node, ends.Contains, null, here.Known, static _ => false) is not null)
                {
                    return WayOut.Turned(condition, next.By.Holds).How;
                }
            }

            return "when all goes well";
        }

        // Whether what is given the token has ended when the code around it goes on.
        private static bool IsOver(IOperation token, Body body)
        {
            var value = token;
            while (value.Parent is IConversionOperation or IParenthesizedOperation)
            {
                value = value.Parent;
            }

            return value.Parent switch
            {
                IPropertyReferenceOperation => true,
                IInvocationOperation call => call.TargetMethod.Name == "ThrowIfCancellationRequested" || call.IsUsingResource(),
                IArgumentOperation { Parent: IInvocationOperation call } => body.Symbol is IMethodSymbol { IsAsync: true }
                    ? Waits.For(call, body, body.Compilation.Known) && Fate.Of(call, body.Places).Kind != FateKind.Dropped
                    : !Waits.IsAwaitable(call.Type, body.Compilation.Known) || Joins.InPlace(call),
                _ => false,
            };
        }

        private static Leak? OfMember(ISymbol member, TokenSource source, IOperation? assignment, Body body, TypeModel type)
        {
            if (member is { IsStatic: true } or not { DeclaredAccessibility: Accessibility.Private } || source.Made.IsUsingResource() || !type.Symbol.GetTypeMembers().IsEmpty)
            {
                return null;
            }

            var uses = (from other in type.Bodies.SelectMany(other => other.All)
                        from reference in other.Operations.OfType<IMemberReferenceOperation>()
                        where SymbolEqualityComparer.Default.Equals(reference.Member, member)
                        select (In: other, Kind: SourceUses.Of(reference, other, type.Cancellation), Use: (IOperation)reference)).ToList();
            if (!IsHeld(source) && !uses.Any(use => IsTimerSet(use.Use)))
            {
                return null;
            }

            if (uses.TrueForAll(use => use.Kind == SourceUse.Plain))
            {
                return new($"nobody disposes '{member.Name}'", CanUse: false);
            }

            return assignment is not null && Replaces(assignment, uses.Select(use => (use.In, use.Use)), body, type)
                ? new($"the one that '{member.Name}' had before is not disposed here", CanUse: false)
                : null;
        }

        // Nothing in the member, or in what it calls, looks at the old one, and the member runs more than once.
        private static bool Replaces(IOperation assignment, IEnumerable<(Body In, IOperation Use)> uses, Body body, TypeModel type)
        {
            if (body.Outermost.Symbol is not IMethodSymbol { MethodKind: MethodKind.Ordinary } method || RunsOnce(method.Name))
            {
                return false;
            }

            var users = new HashSet<ISymbol?>(uses.Select(use => use.In.Outermost.Symbol), SymbolEqualityComparer.Default);
            return uses.All(use => use.In.Outermost != body.Outermost || use.Use.Parent == assignment || use.Use.Parent is IPropertyReferenceOperation { Property.Name: "Token" } || IsTimerSet(use.Use))
                && !body.Outermost.All.SelectMany(part => part.Operations).OfType<IInvocationOperation>().Any(call => call.Instance is IInstanceReferenceOperation && users.Contains(call.TargetMethod.OriginalDefinition));
        }

        private static bool RunsOnce(string method) => Beginnings.Any(first => method.StartsWith(first, StringComparison.Ordinal));
    }
}
