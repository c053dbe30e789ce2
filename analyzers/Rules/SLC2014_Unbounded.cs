using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A channel without a limit: a policy, for those who want every queue to have one.</summary>
internal sealed class Unbounded : Rule
{
    private const string Id = "SLC2014";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Channel without a limit",
        "This channel has no limit: when its senders are faster than its receivers, it grows until memory ends; use Channel.CreateBounded",
        Family.Channels,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: false,
        description: "An unbounded channel never lets a sender wait, so nothing slows down who sends too much. A capacity makes senders wait, or says what is dropped. Go has no unbounded channel.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Channel;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var call in type.BodiesThatMention(Mentions.Channel).SelectMany(body => body.Operations).OfType<IInvocationOperation>())
        {
            if (call.TargetMethod.Name is "CreateUnbounded" or "CreateUnboundedPrioritized" && type.Known[call.TargetMethod.ContainingType] == KnownType.Channel)
            {
                report(Diagnostic.Create(Descriptor, call.Syntax.GetLocation()));
            }
        }
    }
}
