using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>Whether somebody waits for work: the code that starts it, at once or later, or its caller. What nobody waits for may outlive both.</summary>
internal static class Waits
{
    /// <summary>Whether a value of this type must be awaited.</summary>
    public static bool IsAwaitable(ITypeSymbol? type, KnownTypes known) =>
        IsTask(type, known)
        || (type is INamedTypeSymbol && type.GetMembers("GetAwaiter").Any(member => member is IMethodSymbol { Parameters.IsEmpty: true }));

    /// <summary>Whether it is a task or value task, with a result or without.</summary>
    public static bool IsTask(ITypeSymbol? type, KnownTypes known) => known[type] is KnownType.Task or KnownType.TaskOfT or KnownType.ValueTask or KnownType.ValueTaskOfT;

    /// <summary>Whether <paramref name="body"/> or its caller waits for <paramref name="work"/>, a call. A call that gives no task is over when it returns.</summary>
    public static bool For(IOperation work, Body body, KnownTypes known) => !HoldsWork(work.Type, known) || IsWaitedFor(work, body, known, hops: 0);

    // A task, or tasks that LINQ makes one by one, or a stream.
    private static bool HoldsWork(ITypeSymbol? type, KnownTypes known) =>
        IsAwaitable(type, known) || known[type] == KnownType.AsyncEnumerable || (type is INamedTypeSymbol { TypeArguments: var arguments } && arguments.Any(argument => IsAwaitable(argument, known)));

    private static bool IsWaitedFor(IOperation value, Body body, KnownTypes known, int hops)
    {
        while (value.Parent is { } parent)
        {
            switch (parent)
            {
                case IAwaitOperation or IReturnOperation or IForEachLoopOperation:
                case IPropertyReferenceOperation { Property.Name: "Result" }:
                    return true;

                // The value goes on as it is, or in something that is waited for as a whole.
                case IConversionOperation or IParenthesizedOperation or ICoalesceOperation or ISwitchExpressionArmOperation or ISwitchExpressionOperation:
                case IConditionalOperation choice when choice.Condition != value:
                case IConditionalAccessOperation access when access.WhenNotNull == value:
                case var list when list.IsListing() || list.Syntax is CollectionExpressionSyntax:
                    value = parent;
                    break;

                case IInvocationOperation { TargetMethod.Name: "Wait" or "GetResult" } call when call.Instance == value:
                case IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "WaitAll" } }:
                    return true;
                case IInvocationOperation call when call.Instance == value && PassesOn(call, known):
                    value = call;
                    break;
                case IArgumentOperation { Parent: IInvocationOperation call } argument when PassesOn(call, known) && (call.TargetMethod.IsExtensionMethod ? call.Arguments[0] == argument : IsCombinator(call, known)):
                    value = call;
                    break;
                case IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "Add", Instance: ILocalReferenceOperation list } }:
                    return IsWaitedFor(list.Local, body, known, hops);

                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                    return IsWaitedFor(declarator.Symbol, body, known, hops);
                case ISimpleAssignmentOperation { Target: ILocalReferenceOperation local }:
                    return IsWaitedFor(local.Local, body, known, hops);
                default:
                    return false;
            }
        }

        return false;
    }

    // Not for ever: locals may be assigned to each other.
    private static bool IsWaitedFor(ILocalSymbol local, Body body, KnownTypes known, int hops) =>
        hops < 4 && body.Operations.Any(use => use is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, local) && IsWaitedFor(use, body, known, hops + 1));

    // WhenAll(task), task.ConfigureAwait(false), tasks.ToList(): what comes out is waited for in place of what goes in. With a token, the wait has its own end.
    private static bool PassesOn(IInvocationOperation call, KnownTypes known) =>
        !call.Arguments.Any(argument => argument.ArgumentKind == ArgumentKind.Explicit && known[argument.Value.Type] == KnownType.CancellationToken)
        && (IsAwaitable(call.Type, known) || known[call.TargetMethod.ContainingType] is KnownType.Enumerable or KnownType.AsyncEnumerable || call.TargetMethod.Name is "GetAwaiter" or "ConfigureAwait" or "WithCancellation");

    private static bool IsCombinator(IInvocationOperation call, KnownTypes known) =>
        known[call.TargetMethod.ContainingType] is KnownType.Task or KnownType.Enumerable;
}
