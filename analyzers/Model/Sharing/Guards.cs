using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model.Files;

namespace Sluice.Model.Sharing;

/// <summary>An access to a field of the type, or to the content of the collection in it, with the locks of the type that are held.</summary>
/// <param name="Field">The field or automatic property.</param>
/// <param name="IsContent">Whether it is the content of the collection that the field holds.</param>
/// <param name="Access">The access.</param>
/// <param name="Locks">The fields whose locks are held whenever it happens.</param>
/// <param name="ReadLocks">The fields whose locks are held for reading only, though it writes.</param>
/// <param name="IsAtEnd">Whether it only happens when the object is taken down or written out: nobody else has it then, or nobody cares.</param>
/// <param name="Rehearsal">The member that was gone through when it was met.</param>
internal sealed record GuardedAccess(ISymbol Field, bool IsContent, Access Access, ImmutableHashSet<ISymbol> Locks, ImmutableHashSet<ISymbol> ReadLocks, bool IsAtEnd, Rehearsal Rehearsal);

/// <summary>The lock that guards a field, as most of its accesses tell.</summary>
/// <param name="Field">The field.</param>
/// <param name="Lock">The field that holds the lock.</param>
/// <param name="With">The accesses that hold it.</param>
/// <param name="Without">The accesses that do not.</param>
internal sealed record Guard(ISymbol Field, ISymbol Lock, ImmutableArray<GuardedAccess> With, ImmutableArray<GuardedAccess> Without)
{
    /// <summary>
    /// The fields of <paramref name="type"/> that a lock guards: somebody writes them while holding it. Each member that others may call is gone through, and what it calls with it,
    /// so a private method that is called under the lock counts as under the lock. Constructors have the object to themselves.
    /// </summary>
    public static ImmutableArray<Guard> In(TypeModel type)
    {
        var all = new Dictionary<(SyntaxNode Syntax, ISymbol Field), GuardedAccess>();
        foreach (var owner in type.Bases.Prepend(type))
        {
            foreach (var body in owner.Bodies.Where(body => IsEntry(body, owner) && !IsCalledByBase(body, type)).OrderBy(body => IsEnd(body.Symbol?.Name)))
            {
                if (body.Rehearsal is not { IsOver: false } rehearsal)
                {
                    return ImmutableArray<Guard>.Empty;
                }

                AddTo(all, rehearsal, IsEnd(body.Symbol?.Name), access => FieldOf(access, rehearsal), rehearsal.FieldOf, node => owner.Contains(node) || type.Contains(node));
            }
        }

        var guards = GuardsOf(all);
        return guards.Any(guard => guard.Field.DeclaredAccessibility == Accessibility.Private) && AddNested(all, type, guards) ? GuardsOf(all) : guards;
    }

    /// <summary>`taken = _list; _list = null;` under the lock: whoever uses what is taken has it for himself.</summary>
    public bool IsTakenAway(GuardedAccess access) => access.IsContent && !access.Access.Syntax.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(name => name.Identifier.ValueText == Field.Name)
        && With.Any(other => other is { IsContent: false, Access.IsWrite: true } && access.Access.Frame.Chain.Any(frame => frame.Declaration.SyntaxTree == other.Access.Syntax.SyntaxTree && frame.Declaration.Span.Contains(other.Access.Syntax.Span)));

    /// <summary>`_last = now; _timer = new(Tick);`: the work that takes the lock is started later by the same member, and by no other.</summary>
    public bool IsBeforeWork(GuardedAccess access) => With.All(other => other.Rehearsal == access.Rehearsal && other.Access.At.Strand != access.Access.At.Strand && access.Rehearsal.HappensBefore.AreOrdered(access.Access.At, other.Access.At));

    private static ImmutableArray<Guard> GuardsOf(Dictionary<(SyntaxNode Syntax, ISymbol Field), GuardedAccess> all) =>
        all.Values.GroupBy(access => access.Field, SymbolEqualityComparer.Default).Select(group => Of(group.Key!, group.ToList())).OfType<Guard>().ToImmutableArray();

    private static void AddTo(Dictionary<(SyntaxNode Syntax, ISymbol Field), GuardedAccess> all, Rehearsal rehearsal, bool isEnd, Func<Access, (ISymbol Symbol, bool IsContent)?> fieldOf, Func<Thing, ISymbol?> lockOf, Func<SyntaxNode, bool> isMeant)
    {
        foreach (var access in rehearsal.Accesses.Concat(rehearsal.FirstUses.Where(use => !use.Locks.IsEmpty)))
        {
            if (fieldOf(access) is not { } field || !isMeant(access.Syntax) || rehearsal.IsFilledBefore(access))
            {
                continue;
            }

            // A lock that is held for reading is held by other readers too.
            var named = access.Locks.ToLookup(held => access.IsWrite && held.IsShared, held => lockOf(held.Lock));
            var locks = named[false].OfType<ISymbol>().ToImmutableHashSet<ISymbol>(SymbolEqualityComparer.Default);
            bool isUnknown = access.Locks.Any(held => lockOf(held.Lock) is null);
            var key = (access.Syntax, field.Symbol);
            if (!all.TryGetValue(key, out var before))
            {
                all[key] = new(field.Symbol, field.IsContent, access with { IsAtomic = access.IsAtomic || isUnknown }, locks, named[true].OfType<ISymbol>().ToImmutableHashSet<ISymbol>(SymbolEqualityComparer.Default), isEnd || IsEnd(access.Syntax.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.Identifier.ValueText), rehearsal);
            }
            else if (!isEnd)
            {
                all[key] = before with { Locks = before.Locks.Intersect(locks) };
            }
        }
    }

