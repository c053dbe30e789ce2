using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>Work that is not awaited and uses what the using around it disposes, or is awaited only when a field that it uses is disposed.</summary>
internal sealed class UsedAfterDispose : Rule
{
    internal const string Id = "SLC5007";

    /// <summary>Set when the task is returned, so that awaiting it there is the fix.</summary>
    internal const string Returned = nameof(Returned);

    // What gives a task is named so, or the body names tasks.
    private const Mentions Work = Mentions.Async | Mentions.AsyncName | Mentions.Spawn | Mentions.ValueTask;

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Work outlives what it uses",
        "'{0}' is disposed {1}, and {2}, still uses it then: {3}",
        Family.Tasks,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A using disposes when control leaves it, and Dispose at once, however far the work is that uses what is disposed. The work then fails with ObjectDisposedException, or works on something that is in use again elsewhere.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Using | Mentions.Spawn;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.Bodies.Where(body => (body.Mentions & Mentions.Using) != 0 && (body.Mentions & Work) != 0).SelectMany(body => body.All))
        {
            foreach (var (resource, scope) in ResourcesOf(body))
            {
                foreach (var work in scope.Where(operation => IsWork(operation, type.Known) && Uses(operation, resource, body)))
                {
                    if (LeavesAs(work, resource, scope, body) is { } how)
                    {
                        var properties = work.Syntax.Parent is ReturnStatementSyntax ? ImmutableDictionary<string, string?>.Empty.Add(Returned, null) : null;
                        report(Diagnostic.Create(Descriptor, work.Syntax.GetLocation(), properties, resource.Name, "when this code leaves its 'using'", $"this work, which {how}", "await the work inside the 'using'"));
                    }
                }
            }
        }

        foreach (var early in DisposedEarly.In(type))
        {
            report(Diagnostic.Create(
                Descriptor,
                early.Disposal.Syntax.GetLocation(),
                new[] { early.Start.Syntax.GetLocation(), early.Wait.Syntax.GetLocation(), early.Use.Syntax.GetLocation() },
                early.Resource,
                "here",
                $"the work that line {early.Start.Line()} starts, which is waited for only at line {early.Wait.Line()}",
                $"wait for the work first, or '{early.Use.InOneLine()}' at line {early.Use.Line()} may throw ObjectDisposedException"));
        }
    }

    // The locals that a using disposes, each with the operations of this body within it.
    private static IEnumerable<(ILocalSymbol Resource, List<IOperation> Scope)> ResourcesOf(Body body)
    {
        foreach (var operation in body.Operations)
        {
            switch (operation)
            {
                case IUsingOperation { Resources: IVariableDeclarationGroupOperation group } statement:
                    var within = statement.Body.Own().ToList();
                    foreach (var resource in LocalsOf(group))
                    {
                        yield return (resource, within);
                    }

                    break;
                case IUsingDeclarationOperation { Parent: IBlockOperation block } declaration:
                    var after = block.Operations.SkipWhile(statement => statement != declaration).Skip(1).SelectMany(statement => statement.Own()).ToList();
                    foreach (var resource in LocalsOf(declaration.DeclarationGroup))
                    {
                        yield return (resource, after);
                    }

                    break;
            }
        }
    }

    private static IEnumerable<ILocalSymbol> LocalsOf(IVariableDeclarationGroupOperation group) => group.Declarations.SelectMany(declaration => declaration.Declarators).Select(declarator => declarator.Symbol);

    // Something that goes on beside: what gives a task, or is started.
    private static bool IsWork(IOperation operation, KnownTypes known) => operation switch
    {
        IInvocationOperation { TargetMethod: { Name: "FromResult" or "FromException" or "FromCanceled" or "ConfigureAwait" or "Unwrap" or "AsTask" or "WhenAll" or "WhenAny" or "WaitAsync" or "ContinueWith" or "DisposeAsync" } } => false,
        IInvocationOperation call => Waits.IsTask(call.Type, known) || IsQueued(call, known),
        _ => false,
    };

    private static bool IsQueued(IInvocationOperation call, KnownTypes known) => call.TargetMethod.Name is "QueueUserWorkItem" or "UnsafeQueueUserWorkItem" && known[call.TargetMethod.ContainingType] == KnownType.ThreadPool;

    // It is called on the resource, is given it (or a part of it that is an object), or runs a lambda that names it.
    private static bool Uses(IOperation work, ILocalSymbol resource, Body body)
    {
        var call = (IInvocationOperation)work;
        return (call.Instance is { } instance && IsPartOf(instance, resource))
            || call.Arguments.Any(argument => IsPartOf(argument.Value, resource) || (CodeOf(argument.Value, body) is { } code && code.All.SelectMany(inner => inner.Operations).Any(operation => Is(operation, resource))));
    }

    private static Body? CodeOf(IOperation value, Body body) => value.Type?.TypeKind == TypeKind.Delegate ? body.Outermost.InnerOf(value.Bare()) : null;

    private static bool IsPartOf(IOperation value, ILocalSymbol resource)
    {
        value = value.Bare();
        while (value is IPropertyReferenceOperation { Instance: { } instance, Type: { } type } && (!type.IsValueType || type.Name == "CancellationToken") && type.SpecialType != SpecialType.System_String)
        {
            value = instance.Bare();
        }

        return Is(value, resource);
    }

    private static bool Is(IOperation operation, ILocalSymbol resource) => operation is ILocalReferenceOperation { Local: var local } && SymbolEqualityComparer.Default.Equals(local, resource);

    /// <summary>What becomes of the work when it is not over within the scope, for the message; null when it is, or when that is not known.</summary>
    private static string? LeavesAs(IOperation work, ILocalSymbol resource, List<IOperation> scope, Body body)
    {
        if (IsReturned(work))
        {
            return body.Symbol is IMethodSymbol { IsAsync: false } ? "is returned" : null;
        }

        if (work.Parent is IConditionalAccessOperation)
        {
            return null;
        }

        switch (Fate.Of(work, body.Places))
        {
            case { Kind: FateKind.Dropped } when !scope.Any(operation => operation.Syntax.SpanStart > work.Syntax.Span.End && MayWaitFor(operation)):
                return "nobody waits for";
            case { Kind: FateKind.Held, Holder.Symbol: ILocalSymbol task }:
                var uses = body.UsesOf(task).Select(use => use.Use).Where(use => !use.IsDeclaration && !(use.Parent is IAssignmentOperation assignment && assignment.Target == use)).ToList();
                return uses.Count == 0 ? "nobody waits for"
                    : uses.Where(use => !IsFilling(use)).ToList() is { Count: > 0 } waits && waits.All(use => IsAfter(use, resource)) && waits.Any(IsWaitedFor) ? "is awaited only behind it"
                    : uses.All(use => IsReturned(use)) && body.Symbol is IMethodSymbol { IsAsync: false } ? "is returned"
                    : null;
            default:
                return null;
        }
    }

    private static bool IsFilling(IOperation use) => use.Parent is IInvocationOperation call && call.Instance == use && Fate.IsAdding(call);

    // Behind the statement `using (…) { … }`; what the keyword alone disposes lives to the end of the block.
    private static bool IsAfter(IOperation use, ILocalSymbol resource) => resource.DeclaringSyntaxReferences[0].GetSyntax().FirstAncestorOrSelf<UsingStatementSyntax>() is { } scope && use.Syntax.SpanStart > scope.Span.End
        && use.Syntax.FirstAncestorOrSelf<StatementSyntax>()?.Parent == scope.Parent;

    private static bool IsWaitedFor(IOperation use)
    {
        while (use.Parent is IConversionOperation or IArgumentOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "WhenAll" })
        {
            use = use.Parent;
        }

        return use.Parent is IAwaitOperation or IReturnOperation or IPropertyReferenceOperation { Property.Name: "Result" } or IInvocationOperation { TargetMethod.Name: "Wait" or "WaitAll" or "GetAwaiter" };
    }

    private static bool IsReturned(IOperation value)
    {
        while (value.Parent is IConversionOperation or IParenthesizedOperation || value.Parent is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" or "Unwrap" }
            || (value.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "Unwrap" } }))
        {
            value = value.Parent is IArgumentOperation argument ? argument.Parent! : value.Parent;
        }

        return value.Parent is IReturnOperation { Kind: OperationKind.Return };
    }

    // It waits for an event, a countdown, a channel or something else that may come from the work, so that may well be over by then.
    private static bool MayWaitFor(IOperation operation) => operation is IAwaitOperation or IForEachLoopOperation { IsAsynchronous: true } or IWhileLoopOperation
        or IInvocationOperation { TargetMethod.Name: "Wait" or "WaitOne" or "WaitAll" or "SignalAndWait" or "Join" or "WaitForExit" or "ReadLine" or "ReadKey" };
}
