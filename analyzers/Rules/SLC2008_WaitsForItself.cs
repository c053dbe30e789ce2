using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Channels;

namespace Sluice.Rules;

/// <summary>One task sends and receives on a channel that nobody else uses, in an order in which it waits for itself.</summary>
internal sealed class WaitsForItself : Rule
{
    private const string Id = "SLC2008";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Send and receive wait for each other in one task",
        "This {0} on '{1}' waits for ever: {2}, and only this code, which waits here, {3}",
        Family.Channels,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A send on a channel without room waits for a receiver, a send on a full channel waits until somebody receives, and a receive waits until somebody sends. When the same task is to do both, one after the other, it waits for itself. Let another task do one of them, or give the channel room for all that is sent first.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Channel;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var channel in type.Channels.Where(channel => channel is { ReaderEscapes: false, WriterEscapes: false } && channel.Uses.Any(use => use.IsSend) && channel.Uses.Any(use => use.IsReceive)))
        {
            var uses = channel.Uses.Where(use => use.Action is not (ChannelAction.Completion or ChannelAction.Close or ChannelAction.TryClose)).ToList();
            var lanes = uses.SelectMany(use => Lane.Of(use, type)).ToList();
            if (lanes.Count > 0 && lanes.All(lane => lane.IsSame(lanes[0]) && !lane.Repeats) && uses.All(use => use.Origin.Body == uses[0].Origin.Body && IsWaitedFor(use))
                && uses[0].Origin.Body.Paths is { } paths && Stuck(channel, uses, paths) is (var stuck, { } why))
            {
                report(Diagnostic.Create(Descriptor, stuck.Origin.Operation.Syntax.GetLocation(), stuck.IsSend ? "send" : "receive", channel.Name, why, stuck.IsSend ? "receives" : "sends"));
            }
        }
    }

    // What is only started goes on beside the rest.
    private static bool IsWaitedFor(ChannelUse use) => use.Origin.Operation switch
    {
        IForEachLoopOperation => true,
        IInvocationOperation { Parent: var parent } when use.Action == ChannelAction.Range && use.Calls.IsEmpty => parent is IConversionOperation or IForEachLoopOperation or IInvocationOperation or IArgumentOperation,
        _ when use.Action is ChannelAction.TrySend or ChannelAction.TryReceive && use.Calls.IsEmpty => true,
        var operation => Joins.InPlace(operation),
    };

    private static (ChannelUse Use, string? Why) Stuck(TracedChannel channel, List<ChannelUse> uses, Paths paths)
    {
        var sends = uses.Where(use => use.Action == ChannelAction.Send).ToList();
        if (uses.FirstOrDefault(use => use.Action is ChannelAction.Receive or ChannelAction.Range or ChannelAction.WaitToReceive) is { } receive && IsFirst(receive, channel, paths))
        {
            return (receive, "nothing has been sent");
        }

        if (channel.Make is not { Capacity: { } room, Drops: false } || sends.Count == 0)
        {
            return default;
        }

        if (room == 0)
        {
            return (sends[0], "the channel has no room");
        }

        var receives = uses.Where(use => !use.IsSend && use.Action != ChannelAction.WaitToSend).ToList();
        return sends.FirstOrDefault(send => Fills(send, receives, room)) is { } looped ? (looped, $"the channel has room for {room}")
            : StraightOn(uses, room) is { } one ? (one, $"the channel has room for {room}")
            : default;
    }

    // Nothing that sends or closes can come before it.
    private static bool IsFirst(ChannelUse receive, TracedChannel channel, Paths paths)
    {
        var ends = new HashSet<FlowNode>(NodesOf(receive, paths));
        return ends.Count > 0 && !channel.Uses.Where(use => use.IsSend || use.IsClose).Any(use => NodesOf(use, paths) is var nodes && (!nodes.Any() || nodes.Any(node => paths.Find(node, ends.Contains) is not null)));
    }

    private static IEnumerable<FlowNode> NodesOf(ChannelUse use, Paths paths) => use.Origin.Operation is IForEachLoopOperation loop ? paths.NodesOf(loop.Collection.Bare()) : paths.NodesOf(use.Origin.Operation);

    // A loop that only sends, more often than there is room, or as often as there are items.
    private static bool Fills(ChannelUse send, List<ChannelUse> receives, int room)
    {
        for (var outer = send.Origin.Operation.Parent; outer is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation); outer = outer.Parent)
        {
            if (outer is ILoopOperation loop)
            {
                return !receives.Any(receive => loop.Syntax.Span.Contains(receive.Origin.Operation.Syntax.Span)) && Rounds(loop) is var rounds && (rounds is null || rounds > room);
            }
        }

        return false;
    }

    // How often a loop with constant bounds goes round; null when nobody knows.
    private static long? Rounds(ILoopOperation loop)
    {
        if (loop is IForLoopOperation { Before: [IVariableDeclarationGroupOperation { Declarations: [{ Declarators: [{ Initializer.Value.ConstantValue: { HasValue: true, Value: int first } }] }] }], Condition: IBinaryOperation { RightOperand.ConstantValue: { HasValue: true, Value: int last } } condition })
        {
            return condition.OperatorKind switch
            {
                BinaryOperatorKind.LessThan => (long)last - first,
                BinaryOperatorKind.LessThanOrEqual => (long)last - first + 1,
                _ => 0,
            };
        }

        return loop switch
        {
            IForEachLoopOperation { Collection: var items } when items.Bare() is IInvocationOperation { TargetMethod.Name: "Range", Arguments: [_, { Value.ConstantValue: { HasValue: true, Value: int count } }] } => count,
            IForEachLoopOperation { Collection: var items } when items.Items().Count() > 1 => items.Items().Count(),
            IWhileLoopOperation => 0,
            _ => null,
        };
    }

    // One send after the other in one block, with nothing received in between.
    private static ChannelUse? StraightOn(List<ChannelUse> uses, int room)
    {
        int sent = 0;
        foreach (var use in uses.OrderBy(use => use.Origin.Operation.Syntax.SpanStart))
        {
            if (use.Action != ChannelAction.Send || StatementOf(use) is not { Parent: IBlockOperation block } || (sent > 0 && StatementOf(uses[0])?.Parent != block))
            {
                return null;
            }

            if (++sent > room)
            {
                return use;
            }
        }

        return null;
    }

    private static IOperation? StatementOf(ChannelUse use)
    {
        var statement = use.Origin.Operation;
        while (statement is { Parent: not (null or IBlockOperation) })
        {
            statement = statement.Parent;
        }

        return statement;
    }
}
