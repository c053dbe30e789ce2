using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Sharing;

/// <summary>What a declared lock guards is used, or what is declared to be called under it is called.</summary>
/// <param name="Member">The field, property or method.</param>
/// <param name="Lock">The lock.</param>
/// <param name="Syntax">The place.</param>
/// <param name="IsWrite">Whether it writes.</param>
/// <param name="IsHeld">Whether the lock is held there, as far as can be told.</param>
internal sealed record DeclaredUse(ISymbol Member, NamedLock Lock, SyntaxNode Syntax, bool IsWrite, bool IsHeld);

/// <content>Locks that annotations name.</content>
internal sealed partial class Rehearsal
{
    private readonly List<DeclaredUse> _declaredUses = [];

    /// <summary>Gets the uses of what annotations guard.</summary>
    public IReadOnlyList<DeclaredUse> DeclaredUses => _declaredUses;

    private void NoteDeclared(Cell cell, bool isWrite, bool isAtomic, SyntaxNode syntax)
    {
        if (!_isMuted && !isAtomic && _compilation.Annotations.GuardOf(cell.Symbol) is { } guard)
        {
            _declaredUses.Add(new(cell.Symbol!, guard, syntax, isWrite, IsBeingMade(cell.Owner) || IsHeld(guard, cell.Owner, isWrite)));
        }
    }

    // The callers of the method hold what it says; where they do not, it is told once, at the call.
    private void HoldDeclared(IMethodSymbol method, ImmutableArray<Thing> receiver, SyntaxNode? site)
    {
        foreach (var held in _compilation.Annotations.HeldBy(method))
        {
            var owner = receiver.FirstOrDefault();
            if (site is not null && !_isMuted && !IsBeingMade(owner))
            {
                _declaredUses.Add(new(method, held, site, false, IsHeld(held, owner, isWrite: false)));
            }

            Hold(LockThings(held, owner), isShared: false);
        }
    }

    private bool IsHeld(NamedLock guard, Thing? owner, bool isWrite)
    {
        var things = LockThings(guard, owner);
        return things.IsEmpty || _locks.Any(held => (things.Contains(held.Lock) && !(isWrite && held.IsShared)) || !IsTold(held.Lock, owner));
    }

    // A lock that came from somewhere else may be the one that is meant.
    private bool IsTold(Thing held, Thing? owner) => held.IsKnown || held == owner || FieldOf(held) is not null || owner?.FieldHolding(held) is not null;

    private ImmutableArray<Thing> LockThings(NamedLock guard, Thing? owner)
    {
        switch (guard.Member)
        {
            case null:
                return guard.IsThis && owner is not null ? One(owner) : ImmutableArray<Thing>.Empty;
            case IPropertySymbol { GetMethod: { } getter } property when !IsAutomatic(property, getter):
                return Quietly(getter, owner);
            case IMethodSymbol method:
                return Quietly(method, owner);
        }

        if (!guard.Member.IsStatic && owner is null)
        {
            return ImmutableArray<Thing>.Empty;
        }

        var cell = guard.Member.IsStatic ? Static(guard.Member) : owner!.Field(guard.Member);
        if (cell.Values.IsEmpty)
        {
            Initialize(cell);
        }

        return cell.Load();
    }

    private ImmutableArray<Thing> Quietly(IMethodSymbol method, Thing? owner)
    {
        bool isMuted = _isMuted;
        _isMuted = true;
        var things = owner is null && !method.IsStatic ? ImmutableArray<Thing>.Empty : RunHere(new(method, null, null, owner is null ? ImmutableArray<Thing>.Empty : One(owner)), [], method.DeclaringSyntaxReferences.First().GetSyntax(_cancellation), awaited: true);
        _isMuted = isMuted;
        return things;
    }

    // In its constructor, and in whoever made it as long as nothing runs beside it, the object has no one else who uses it.
    private bool IsBeingMade(Thing? owner)
    {
        if (owner is { IsKnown: true } && _strands.Count == 0)
        {
            return true;
        }

        foreach (var frame in _frame.Chain)
        {
            if (frame.Declaration is ConstructorDeclarationSyntax or EqualsValueClauseSyntax or DestructorDeclarationSyntax && (owner is null || frame.This.Contains(owner)))
            {
                return true;
            }

            if (frame.Site is not null && frame.Site == _strand.Start)
            {
                return false;
            }
        }

        return false;
    }
}
