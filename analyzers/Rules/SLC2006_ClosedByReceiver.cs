using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Channels;

namespace Sluice.Rules;

/// <summary>A channel is closed by who receives from it, or by one sender while another still runs.</summary>
internal sealed class ClosedByReceiver : Rule
{
    private const string Id = "SLC2006";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Channel closed while others send",
        "'{0}' is closed here {1}: a send that comes later throws ChannelClosedException; close where the last sender has ended",
        Family.Channels,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Only who knows that nobody sends any more can close a channel. A receiver that closes it, or one of several senders, makes the others throw ChannelClosedException. Let the senders end first (await their tasks) and close then; to stop senders, cancel a token that they watch.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Close;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var channel in type.Channels)
        {
            var told = new HashSet<SyntaxNode>();
            foreach (var close in channel.Uses.Where(use => use.IsClose))
            {
                if (Because(close, channel, type) is { } reason && told.Add(close.Operation.Syntax))
                {
                    report(Diagnostic.Create(Descriptor, close.Operation.Syntax.GetLocation(), reason.Others.Select(other => other.Operation.Syntax.GetLocation()), channel.Name, reason.Text));
                }
            }
        }
    }

    private static (string Text, ImmutableArray<ChannelUse> Others)? Because(ChannelUse close, TracedChannel channel, TypeModel type)
    {
        var closing = Lane.Of(close, type).ToList();
        var others = channel.Uses.Where(use => use.Action == ChannelAction.Send && !ClosedSends.IsExpected(use.Operation) && !Lane.Of(use, type).Any(lane => closing.Any(lane.IsSame))).ToImmutableArray();
        // TryComplete from a handler or with the failure is how a receiver that gives up lets its senders know.
        var read = ReadBefore(close, channel);
        if (close.Action == ChannelAction.TryClose && Announces(close, read is not null))
        {
            return null;
        }

        if (read is not null && !SendsItself(close, channel)
            && (others.IsEmpty ? channel.WriterEscapes && close.Action == ChannelAction.Close : others.Any(other => RunsBeside(other, close, channel, type))))
        {
            return ($"by its receiver (line {read.Line} reads from it), which cannot know that nobody sends any more", others.Insert(0, read));
        }

        return others.FirstOrDefault(other => IsOneMember(close, other) && IsUnconditional(close, type) && RunsBeside(other, close, channel, type)) is { } sender
            ? ($"while the sender at line {sender.Line} may still run", ImmutableArray.Create(sender))
            : null;
    }

    // What the same code received on the way to the close.
    private static ChannelUse? ReadBefore(ChannelUse close, TracedChannel channel)
    {
        if (close.Body.Paths is not { } paths)
        {
            return null;
        }

        var ends = paths.NodesOf(close.Operation).ToImmutableHashSet();
        return channel.Uses.FirstOrDefault(use => (use.IsReceive || use.Action == ChannelAction.WaitToReceive) && use.Body == close.Body
            && paths.NodesOf(use.Operation).Any(node => paths.Find(node, ends.Contains) is not null));
    }

    private static bool SendsItself(ChannelUse close, TracedChannel channel) => channel.Uses.Any(use => use.IsSend && use.Body == close.Body);

    private static bool Announces(ChannelUse close, bool byReceiver) => close.Operation is IInvocationOperation { Arguments: [{ IsImplicit: false }] }
        || (byReceiver && close.Operation.Syntax.Ancestors().Any(node => node is CatchClauseSyntax or FinallyClauseSyntax));

    // Who counts the senders, or waits for something, may know that they have ended.
    private static bool IsUnconditional(ChannelUse close, TypeModel type) =>
        !ClosedSends.IsCounted(close.Operation) && (Lane.Of(close, type).All(lane => lane.Start is null) || !close.Body.Operations.Any(operation => Lane.MayWait(operation, type.Known)));

    // Of two members nobody tells which comes first.
    private static bool RunsBeside(ChannelUse sender, ChannelUse close, TracedChannel channel, TypeModel type) => !IsOneMember(close, sender)
        || Lane.Of(sender, type).Any(sending => Lane.Of(close, type).Any(closing => Lane.AreBeside(sending, sender.Origin.Operation, closing, close.Origin.Operation, channel)));

    private static bool IsOneMember(ChannelUse close, ChannelUse sender) => close.Origin.Body.Outermost == sender.Origin.Body.Outermost;
}
