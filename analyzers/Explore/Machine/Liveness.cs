using System.Collections.Generic;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Sluice.Explore;

/// <summary>Which registers are read again: what the others hold makes no difference between two states.</summary>
internal static class Liveness
{
    private static readonly ConditionalWeakTable<Procedure, Lists> Known = new();

    /// <summary>The registers that are read again, for each step before it and (<see cref="Lists.Across"/>) once what it calls returns.</summary>
    public static Lists Of(Procedure procedure) => Known.GetValue(procedure, Find);

    private static Lists Find(Procedure procedure)
    {
        var (steps, registers) = (procedure.Steps, procedure.Registers);
        var before = new bool[steps.Length][];
        var across = new bool[steps.Length][];
        for (var i = 0; i < steps.Length; i++)
        {
            before[i] = new bool[registers];
            across[i] = new bool[registers];
        }

        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = steps.Length - 1; i >= 0; i--)
            {
                changed |= Update(steps, i, before, across[i]);
            }
        }

        return new Lists(ListsOf(before), ListsOf(across));
    }

    private static bool Update(ImmutableArray<Step> steps, int at, bool[][] before, bool[] across)
    {
        var step = steps[at];
        var changed = false;
        Join(step.Next);
        switch (step)
        {
            case Test test:
                Join(test.Otherwise);
                break;
            case Choose choose:
                foreach (var other in choose.Others)
                {
                    Join(other);
                }

                break;
        }

        if (Target(step) is >= 0 and var target && target < across.Length)
        {
            across[target] = false;
        }

        foreach (var handler in step.Handlers)
        {
            Join(handler.Step);
        }

        var live = before[at];
        for (var r = 0; r < across.Length; r++)
        {
            Mark(r, across[r]);
        }

        foreach (var operand in step.Operands())
        {
            Mark(operand.Number, operand.Kind == OperandKind.Register && operand.Number < live.Length);
        }

        return changed;

        void Join(int next)
        {
            if ((uint)next < (uint)steps.Length)
            {
                for (var r = 0; r < across.Length; r++)
                {
                    across[r] |= before[next][r];
                }
            }
        }

        void Mark(int register, bool isLive)
        {
            if (isLive && !live[register])
            {
                live[register] = changed = true;
            }
        }
    }

    /// <summary>The register that a step writes; -1 for none.</summary>
    public static int Target(Step step) => step switch
    {
        Set set => set.Target,
        Make make => make.Target,
        Load load => load.Target,
        Compute compute => compute.Target,
        MakeDelegate made => made.Target,
        Call call => call.Target,
        Invoke invoke => invoke.Target,
        Await wait => wait.Target,
        Do act => act.Target,
        _ => -1,
    };

    private static int[][] ListsOf(bool[][] sets)
    {
        var lists = new int[sets.Length][];
        for (var i = 0; i < sets.Length; i++)
        {
            var list = new List<int>();
            for (var r = 0; r < sets[i].Length; r++)
            {
                if (sets[i][r])
                {
                    list.Add(r);
                }
            }

            lists[i] = list.ToArray();
        }

        return lists;
    }

    internal sealed record Lists(int[][] Before, int[][] Across);
}
