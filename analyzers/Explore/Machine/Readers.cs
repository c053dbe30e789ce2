using System.Collections.Generic;
using System.Collections.Immutable;

namespace Sluice.Explore;

/// <summary>Which fields a procedure reads to do something with them: what no code reads need not be kept, and states that differ in nothing else are the same.</summary>
internal static class Readers
{
    /// <summary>The fields that the steps read, but for those that are only counted on.</summary>
    public static IEnumerable<string> FieldsRead(ImmutableArray<Step> steps)
    {
        foreach (var step in steps)
        {
            if (step is Load load && !IsOnlyCounted(load, steps))
            {
                yield return load.Field;
            }
        }
    }

    // n++: what is read goes back into the field, and nowhere else.
    private static bool IsOnlyCounted(Load load, ImmutableArray<Step> steps)
    {
        var same = new HashSet<int> { load.Target };
        for (var count = 0; count != same.Count;)
        {
            count = same.Count;
            foreach (var step in steps)
            {
                if (!Reads(step, same))
                {
                    continue;
                }

                switch (step)
                {
                    case Set { Target: >= 0 } set:
                        same.Add(set.Target);
                        break;
                    case Compute compute:
                        same.Add(compute.Target);
                        break;
                    case Store store when store.Field == load.Field && !(store.Of is { } of && IsIn(of, same)):
                        break;
                    default:
                        return false;
                }
            }
        }

        return true;
    }

    private static bool Reads(Step step, HashSet<int> registers)
    {
        foreach (var operand in step.Operands())
        {
            if (IsIn(operand, registers))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsIn(Operand operand, HashSet<int> registers) => operand.Kind == OperandKind.Register && registers.Contains(operand.Number);
}
