using System;
using System.Collections.Generic;
using System.Globalization;

namespace Depot.Parcels;

public abstract record ParcelTerm
{
    public abstract bool Accepts(Parcel parcel);
}

public sealed record ParcelAnd(ParcelTerm Left, ParcelTerm Right) : ParcelTerm
{
    public override bool Accepts(Parcel parcel) => Left.Accepts(parcel) && Right.Accepts(parcel);
}

public sealed record ParcelOr(ParcelTerm Left, ParcelTerm Right) : ParcelTerm
{
    public override bool Accepts(Parcel parcel) => Left.Accepts(parcel) || Right.Accepts(parcel);
}

public sealed record ParcelNot(ParcelTerm Inner) : ParcelTerm
{
    public override bool Accepts(Parcel parcel) => !Inner.Accepts(parcel);
}

public sealed record ParcelCompare(string Field, string Operator, string Value) : ParcelTerm
{
    public override bool Accepts(Parcel parcel)
    {
        int order = Field switch
        {
            "number" => string.CompareOrdinal(parcel.Number, Value),
            "city" => string.Compare(parcel.Receiver.City, Value, StringComparison.OrdinalIgnoreCase),
            "state" => string.CompareOrdinal(parcel.State.ToString(), Value),
            "weight" => parcel.Weight.CompareTo(double.Parse(Value, CultureInfo.InvariantCulture)),
            "total" => parcel.Total.CompareTo(decimal.Parse(Value, CultureInfo.InvariantCulture)),
            _ => throw new NotSupportedException(Field),
        };
        return Operator switch
        {
            "=" => order == 0,
            "<" => order < 0,
            ">" => order > 0,
            _ => order != 0,
        };
    }
}

/// <summary>A small recursive-descent parser: city = Delft and (weight &lt; 2 or not state = Lost).</summary>
public sealed class ParcelFilter
{
    private readonly List<string> _tokens;
    private int _position;

    private ParcelFilter(List<string> tokens) => _tokens = tokens;

    private string? Current => _position < _tokens.Count ? _tokens[_position] : null;

    public static ParcelTerm Parse(string text)
    {
        var parser = new ParcelFilter(Tokenize(text));
        var term = parser.Or();
        return parser.Current is null ? term : throw new FormatException($"'{parser.Current}' was not expected");
    }

    private static List<string> Tokenize(string text)
    {
        var tokens = new List<string>();
        int i = 0;
        while (i < text.Length)
        {
            char c = text[i];
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (char.IsLetterOrDigit(c))
            {
                int start = i;
                while (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] == '.'))
                {
                    i++;
                }

                tokens.Add(text[start..i]);
            }
            else
            {
                tokens.Add(c.ToString());
                i++;
            }
        }

        return tokens;
    }

    private ParcelTerm Or()
    {
        var left = And();
        while (Take("or"))
        {
            left = new ParcelOr(left, And());
        }

        return left;
    }

    private ParcelTerm And()
    {
        var left = Unary();
        while (Take("and"))
        {
            left = new ParcelAnd(left, Unary());
        }

        return left;
    }

    private ParcelTerm Unary()
    {
        if (Take("not"))
        {
            return new ParcelNot(Unary());
        }

        if (Take("("))
        {
            var inner = Or();
            return Take(")") ? inner : throw new FormatException("')' expected");
        }

        return new ParcelCompare(Next(), Next(), Next());
    }

    private bool Take(string token)
    {
        if (Current != token)
        {
            return false;
        }

        _position++;
        return true;
    }

    private string Next() => Current is { } token ? Advance(token) : throw new FormatException("unexpected end");

    private string Advance(string token)
    {
        _position++;
        return token;
    }
}
