using System.Collections.Generic;

namespace Sluice.Explore;

/// <summary>What steps read.</summary>
internal static class StepOperands
{
    public static IReadOnlyList<Operand> Operands(this Step step)
    {
        switch (step)
        {
            case Set set:
                return [set.Value];
            case Load { Of: { } of }:
                return [of];
            case Store store:
                return [store.Of ?? Operand.Null, store.Value];
            case Test test:
                return [test.Left, test.Right];
            case Compute compute:
                return [compute.Left, compute.Right];
            case MakeDelegate made:
                return made.Captured;
            case Call call:
                return call.Arguments;
            case Invoke invoke:
                return [invoke.Delegate, .. invoke.Arguments];
            case Await wait:
                return [wait.Task];
            case Do act:
                return act.Arguments;
            case Return end:
                return [end.Value];
            default:
                return [];
        }
    }
}
