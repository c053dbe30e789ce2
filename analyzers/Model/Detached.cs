using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>Code that goes on beside the code that started it.</summary>
/// <param name="Start">The operation that starts it.</param>
/// <param name="StartedIn">The body that the operation stands in.</param>
/// <param name="Work">The code: a lambda or local function.</param>
/// <param name="From">The position in the source from where it is detached: an async function runs in its caller until its first await.</param>
/// <param name="Fate">What becomes of the task or thread.</param>
internal sealed record Detached(IOperation Start, Body StartedIn, Body Work, int From, Fate Fate)
{
    /// <summary>All that is started and not waited for in place, in <paramref name="body"/> and in what stands in it.</summary>
    public static IEnumerable<Detached> In(Body body) => body.All.SelectMany(StartedBy);

    /// <summary>What is called back at some time, in <paramref name="body"/> and in what stands in it: by the timer of a TimeProvider, by a token that is cancelled, by a wait handle that is set.</summary>
    public static IEnumerable<Detached> CalledBackIn(Body body) => body.All.SelectMany(CalledBackBy);

    /// <summary>Gets a value indicating whether something else says when it runs, so that nobody can wait for it but by ending that.</summary>
    public bool IsCallback => Start is IObjectCreationOperation { Type: { Name: "Timer" } } || (Start is IInvocationOperation call && IsRegistration(call));

    private static IEnumerable<Detached> CalledBackBy(Body body) => body.Operations.OfType<IInvocationOperation>().Where(IsRegistration)
        .SelectMany(call => call.Arguments.Where(argument => argument.Value.Type?.TypeKind == TypeKind.Delegate)
            .Select(argument => CodeOf(argument.Value, body)).OfType<Body>()
            .Select(work => new Detached(call, body, work, work.Declaration.SpanStart, Fate.Of(call, body.Places))));

    private static bool IsRegistration(IInvocationOperation call) => (call.TargetMethod.ContainingType.Name, call.TargetMethod.Name) is ("CancellationToken", "Register" or "UnsafeRegister") or ("ThreadPool", "RegisterWaitForSingleObject" or "UnsafeRegisterWaitForSingleObject")
        || call.TargetMethod is { Name: "CreateTimer", ReturnType: { Name: "ITimer", ContainingNamespace.Name: "Threading" } };

    private static IEnumerable<Detached> StartedBy(Body body)
    {
        foreach (var spawn in body.Facts.OfType<SpawnFact>().Where(spawn => !spawn.IsJoined))
        {
            var fate = OfThreadPool(spawn) ? new(FateKind.Dropped) : Fate.Of(spawn.Operation, body.Places);
            foreach (var work in spawn.Works.Select(work => CodeOf(work, body)).OfType<Body>())
            {
                yield return new(spawn.Operation, body, work, work.Declaration.SpanStart, fate);
            }
        }

        foreach (var call in body.Operations.OfType<IInvocationOperation>())
        {
            if (Called(call, body) is { } work && FirstAwait(work) is { } first)
            {
                yield return new(call, body, work, first, Fate.Of(call, body.Places));
            }
        }
    }

    private static bool OfThreadPool(SpawnFact spawn) => spawn.Operation is IInvocationOperation call && call.TargetMethod.ContainingType.Name == "ThreadPool";

    // An async lambda or local function that is called, or that Select calls for each element.
    private static Body? Called(IInvocationOperation call, Body body) => call switch
    {
        { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: { } function } => CodeOf(function, body),
        { TargetMethod: { MethodKind: MethodKind.LocalFunction, IsAsync: true } function } => body.Outermost.InnerOf(function),
        { TargetMethod: { Name: "Select", ContainingType.Name: "Enumerable" }, Arguments.Length: 2 } => CodeOf(call.Arguments[1].Value, body),
        _ => null,
    };

    // Null when the function is not async, or never waits.
    private static int? FirstAwait(Body work) => work.Symbol is IMethodSymbol { IsAsync: true } && work.Operations.FirstOrDefault(IsWaiting) is { } waiting ? waiting.Syntax.Span.End : null;

    private static bool IsWaiting(IOperation operation) => operation is IAwaitOperation or IForEachLoopOperation { IsAsynchronous: true };

    private static Body? CodeOf(IOperation work, Body body)
    {
        var code = work.Bare();
        if (code is ILocalReferenceOperation { Local: var local } && body.Locals.OnlyValue(local) is { } only)
        {
            code = only.Bare();
        }

        return body.Outermost.InnerOf(code);
    }
}
