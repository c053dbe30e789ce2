using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A receive that nobody waits for any more stays in the channel's queue and takes a later item.</summary>
internal sealed class AbandonedRead : Rule
{
    internal const string Id = "SLC2012";

    /// <summary>Says that a fix may wait for the item first and read it afterwards.</summary>
    internal const string CanWaitFirst = "CanWaitFirst";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Abandoned read",
        "When {0} first, this read stays in the queue of '{1}' and takes the next item, which nobody gets: {2}",
        Family.Channels,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A read that loses a Task.WhenAny or a WaitAsync with a timeout is not withdrawn: it takes the next item of the channel, and that item is lost. Wait with WaitToReadAsync, which takes nothing, and read afterwards; keep the pending read for the next round; or use a select.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Channel;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.BodiesThatMention(Mentions.Channel))
        {
            if (!body.Operations.Any(operation => operation is IInvocationOperation call && IsRead(call, type.Known)))
            {
                continue;
            }

            foreach (var entrant in Entrant.In(body).Where(entrant => IsRead(entrant.Work, type.Known) && body.Places.Of(entrant.Work.Instance) is not null))
            {
                if (!entrant.IsCancelled(body) && !IsLastOfItsChannel(entrant, type) && entrant.IsLeft(body))
                {
                    bool isChan = type.Known[entrant.Work.TargetMethod.ContainingType] == KnownType.Chan;
                    report(Diagnostic.Create(
                        Descriptor,
                        entrant.Work.Syntax.GetLocation(),
                        [entrant.Race.Syntax.GetLocation()],
                        !isChan && entrant.Holder is not null && entrant.Race.TargetMethod is { Name: "WhenAny", IsGenericMethod: false } ? ImmutableDictionary<string, string?>.Empty.Add(CanWaitFirst, "true") : null,
                        entrant.Race.TargetMethod.Name is "WhenAny" or "WaitAny" ? "something else is" : "the time is up",
                        body.Places.Of(entrant.Work.Instance)!,
                        isChan ? "use a select, or pass a token that is cancelled" : "wait with WaitToReadAsync and read then, or pass a token that is cancelled"));
                }
            }
        }
    }

    private static bool IsRead(IInvocationOperation call, KnownTypes known) =>
        call.TargetMethod.Name is "ReadAsync" or "ReceiveAsync" && known[call.TargetMethod.ContainingType] is KnownType.ChannelReader or KnownType.Chan;

    // A channel of this call only, from which nobody reads again, loses nothing.
    private static bool IsLastOfItsChannel(Entrant entrant, TypeModel type) => type.Channels.Any(channel =>
        channel.Holder is ILocalSymbol && !channel.ReaderEscapes
        && channel.Uses.Count(use => use.IsReceive) is 1 && channel.Uses.Any(use => use.Operation.Syntax == entrant.Work.Syntax)
        && !entrant.Work.Syntax.Ancestors().Any(node => node is WhileStatementSyntax or ForStatementSyntax or ForEachStatementSyntax or DoStatementSyntax));
}
