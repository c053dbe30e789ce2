using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Sharing;

/// <summary>
/// Work that a type starts and goes on with on its own, and the members that anybody may call meanwhile. Who calls them is not seen, so only what breaks is told: a collection,
/// or a value of several words, that the work changes without any lock: a lock may be held by who calls.
/// </summary>
internal static class OpenRaces
{
    public static IEnumerable<Race> In(TypeModel type, IReadOnlyList<Rehearsal> starts)
    {
        var changes = starts.SelectMany(start => ChangesOf(start)).ToList();
        if (changes.Count == 0)
        {
            yield break;
        }

        var uses = type.Bodies.Where(IsOpen).Select(body => body.Rehearsal).OfType<Rehearsal>().Where(member => !member.IsOver).SelectMany(UsesOf).ToList();
        foreach (var (field, isContent, write) in changes)
        {
            var use = uses.FirstOrDefault(other => other.IsContent == isContent && SymbolEqualityComparer.Default.Equals(other.Field, field));
            if (use.Access is not null && type.Contains(write.Syntax))
            {
                yield return new(write, use.Access, write.Syntax, WasSent: false);
            }
        }
    }

    private static IEnumerable<(ISymbol Field, bool IsContent, Access Access)> ChangesOf(Rehearsal start)
    {
        var order = start.HappensBefore;
        return Fields(start, start.Accesses.Where(access => access.At.Strand.Parent is not null && access is { IsWrite: true, IsAtomic: false, Locks.IsEmpty: true } && !order.AreOrdered(access.At, start.Root.Last)))
            .Where(change => change.IsContent || Race.IsTorn(change.Access));
    }

    private static IEnumerable<(ISymbol Field, bool IsContent, Access Access)> UsesOf(Rehearsal member) =>
        Fields(member, member.Accesses.Where(access => access.At.Strand == member.Root && !access.IsAtomic && access.At.Step < member.FirstWait));

    private static IEnumerable<(ISymbol Field, bool IsContent, Access Access)> Fields(Rehearsal rehearsal, IEnumerable<Access> accesses) =>
        from access in accesses
        let field = Guard.FieldOf(access, rehearsal)
        where field is not null
        select (field.Value.Symbol, field.Value.IsContent, access);

    // What takes the object down comes after the work.
    private static bool IsOpen(Body body) => body.Symbol is IMethodSymbol { DeclaredAccessibility: Accessibility.Public or Accessibility.Internal, MethodKind: MethodKind.Ordinary or MethodKind.PropertyGet } method
        && !method.Name.StartsWith("Dispose", System.StringComparison.Ordinal)
        && !method.Name.StartsWith("Stop", System.StringComparison.Ordinal)
        && body.Declaration is not EqualsValueClauseSyntax;
}
