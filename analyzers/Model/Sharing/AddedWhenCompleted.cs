using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <summary>`if (_queue.IsAddingCompleted) return false; _queue.Add(x);` while another member completes: Add throws when that comes in between.</summary>
/// <param name="Act">What adds.</param>
/// <param name="Look">What asked whether it still may.</param>
/// <param name="Collection">The collection.</param>
/// <param name="Completer">The member that completes.</param>
internal sealed record AddedWhenCompleted(IInvocationOperation Act, IOperation Look, IOperation Collection, string Completer)
{
    public static IEnumerable<AddedWhenCompleted> In(Body body, TypeModel type)
    {
        foreach (var act in body.Operations.OfType<IInvocationOperation>())
        {
            if (act is not { TargetMethod.Name: "Add" or "TryAdd", Instance: { Type.Name: "BlockingCollection" } collection } || body.Places.Of(collection) is not { Root.Symbol: null or IFieldSymbol } queue || IsReplaced(queue, body))
            {
                continue;
            }

            var looks = AfterLook.ConditionsAround(act).SelectMany(condition => condition.DescendantsAndSelf()).Where(part => part is IPropertyReferenceOperation { Property.Name: "IsAddingCompleted" or "IsCompleted" } look && queue.Equals(body.Places.Of(look.Instance))).ToList();
            if (looks.Count > 0 && !IsCaught(act, body, type) && WhoCompletes(queue, body, type, isHeld: looks.Exists(look => look.IsHeld(body, type)) && act.IsHeld(body, type)) is { } completer)
            {
                yield return new(act, looks[0], collection, completer);
            }
        }
    }

    /// <summary>`catch (InvalidOperationException)` around it, or around every call of the private method that it stands in.</summary>
    public static bool IsCaught(IOperation act, Body body, TypeModel type) => IsCaught(act)
        || (IsPrivate(body, out var method) && type.Bodies.SelectMany(other => other.All).SelectMany(other => other.Operations).Where(operation => operation.IsCallOf(method)).ToList() is { Count: > 0 } calls && calls.TrueForAll(IsCaught));

    private static bool IsReplaced(Place queue, Body body) => body.Operations.OfType<ISimpleAssignmentOperation>().Any(assignment => queue.Equals(body.Places.Of(assignment.Target)));

    // Another member, which several may call; where the look and the act hold a lock, one that does not.
    private static string? WhoCompletes(Place queue, Body adder, TypeModel type, bool isHeld)
    {
        string? name = null;
        foreach (var body in type.Bodies.SelectMany(body => body.All))
        {
            foreach (var call in body.Operations.OfType<IInvocationOperation>().Where(call => call.TargetMethod.Name == "CompleteAdding" && queue.Equals(body.Places.Of(call.Instance))))
            {
                // Who adds first and completes then does so on one thread.
                if (body.Outermost == adder.Outermost || (IsPrivate(adder, out var adding) && body.Operations.Any(operation => operation.IsCallOf(adding))))
                {
                    return null;
                }

                if (!(body is { Outer: null, Symbol: IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } } || (isHeld && call.IsHeld(body, type))))
                {
                    name ??= body.Outermost.Symbol is { Name: var member } and not IMethodSymbol { MethodKind: MethodKind.Constructor } ? member : type.Symbol.Name;
                }
            }
        }

        return name;
    }

    private static bool IsCaught(IOperation operation) => operation.IsCaught("InvalidOperationException", "SystemException");

    private static bool IsPrivate(Body body, out IMethodSymbol? method) => (method = body.Outermost.Symbol as IMethodSymbol) is { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Private };
}
