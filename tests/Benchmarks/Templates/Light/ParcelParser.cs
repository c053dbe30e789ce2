using System;
using System.Collections.Generic;
using System.Globalization;

namespace Depot.Parcels;

public sealed class ParcelFormatException : Exception
{
    public ParcelFormatException(string message, int line)
        : base($"line {line}: {message}")
    {
        Line = line;
    }

    public int Line { get; }
}

/// <summary>Reads the line format of the depot: number;state;weight;sender|street|city|code|country;receiver…;sku*quantity@price,…</summary>
public sealed class ParcelParser
{
    private readonly char _separator;
    private readonly List<string> _warnings = new();

    public ParcelParser(char separator = ';')
    {
        _separator = separator;
    }

    public IReadOnlyList<string> Warnings => _warnings;

    public IEnumerable<Parcel> Parse(string text)
    {
        int number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#')
            {
                continue;
            }

            yield return ParseLine(trimmed, number);
        }
    }

    public bool TryParse(string line, out Parcel? parcel)
    {
        try
        {
            parcel = ParseLine(line, 1);
            return true;
        }
        catch (ParcelFormatException exception)
        {
            _warnings.Add(exception.Message);
            parcel = null;
            return false;
        }
    }

    private Parcel ParseLine(string line, int number)
    {
        var parts = line.Split(_separator);
        if (parts.Length < 6)
        {
            throw new ParcelFormatException($"6 fields expected, {parts.Length} found", number);
        }

        var parcel = new Parcel(Guid.NewGuid(), parts[0], ParseAddress(parts[3], number), ParseAddress(parts[4], number))
        {
            Weight = ParseWeight(parts[2].AsSpan(), number),
        };
        foreach (var item in parts[5].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            parcel.Add(ParseItem(item, number));
        }

        if (Enum.TryParse<ParcelState>(parts[1], true, out var state))
        {
            parcel.State = state;
        }
        else
        {
            _warnings.Add($"line {number}: unknown state '{parts[1]}'");
        }

        return parcel;
    }

    private static ParcelAddress ParseAddress(string text, int number)
    {
        var parts = text.Split('|');
        return parts is [var name, var street, var city, var code, var country]
            ? new ParcelAddress(name, street, city, code, country)
            : throw new ParcelFormatException("an address has 5 parts", number);
    }

    private static ParcelLine ParseItem(string text, int number)
    {
        int star = text.IndexOf('*', StringComparison.Ordinal);
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (star <= 0 || at <= star)
        {
            throw new ParcelFormatException($"'{text}' is not sku*quantity@price", number);
        }

        if (!int.TryParse(text.AsSpan(star + 1, at - star - 1), NumberStyles.Integer, CultureInfo.InvariantCulture, out int quantity))
        {
            throw new ParcelFormatException($"'{text}' has no quantity", number);
        }

        return decimal.TryParse(text.AsSpan(at + 1), NumberStyles.Number, CultureInfo.InvariantCulture, out decimal price)
            ? new ParcelLine(text[..star], quantity, price)
            : throw new ParcelFormatException($"'{text}' has no price", number);
    }

    private static double ParseWeight(ReadOnlySpan<char> text, int number)
    {
        double factor = 1;
        if (text.EndsWith("kg", StringComparison.OrdinalIgnoreCase))
        {
            text = text[..^2];
        }
        else if (text.EndsWith("g", StringComparison.OrdinalIgnoreCase))
        {
            text = text[..^1];
            factor = 0.001;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double weight)
            ? weight * factor
            : throw new ParcelFormatException("not a weight", number);
    }
}
