using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Locking;

/// <summary>The code behind a value: what a delegate runs, what a task or thread does.</summary>
internal static class Works
{
    /// <summary>What <paramref name="value"/> runs when it is a lambda or a method group; null when it is something else.</summary>
    public static Callee? DelegateOf(IOperation value, Body body) => value.Bare() switch
    {
        IAnonymousFunctionOperation lambda => new() { Inner = lambda.Syntax },
        IObjectCreationOperation { Type: { Name: "Lazy" } } lazy => lazy.Arguments.Select(argument => argument.Value).FirstOrDefault(argument => argument.Type?.TypeKind == TypeKind.Delegate) is { } factory ? DelegateOf(factory, body) : null,
        IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction } reference => body.Outermost.InnerOf(reference.Method) is { } inner ? new() { Inner = inner.Declaration } : null,
        IMethodReferenceOperation reference => new()
        {
            Method = reference.Method.OriginalDefinition,
            IsVirtual = reference.IsVirtual,
            Receiver = LockRef.Of(reference.Instance, body),
            ReceiverType = reference.Instance?.Type,
        },
        _ => null,
    };

    /// <summary>What runs behind a task or thread that <paramref name="value"/> makes.</summary>
    public static IEnumerable<Callee> In(IOperation value, Body body)
    {
        var made = value.Bare().ThroughTaskAdapters();
        if (made.IsListing() || made is IInvocationOperation { TargetMethod: { Name: "ToArray" or "ToList", ContainingType.Name: "Enumerable" } })
        {
            return made.Descendants().Where(part => part is IInvocationOperation or IObjectCreationOperation).SelectMany(part => In(part, body));
        }

        if (body.FactsAt(made).OfType<SpawnFact>().FirstOrDefault() is { Kind: SpawnKind.Task or SpawnKind.Thread or SpawnKind.Timer } spawn)
        {
            return spawn.Works.Select(work => DelegateOf(work, body)).OfType<Callee>();
        }

        return made is IInvocationOperation { TargetMethod: { MethodKind: MethodKind.Ordinary, DeclaringSyntaxReferences.IsEmpty: false } method } call && Waits.IsAwaitable(method.ReturnType, body.Compilation.Known)
            ? [new() { Method = method.OriginalDefinition, IsVirtual = call.IsVirtual, Receiver = LockRef.Of(call.Instance, body), ReceiverType = call.Instance?.Type }]
            : [];
    }
}
