using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>Something is sent on a channel that was closed before.</summary>
internal sealed class SendAfterClose : Rule
{
    private const string Id = "SLC2002";

    private static readonly DiagnosticDescriptor AfterClose = new(
        Id,
        "Send on a closed channel",
        "'{0}' is closed when this sends on it ({1} closes it): {2}",
        Family.Channels,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A channel takes nothing after Complete (Close of a Chan): WriteAsync throws ChannelClosedException and TryWrite loses the item. Close where the last sender ends, after its last send.",
        helpLinkUri: Page.Of(Id));

    public override DiagnosticDescriptor Descriptor => AfterClose;

    public override Mentions Needs => Mentions.Close;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.BodiesThatMention(Mentions.Channel))
        {
            // The flow is made only where something closes at all.
            if (body.FactsWithCalls.OfType<ChannelFact>().Any(IsClose) && body.Flow is { } flow)
            {
                Check(body, flow, report);
            }
        }
    }

    private static void Check(Body body, Flow flow, Action<Diagnostic> report)
    {
        var closes = FactsIn(flow, operation => body.FactsAt(operation)).Where(use => IsClose(use.Fact)).ToList();
        if (closes.Count == 0)
        {
            return;
        }

        // What is started after the close sends after the close; where it is awaited it has been counted.
        var sends = FactsIn(flow, operation => operation is IAwaitOperation ? [] : body.FactsAt(operation).Concat(body.StartedBy(operation))).Where(use => IsLost(use.Fact)).ToList();
        var paths = body.Paths!;
        var reported = new HashSet<SyntaxNode>();
        foreach (var send in sends)
        {
            var close = closes.FirstOrDefault(close => close.Fact.Channel.Equals(send.Fact.Channel) && close.Node != send.Node && Follows(send.Node, close.Node, send.Fact.Channel, paths));
            if (close.Fact is not null && reported.Add(send.Fact.Operation.Syntax))
            {
                report(Diagnostic.Create(
                    AfterClose,
                    send.Fact.Operation.Syntax.GetLocation(),
                    ImmutableArray.Create(close.Fact.Operation.Syntax.GetLocation()),
                    send.Fact.Channel,
                    close.Fact.Via is { } method ? $"'{method.Name}' at line {close.Fact.Line}" : $"line {close.Fact.Line}",
                    send.Fact.Action == ChannelAction.Send ? "it throws ChannelClosedException" : "the item is lost"));
            }
        }
    }

    private static bool IsClose(ChannelFact fact) => fact.Action is ChannelAction.Close or ChannelAction.TryClose;

    private static bool Follows(FlowNode send, FlowNode close, Place channel, Paths paths) =>
        paths.FindUnchanged(close, send, channel) is { } path && paths.IsOnEveryRound(path, close);

    private static IEnumerable<(FlowNode Node, ChannelFact Fact)> FactsIn(Flow flow, Func<IOperation, IEnumerable<Fact>> facts) => flow.Nodes
        .Where(node => node.Operation is not null)
        .SelectMany(node => facts(node.Operation!).OfType<ChannelFact>().Where(fact => fact.Always).Select(fact => (node, fact)));

    // TryWrite whose result is looked at knows that the channel may be closed, and so does who catches the exception.
    private static bool IsLost(ChannelFact fact) => fact.Action switch
    {
        ChannelAction.Send => !IsExpected(fact.Operation),
        ChannelAction.TrySend => fact.Via is null && fact.Operation.Parent is IExpressionStatementOperation,
        _ => false,
    };

    private static bool IsExpected(IOperation send) => send.Syntax.Ancestors()
        .OfType<TryStatementSyntax>()
        .Where(guarded => guarded.Block.Span.Contains(send.Syntax.Span))
        .SelectMany(guarded => guarded.Catches)
        .Any(handler => handler.Declaration?.Type.ToString() is { } type && type.EndsWith("ChannelClosedException", StringComparison.Ordinal));
}
