using System;
using Microsoft.CodeAnalysis;

namespace Sluice.Model;

/// <summary>
/// Where an object is reached from: a local, a parameter, <c>this</c>, a static, or a member of one of these (<c>this._channel</c>, <c>info.Gate</c>).
/// Two equal places in one body denote the same object as long as nothing on the way is reassigned. A channel and its Reader and Writer are one place.
/// </summary>
internal sealed class Place : IEquatable<Place>
{
    private Place(Place? owner, ISymbol? symbol) => (Owner, Symbol) = (owner, symbol?.OriginalDefinition);

    /// <summary>Gets the object that the body belongs to.</summary>
    public static Place This { get; } = new(null, null);

    /// <summary>Gets the place that this one is a member of, when it is one.</summary>
    public Place? Owner { get; }

    /// <summary>Gets the local, parameter, static or member that is named last; null for <c>this</c>.</summary>
    public ISymbol? Symbol { get; }

    /// <summary>Gets the first part: what everything else is reached from.</summary>
    public Place Root => Owner?.Root ?? this;

    /// <summary>Gets a value indicating whether callers and other methods can reach it: it is not a local of one body.</summary>
    public bool IsShared => Root.Symbol is not ILocalSymbol;

    public static Place Of(ISymbol symbol) => new(null, symbol);

    public Place Member(ISymbol member) => new(this, member);

    /// <summary>The same place seen from elsewhere: everything reached from <paramref name="root"/> is reached from <paramref name="replacement"/>.</summary>
    public Place Rebase(Place root, Place replacement) =>
        Equals(root) ? replacement : Owner is null ? this : new(Owner.Rebase(root, replacement), Symbol);

    public bool StartsWith(Place prefix) => Equals(prefix) || (Owner?.StartsWith(prefix) ?? false);

    public bool Equals(Place? other) =>
        other is not null && SymbolEqualityComparer.Default.Equals(Symbol, other.Symbol) && Equals(Owner, other.Owner);

    public override bool Equals(object? obj) => Equals(obj as Place);

    public override int GetHashCode() => unchecked((SymbolEqualityComparer.Default.GetHashCode(Symbol) * 31) + (Owner?.GetHashCode() ?? 0));

    /// <summary>The name that a person would use for it.</summary>
    public override string ToString() => Symbol switch
    {
        null => "this",
        _ when Owner is null || Owner.Symbol is null => Symbol.Name,
        _ => $"{Owner}.{Symbol.Name}",
    };
}
