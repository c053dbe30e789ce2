using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Channels;

namespace Sluice.Rules;

/// <summary>The receiver leaves, and a sender that nobody stops waits for it for ever.</summary>
internal sealed class LeakedSender : Rule
{
    internal const string Id = "SLC2007";

    /// <summary>The channel for which room for one item is all that it takes.</summary>
    internal const string NeedsRoom = "NeedsRoom";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Leaked sender",
        "This send on '{0}' can wait for ever: the receiver can leave at line {1}, and then nobody receives; {2}",
        Family.Channels,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A send waits until a receiver takes the item. When the receiver returns, throws or times out before that, the sender stays behind for ever, with all that it holds. Give the send a token that the receiver cancels when it leaves, or the channel room for what may be sent after that.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Channel;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var channel in type.Channels.Where(channel => channel is { ReaderEscapes: false, WriterEscapes: false, Holder: ILocalSymbol, Make: { IsUnbounded: false, Drops: false, Capacity: not null } }))
        {
            foreach (var send in channel.Uses.Where(use => use.Action == ChannelAction.Send && !use.Operation.PassesToken() && (Joins.InPlace(use.Operation) || use.Operation.Parent is IReturnOperation)))
            {
                if (channel.Make.IsRendezvous || IsInLoop(send, channel))
                {
                    Check(send, channel, type, report);
                }
            }
        }
    }

    private void Check(ChannelUse send, TracedChannel channel, TypeModel type, Action<Diagnostic> report)
    {
        var body = channel.MadeIn;
        var receives = channel.Uses.Where(use => use.IsReceive).ToList();
        if (receives.Count == 0 || receives.Any(use => use.Origin.Body != body || !use.Calls.IsEmpty || Lane.Of(use, type).Any(lane => lane.Start is not null && lane.Body == body)) || channel.Uses.Any(use => use.IsClose && use.Body == body)
            || body is not { Paths: { } paths, Flow: { } flow })
        {
            return;
        }

        // As many sends as one loop has rounds, and a loop that receives them: how often either goes round is not known here.
        bool isCounted = receives.All(use => LoopAround(use.Operation, channel) is IForEachLoopOperation or IForLoopOperation);
        foreach (var start in Lane.Of(send, type).Where(lane => lane.Start is not null && lane.Body == body && lane.Fate.Kind is FateKind.Dropped or FateKind.Held && !(lane.Repeats && isCounted)).SelectMany(lane => paths.NodesOf(lane.Start!)))
        {
            bool many = IsInLoop(send, channel);
            var left = many ? LeavesLoop(send, receives, channel) : LeavesBefore(start, receives, paths, flow);
            if (left is not null)
            {
                var fixes = many || channel.Make.Creation is not IInvocationOperation ? ImmutableDictionary<string, string?>.Empty : ImmutableDictionary<string, string?>.Empty.Add(NeedsRoom, channel.Name);
                if (LeavingToken.For(send, start, channel, many ? receives.SelectMany(use => ExitsOf(use, channel)).ToList() : []) is var (argument, index))
                {
                    fixes = fixes.Add(ForwardToken.Argument, argument).Add(ForwardToken.Index, index.ToString(CultureInfo.InvariantCulture));
                }

                report(Diagnostic.Create(
                    Descriptor,
                    send.Operation.Syntax.GetLocation(),
                    [left.GetLocation()],
                    fixes,
                    channel.Name,
                    left.Line(),
                    many ? "pass a token that the receiver cancels when it leaves" : "give the channel room for one item, or pass a token that the receiver cancels"));
                return;
            }
        }
    }

    // One item is sent, and there is a way out that takes none.
    private static SyntaxNode? LeavesBefore(FlowNode start, List<ChannelUse> receives, Paths paths, Flow flow)
    {
        var taken = new HashSet<FlowNode>(receives.SelectMany(use => NodesOf(use, paths)));
        if (paths.Find(start, taken.Contains) is { } first && receives.FirstOrDefault(use => use.Operation.PassesToken() && NodesOf(use, paths).Contains(first.Node)) is { } cancelled)
        {
            return cancelled.Operation.Syntax;
        }

        return paths.Find(start, node => node == flow.Exit || node == flow.Raise, taken.Contains, throws: GivesUp) is { } path
            ? path.Nodes.Select(node => node.Operation).FirstOrDefault(operation => operation is { IsImplicit: false })?.Syntax ?? receives[0].Operation.Syntax
            : null;
    }

    // It throws by itself, or because the time is up.
    private static bool GivesUp(FlowNode node) => node.Operation is { } operation
        && (operation.IsWrittenThrow()
            || (operation is IAwaitOperation awaiting && awaiting.Awaited() is IInvocationOperation { TargetMethod.Name: "WaitAsync", Arguments.Length: > 0, Instance.Type.Name: "Task" }));

    private static IEnumerable<FlowNode> NodesOf(ChannelUse use, Paths paths) => use.Operation is IForEachLoopOperation loop ? paths.NodesOf(loop.Collection.Bare()) : paths.NodesOf(use.Operation);

    // Many items are sent, and the receiver leaves its loop, or has none, while there are more.
    private static SyntaxNode? LeavesLoop(ChannelUse send, List<ChannelUse> receives, TracedChannel channel)
    {
        bool endless = send.Calls.Select(call => call.Operation).Append(send.Operation).Any(operation => IsInEndlessLoop(operation, channel));
        foreach (var use in receives)
        {
            var loop = use.Operation as ILoopOperation ?? LoopAround(use.Operation, channel);
            if (loop is null || loop is IForLoopOperation { Condition: not null })
            {
                if (endless && receives.All(other => (other.Operation as ILoopOperation ?? LoopAround(other.Operation, channel)) is null or IForLoopOperation { Condition: not null }))
                {
                    return use.Operation.Syntax;
                }

                continue;
            }

            var exit = ExitsOf(use, channel).FirstOrDefault();
            if (exit is IReturnOperation or IThrowOperation || (exit is not null && use.Action == ChannelAction.Range && LoopAround(loop, channel) is null && !receives.Any(other => other.Operation.Syntax.SpanStart > loop.Syntax.Span.End)))
            {
                return exit.Syntax;
            }
        }

        return null;
    }

    // Where the loop around a receive is left; nothing where there is no such loop, or where it counts.
    private static IEnumerable<IOperation> ExitsOf(ChannelUse use, TracedChannel channel) =>
        (use.Operation as ILoopOperation ?? LoopAround(use.Operation, channel)) is { } loop and not IForLoopOperation { Condition: not null }
            ? loop.Body.Own().Where(operation => operation is IReturnOperation { Kind: OperationKind.Return } or IThrowOperation || (operation is IBranchOperation { BranchKind: BranchKind.Break } branch && SymbolEqualityComparer.Default.Equals(branch.Target, loop.ExitLabel)))
            : [];

    private static bool IsInEndlessLoop(IOperation operation, TracedChannel channel) => LoopAround(operation, channel) is IForLoopOperation { Condition: null } or IWhileLoopOperation { Condition.ConstantValue: { HasValue: true, Value: true } };

    private static bool IsInLoop(ChannelUse send, TracedChannel channel) => send.Calls.Select(call => call.Operation).Append(send.Operation).Any(operation => LoopAround(operation, channel) is not null);

    // A loop that makes the channel anew in each round does not count.
    private static ILoopOperation? LoopAround(IOperation operation, TracedChannel channel)
    {
        for (var outer = operation.Parent; outer is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation); outer = outer.Parent)
        {
            if (outer is ILoopOperation loop && !loop.Syntax.Span.Contains(channel.Make.Creation.Syntax.Span))
            {
                return loop;
            }
        }

        return null;
    }
}
