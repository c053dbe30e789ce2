using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Sharing;

/// <summary>
/// Work that goes on, on its own or because a host calls it, and the members that anybody may call meanwhile. Who calls them is not seen, so only what breaks is told: a collection,
/// or a value of several words, that is changed without any lock: a lock may be held by who calls.
/// </summary>
internal static class OpenRaces
{
    // What takes the object up or down has it to itself.
    private static readonly string[] Alone = ["Dispose", "Stop", "Start", "Init", "Configure", "Close"];

    public static IEnumerable<Race> In(TypeModel type, IReadOnlyList<(Body Body, Rehearsal Rehearsal)> starts)
    {
        var service = type.Compilation.Services.Of(type.Symbol, type.Trees[0], type.Cancellation);
        // The tests of one class run one after the other.
        bool hasAsyncStatics = !type.Compilation.IsOfTests && HasState(type) && type.Bodies.Any(IsAsyncEntry);
        var running = starts.SelectMany(start => GoingOn(start.Rehearsal, isFromBirth: start.Body.Symbol is not IMethodSymbol { MethodKind: not (MethodKind.Constructor or MethodKind.StaticConstructor) })).ToList();
        if (service == Service.None && !hasAsyncStatics && !running.Any(work => work.Use.Breaks(service) || (work.IsFromBirth && work.Use.MayBreak)))
        {
            return [];
        }

        var calls = type.Bodies.Where(IsOpen).Where(body => body.Rehearsal is { IsOver: false }).ToList();
        var uses = calls.SelectMany(body => UsesIn(body.Rehearsal!, access => service != Service.None || access.At.Step < body.Rehearsal!.FirstWait)).ToList();
        if (service == Service.Hosted)
        {
            running.AddRange(type.Bodies.Where(body => body.Symbol?.Name == "ExecuteAsync" && body.Rehearsal is { IsOver: false }).SelectMany(body => UsesIn(body.Rehearsal!)).Select(use => (use, true)));
        }
        else if (service != Service.None)
        {
            running.AddRange(uses.Where(use => service == Service.Singleton || use.Field.IsStatic).Select(use => (use, true)));
        }

        if (hasAsyncStatics)
        {
            running.AddRange(calls.Where(IsAsyncEntry).SelectMany(body => UsesIn(body.Rehearsal!)).Where(use => use.Field.IsStatic).Select(use => (use, true)));
        }

        // What somebody may call before the work begins is not told, and where the work takes a lock its callers may have it.
        var fromBirth = running.Where(work => work.IsFromBirth && work.Use.Access.Locks.IsEmpty).Select(work => work.Use).ToList();
        var changes = running.Select(work => (Change: work.Use, Meets: uses)).Concat(uses.Select(use => (Change: use, Meets: fromBirth)));
        return changes.Where(pair => pair.Change.Breaks(service) && type.Contains(pair.Change.Access.Syntax))
            .Select(pair => (pair.Change, Other: pair.Meets.FirstOrDefault(other => other.IsSamePlace(pair.Change))))
            .Where(pair => pair.Other is not null)
            .Select(pair => new Race(pair.Change.Access, pair.Other.Access, pair.Change.Access.Syntax, WasSent: false, IsOfStatic: pair.Change.Field.IsStatic));
    }

    private static IEnumerable<(Use Use, bool IsFromBirth)> GoingOn(Rehearsal start, bool isFromBirth)
    {
        var order = start.HappensBefore;
        var unseen = new HashSet<Strand>(start.Strands.Where(strand => !start.IsHandedOut(strand)));
        return Use.In(start, start.Accesses.Where(access => unseen.Contains(access.At.Strand) && !access.IsAtomic && !order.AreOrdered(access.At, start.Root.Last))).Select(use => (use, isFromBirth));
    }

    private static IEnumerable<Use> UsesIn(Rehearsal member, Func<Access, bool>? which = null) => Use.In(member, member.Accesses.Where(access => access.At.Strand == member.Root && !access.IsAtomic && which?.Invoke(access) != false));

    // Async code is called again before it is over, and what is static is the same for all calls.
    private static bool IsAsyncEntry(Body body) => IsOpen(body) && body.Symbol is IMethodSymbol { IsAsync: true };

    private static bool HasState(TypeModel type) => type.Symbol.GetMembers().Any(member => member is IFieldSymbol { IsStatic: true, IsConst: false, AssociatedSymbol: null });

    private static bool IsOpen(Body body) => body.Symbol is IMethodSymbol { DeclaredAccessibility: Accessibility.Public or Accessibility.Internal, MethodKind: MethodKind.Ordinary or MethodKind.PropertyGet } method
        && !IsAlone(method.Name)
        && !IsFluent(method)
        && body.Declaration is not EqualsValueClauseSyntax;

    private static bool IsAlone(string name) => Alone.Any(word => name.StartsWith(word, StringComparison.Ordinal));

    // `services.AddServer(…).AddServer(…)`: it is put together before anybody has it.
    private static bool IsFluent(IMethodSymbol method) => !method.IsStatic && SymbolEqualityComparer.Default.Equals(method.ReturnType, method.ContainingType);

    /// <summary>An access to a field of the object or a static one, or to the content of the collection in it.</summary>
    private sealed record Use(ISymbol Field, bool IsContent, Access Access)
    {
        public static IEnumerable<Use> In(Rehearsal rehearsal, IEnumerable<Access> accesses) =>
            from access in accesses
            let field = Guard.FieldOf(access, rehearsal)
            where field is not null
            select new Use(field.Value.Symbol, field.Value.IsContent, access);

        /// <summary>Whether it is a change that nothing protects and that cannot go well. Where many requests meet, a count is one.</summary>
        public bool Breaks(Service service) => Access is { IsWrite: true, Locks.IsEmpty: true } && (IsContent || Race.IsTorn(Access) || ((service != Service.None || Field.IsStatic) && IsCount(Access.Syntax)));

        /// <summary>Gets a value indicating whether a change that comes in between would not go well.</summary>
        public bool MayBreak => IsContent || Race.IsWide(Field);

        public bool IsSamePlace(Use other) => IsContent == other.IsContent && SymbolEqualityComparer.Default.Equals(Field, other.Field);

        private static bool IsCount(SyntaxNode write)
        {
            var place = write.Parent is MemberAccessExpressionSyntax access && access.Name == write ? access : write;
            return place.Parent is PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression }
                || (place.Parent is AssignmentExpressionSyntax { RawKind: not (int)SyntaxKind.SimpleAssignmentExpression and not (int)SyntaxKind.CoalesceAssignmentExpression } sum && sum.Left == place);
        }
    }
}
