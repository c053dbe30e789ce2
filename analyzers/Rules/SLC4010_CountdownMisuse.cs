using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Locking;

namespace Sluice.Rules;

/// <summary>A CountdownEvent that is raised too late, or not counted down on every path.</summary>
internal sealed class CountdownMisuse : Rule
{
    internal const string Id = "SLC4010";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "CountdownEvent counted wrong",
        "{0}",
        Family.Deadlocks,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A countdown is raised before the work that it counts is started, and counted down once whatever happens to that work: in a finally.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Spawn | Mentions.Lock;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var member in type.Bodies.Where(body => Names(body, "Signal", "AddCount")))
        {
            foreach (var (call, body) in member.All.SelectMany(body => body.Operations.OfType<IInvocationOperation>().Where(IsOfCountdown).Select(call => (call, body))).ToList())
            {
                if (body.Places.Of(call.Instance) is not { } countdown)
                {
                    continue;
                }

                switch (call.TargetMethod.Name)
                {
                    case "AddCount" when IsSpawned(body) && SignalsOf(countdown, body).Any():
                        report(Diagnostic.Create(Descriptor, call.Syntax.GetLocation(), $"'{countdown}' is raised by the very work that it counts: 'Wait' may be over before this runs, and then this throws; raise it before the work is started"));
                        break;
                    case "AddCount" or "TryAddCount" when StartsAtZero(call.Instance!, body, type):
                        report(Diagnostic.Create(Descriptor, call.Syntax.GetLocation(), $"'{countdown}' starts at 0, so it is set already and 'AddCount' throws: start it at 1, and signal once when all work has been started"));
                        break;
                    case "Signal" when call.Arguments.All(argument => argument.IsImplicit) && IsSpawned(body) && Escape(call, countdown, body) is { } escape:
                        report(Diagnostic.Create(Descriptor, call.Syntax.GetLocation(), $"when {escape}, this is skipped and whoever waits for '{countdown}' waits for ever: signal in a finally"));
                        break;
                    case "Signal" when StartCount(call.Instance!, body, type) is { } start && call.Arguments.FirstOrDefault(argument => !argument.IsImplicit)?.Value.ConstantValue is { HasValue: true, Value: int count } && count > start:
                        report(Diagnostic.Create(Descriptor, call.Syntax.GetLocation(), $"this counts {count} down from {start}, which throws: the count of '{countdown}' may not fall below 0"));
                        break;
                }
            }
        }
    }

    private static bool Names(Body body, params string[] words)
    {
        var text = body.Declaration.ToString();
        return words.Any(word => text.IndexOf(word, StringComparison.Ordinal) >= 0);
    }

    private static bool IsOfCountdown(IInvocationOperation call) => call.TargetMethod.ContainingType is { Name: "CountdownEvent", ContainingNamespace: { Name: "Threading", ContainingNamespace.Name: "System" } };

    // A lambda that something starts beside the code around it.
    private static bool IsSpawned(Body body) => body.Spawns.Any(spawn => spawn.Kind is SpawnKind.Task or SpawnKind.Thread);

    private static IEnumerable<IInvocationOperation> SignalsOf(Place countdown, Body body) =>
        body.Operations.OfType<IInvocationOperation>().Where(call => call.TargetMethod.Name == "Signal" && IsOfCountdown(call) && countdown.Equals(body.Places.Of(call.Instance)));

    private static string? Escape(IInvocationOperation signal, Place countdown, Body body)
    {
        if (body.Flow is not { } flow || body.Paths is not { } paths)
        {
            return null;
        }

        var signals = new HashSet<FlowNode>(SignalsOf(countdown, body).SelectMany(paths.NodesOf));
        if (paths.Find(flow.Entry, node => node == flow.Exit, signals.Contains, throws: static _ => false) is not null)
        {
            return "another path is taken";
        }

        return SignalsOf(countdown, body).First() == signal && paths.Find(flow.Entry, node => node == flow.Raise, signals.Contains, throws: static node => node.Operation is not IInvocationOperation call || !IsOfCountdown(call))?.Thrower is { } thrower
            ? $"line {thrower.Syntax.Line()} throws"
            : null;
    }

    private static bool StartsAtZero(IOperation countdown, Body body, TypeModel type) => StartCount(countdown, body, type) == 0;

    private static int? StartCount(IOperation countdown, Body body, TypeModel type)
    {
        var values = countdown switch
        {
            ILocalReferenceOperation { Local: var local } => body.Locals.OnlyValue(local) is { } only ? [only] : [],
            IFieldReferenceOperation { Field: { IsReadOnly: true } field } => new Sources(type.Compilation, type.Cancellation).Of(field.OriginalDefinition).Select(source => source.Value).ToList(),
            _ => new List<IOperation>(),
        };
        return values.Count == 1 && values[0].Bare() is IObjectCreationOperation { Arguments: [{ Value.ConstantValue: { HasValue: true, Value: int start } }] } ? start : null;
    }
}
