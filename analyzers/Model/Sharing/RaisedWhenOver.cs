using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <summary>`if (_draining) return; _inFlight.AddCount();` while another member sets the flag, signals and waits: AddCount throws when that comes in between, or what it counts goes on after the wait.</summary>
/// <param name="Act">What raises the count.</param>
/// <param name="Look">What asked whether it still may.</param>
/// <param name="Ender">The member that signals and waits.</param>
internal sealed record RaisedWhenOver(IInvocationOperation Act, IOperation Look, string Ender)
{
    public static IEnumerable<RaisedWhenOver> In(Body body, TypeModel type)
    {
        foreach (var act in body.Operations.OfType<IInvocationOperation>())
        {
            if (act is not { TargetMethod.Name: "AddCount", Instance: IFieldReferenceOperation { Field.IsReadOnly: true } countdown } || !IsCountdown(countdown) || body.Places.Of(countdown) is not { IsShared: true } place
                || !AfterLook.IsForMany(act, body, type) || AddedWhenCompleted.IsCaught(act, body, type))
            {
                continue;
            }

            var looks = AfterLook.ConditionsAround(act).SelectMany(condition => condition.DescendantsAndSelf()).OfType<IFieldReferenceOperation>().Where(look => !look.Field.IsReadOnly || IsCancellation(look)).ToList();
            bool isHeld = act.IsHeld(body, type);
            foreach (var look in looks)
            {
                if (type.Bodies.FirstOrDefault(ender => Ends(ender, place, look.Field, body) && !(isHeld && look.IsHeld(body, type) && TakesLock(ender, type))) is { Symbol.Name: var name })
                {
                    yield return new(act, look, name);
                    break;
                }
            }
        }
    }

    private static bool IsCountdown(IOperation operation) => operation.Type is { Name: "CountdownEvent", ContainingNamespace.Name: "Threading" };

    private static bool IsCancellation(IFieldReferenceOperation look) => look is { Type.Name: "CancellationTokenSource" };

    // Under whatever lock: who sets the flag under one, or passes through it before the signal, comes before or after a whole check and count.
    private static bool TakesLock(Body ender, TypeModel type) => ender.Operations.Any(operation => operation is ILockOperation || operation.IsHeld(ender, type)) || ender.FactsWithCalls.OfType<LockFact>().Any();

    // Sets the flag, signals and waits, in this order, and waits for nothing in between that could let those in who have asked already.
    private static bool Ends(Body ender, Place countdown, IFieldSymbol flag, Body raiser)
    {
        if (ender == raiser.Outermost || ender.Symbol is not IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation } || ender.Operations.Any(operation => operation.IsCallOf(raiser.Outermost.Symbol)))
        {
            return false;
        }

        var set = ender.Operations.FirstOrDefault(operation => Sets(operation, flag));
        var signal = ender.Operations.FirstOrDefault(operation => IsCall(operation, "Signal"));
        return set is not null && signal is not null && set.Syntax.SpanStart < signal.Syntax.SpanStart
            && ender.Operations.Any(operation => IsCall(operation, "Wait") && signal.Syntax.SpanStart < operation.Syntax.SpanStart)
            && !ender.Operations.Any(operation => operation.Syntax.SpanStart < signal.Syntax.SpanStart && IsWait(operation));

        bool IsCall(IOperation operation, string name) => operation is IInvocationOperation { Instance: { } target } call && call.TargetMethod.Name == name && countdown.Equals(ender.Places.Of(target));
    }

    private static bool IsWait(IOperation operation) => operation is IAwaitOperation or IInvocationOperation { TargetMethod.Name: "Wait" or "WaitOne" or "WaitAll" or "Join" or "GetResult" or "Sleep" or "SpinUntil" or "SpinWait" or "SpinOnce" or "MemoryBarrierProcessWide" };

    private static bool Sets(IOperation operation, IFieldSymbol flag) => SymbolEqualityComparer.Default.Equals(flag, operation switch
    {
        ISimpleAssignmentOperation { Target: IFieldReferenceOperation target } => target.Field,
        IInvocationOperation { TargetMethod: { Name: "Exchange" or "CompareExchange" or "Write", ContainingType.Name: "Interlocked" or "Volatile" }, Arguments: [{ Value: IFieldReferenceOperation target }, ..] } => target.Field,
        IInvocationOperation { TargetMethod.Name: "Cancel", Instance: IFieldReferenceOperation target } => target.Field,
        _ => null,
    });
}
