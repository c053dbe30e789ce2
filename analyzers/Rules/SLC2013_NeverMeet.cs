using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>Both ends of a rendezvous wait until the other is there, and neither ever is.</summary>
internal sealed class NeverMeet : Rule
{
    private const string Id = "SLC2013";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Both ends of a rendezvous only wait",
        "'{0}' has no room (CreateBounded(0)): this waits until a receiver is there, and the receiver at line {1} waits until a sender is there, so they never meet; use WriteAsync here, or ReadAsync there",
        Family.Channels,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "In a rendezvous channel, WaitToWriteAsync is done when a ReadAsync is pending, and WaitToReadAsync when a WriteAsync is pending. When both ends only wait, neither offers what the other waits for. One end must use WriteAsync or ReadAsync.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Channel;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var channel in type.Channels.Where(channel => channel.Make is { IsRendezvous: true, IsChan: false } && !channel.ReaderEscapes && !channel.WriterEscapes))
        {
            bool isOffered = channel.Uses.Any(use => use.Action is ChannelAction.Send or ChannelAction.Receive);
            if (!isOffered && channel.Uses.FirstOrDefault(use => use.Action is ChannelAction.WaitToReceive or ChannelAction.Range) is { } receiver)
            {
                foreach (var sender in channel.Uses.Where(use => use.Action == ChannelAction.WaitToSend))
                {
                    report(Diagnostic.Create(Descriptor, sender.Operation.Syntax.GetLocation(), [receiver.Operation.Syntax.GetLocation()], channel.Name, receiver.Line));
                }
            }
        }
    }
}
