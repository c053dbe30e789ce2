using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing.Split;

/// <summary>What a value is computed from, within one body.</summary>
internal static class Derivation
{
    private const int MostHops = 3;

    /// <summary>Whether the value is made of what <paramref name="isSource"/> tells, also through locals that get one value only.</summary>
    public static IOperation? SourceOf(IOperation value, Func<IOperation, bool> isSource, Body body, int hops = MostHops) => Parts(value)
        .Select(part => isSource(part) ? part : hops > 0 && part is ILocalReferenceOperation { Local: var local } && body.Locals.OnlyValue(local) is { } kept ? SourceOf(kept, isSource, body, hops - 1) : null)
        .FirstOrDefault(source => source is not null);

    // What somebody else answers after a while is his own word, and `known ?? Make()` fills a gap.
    private static IEnumerable<IOperation> Parts(IOperation value)
    {
        var open = new Stack<IOperation>();
        open.Push(value);
        while (open.Count > 0)
        {
            var part = open.Pop();
            yield return part;
            if (part is IAwaitOperation or ICoalesceOperation or IAnonymousFunctionOperation or IConditionalOperation { Type.IsReferenceType: true })
            {
                continue;
            }

            foreach (var child in part.ChildOperations)
            {
                open.Push(child);
            }
        }
    }
}