    // An enumerator or a handle that uses the fields of the object that made it. What the type itself calls in it was met on that way.
    private static bool AddNested(Dictionary<(SyntaxNode Syntax, ISymbol Field), GuardedAccess> all, TypeModel type, ImmutableArray<Guard> guards)
    {
        int before = all.Count;
        foreach (var nested in type.Nested.Where(nested => guards.Any(guard => nested.Parts.Any(part => Word.IsIn(type.Compilation.Text(part.SyntaxTree, type.Cancellation), part.SpanStart, part.Span.End, guard.Field.Name)))))
        {
            foreach (var body in nested.Bodies.Where(body => IsEntry(body, nested) && !IsCalledIn(type, body.Symbol!)))
            {
                if (body.Rehearsal is { IsOver: false } rehearsal)
                {
                    AddTo(all, rehearsal, IsEnd(body.Symbol?.Name), access => OfOther(access.Cell), held => rehearsal.Accesses.Select(access => access.Cell.Owner).FirstOrDefault(owner => owner?.FieldHolding(held) is not null)?.FieldHolding(held), nested.Contains);
                }
            }
        }

        return all.Count > before;

        (ISymbol, bool)? OfOther(Cell cell) => cell is { Symbol: IFieldSymbol { IsStatic: false } field, Owner.IsKnown: false } && guards.Any(guard => SymbolEqualityComparer.Default.Equals(guard.Field, field)) ? (field, false) : null;
    }

    // `protected override void OnChanged()`: it runs where the base calls it, which is gone through too.
    private static bool IsCalledByBase(Body body, TypeModel type) => body.Symbol is IMethodSymbol { OverriddenMethod: { } above }
        && type.Bases.FirstOrDefault(owner => SymbolEqualityComparer.Default.Equals(owner.Symbol, above.OriginalDefinition.ContainingType)) is { } caller && IsNamed(above, caller);

    private static bool IsCalledIn(TypeModel type, ISymbol member) => type.Parts.SelectMany(part => part.DescendantNodes()).Any(node => node is SimpleNameSyntax named && named.Identifier.ValueText == member.Name);

    private static bool IsEnd(string? member) => member is "Dispose" or "DisposeAsync" or "DisposeAsyncCore" or "ToString" or "Finalize";

    private static Guard? Of(ISymbol field, List<GuardedAccess> accesses)
    {
        var guard = accesses.Where(access => access.Access.IsWrite).SelectMany(access => access.Locks.Union(access.ReadLocks)).GroupBy(held => held, SymbolEqualityComparer.Default).OrderByDescending(group => accesses.Count(access => access.Locks.Contains(group.Key!))).FirstOrDefault()?.Key;
        return guard is null || SymbolEqualityComparer.Default.Equals(guard, field)
            ? null
            : new(field, guard, accesses.Where(access => access.Locks.Contains(guard)).ToImmutableArray(), accesses.Where(access => !access.Locks.Contains(guard)).ToImmutableArray());
    }

    // Who may be called from outside, and not by a test framework before and after all else; a private method only where nobody in the type is seen to call it.
    internal static bool IsEntry(Body body, TypeModel type) => body.Symbol is IMethodSymbol { MethodKind: not (MethodKind.Constructor or MethodKind.StaticConstructor or MethodKind.Destructor), IsInitOnly: false } method
        && !method.GetAttributes().Any(attribute => attribute.AttributeClass?.Name is "SetUpAttribute" or "OneTimeSetUpAttribute" or "TearDownAttribute" or "OneTimeTearDownAttribute" or "TestInitializeAttribute" or "TestCleanupAttribute")
        && (method.DeclaredAccessibility != Accessibility.Private || !method.ExplicitInterfaceImplementations.IsEmpty || !IsNamed(method, type));

    private static bool IsNamed(IMethodSymbol method, TypeModel type)
    {
        string name = method.AssociatedSymbol?.Name ?? method.Name;
        return type.Parts.SelectMany(part => part.DescendantNodes()).Any(node => node is SimpleNameSyntax named && named.Identifier.ValueText == name
            && (node.Parent is not MemberAccessExpressionSyntax access || access.Name != node || access.Expression is ThisExpressionSyntax));
    }

    internal static (ISymbol Symbol, bool IsContent)? FieldOf(Access access, Rehearsal rehearsal) => access.Cell switch
    {
        { Symbol: IFieldSymbol or IPropertySymbol, Owner: { } owner } when rehearsal.IsSelf(owner) => (access.Cell.Symbol, false),
        { Symbol: IFieldSymbol { IsStatic: true } field } => (field, false),
        { Symbol: null, Owner: { Type: not IArrayTypeSymbol } collection } => rehearsal.FieldOf(collection) is { } field ? (field, true) : null,
        _ => null,
    };
}
