using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>Work that somebody stops waiting for when something else is first: an operand of Task.WhenAny, or what <c>WaitAsync(timeout)</c> is called on.</summary>
/// <param name="Work">The call that starts it.</param>
/// <param name="Holder">The local that has it, or the collection that it is in; null when nobody has it.</param>
/// <param name="Race">The call that stops waiting.</param>
internal sealed record Entrant(IInvocationOperation Work, ILocalSymbol? Holder, IInvocationOperation Race)
{
    /// <summary>The work that the body starts and that loses the races of the body.</summary>
    public static IEnumerable<Entrant> In(Body body)
    {
        foreach (var race in body.Operations.OfType<IInvocationOperation>())
        {
            var entered = (race.TargetMethod.Name, body.Compilation.Known[race.TargetMethod.ContainingType]) switch
            {
                ("WhenAny" or "WaitAny", KnownType.Task) => race.Arguments.SelectMany(argument => argument.Value.Items()),
                ("WaitAsync" or "Wait", KnownType.Task or KnownType.TaskOfT) when race.Arguments.Any(argument => argument.Value.Type is { Name: "TimeSpan" } or { SpecialType: SpecialType.System_Int32 }) => [race.Instance!],
                _ => [],
            };
            foreach (var entrant in entered.SelectMany(item => StartedIn(item, body)).Select(started => new Entrant(started.Work, started.Holder, race)))
            {
                yield return entrant;
            }
        }
    }

    /// <summary>Whether on some way after the race nobody has anything to do with the work any more.</summary>
    public bool IsLeft(Body body)
    {
        if (body.Paths is not { } paths || body.Flow is not { } flow || IsHandedOn())
        {
            return false;
        }

        if (Holder is null)
        {
            return true;
        }

        var uses = body.UsesOf(Holder).Where(use => !IsMereLook(use.Use) && !Race.Syntax.Span.Contains(use.Use.Syntax.Span)).ToList();
        if (uses.Any(use => use.In != body || IsReturned(use.Use)))
        {
            return false;
        }

        var spans = uses.Select(use => use.Use.Syntax.Span).ToList();
        bool IsUse(FlowNode node) => node.Operation is { } operation && spans.Any(span => operation.Syntax.Span.Contains(span));
        bool IsThrow(FlowNode node) => node.Operation is null || node.Operation.IsWrittenThrow();
        bool Ends(FlowNode node) => node == flow.Exit || node == flow.Raise || (node.Operation is { } operation && Locals.WritesOf(operation).Any(write => write.Target is ILocalReferenceOperation target && SymbolEqualityComparer.Default.Equals(target.Local, Holder)));

        // WaitAsync throws when time is up: that is the way on which the work is left.
        bool byThrow = Race.TargetMethod.Name == "WaitAsync";
        return paths.NodesOf(Race).Any(node => paths.Find(node, Ends, IsUse, throws: other => IsThrow(other) || (byThrow && other.Operation is IAwaitOperation waiting && waiting.Syntax.Span.Contains(Race.Syntax.Span))) is not null);
    }

    /// <summary>Whether the body cancels the token that the work was given, or lets a timer do so.</summary>
    public bool IsCancelled(Body body) => Work.PassesToken() && body.Outermost.All.SelectMany(part => part.Operations).Any(operation =>
        operation is IInvocationOperation { TargetMethod.Name: "Cancel" or "CancelAsync" or "CancelAfter" }
        || (operation is IObjectCreationOperation { Arguments.Length: > 0 } made && body.Compilation.Known[made.Type] == KnownType.CancellationTokenSource));

    /// <summary>The calls that started the tasks that <paramref name="item"/>, a task or a collection of tasks, holds, as far as the body tells.</summary>
    public static IEnumerable<(IInvocationOperation Work, ILocalSymbol? Holder)> StartedIn(IOperation item, Body body) => StartedIn(item, null, body);

