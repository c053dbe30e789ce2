using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>Async code blocks its thread where it could await.</summary>
internal sealed class BlockedInAsync : Rule
{
    internal const string Id = "SLC4011";

    /// <summary>The property that names what takes the place of the call.</summary>
    internal const string Instead = nameof(Instead);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Thread blocked in async code",
        "'{0}' blocks a pool thread until {1}, and other work waits for one: {2}",
        Family.Deadlocks,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "The pool has few threads and adds new ones slowly. Async code that blocks keeps one from everybody else, perhaps from the very work that it waits for; then nothing goes on.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Async | Mentions.Spawn | Mentions.ValueTask;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.Bodies.Where(member => (member.Mentions & Mentions.Async) != 0 || Callers.MayBeAsync(member.Declaration)).SelectMany(member => member.All))
        {
            var caller = Callers.Of(body, type.Known);
            if (caller == Caller.Sync)
            {
                continue;
            }

            foreach (var operation in body.Operations)
            {
                if (Read(operation, type.Known) is var (kind, until, instead) && (caller != Caller.Pool || IsOfTask(operation, type.Known)) && !IsOver(operation, body, type.Known) && !IsOfBoth(operation.Syntax))
                {
                    var properties = operation.Syntax.Ancestors().TakeWhile(node => node != body.Declaration).Any(node => node is LockStatementSyntax or CatchFilterClauseSyntax or UnsafeStatementSyntax) || instead.Length == 0 || caller != Caller.Async
                        ? ImmutableDictionary<string, string?>.Empty
                        : ImmutableDictionary<string, string?>.Empty.Add(Instead, kind);
                    report(Diagnostic.Create(Descriptor, operation.Syntax.GetLocation(), properties, NameOf(operation), until, instead.Length == 0 ? "wait without blocking" : instead));
                }
            }
        }
    }

    // Work of the pool may block on what is not async; a task it could await.
    private static bool IsOfTask(IOperation operation, KnownTypes known) => operation is IPropertyReferenceOperation
        || (operation is IInvocationOperation { TargetMethod: var method } && (known[method.ContainingType] is KnownType.Task or KnownType.TaskOfT || method.Name == "GetResult"));

    private static string NameOf(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation property => property.Property.Name,
        IInvocationOperation { TargetMethod: { IsStatic: true } method } => $"{method.ContainingType.Name}.{method.Name}",
        IInvocationOperation call => call.TargetMethod.Name,
        _ => operation.InOneLine(),
    };

    private static (string Kind, string Until, string Instead)? Read(IOperation operation, KnownTypes known)
    {
        switch (operation)
        {
            case IPropertyReferenceOperation { Property: { Name: "Result" } property } when known[property.ContainingType] is KnownType.TaskOfT or KnownType.ValueTaskOfT:
                return ("Await", "the task is over", "await it");
            case IInvocationOperation { TargetMethod: { } method } call:
                return (known[method.ContainingType], method.Name) switch
                {
                    (KnownType.Task or KnownType.TaskOfT, "Wait") when method.Parameters.IsEmpty => ("Await", "the task is over", "await it"),
                    (KnownType.Task or KnownType.TaskOfT, "Wait") when !IsPoll(call) => (string.Empty, "the task is over", "await it, with WaitAsync for the limit"),
                    (_, "GetResult") when method.ContainingType.Name is "TaskAwaiter" or "ConfiguredTaskAwaiter" or "ValueTaskAwaiter" or "ConfiguredValueTaskAwaiter" => ("GetResult", "the task is over", "await it"),
                    (KnownType.Task, "WaitAll") when method.Parameters.Length == 1 => ("WhenAll", "the tasks are over", "await Task.WhenAll"),
                    (KnownType.Task, "WaitAny") when method.Parameters.Length == 1 => (string.Empty, "one of the tasks is over", "await Task.WhenAny"),
                    (KnownType.Thread, "Sleep") when !IsPoll(call) => ("Delay", "it wakes up", "await Task.Delay"),
                    (KnownType.Thread, "Join") when method.Parameters.IsEmpty => (string.Empty, "the thread is over", string.Empty),
                    (KnownType.SemaphoreSlim, "Wait") when !IsPoll(call) => ("WaitAsync", "the semaphore is free", "await WaitAsync"),
                    (_, "WaitOne") when IsOf(method, "System.Threading") && !IsPoll(call) => (string.Empty, "the handle is signaled", string.Empty),
                    (_, "Wait" or "SignalAndWait") when method.ContainingType.Name is "ManualResetEventSlim" or "CountdownEvent" or "Barrier" && IsOf(method, "System.Threading") && !IsPoll(call) => (string.Empty, "it is signaled", string.Empty),
                    (_, "WaitAll" or "WaitAny" or "SignalAndWait") when method.ContainingType.Name == "WaitHandle" && !IsPoll(call) => (string.Empty, "it is signaled", string.Empty),
                    (_, "SpinUntil") when method.ContainingType.Name == "SpinWait" && !IsPoll(call) => (string.Empty, "the condition holds", string.Empty),
                    (KnownType.Monitor, "Wait") => (string.Empty, "somebody pulses", "await a TaskCompletionSource"),
                    (_, "GetConsumingEnumerable") when method.ContainingType.Name == "BlockingCollection" && call.Parent is IForEachLoopOperation or IConversionOperation { Parent: IForEachLoopOperation } => (string.Empty, "there is an item", "read from a channel"),
                    (_, "Take") when method.ContainingType.Name == "BlockingCollection" && IsOf(method, "System.Collections.Concurrent") => (string.Empty, "there is an item", "read from a channel"),
                    _ => null,
                };
            default:
                return null;
        }
    }

    /// <summary>Who runs a body, and so loses a thread when it blocks.</summary>
    private enum Caller
    {
        /// <summary>Code that is not known to be async.</summary>
        Sync,

        /// <summary>It is async itself.</summary>
        Async,

        /// <summary>Its caller awaits the task that it returns.</summary>
        Awaiting,

        /// <summary>The pool: it is handed to Task.Run and the like.</summary>
        Pool,
    }

    /// <summary>Tells who runs a body.</summary>
    private static class Callers
    {
        private static readonly HashSet<string> BlockingNames = ["Result", "Wait", "GetResult", "Sleep", "WaitOne", "WaitAll", "WaitAny", "Join", "Take", "SignalAndWait", "SpinUntil", "GetConsumingEnumerable"];

        /// <summary>Asked of the syntax, before anything is bound.</summary>
        public static bool MayBeAsync(SyntaxNode member) =>
            ((member is MethodDeclarationSyntax { ReturnType: var returned } && returned.ToString().IndexOf("Task", StringComparison.Ordinal) >= 0) || member.DescendantNodes().Any(node => node is AnonymousFunctionExpressionSyntax { Parent: ArgumentSyntax } or LocalFunctionStatementSyntax))
            && member.DescendantTokens().Any(token => BlockingNames.Contains(token.ValueText));

        public static Caller Of(Body body, KnownTypes known) => body.Symbol switch
        {
            IMethodSymbol { IsAsync: true } => Caller.Async,
            IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction or MethodKind.AnonymousFunction or MethodKind.ExplicitInterfaceImplementation } method when Waits.IsTask(method.ReturnType, known) && method.Name != "Main" => Caller.Awaiting,
            IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } when IsHandedToPool(body.Root!, known) => Caller.Pool,
            _ => Caller.Sync,
        };

        // A thread of its own may block.
        private static bool IsHandedToPool(IOperation lambda, KnownTypes known) =>
            lambda.Parent is IDelegateCreationOperation { Parent: IArgumentOperation { Parent: IInvocationOperation { TargetMethod: var method } call } }
            && (known[method.ContainingType], method.Name) is (KnownType.Task, "Run") or (KnownType.TaskFactory or KnownType.TaskFactoryOfT, "StartNew") or (KnownType.ThreadPool, "QueueUserWorkItem" or "UnsafeQueueUserWorkItem") or (KnownType.Parallel, _)
            && call.Arguments.All(argument => argument.Syntax.ToString().IndexOf("LongRunning", StringComparison.Ordinal) < 0);
    }

    private static bool IsOf(IMethodSymbol method, string space) => method.ContainingType.ContainingNamespace?.ToDisplayString() == space;

    // `async ? await F() : G()`: one body for both sorts of callers. `if (_gate.CurrentCount > 0) { _gate.Wait(); }`: it is free.
    private static bool IsOfBoth(SyntaxNode blocking)
    {
        foreach (var outer in blocking.Ancestors().TakeWhile(node => node is not (MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax)))
        {
            var condition = outer switch
            {
                IfStatementSyntax choice => choice.Condition,
                ConditionalExpressionSyntax choice => choice.Condition,
                _ => null,
            };
            if (condition?.DescendantNodesAndSelf().Any(node => node is IdentifierNameSyntax name && (name.Identifier.ValueText is "CurrentCount" || name.Identifier.ValueText.IndexOf("sync", StringComparison.OrdinalIgnoreCase) >= 0)) == true)
            {
                return true;
            }
        }

        return false;
    }

    // Wait(0) only asks.
    private static bool IsPoll(IInvocationOperation call) => call.Arguments.Any(argument => argument.Value.ConstantValue is { HasValue: true, Value: 0 } || argument.Value.Bare() is IFieldReferenceOperation { Field.Name: "Zero" });

    // The task has been awaited, or asked whether it is over, before: then nothing waits.
    private static bool IsOver(IOperation operation, Body body, KnownTypes known)
    {
        var task = operation switch
        {
            IPropertyReferenceOperation property => property.Instance,
            IInvocationOperation { TargetMethod.Name: "GetResult", Instance: { } awaiter } => awaiter,
            IInvocationOperation { TargetMethod.Name: "Wait", Instance: { } waited } when known[waited.Type] is KnownType.Task or KnownType.TaskOfT => waited,
            _ => null,
        };
        if (task is null)
        {
            return false;
        }

        var bare = task.Bare().ThroughTaskAdapters();
        if (bare is IInvocationOperation { TargetMethod: { ContainingType: var owner, Name: var name } })
        {
            return known[owner] is KnownType.Task or KnownType.ValueTask && name is "FromResult" or "FromException" or "FromCanceled";
        }

        if (bare is IAwaitOperation or IPropertyReferenceOperation { Property.Name: "CompletedTask" })
        {
            return true;
        }

        var symbol = bare switch
        {
            ILocalReferenceOperation local => (ISymbol)local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            IMemberReferenceOperation member => member.Member,
            _ => null,
        };
        if (symbol is IParameterSymbol && body.Root is IAnonymousFunctionOperation { Parent: IDelegateCreationOperation { Parent: IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "ContinueWith" } } } } && SymbolEqualityComparer.Default.Equals(symbol.ContainingSymbol, body.Symbol))
        {
            return true;
        }

        return symbol is null || body.Outermost.All.SelectMany(part => part.Operations).Any(other => other.Syntax.SpanStart < operation.Syntax.SpanStart && other switch
        {
            IAwaitOperation awaiting => awaiting.Descendants().Any(inner => inner is IInvocationOperation { TargetMethod.Name: "WhenAll" or "WhenAny" } || Names(inner, symbol)),
            IInvocationOperation { TargetMethod.Name: "Wait", Instance: { } waited } => Names(waited.Bare(), symbol),
            IPropertyReferenceOperation { Property.Name: "IsCompleted" or "IsCompletedSuccessfully" or "Status" or "IsFaulted" or "IsCanceled", Instance: { } asked } => Names(asked.Bare(), symbol),
            _ => false,
        });
    }

    private static bool Names(IOperation operation, ISymbol symbol) => operation switch
    {
        ILocalReferenceOperation local => SymbolEqualityComparer.Default.Equals(local.Local, symbol),
        IParameterReferenceOperation parameter => SymbolEqualityComparer.Default.Equals(parameter.Parameter, symbol),
        IMemberReferenceOperation member => SymbolEqualityComparer.Default.Equals(member.Member, symbol),
        _ => false,
    };
}
