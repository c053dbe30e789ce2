using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>Task.Factory.StartNew of async code gives a task of a task, and the outer one is over at the first await.</summary>
internal sealed class StartNewAsync : Rule
{
    internal const string Id = "SLC5006";

    /// <summary>Set when Task.Run does the same: nothing is passed that it does not take.</summary>
    internal const string ToRun = nameof(ToRun);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Task.Factory.StartNew with async code",
        "'StartNew' gives the task of a task here, and the outer one is over at the first 'await': whoever waits for it does not wait for the work, and its exceptions are lost. Use 'Task.Run', or 'Unwrap()' it.",
        Family.Tasks,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "StartNew was made before async. It runs the delegate and gives what that returns: for async code a task, which is the work. Task.Run unwraps it.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Spawn;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.BodiesThatMention(Mentions.Spawn))
        {
            foreach (var call in body.Operations.OfType<IInvocationOperation>().Where(call => call.TargetMethod.Name == "StartNew" && IsOfFactory(call, type.Known)))
            {
                if (InnerOf(call, type.Known) && !IsUnwrapped(call, body))
                {
                    var properties = IsPlain(call) ? ImmutableDictionary<string, string?>.Empty.Add(ToRun, null) : null;
                    report(Diagnostic.Create(Descriptor, call.Syntax.GetLocation(), properties));
                }
            }
        }
    }

    private static bool IsOfFactory(IInvocationOperation call, KnownTypes known) => known[call.TargetMethod.ContainingType] is KnownType.TaskFactory or KnownType.TaskFactoryOfT;

    // Task<Task>, Task<Task<T>>, Task<ValueTask<T>> …
    private static bool InnerOf(IInvocationOperation call, KnownTypes known) =>
        call.Type is INamedTypeSymbol { TypeArguments: [var inner] } && Waits.IsTask(inner, known);

    private static bool IsUnwrapped(IInvocationOperation call, Body body)
    {
        if (UnwrapsOuter(call))
        {
            return true;
        }

        // A local that is unwrapped, or whose inner task is asked for, later on.
        return Fate.Of(call, body.Places) is { Kind: FateKind.Held, Holder.Symbol: ILocalSymbol local }
            && body.UsesOf(local).Any(use => UnwrapsOuter(use.Use));
    }

    // `x.Unwrap()`, `await await x`, `(await x).…`, `var inner = await x`, `x.Result.…`, or x goes elsewhere: returned as the type that it is, or passed on.
    private static bool UnwrapsOuter(IOperation task)
    {
        var outer = task;
        while (outer.Parent is IConversionOperation or IParenthesizedOperation or IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "Unwrap" or "ConfigureAwait" } }
            || outer.Parent is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" })
        {
            outer = outer.Parent;
        }

        return outer.Parent switch
        {
            IInvocationOperation { TargetMethod.Name: "Unwrap" } => true,
            IAwaitOperation awaiting => IsUsed(awaiting),
            IPropertyReferenceOperation { Property.Name: "Result" } result => IsUsed(result),
            IInvocationOperation { TargetMethod.Name: "GetAwaiter" } => true,
            IArgumentOperation argument => argument.Parent is not IInvocationOperation { TargetMethod.ContainingType.Name: "Task" } && IsTaskOfTask(argument.Parameter?.Type),
            IReturnOperation returned => IsTaskOfTask(returned.ReturnedValue?.Type) && !IsCombined(returned),
            _ => false,
        };
    }

    // `WhenAll(items.Select(item => StartNew(…)))` waits for the outer tasks alone, unless somebody looks at what they give.
    private static bool IsCombined(IReturnOperation returned)
    {
        IOperation? value = returned;
        while (value is not (null or IAnonymousFunctionOperation))
        {
            value = value.Parent;
        }

        while (value?.Parent is IDelegateCreationOperation or IConversionOperation or IArgumentOperation or IInvocationOperation { TargetMethod: { Name: "Select" or "ToArray" or "ToList", ContainingType.Name: "Enumerable" } })
        {
            value = value.Parent;
        }

        return value?.Parent is IInvocationOperation { TargetMethod: { Name: "WhenAll" or "WaitAll", ContainingType.Name: "Task" } } all
            && (all.TargetMethod.Name == "WaitAll" || !IsTaken(all));
    }

    // The inner tasks are what WhenAll gives.
    private static bool IsTaken(IInvocationOperation all)
    {
        IOperation value = all;
        while (value.Parent is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } or IAwaitOperation)
        {
            value = value.Parent;
        }

        return value.Parent is not IConversionOperation && (value is IAwaitOperation ? IsUsed(value) : value.Parent is not (IExpressionStatementOperation or IReturnOperation { ReturnedValue.Type: INamedTypeSymbol { Arity: 0 } }));
    }

    private static bool IsTaskOfTask(ITypeSymbol? type) => type is INamedTypeSymbol { TypeArguments: [INamedTypeSymbol { Name: "Task" or "ValueTask" }] };

    private static bool IsUsed(IOperation value)
    {
        while (value.Parent is IParenthesizedOperation or IConversionOperation)
        {
            value = value.Parent;
        }

        return value.Parent is not (IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation });
    }

    // No state, no scheduler, no options but those that mean nothing for code that waits.
    private static bool IsPlain(IInvocationOperation call) => call.Arguments.All(argument => argument.IsImplicit || argument.Parameter?.Type switch
    {
        { TypeKind: TypeKind.Delegate } @delegate => @delegate is INamedTypeSymbol { DelegateInvokeMethod.Parameters.IsEmpty: true },
        { Name: "CancellationToken" } => true,
        { Name: "TaskCreationOptions" } => argument.Value.ConstantValue is { HasValue: true, Value: 0 or 2 or 8 },
        { Name: "TaskScheduler" } => argument.Value.Bare() is IPropertyReferenceOperation { Property.Name: "Default" },
        _ => false,
    }) && call.Instance is IPropertyReferenceOperation { Property: { Name: "Factory", ContainingType: { Name: "Task", Arity: 0 } } };
}
