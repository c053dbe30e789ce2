using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>Where one body takes a lock and gives it back by hand: itself, or through a method that it calls. What the language gives back is left out.</summary>
internal sealed class LockUse
{
    private LockUse(Body body, IEnumerable<LockFact> facts)
    {
        Body = body;
        Acquires = facts.Where(fact => fact.Action != LockAction.Release).ToImmutableArray();
        Releases = facts.Where(fact => fact.Action == LockAction.Release).ToImmutableArray();
        (Lock, Kind) = KeyOf(facts.First());
    }

    public Body Body { get; }

    public Place Lock { get; }

    public LockKind Kind { get; }

    public ImmutableArray<LockFact> Acquires { get; }

    public ImmutableArray<LockFact> Releases { get; }

    /// <summary>The locks that <paramref name="body"/> uses, in order of first use.</summary>
    public static ImmutableArray<LockUse> In(Body body) => body.FactsWithCalls.OfType<LockFact>().SelectMany(fact => Disposals(fact, body).Prepend(fact))
        .Where(fact => fact is { IsScoped: false, Lock: not null })
        .GroupBy(fact => fact.Operation)
        .SelectMany(facts => facts.GroupBy(KeyOf).Where(IsOneWay).Select(same => same.First()))
        .GroupBy(KeyOf)
        .Select(uses => new LockUse(body, uses))
        .ToImmutableArray();

    // A method that takes a lock and gives its caller something to dispose: `var scope = await EnterAsync(); …; scope.Dispose();`.
    private static IEnumerable<LockFact> Disposals(LockFact fact, Body body) =>
        fact is { Via: not null, Action: LockAction.Acquire, Operation.Parent: IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var scope } } } && body.Locals.OnlyValue(scope) is not null && !fact.Operation.IsUsingResource()
            ? body.Operations.OfType<IInvocationOperation>()
                .Where(call => call is { TargetMethod.Name: "Dispose" or "DisposeAsync", Instance: ILocalReferenceOperation { Local: var disposed } } && SymbolEqualityComparer.Default.Equals(disposed, scope))
                .Select(call => new LockFact(call, fact.Kind, LockAction.Release, fact.Lock))
            : [];

    // A call that takes and gives back, in whatever order, changes nothing for its caller.
    private static bool IsOneWay(IEnumerable<LockFact> facts) => facts.Select(fact => fact.Action == LockAction.Release).Distinct().Count() == 1;

    private static (Place Lock, LockKind Kind) KeyOf(LockFact fact) => (fact.Lock!, fact.Kind);
}