    private static IEnumerable<(IInvocationOperation Work, ILocalSymbol? Holder)> StartedIn(IOperation item, ILocalSymbol? holder, Body body)
    {
        switch (Adapted(item))
        {
            case ILocalReferenceOperation { Local: var local } when holder is null && body.Locals.OnlyValue(local) is { } only:
                var listed = only.Bare();
                return listed is IArrayCreationOperation { Initializer: null } ? ElementsOf(local, body).SelectMany(element => StartedIn(element, local, body))
                    : listed is IObjectCreationOperation
                    ? body.Operations.OfType<IInvocationOperation>().Where(call => Fate.IsAdding(call) && call.Instance is ILocalReferenceOperation list && SymbolEqualityComparer.Default.Equals(list.Local, local))
                        .SelectMany(call => call.Arguments.SelectMany(argument => StartedIn(argument.Value, local, body)))
                    : listed.Items().SelectMany(element => StartedIn(element, local, body));
            case IInvocationOperation { TargetMethod: { Name: "ToList" or "ToArray", ContainingType.Name: "Enumerable" } } list when list.Receiver() is { } sequence:
                return StartedIn(sequence, holder, body);
            case IInvocationOperation { TargetMethod: { Name: "Select", ContainingType.Name: "Enumerable" }, Arguments: [_, { Value: var selector }] }:
                return body.Outermost.InnerOf(selector.Bare())?.Operations.OfType<IReturnOperation>().Where(leaving => leaving.ReturnedValue is not null)
                    .SelectMany(leaving => StartedIn(leaving.ReturnedValue!, holder, body)) ?? [];
            case IInvocationOperation call:
                return [(call, holder)];
            default:
                return [];
        }
    }

    private static IEnumerable<IOperation> ElementsOf(ILocalSymbol array, Body body) => body.Operations.OfType<ISimpleAssignmentOperation>()
        .Where(assignment => assignment.Target is IArrayElementReferenceOperation { ArrayReference: ILocalReferenceOperation { Local: var local } } && SymbolEqualityComparer.Default.Equals(local, array))
        .Select(assignment => assignment.Value);

    private static IOperation Adapted(IOperation task)
    {
        var value = task.Bare().ThroughTaskAdapters();
        while (value is IInvocationOperation { TargetMethod.Name: "AsValueTask" } adapter && adapter.Receiver() is { } inner)
        {
            value = inner.Bare().ThroughTaskAdapters();
        }

        return value;
    }

    // Comparing it with the winner, or asking whether it is done, does nothing with it; nor does putting it into the list.
    private static bool IsMereLook(IOperation use) => use.Parent switch
    {
        IConversionOperation conversion => IsMereLook(conversion),
        IBinaryOperation or INameOfOperation or IIsPatternOperation => true,
        IPropertyReferenceOperation { Property.Name: "IsCompleted" or "IsCompletedSuccessfully" or "Status" or "Id" } => true,
        ISimpleAssignmentOperation assignment => assignment.Target == use,
        IArrayElementReferenceOperation { Parent: ISimpleAssignmentOperation assignment } element => assignment.Target == element,
        IPropertyReferenceOperation { Property.Name: "Length" or "Count" } => true,
        IInvocationOperation call => call.Instance == use && Fate.IsAdding(call),
        _ => false,
    };

    private static bool IsReturned(IOperation use)
    {
        var value = use;
        while (value.Parent is IConversionOperation or IConditionalOperation or ICoalesceOperation or ITupleOperation)
        {
            value = value.Parent;
        }

        return value.Parent is IReturnOperation;
    }

    // The race itself goes to somebody else.
    private bool IsHandedOn() => Race.TargetMethod.Name is "WhenAny" or "WaitAsync" && !Joins.InPlace(Race) && !Joins.IsAwaited(Race) && Race.Parent is not IInvocationOperation { TargetMethod.Name: "WaitAsync" };
}
