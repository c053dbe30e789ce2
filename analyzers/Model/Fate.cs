using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

internal enum FateKind
{
    /// <summary>It goes where this member cannot see: passed on, returned, part of something else.</summary>
    Unknown,

    /// <summary>The expression ends only when the task does.</summary>
    Joined,

    /// <summary>Nobody has it.</summary>
    Dropped,

    /// <summary>A local, a field or a collection has it.</summary>
    Held,
}

/// <summary>What becomes of a task, thread or timer in the expression that makes it.</summary>
internal readonly record struct Fate(FateKind Kind, Place? Holder = null)
{
    private static readonly Fate Unknown = new(FateKind.Unknown);

    public static Fate Of(IOperation made, Places places)
    {
        var value = made;
        while (value.Parent is { } parent)
        {
            switch (parent)
            {
                case IAwaitOperation or IPropertyReferenceOperation { Property.Name: "Result" }:
                    return new(FateKind.Joined);
                case IExpressionStatementOperation:
                    return new(FateKind.Dropped);
                case IConversionOperation or IParenthesizedOperation or IDelegateCreationOperation:
                case IConditionalAccessOperation access when access.WhenNotNull == value:
                case var list when list.IsListing():
                    value = parent;
                    break;
                case IInvocationOperation call when call.Receiver() == value || call.Instance == value:
                    if (OfReceiver(call) is { } fate)
                    {
                        return fate;
                    }

                    value = call;
                    break;
                case IArgumentOperation { Parent: IInvocationOperation call } argument:
                    if (IsAdding(call) && call.Receiver() != argument.Value)
                    {
                        return Held(places.Of(call.Instance));
                    }

                    if (!PassesOn(call))
                    {
                        return call.Receiver() == argument.Value && OfReceiver(call) is { } received ? received : Unknown;
                    }

                    value = call;
                    break;
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                    return IsUsing(declarator) ? Unknown : Held(Place.Of(declarator.Symbol));
                case IFieldInitializerOperation { InitializedFields: [var field] }:
                    return Held(field.IsStatic ? Place.Of(field) : Place.This.Member(field));
                case ISimpleAssignmentOperation { Parent: IExpressionStatementOperation } assignment when assignment.Value == value:
                    return assignment.Target is IDiscardOperation ? new(FateKind.Dropped) : Held(HolderOf(assignment.Target, places));
                case IReturnOperation when Consumer(parent) is { } sequence:
                    value = sequence;
                    break;
                default:
                    return Unknown;
            }
        }

        return Unknown;
    }

    /// <summary>Whether the call only puts its argument into a collection.</summary>
    public static bool IsAdding(IInvocationOperation call) =>
        call.TargetMethod.Name is "Add" or "AddRange" or "AddFirst" or "AddLast" or "Enqueue" or "Push" or "Insert" or "TryAdd"
        && call.TargetMethod.ContainingNamespace is { } space
        && space.ToDisplayString().StartsWith("System.Collections", System.StringComparison.Ordinal);

    private static Fate Held(Place? holder) => holder is null ? Unknown : new(FateKind.Held, holder);

    // What the receiver of a call becomes; null when the result of the call stands for it.
    private static Fate? OfReceiver(IInvocationOperation call) => call.TargetMethod.Name switch
    {
        "Wait" or "GetResult" or "Join" => new(FateKind.Joined),
        "Start" or "UnsafeStart" or "Forget" or "FireAndForget" or "SafeFireAndForget" => new(FateKind.Dropped),
        "ConfigureAwait" or "AsTask" or "Unwrap" or "GetAwaiter" or "Preserve" or "ContinueWith" or "ToList" or "ToArray" => null,
        _ => Unknown,
    };

    private static bool PassesOn(IInvocationOperation call) => (call.TargetMethod.ContainingType?.Name, call.TargetMethod.Name) is
        ("Task", "WhenAll" or "WhenAny") or ("Enumerable", "ToList" or "ToArray") or (_, "Unwrap");

    private static bool IsUsing(IVariableDeclaratorOperation declarator) => declarator.Parent?.Parent?.Parent is IUsingDeclarationOperation or IUsingOperation;

    // `tasks[i] = …` puts it into the array.
    private static Place? HolderOf(IOperation target, Places places) => target switch
    {
        IArrayElementReferenceOperation element => places.Of(element.ArrayReference),
        IPropertyReferenceOperation { Arguments.IsEmpty: false } indexer => places.Of(indexer.Instance),
        _ => places.Of(target),
    };

    // The lambda of a Select returns it, so the sequence has it.
    private static IOperation? Consumer(IOperation returned)
    {
        var outer = returned;
        while (outer is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            outer = outer.Parent;
        }

        return outer is IAnonymousFunctionOperation && outer.Parent is IDelegateCreationOperation { Parent: IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "Select", ContainingType.Name: "Enumerable" } } select } } ? select : null;
    }
}
