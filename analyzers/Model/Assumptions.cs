using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Sluice.Model;

/// <summary>What is known of a variable on the way that was taken.</summary>
internal enum Known
{
    True,
    False,
    Null,
    NotNull,
}

/// <summary>What the way taken so far tells about variables, so that two tests of one unchanged variable agree.</summary>
internal sealed class Assumptions : IEquatable<Assumptions>
{
    private readonly ImmutableDictionary<Place, Known> _known;

    private Assumptions(ImmutableDictionary<Place, Known> known) => _known = known;

    public static Assumptions None { get; } = new(ImmutableDictionary<Place, Known>.Empty);

    /// <summary>The same with <paramref name="place"/> as <paramref name="value"/>; null when the opposite is known already.</summary>
    public Assumptions? With(Place place, Known value)
    {
        if (_known.TryGetValue(place, out var before))
        {
            return before == value ? this : before == Opposite(value) ? null : Set(place, value);
        }

        return Set(place, value);
    }

    /// <summary>What both tell; null when they disagree.</summary>
    public Assumptions? And(Assumptions? other)
    {
        if (other is null)
        {
            return this;
        }

        Assumptions? both = this;
        foreach (var pair in other._known)
        {
            both = both?.With(pair.Key, pair.Value);
        }

        return both;
    }

    /// <summary>The same after <paramref name="place"/> got a value: the known one, or one that nothing is known of.</summary>
    public Assumptions Assign(Place place, Known? value)
    {
        if (_known.IsEmpty)
        {
            return value is { } first ? Set(place, first) : this;
        }

        var kept = _known;
        foreach (var known in _known.Keys)
        {
            if (known.StartsWith(place))
            {
                kept = kept.Remove(known);
            }
        }

        return value is { } set ? new Assumptions(kept).Set(place, set) : kept == _known ? this : new(kept);
    }

    /// <summary>The same without what other code may change meanwhile: all but readonly fields and the locals and parameters that no lambda writes.</summary>
    public Assumptions ForgetShared(Locals locals)
    {
        if (_known.IsEmpty)
        {
            return this;
        }

        var kept = _known;
        foreach (var known in _known.Keys)
        {
            if (!IsSteady(known, locals))
            {
                kept = kept.Remove(known);
            }
        }

        return kept == _known ? this : new(kept);
    }

    public bool Equals(Assumptions? other)
    {
        if (other is null || other._known.Count != _known.Count)
        {
            return false;
        }

        if (other._known == _known)
        {
            return true;
        }

        foreach (var pair in _known)
        {
            if (!other._known.TryGetValue(pair.Key, out var value) || value != pair.Value)
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as Assumptions);

    public override int GetHashCode()
    {
        int hash = _known.Count;
        if (hash == 0)
        {
            return hash;
        }

        foreach (var pair in _known)
        {
            hash += unchecked((pair.Key.GetHashCode() * 4) + (int)pair.Value);
        }

        return hash;
    }

    private static Known Opposite(Known value) => value switch
    {
        Known.True => Known.False,
        Known.False => Known.True,
        Known.Null => Known.NotNull,
        _ => Known.Null,
    };

    private static bool IsSteady(Place place, Locals locals) => (place.Owner is null || IsSteady(place.Owner, locals)) && place.Symbol switch
    {
        null or IFieldSymbol { IsReadOnly: true } => true,
        ILocalSymbol or IParameterSymbol => !locals.IsWrittenByInner(place.Symbol),
        _ => false,
    };

    private Assumptions Set(Place place, Known value) => new(_known.SetItem(place, value));
}
