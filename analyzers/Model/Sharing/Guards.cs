using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Sharing;

/// <summary>An access to a field of the type, or to the content of the collection in it, with the locks of the type that are held.</summary>
/// <param name="Field">The field or automatic property.</param>
/// <param name="IsContent">Whether it is the content of the collection that the field holds.</param>
/// <param name="Access">The access.</param>
/// <param name="Locks">The fields whose locks are held whenever it happens.</param>
/// <param name="IsAtEnd">Whether it only happens when the object is taken down or written out: nobody else has it then, or nobody cares.</param>
internal sealed record GuardedAccess(ISymbol Field, bool IsContent, Access Access, ImmutableHashSet<ISymbol> Locks, bool IsAtEnd);

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
        foreach (var body in type.Bodies.Where(body => IsEntry(body, type)).OrderBy(body => IsEnd(body.Symbol?.Name)))
        {
            if (body.Rehearsal is not { IsOver: false } rehearsal)
            {
                return ImmutableArray<Guard>.Empty;
            }

            bool isEnd = IsEnd(body.Symbol?.Name);
            foreach (var access in rehearsal.Accesses)
            {
                if (FieldOf(access, rehearsal) is { } field && type.Contains(access.Syntax) && !rehearsal.IsFilledBefore(access))
                {
                    var locks = access.Locks.Select(held => rehearsal.FieldOf(held.Lock)).OfType<ISymbol>().ToImmutableHashSet<ISymbol>(SymbolEqualityComparer.Default);
                    bool isUnknown = access.Locks.Any(held => rehearsal.FieldOf(held.Lock) is null);
                    var key = (access.Syntax, field.Symbol);
                    if (!all.TryGetValue(key, out var before))
                    {
                        all[key] = new(field.Symbol, field.IsContent, access with { IsAtomic = access.IsAtomic || isUnknown }, locks, isEnd || IsEnd(access.Syntax.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.Identifier.ValueText));
                    }
                    else if (!isEnd)
                    {
                        all[key] = before with { Locks = before.Locks.Intersect(locks) };
                    }
                }
            }
        }

        return all.Values.GroupBy(access => access.Field, SymbolEqualityComparer.Default).Select(group => Of(group.Key!, group.ToList())).OfType<Guard>().ToImmutableArray();
    }

    private static bool IsEnd(string? member) => member is "Dispose" or "DisposeAsync" or "DisposeAsyncCore" or "ToString" or "Finalize";

    private static Guard? Of(ISymbol field, List<GuardedAccess> accesses)
    {
        var guard = accesses.Where(access => access.Access.IsWrite).SelectMany(access => access.Locks).GroupBy(held => held, SymbolEqualityComparer.Default).OrderByDescending(group => accesses.Count(access => access.Locks.Contains(group.Key!))).FirstOrDefault()?.Key;
        return guard is null || SymbolEqualityComparer.Default.Equals(guard, field)
            ? null
            : new(field, guard, accesses.Where(access => access.Locks.Contains(guard)).ToImmutableArray(), accesses.Where(access => !access.Locks.Contains(guard)).ToImmutableArray());
    }

    // Who may be called from outside; a private method only where nobody in the type is seen to call it.
    internal static bool IsEntry(Body body, TypeModel type) => body.Symbol is IMethodSymbol { MethodKind: not (MethodKind.Constructor or MethodKind.StaticConstructor or MethodKind.Destructor) } method
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
        { Symbol: null, Owner: { } collection } => rehearsal.FieldOf(collection) is { } field ? (field, true) : null,
        _ => null,
    };
}
