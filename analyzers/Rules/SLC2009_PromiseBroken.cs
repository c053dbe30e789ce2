using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Sluice.Model;
using Sluice.Model.Channels;

namespace Sluice.Rules;

/// <summary>A channel is told that it has one reader or one writer at a time, and has more.</summary>
internal sealed class PromiseBroken : Rule
{
    internal const string Id = "SLC2009";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "SingleReader or SingleWriter promised and broken",
        "'{0}' promises one {1} at a time, but {2}: without the locks that the promise takes away, items are lost or the channel breaks; remove the promise",
        Family.Channels,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "SingleReader and SingleWriter let the channel leave out what protects several readers or writers from each other. The promise is not checked: when it is broken, items are lost, are read twice, or a reader is never woken.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Channel;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var channel in type.Channels)
        {
            Check(channel.Make.SingleReader, channel.Uses.Where(use => use.IsReceive || use.Action == ChannelAction.WaitToReceive), "reader");
            Check(channel.Make.SingleWriter, channel.Uses.Where(use => use.IsSend || use.Action == ChannelAction.WaitToSend), "writer");

            void Check(IOperation? promise, IEnumerable<ChannelUse> uses, string end)
            {
                if (promise is not null && Broken(uses.ToList(), channel, type) is { } broken)
                {
                    report(Diagnostic.Create(Descriptor, promise.Syntax.GetLocation(), broken.Uses.Select(use => use.Operation.Syntax.GetLocation()), channel.Name, end, broken.How));
                }
            }
        }
    }

    private static (string How, ChannelUse[] Uses)? Broken(List<ChannelUse> uses, TracedChannel channel, TypeModel type)
    {
        var lanes = uses.SelectMany(use => Lane.Of(use, type).Select(lane => (Use: use, Lane: lane))).ToList();
        foreach (var (use, lane) in lanes)
        {
            if (lane.RunsBesideItself || RunsInParallel(use))
            {
                return ($"the code at line {use.Line} runs several times at once", [use]);
            }
        }

        foreach (var (use, lane) in lanes)
        {
            foreach (var (other, beside) in lanes)
            {
                if (!lane.IsSame(beside) && Lane.AreBeside(lane, use.Origin.Operation, beside, other.Origin.Operation, channel))
                {
                    return ($"the code at line {Math.Min(use.Line, other.Line)} and that at line {Math.Max(use.Line, other.Line)} run at the same time", [use, other]);
                }
            }
        }

        return null;
    }

    private static bool RunsInParallel(ChannelUse use)
    {
        for (var body = use.Origin.Body; body is not null; body = body.Outer)
        {
            if (body.RunsPerItem && body.Root is { Parent.Parent.Parent: Microsoft.CodeAnalysis.Operations.IInvocationOperation runner } && body.Compilation.Known[runner.TargetMethod.ContainingType] is KnownType.Parallel or KnownType.ParallelEnumerable)
            {
                return true;
            }
        }

        return false;
    }
}
