using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Sluice.Model;
using Sluice.Model.Locking;

namespace Sluice.Rules;

/// <summary>Two locks are taken in both orders, so two threads can each hold what the other waits for.</summary>
internal sealed class LockOrderCycle : Rule
{
    private const string Id = "SLC4001";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Locks taken in both orders",
        "{0}",
        Family.Deadlocks,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "When one thread takes A and then B, and another takes B and then A, each can come to hold what the other waits for, and both wait for ever. Take locks in one order everywhere, or call the other side when the lock is released.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Lock;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var cycle in type.Compilation.Locks.Order.Of(type))
        {
            var first = cycle.Edges[0];
            report(Diagnostic.Create(
                Descriptor,
                LockSpan.Of(first.Step.Syntax),
                (first.Down is { } down ? cycle.Edges.Add(down) : cycle.Edges).SelectMany(edge => edge.To.Trail.Stops.Prepend(edge.From.At)).Distinct().Select(LockSpan.Of),
                cycle.Edges.Length == 1 ? Twins(first) : Circle(cycle)));
        }
    }

    private static string Twins(OrderEdge edge) => edge.Down is { } down
        ? $"'{edge.To.Lock.FullName}' of the parent is taken here while that of the child is held{Way(edge)}, but {Name(down)} takes that of a child while it holds that of the parent{Way(down)}: when they meet, each waits for the other for ever; go one way only, or release first"
        : edge.Collection is { } collection
        ? $"'{edge.To.Lock.FullName}' is taken here while '{edge.From.Lock.FullName}' is held{Way(edge)}, and both are among '{collection.Name}': when each object holds its first and waits for its second, which is the first of another, all wait for ever; take them in a fixed order, say by their number"
        : $"'{edge.To.Lock.FullName}' of one object is taken here while that of another is held{Way(edge)}: two threads that do so with the same two objects the other way round wait for each other for ever; take them in a fixed order";

    private static string Circle(OrderCycle cycle)
    {
        var first = cycle.Edges[0];
        var others = string.Join(", and ", cycle.Edges.Skip(1).Select(edge => $"{Name(edge)} takes '{edge.To.Lock.FullName}' while it holds '{edge.From.Lock.FullName}'{Way(edge)}"));
        return $"'{first.To.Lock.FullName}' is taken here while '{first.From.Lock.FullName}' is held{Way(first)}, but {others}: when they meet, {(cycle.Edges.Length == 2 ? "each waits for the other" : "all wait for each other")} for ever";
    }

    private static string Name(OrderEdge edge) => $"'{edge.Method}' at line {edge.Step.Line}{FileOf(edge)}";

    private static string FileOf(OrderEdge edge) => edge.Step.Syntax.SyntaxTree.FilePath is { Length: > 0 } path ? $" of {path.Split('/', '\\').Last()}" : string.Empty;

    private static string Way(OrderEdge edge)
    {
        var stops = edge.To.Trail.Stops.Skip(1).Select(stop => stop.Line()).ToList();
        return stops.Count == 0 ? string.Empty : $" (through line {string.Join(", ", stops)})";
    }
}
