using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A channel is closed a second time, which throws.</summary>
internal sealed class ClosedTwice : Rule
{
    internal const string Closed = "closed";
    internal const string Thrown = "ChannelClosedException";
    private const string Id = "SLC2001";

    private static readonly DiagnosticDescriptor Twice = new(
        Id,
        "Channel closed twice",
        "'{0}' is {2} a second time here, which throws {3}: {1}",
        Family.Channels,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "Complete (Close of a Chan) throws when the channel was closed before, and the exception surfaces in whoever comes second. Close a channel once, where its last sender ends; use TryComplete where several ways lead to the close.",
        helpLinkUri: Page.Of(Id));

    public override DiagnosticDescriptor Descriptor => Twice;

    public override Mentions Needs => Mentions.Close;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        // What starts the producers need not name a channel.
        foreach (var body in type.BodiesThatMention(Mentions.Channel | Mentions.Spawn))
        {
            // The flow is made only where something closes at all.
            if (body.Operations.Any(operation => ClosesAt(operation, body).Any()) && body.Flow is { } flow && ClosesIn(body, flow) is { IsEmpty: false } closes)
            {
                Check(body, flow, closes, report);
            }
        }

        CheckDisposal(type, report);
    }

    // Who stops an object disposes of it as well: where both close, the disposal throws.
    private static void CheckDisposal(TypeModel type, Action<Diagnostic> report)
    {
        var bodies = type.BodiesThatMention(Mentions.Channel).Where(body => body.Symbol is IMethodSymbol { IsStatic: false, MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Public }).ToLookup(IsDisposal);
        if (!bodies.Contains(true) || !bodies.Contains(false))
        {
            return;
        }

        var stops = bodies[false].SelectMany(body => AlwaysClosedBy(body).Select(close => (By: body.Symbol!.Name, Close: close))).ToList();
        foreach (var close in bodies[true].SelectMany(AlwaysClosedBy).Where(close => close.Action == ChannelAction.Close && close.Via is null))
        {
            if (stops.FirstOrDefault(stop => stop.Close.Channel.Equals(close.Channel)) is { Close: { } first } stop)
            {
                report(Diagnostic.Create(Twice, close.Operation.Syntax.GetLocation(), ImmutableArray.Create(first.Operation.Syntax.GetLocation()), close.Channel, $"'{stop.By}' at line {first.Line} closes it already, and who calls that disposes of the object as well", Closed, Thrown));
            }
        }
    }

    private static bool IsDisposal(Body body) => body.Symbol is IMethodSymbol { Name: "Dispose" or "DisposeAsync", Parameters.IsEmpty: true };

    // The channels of the object that a call of the method closes, whatever happened before.
    private static IEnumerable<ChannelFact> AlwaysClosedBy(Body body) => !body.Operations.Any(operation => ClosesAt(operation, body).Any()) || body.Flow is not { } flow ? []
        : ClosesIn(body, flow).Where(close => close.Fact.Channel.Root.Symbol is null && body.Paths!.Find(flow.Entry, node => node == flow.Exit, node => node == close.Node, throws: static _ => false) is null).Select(close => close.Fact);

    private static void Check(Body body, Flow flow, ImmutableArray<Close> closes, Action<Diagnostic> report)
    {
        var paths = body.Paths!;
        var reported = new HashSet<SyntaxNode>();
        foreach (var second in closes.Where(close => close.Fact.Action == ChannelAction.Close))
        {
            var why = body.RunsPerItem && !IsDeclaredIn(body, second.Fact.Channel) && paths.Find(flow.Entry, node => node == flow.Exit, node => node == second.Node) is null
                ? (second.Fact, "this runs once for each item")
                : closes.Select(first => (first.Fact, Because(first, second, paths))).FirstOrDefault(pair => pair.Item2 is not null);
            if (why is (var earlier, { } reason) && reported.Add(second.Fact.Operation.Syntax))
            {
                report(Diagnostic.Create(Twice, CloseIn(second.Fact, body).Syntax.GetLocation(), ImmutableArray.Create(earlier.Operation.Syntax.GetLocation()), second.Fact.Channel, reason, Closed, Thrown));
            }
        }
    }

    private static string? Because(Close first, Close second, Paths paths)
    {
        var channel = second.Fact.Channel;
        if (!first.Fact.Channel.Equals(channel) || paths.FindUnchanged(first.Node, second.Node, channel) is not { } path || !paths.IsOnEveryRound(path, first.Node))
        {
            return null;
        }

        return first.Node == second.Node ? "this runs more than once"
            : first.Fact.Via is { } method ? $"'{method.Name}' at line {first.Fact.Line} closes it already"
            : $"line {first.Fact.Line} closes it already";
    }

    private static ImmutableArray<Close> ClosesIn(Body body, Flow flow) => flow.Nodes
        .Where(node => node.Operation is not null)
        .SelectMany(node => ClosesAt(node.Operation!, body).Select(fact => new Close(node, fact)))
        .ToImmutableArray();

    // Work that was only started closes at some time as well, and is not counted once more where it is awaited.
    private static IEnumerable<ChannelFact> ClosesAt(IOperation operation, Body body) => operation is IAwaitOperation || !FactReader.MayRead(operation) ? [] : body.FactsAt(operation).Concat(body.StartedBy(operation)).OfType<ChannelFact>()
        .Where(fact => fact.Always && fact.Action is ChannelAction.Close or ChannelAction.TryClose);

    // The close itself, where work that is started here does it before the eyes of the reader.
    private static IOperation CloseIn(ChannelFact close, Body body) => body.Outermost.All
        .Where(inner => inner != body && close.Operation.Syntax.Span.Contains(inner.Declaration.Span))
        .SelectMany(inner => inner.Facts)
        .OfType<ChannelFact>()
        .FirstOrDefault(fact => fact.Action == close.Action && fact.Channel.Equals(close.Channel))?.Operation ?? close.Operation;

    private static bool IsDeclaredIn(Body body, Place channel) =>
        channel.Root.Symbol is { } symbol && symbol.DeclaringSyntaxReferences.Any(reference => body.Declaration.Contains(reference.GetSyntax()));

    private readonly record struct Close(FlowNode Node, ChannelFact Fact);
}
