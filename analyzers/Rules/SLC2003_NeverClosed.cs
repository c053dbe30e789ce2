using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Channels;

namespace Sluice.Rules;

/// <summary>Something reads until the channel is closed, and nobody closes it.</summary>
internal sealed class NeverClosed : Rule
{
    /// <summary>What closes the channel where its sender ends; the first additional location is what the sender does.</summary>
    internal const string Close = "Close";

    internal const string Id = "SLC2003";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Channel never closed",
        "'{0}' is never closed, and {1} until it is: it waits for ever when the last item has come; call {2} when the last sender has ended",
        Family.Channels,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A loop over ReadAllAsync (over a Chan), a loop on WaitToReadAsync and the Completion of a reader end when the channel is closed. When nobody closes it, whoever waits there never goes on. Close the channel when its last sender has ended, in a finally.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Channel;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var channel in type.Channels.Where(channel => !channel.WriterEscapes && !channel.Holder.IsStatic && !channel.Uses.Any(use => use.IsClose) && SomeSenderEnds(channel)))
        {
            var close = channel.Make.IsChan ? "Close" : "Complete";
            if (channel.Uses.FirstOrDefault(use => ReadsToTheEnd(use, IsOnlyForItsWork(channel, type))) is { } reader)
            {
                report(Found(LocationOf(reader), channel, type, channel.Name, reader.Action == ChannelAction.Completion ? "this waits" : "this reads", close));
            }
            else if (channel is { ReaderEscapes: true, Holder: ILocalSymbol } && !channel.Uses.Any(use => use.IsReceive) && channel.Uses.Any(use => use.IsSend && LoopAround(use.Operation) is not null))
            {
                report(Found(channel.Make.Creation.Syntax.GetLocation(), channel, type, channel.Name, "whoever gets its reader reads", close));
            }
        }
    }

    private Diagnostic Found(Location location, TracedChannel channel, TypeModel type, params object[] said) => Sending.On(channel, type) is { } sending
        ? Diagnostic.Create(Descriptor, location, [sending.Code], ImmutableDictionary<string, string?>.Empty.Add(Close, sending.Close), said)
        : Diagnostic.Create(Descriptor, location, said);

    private static Location LocationOf(ChannelUse reader) => (reader.Operation is IForEachLoopOperation loop ? loop.Collection : reader.Operation).Syntax.GetLocation();

    // Senders that go on for ever need no close.
    private static bool SomeSenderEnds(TracedChannel channel) => channel.Uses.Any(use => use.IsSend && Ends(use, static _ => false));

    private static bool Ends(ChannelUse send, Func<FlowNode, bool> avoid) => send.Body is { Paths: { } paths, Flow: { } flow }
        && paths.NodesOf(send.Operation).Any(node => paths.Find(node, end => end == flow.Exit, avoid, throws: static _ => false) is not null);

    // A channel whose senders are work that this member starts, that ends by itself and is waited for: a token of the caller stops it early, and is not how it should end.
    private static bool IsOnlyForItsWork(TracedChannel channel, TypeModel type) => channel.Holder is ILocalSymbol
        && channel.Uses.Where(use => use.IsSend).All(use => Lane.Of(use, type).All(lane => lane.Start is not null && IsWaitedFor(lane)) && Ends(use, AsksForCancellation))
        && !channel.MadeIn.Outermost.All.SelectMany(body => body.Operations).Any(operation => type.Known[operation.Type] == KnownType.CancellationTokenSource);

    private static bool IsWaitedFor(Lane work) => work.Fate.Kind == FateKind.Joined || (work.Fate is { Kind: FateKind.Held, Holder.Symbol: ILocalSymbol holder } && work.Body.UsesOf(holder).Any(use => use.Use.Parent is not IInvocationOperation call || !Fate.IsAdding(call)));

    private static bool AsksForCancellation(FlowNode node) => node.Operation is IPropertyReferenceOperation { Property.Name: "IsCancellationRequested" };

    // A reader with a token, or one that leaves its loop by itself, has another end.
    private static bool ReadsToTheEnd(ChannelUse use, bool inSpiteOfToken) => use.Action switch
    {
        ChannelAction.Completion => Joins.InPlace(use.Operation),
        ChannelAction.Range => (inSpiteOfToken || !PassesToken(use.Operation)) && LoopOver(use.Operation) is { } loop && !Leaves(loop),
        ChannelAction.WaitToReceive => (inSpiteOfToken || !PassesToken(use.Operation)) && IsCondition(use.Operation) && LoopAround(use.Operation) is IWhileLoopOperation loop && !Leaves(loop),
        _ => false,
    };

    private static bool PassesToken(IOperation read) => read.PassesToken() || read.Parent is IInvocationOperation { TargetMethod.Name: "WithCancellation" } or IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "WithCancellation" } };

    private static ILoopOperation? LoopOver(IOperation range)
    {
        if (range is IForEachLoopOperation self)
        {
            return self;
        }

        var value = range;
        while (value.Parent is IConversionOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "WithCancellation" } or IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "WithCancellation" } })
        {
            value = value.Parent;
        }

        return value.Parent as IForEachLoopOperation;
    }

    private static bool IsCondition(IOperation wait) => LoopAround(wait) is IWhileLoopOperation { Condition: { } condition } && condition.Syntax.Span.Contains(wait.Syntax.Span);

    private static ILoopOperation? LoopAround(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation); outer = outer.Parent)
        {
            if (outer is ILoopOperation loop)
            {
                return loop;
            }
        }

        return null;
    }

    private static bool Leaves(ILoopOperation loop) => loop.Body.Own().Any(operation => operation is IReturnOperation or IThrowOperation or IBranchOperation { BranchKind: BranchKind.Break or BranchKind.GoTo }
        || (operation is IInvocationOperation { TargetMethod: { Name: "ThrowIfCancellationRequested" } }));
}
