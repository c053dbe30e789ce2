using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Channels;
using Sluice.Model.Locking;

namespace Sluice.Rules;

/// <summary>Somebody waits for the other end of a channel and holds a lock that the other end must take first.</summary>
internal sealed class ChannelUnderLock : Rule
{
    private const string Id = "SLC2011";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Waits for a channel under a lock that the other end needs",
        "This waits, with '{0}' held since line {1}, until somebody {2} '{3}'; who does so takes '{0}' at line {4}: each waits for the other for ever; release '{0}' first",
        Family.Channels,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A send waits for a receiver (or for room), and a receive for a sender. When all who could come need a lock that the waiting side holds, nobody comes. Take what is sent from under the lock, release it, and send then.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Channel;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        if ((type.Mentions & Mentions.Lock) == 0)
        {
            return;
        }

        foreach (var channel in type.Channels)
        {
            foreach (var use in channel.Uses.Where(use => Blocks(use, channel)))
            {
                var others = channel.Uses.Where(other => use.IsSend ? other.IsReceive || other.Action == ChannelAction.WaitToReceive : other.IsSend).ToList();
                bool hasStrangers = use.IsSend ? channel.ReaderEscapes : channel.WriterEscapes;
                if (others.Count == 0 || hasStrangers)
                {
                    continue;
                }

                foreach (var held in HeldAt(use, type).Where(held => type.Compilation.Locks.IsExclusive(held.Lock, held.Kind, type.Cancellation)))
                {
                    var needs = others.Select(other => NeededBy(other, held, type)).ToList();
                    if (needs.All(need => need is not null))
                    {
                        var need = needs[0]!;
                        report(Diagnostic.Create(Descriptor, LocationOf(use), [LockSpan.Of(held.At), LockSpan.Of(need)], held.Lock.Name, LineOf(held.At), use.IsSend ? "receives from" : "sends on", channel.Name, LineOf(need)));
                        break;
                    }
                }
            }
        }
    }

    private static Location LocationOf(ChannelUse use) => (use.Operation is IForEachLoopOperation loop ? loop.Collection : use.Operation).Syntax.GetLocation();

    private static int LineOf(SyntaxNode node) => node.Line();

    private static bool Blocks(ChannelUse use, TracedChannel channel) => use.Action switch
    {
        ChannelAction.Send => channel.Make is { IsUnbounded: false, Drops: false } && Joins.InPlace(use.Operation),
        ChannelAction.Receive or ChannelAction.WaitToReceive => Joins.InPlace(use.Operation),
        ChannelAction.Range => true,
        _ => false,
    };

    private static IEnumerable<Held> HeldAt(ChannelUse use, TypeModel type) => StepAt(use, type) is { } step ? step.State.Held : Enumerable.Empty<Held>();

    private static LockStep? StepAt(ChannelUse use, TypeModel type) =>
        TraceOf(use.Body, type)?.Steps.FirstOrDefault(step => step.Syntax == use.Operation.Syntax && step is ChannelStep or AwaitStep);

    private static LockTrace? TraceOf(Body body, TypeModel type) => type.Compilation.Locks.TracesOf(body.Outermost.Declaration, type.Cancellation).FirstOrDefault(trace => trace.Node == body.Declaration);

    // Where the other end takes the lock: to come to the channel at all, or between two items.
    private static SyntaxNode? NeededBy(ChannelUse other, Held held, TypeModel type)
    {
        if (StepAt(other, type) is { } there && there.State.Held.FirstOrDefault(also => Excludes(held, also.Lock, also.Kind)) is { } taken)
        {
            return taken.At;
        }

        if (TraceOf(other.Body, type) is not { } trace || LoopAround(other) is not { } loop)
        {
            return null;
        }

        return trace.Steps.Where(step => loop.Span.Contains(step.Syntax.Span))
            .SelectMany(step => type.Compilation.Locks.WantedBy(step, trace, type.Cancellation))
            .Where(wanted => Excludes(held, wanted.Lock, wanted.Kind) && wanted.Released.IsEmpty)
            .Select(wanted => wanted.Trail.Stops.Last())
            .FirstOrDefault();
    }

    private static bool Excludes(Held held, LockRef wanted, LockKind kind) => held.Lock.IsSameObject(wanted) && !(held.Kind == LockKind.Reader && kind is LockKind.Reader or LockKind.UpgradeableReader);

    private static SyntaxNode? LoopAround(ChannelUse use) => use.Operation is IForEachLoopOperation self ? self.Syntax : use.Operation.Syntax.Ancestors()
        .TakeWhile(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax))
        .FirstOrDefault(node => node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax);
}
