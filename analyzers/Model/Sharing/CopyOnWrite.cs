using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <summary>A value that is made of an old one and leaves that as it is: `_routes.SetItem(k, v)`, `[.. _all, x]`, `_all.Append(x).ToArray()`, `_options with { … }`, `new Dictionary&lt;K, V&gt;(_map)`.</summary>
internal static class CopyOnWrite
{
    // As many calls and locals as a person follows.
    private const int Deepest = 12;

    /// <summary>Whether <paramref name="value"/> is a changed copy of what <paramref name="isOld"/> holds for.</summary>
    public static bool IsMadeOf(IOperation value, Body body, Func<IOperation, bool> isOld) => IsMadeOf(value.Bare(), body, isOld, isChanged: false, Deepest);

    /// <summary>What changes a field of this type in one step.</summary>
    public static string ProposalFor(ITypeSymbol type) => IsImmutable(type) ? "ImmutableInterlocked.Update" : "Interlocked.CompareExchange in a loop";

    private static bool IsMadeOf(IOperation value, Body body, Func<IOperation, bool> isOld, bool isChanged, int depth)
    {
        if (depth == 0)
        {
            return false;
        }

        if (isOld(value))
        {
            return isChanged;
        }

        return value switch
        {
            IInvocationOperation call when IsCopying(call.TargetMethod) && call.Receiver() is { } receiver => IsMadeOf(receiver.Bare(), body, isOld, isChanged: true, depth - 1),
            IWithOperation { Operand: var operand } => IsMadeOf(operand.Bare(), body, isOld, isChanged: true, depth - 1),
            IObjectCreationOperation { Arguments: [{ Value: var first }, ..], Type: var made } when Collections.IsUnsafe(made) => IsMadeOf(first.Bare(), body, isOld, isChanged: true, depth - 1),
            ILocalReferenceOperation { Local: var local } when body.Locals.OnlyValue(local) is { } only => IsMadeOf(only.Bare(), body, isOld, isChanged, depth - 1),
            IConditionalOperation { WhenFalse: { } other } choice => IsMadeOf(choice.WhenTrue.Bare(), body, isOld, isChanged, depth - 1) || IsMadeOf(other.Bare(), body, isOld, isChanged, depth - 1),
            var list when list.IsCollectionExpression() => list.ChildOperations.Where(OperationExtensions.IsSpread).SelectMany(spread => spread.ChildOperations).Any(part => IsMadeOf(part.Bare(), body, isOld, isChanged: true, depth - 1)),
            _ => false,
        };
    }

    // Of the immutable collections and their builders, and of the queries. What is cleared does not depend on what was in it.
    private static bool IsCopying(IMethodSymbol method) => method.Name != "Clear" && (IsImmutable(method.ContainingType) || IsImmutable(method.ContainingType.ContainingType)
        || method.ContainingType is { Name: "Enumerable", ContainingNamespace.Name: "Linq" });

    private static bool IsImmutable(ITypeSymbol? type) => type?.ContainingNamespace is { Name: "Immutable" } space && space.ToDisplayString() == "System.Collections.Immutable";
}
