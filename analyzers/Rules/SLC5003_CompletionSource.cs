using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A TaskCompletionSource that runs who waits inside SetResult, or that a path leaves without completing it.</summary>
internal sealed class CompletionSource : Rule
{
    internal const string Id = "SLC5003";

    /// <summary>Set when the option can be added to the creation.</summary>
    internal const string ToAsynchronous = nameof(ToAsynchronous);

    private const int RunContinuationsAsynchronously = 64;

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "TaskCompletionSource that blocks or forgets who waits",
        "{0}",
        Family.Tasks,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Without RunContinuationsAsynchronously, SetResult runs the code that awaits the task, with whatever locks are held. And whoever awaits it waits for ever when a path completes it with nothing.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Completion;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var member in type.Bodies)
        {
            foreach (var body in member.All)
            {
                foreach (var creation in body.Operations.OfType<IObjectCreationOperation>().Where(creation => IsSource(creation.Type, type.Known)))
                {
                    if (RunsWaitersInside(creation))
                    {
                        report(Diagnostic.Create(
                            Descriptor,
                            creation.Syntax.GetLocation(),
                            ImmutableDictionary<string, string?>.Empty.Add(ToAsynchronous, null),
                            "Who awaits this task runs inside 'SetResult', on the thread and under the locks of who calls it: pass 'TaskCreationOptions.RunContinuationsAsynchronously'"));
                    }

                    if (LocalOf(creation, body) is { } source && Forgotten(source, creation, body, type) is { } forgotten)
                    {
                        report(Diagnostic.Create(Descriptor, forgotten.At.Syntax.GetLocation(), [creation.Syntax.GetLocation()], forgotten.Message));
                    }
                }
            }
        }
    }

    private static bool IsSource(ITypeSymbol? type, KnownTypes known) => known[type] is KnownType.TaskCompletionSource or KnownType.TaskCompletionSourceOfT;

    private static bool RunsWaitersInside(IObjectCreationOperation creation)
    {
        var options = creation.Arguments.FirstOrDefault(argument => argument.Parameter?.Type.Name == "TaskCreationOptions");
        return options is null || (options.Value.ConstantValue is { HasValue: true, Value: int flags } && (flags & RunContinuationsAsynchronously) == 0);
    }

    private static ILocalSymbol? LocalOf(IObjectCreationOperation creation, Body body) =>
        Fate.Of(creation, body.Places) is { Kind: FateKind.Held, Holder.Symbol: ILocalSymbol local } && body.Locals.CountOf(local) == 1 ? local : null;

    // Only where everything that may complete it is in sight, and one body does it.
    private static (IOperation At, string Message)? Forgotten(ILocalSymbol source, IOperation creation, Body creator, TypeModel type)
    {
        var completions = new List<(IInvocationOperation Call, Body Body)>();
        foreach (var (body, use) in creator.UsesOf(source))
        {
            switch (use.Parent)
            {
                case IPropertyReferenceOperation { Property.Name: "Task" }:
                    break;
                case IInvocationOperation call when call.Instance == use:
                    completions.Add((call, body));
                    break;
                default:
                    return null; // it goes elsewhere
            }
        }

        if (completions.Count == 0 || completions.Any(completion => completion.Body != completions[0].Body) || completions[0].Body is not { Flow: { } flow, Paths: { } paths } completer)
        {
            return completions.Count == 0 && IsAwaited(source, creator) ? (creation, $"Nothing completes '{source.Name}', so whoever awaits its task waits for ever") : null;
        }

        if (completer != creator && !RunsOnce(completer))
        {
            return null;
        }

        var done = new HashSet<FlowNode>(completions.SelectMany(completion => paths.NodesOf(completion.Call)));
        var start = completer == creator ? paths.NodesOf(creation).FirstOrDefault() : flow.Entry;
        if (start is null || done.Count == 0)
        {
            return null;
        }

        if (paths.Find(start, node => node == flow.Exit, done.Contains, throws: static _ => false) is not null)
        {
            // Who gets no task when it is not completed has nothing to wait for.
            return completer == creator && !TaskLeavesOn(source, start, flow, paths, done, completer)
                ? null
                : (completions[0].Call, $"A path leaves this code without completing '{source.Name}', and then whoever awaits its task waits for ever: complete it on every path");
        }

        var throws = new Throws(type.Compilation, type.Cancellation);
        return completer != creator
            && paths.Find(start, node => node == flow.Raise, done.Contains, throws: node => node.Operation is { } operation && operation is not IReturnOperation && throws.May(operation)) is { Thrower: { } thrower }
                ? (completions[0].Call, $"When line {thrower.Syntax.Line()} throws, nothing completes '{source.Name}', and whoever awaits its task waits for ever: catch, and 'SetException'")
                : null;
    }

    private static bool IsAwaited(ILocalSymbol source, Body creator) =>
        creator.UsesOf(source).Any(use => use.Use.Parent is IPropertyReferenceOperation { Property.Name: "Task" } task && Joins.InPlace(task));

    // The task is returned or awaited at the end of a path that completes nothing.
    private static bool TaskLeavesOn(ILocalSymbol source, FlowNode start, Flow flow, Paths paths, HashSet<FlowNode> done, Body body)
    {
        var leaves = body.Operations.OfType<IPropertyReferenceOperation>()
            .Where(task => task.Property.Name == "Task" && task.Instance is ILocalReferenceOperation { Local: var local } && SymbolEqualityComparer.Default.Equals(local, source) && Joins.InPlace(task) is var awaited && (awaited || task.Parent is IReturnOperation or IConversionOperation { Parent: IReturnOperation }))
            .SelectMany(paths.NodesOf);
        return leaves.Any(leave => paths.Find(start, node => node == leave, done.Contains, throws: static _ => false) is not null
            && paths.Find(leave, node => node == flow.Exit, done.Contains, throws: static _ => false) is not null);
    }

    // Work that is started runs once. A callback may come again, and complete it then.
    private static bool RunsOnce(Body body) => body.Spawns.Any(spawn => spawn.Kind is SpawnKind.Task or SpawnKind.Thread or SpawnKind.Continuation);
}
