using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A producer closes its channel at its end, but an exception passes the close by and the reader waits for ever.</summary>
internal sealed class ClosedOnlyOnSuccess : Rule
{
    private const string Id = "SLC2004";

    private static readonly DiagnosticDescriptor OnlyOnSuccess = new(
        Id,
        "Channel closed only where nothing throws",
        "'{0}' is closed only when nothing throws: if '{1}' at line {2} throws, whoever reads '{0}' waits for ever",
        Family.Channels,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A reader that runs until the channel is closed never ends when the producer fails before the close. Close in a finally, or pass the exception on to the reader with TryComplete(exception).",
        helpLinkUri: Page.Of(Id));

    public override DiagnosticDescriptor Descriptor => OnlyOnSuccess;

    public override Mentions Needs => Mentions.Close;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        var bodies = type.BodiesThatMention(Mentions.Channel).ToImmutableArray();
        foreach (var body in bodies)
        {
            foreach (var closes in body.Facts.OfType<ChannelFact>().Where(IsClose).GroupBy(fact => fact.Channel))
            {
                if (Sends(body, closes.Key) && (IsReadBeside(closes.Key, body, bodies) || IsHandedOut(closes.Key, type)) && !IsClosedElsewhere(closes.Key, body, bodies) && body.Flow is { } flow)
                {
                    Check(closes.Key, closes.ToImmutableArray(), body, flow, bodies, report);
                }
            }
        }
    }

    private static void Check(Place channel, ImmutableArray<ChannelFact> closes, Body body, Flow flow, ImmutableArray<Body> bodies, Action<Diagnostic> report)
    {
        var paths = body.Paths!;
        var closing = new HashSet<FlowNode>(closes.SelectMany(close => paths.NodesOf(close.Operation)));
        bool readerIsCancelled = IsReadWithToken(channel, bodies);

        // Who leaves without an exception and without a close leaves the close to somebody else.
        if (paths.Find(flow.Entry, node => node == flow.Exit, closing.Contains, throws: static _ => false) is not null)
        {
            return;
        }

        bool Fails(FlowNode node) => node.Operation is { } operation && !IsOwnSend(operation, channel, body, readerIsCancelled);
        foreach (var start in Starts(channel, closes, body, flow))
        {
            if (paths.Find(start, node => node == flow.Raise, closing.Contains, throws: Fails) is { Thrower: { } thrower })
            {
                var close = closes[0];
                report(Diagnostic.Create(
                    OnlyOnSuccess,
                    close.Operation.Syntax.GetLocation(),
                    ImmutableArray.Create(thrower.Syntax.GetLocation()),
                    channel,
                    thrower.InOneLine(),
                    thrower.Syntax.Line()));
                return;
            }
        }
    }

    // From where on a failure leaves a reader waiting: from the start for a producer of somebody else's channel, from where its reader is started for one of its
    // own, and from the try on where a handler closes as well: what is checked before it needs no close.
    private static IEnumerable<FlowNode> Starts(Place channel, ImmutableArray<ChannelFact> closes, Body body, Flow flow)
    {
        bool isOwn = channel.Root.Symbol is ILocalSymbol local && local.DeclaringSyntaxReferences.Any(reference => body.Declaration.Contains(reference.GetSyntax()));
        if (isOwn)
        {
            return flow.Nodes.Where(node => node.Operation is { } operation && body.StartedBy(operation).OfType<ChannelFact>().Any(fact => fact.Channel.Equals(channel) && IsRead(fact)));
        }

        var guarded = closes.Select(close => TryAround(close.Operation.Syntax, body)).FirstOrDefault(block => block is not null);
        var first = guarded is null ? null : flow.Nodes.FirstOrDefault(node => node.Operation is { } operation && guarded.Span.Contains(operation.Syntax.Span));
        return first is null ? [flow.Entry] : flow.Nodes.Where(node => node.Next.Any(edge => edge.To == first && edge.Kind != FlowEdgeKind.Throw));
    }

    // The guarded block when the close stands in its catch or finally.
    private static BlockSyntax? TryAround(SyntaxNode close, Body body) => close.Ancestors().TakeWhile(node => node != body.Declaration)
        .Where(node => node is FinallyClauseSyntax or CatchClauseSyntax)
        .Select(handler => ((TryStatementSyntax)handler.Parent!).Block)
        .FirstOrDefault();

    private static bool Sends(Body body, Place channel) => body.All.SelectMany(inner => inner.Facts).OfType<ChannelFact>().Any(fact => IsSend(fact) && fact.Channel.Equals(channel));

    // The reader must run beside the producer; one that runs after it never starts.
    private static bool IsReadBeside(Place channel, Body producer, ImmutableArray<Body> bodies)
    {
        var readers = bodies.Where(body => body != producer && body.Facts.OfType<ChannelFact>().Any(fact => IsRead(fact) && IsSame(fact.Channel, channel)));
        return readers.Any() || (producer.Outer is { } outer && Gives(outer, channel));
    }

    // A member gives the reader of a field to others.
    private static bool IsHandedOut(Place channel, TypeModel type) => channel.Symbol is IFieldSymbol { Name: var name }
        && type.Bodies.Where(body => body.Declaration.DescendantTokens().Any(token => token.ValueText == name)).Any(body => Gives(body, channel));

    // Hands out the channel, or its reader, to somebody who reads it.
    private static bool Gives(Body body, Place channel) => body.Operations.OfType<IReturnOperation>()
        .Any(leaving => leaving.ReturnedValue is { Type.Name: not "ChannelWriter" } value && channel.Equals(body.Places.Of(value)));

    // A parameter may be any channel of its type: what the type ranges over.
    private static bool IsSame(Place read, Place sent) => read.Equals(sent)
        || (sent.Symbol is IParameterSymbol { Type: INamedTypeSymbol { TypeArguments: [var item] } } && ItemOf(read) is { } other && SymbolEqualityComparer.Default.Equals(item, other));

    private static ITypeSymbol? ItemOf(Place channel)
    {
        var type = channel.Symbol switch
        {
            ILocalSymbol local => local.Type,
            IParameterSymbol parameter => parameter.Type,
            IFieldSymbol field => field.Type,
            IPropertySymbol property => property.Type,
            _ => null,
        };
        return type is INamedTypeSymbol { TypeArguments: [var item] } ? item : null;
    }

    private static bool IsClosedElsewhere(Place channel, Body producer, ImmutableArray<Body> bodies) =>
        bodies.Any(body => body != producer && body.Facts.OfType<ChannelFact>().Any(fact => IsClose(fact) && fact.Channel.Equals(channel)));

    // A send fails only when it is cancelled, and then a reader with a token ends as well; one without a token does not fail, on whichever channel, and neither does a close.
    private static bool IsOwnSend(IOperation operation, Place channel, Body body, bool readerIsCancelled)
    {
        var call = operation switch
        {
            IAwaitOperation awaiting => awaiting.Awaited(),
            IInvocationOperation { TargetMethod.Name: "Wait" or "GetResult" } blocking when blocking.Receiver() is { } task => task.Bare().ThroughTaskAdapters(),
            _ => operation,
        };
        if (operation is IAwaitOperation && JoinedBy(call, body).ToList() is { Count: > 0 } works)
        {
            return works.TrueForAll(work => OnlySends(work, channel, readerIsCancelled));
        }

        return body.FactsAt(call).OfType<ChannelFact>().Any(fact => fact.Via is null && (fact.Channel.Equals(channel) ? readerIsCancelled || !call.PassesToken() : IsGiving(fact) && !call.PassesToken()));
    }

    // The code of the tasks that an await waits for; null for code that cannot be seen.
    private static IEnumerable<Body?> JoinedBy(IOperation awaited, Body body)
    {
        var tasks = awaited is IInvocationOperation { TargetMethod: { Name: "WhenAll", ContainingType.Name: "Task" } } all ? all.Arguments.SelectMany(argument => argument.Value.Items())
            : awaited is ILocalReferenceOperation ? [awaited] : [];
        foreach (var task in tasks)
        {
            var works = Entrant.StartedIn(task, body).Select(started => started.Work).ToList();
            foreach (var work in works)
            {
                yield return body.Outermost.All.SelectMany(part => part.FactsAt(work)).OfType<SpawnFact>().FirstOrDefault() is { Works: [var code] } ? body.Outermost.InnerOf(code) : body.Outermost.InnerOf(work.TargetMethod);
            }

            if (works.Count == 0)
            {
                yield return null;
            }
        }
    }

    private static bool OnlySends(Body? work, Place channel, bool readerIsCancelled) => work is { Paths: { } paths, Flow: { } flow }
        && paths.Find(flow.Entry, node => node == flow.Raise, throws: node => node.Operation is { } operation && !IsOwnSend(operation, channel, work, readerIsCancelled)) is null;

    private static bool IsReadWithToken(Place channel, ImmutableArray<Body> bodies) =>
        bodies.SelectMany(body => body.Facts).OfType<ChannelFact>().Any(fact => IsRead(fact) && IsSame(fact.Channel, channel) && (fact.Operation.PassesToken() || fact.Operation.Parent is IInvocationOperation { TargetMethod.Name: "WithCancellation" }));

    private static bool IsClose(ChannelFact fact) => fact.Action is ChannelAction.Close or ChannelAction.TryClose;

    private static bool IsSend(ChannelFact fact) => fact.Action is ChannelAction.Send or ChannelAction.TrySend;

    private static bool IsGiving(ChannelFact fact) => IsSend(fact) || IsClose(fact);

    private static bool IsRead(ChannelFact fact) => fact.Action is ChannelAction.Range or ChannelAction.Completion or ChannelAction.WaitToReceive;
}
