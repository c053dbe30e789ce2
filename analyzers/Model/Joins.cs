using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>Whether a task is waited for right where it is made.</summary>
internal static class Joins
{
    /// <summary>Whether the statement that makes the task ends only when the task does: awaited, <c>Wait()</c>, <c>Result</c> or <c>GetResult()</c>.</summary>
    public static bool InPlace(IOperation task)
    {
        var value = task;
        while (value.Parent is { } parent)
        {
            switch (parent)
            {
                case IAwaitOperation:
                    return true;
                case IConversionOperation or IParenthesizedOperation:
                    value = parent;
                    break;
                case IInvocationOperation { TargetMethod.Name: "Wait" or "GetResult" or "Join" } call when call.Instance == value:
                    return call.TargetMethod.Parameters.IsEmpty;
                case IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" or "Unwrap" or "GetAwaiter" or "Preserve" } call when call.Receiver() is { } receiver && (receiver == value || call.Instance == value):
                    value = call;
                    break;
                case IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "Unwrap" } call }:
                    value = call;
                    break;
                case IPropertyReferenceOperation { Property.Name: "Result" }:
                    return true;
                default:
                    return false;
            }
        }

        return false;
    }

    /// <summary>Whether an await waits for the task, perhaps seen through ConfigureAwait and the like.</summary>
    public static bool IsAwaited(IInvocationOperation task)
    {
        IOperation? outer = task;
        while (outer is not null and not IAwaitOperation and not IBlockOperation)
        {
            outer = outer.Parent;
        }

        // Of an await that does not resolve (`ConfigureAwait` without a reference to it) all that stands in it is taken as awaited.
        return outer is IAwaitOperation awaiting && awaiting.Awaited() is var awaited && (awaited == task || awaited is IInvalidOperation);
    }

    /// <summary>Whether the task is one of several that are awaited together where they are made: <c>await Task.WhenAll(A(), B())</c>.</summary>
    public static bool InCombination(IOperation task)
    {
        var value = task;
        while (value.Parent is { } parent && (parent is IConversionOperation or IArgumentOperation || parent.IsListing()))
        {
            value = parent;
        }

        return value.Parent is IInvocationOperation { TargetMethod: { Name: "WhenAll" or "WaitAll", ContainingType.Name: "Task" } } all && (all.TargetMethod.Name == "WaitAll" || InPlace(all));
    }

    /// <summary>Parallel.For and ForEach block by themselves; Parallel.ForEachAsync gives a task.</summary>
    public static bool Blocks(IOperation parallel) => parallel is not IInvocationOperation { TargetMethod.Name: "ForEachAsync" or "ForAsync" } || InPlace(parallel);
}
