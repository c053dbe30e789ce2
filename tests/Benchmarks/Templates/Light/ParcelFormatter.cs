using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Depot.Parcels;

public sealed class ParcelFormatter
{
    private static readonly string[] Headers = { "Number", "State", "Weight", "Lines", "Total", "To" };

    private readonly CultureInfo _culture;

    public ParcelFormatter(CultureInfo? culture = null)
    {
        _culture = culture ?? CultureInfo.InvariantCulture;
    }

    public string Table(IReadOnlyCollection<Parcel> parcels)
    {
        var rows = parcels.Select(Cells).Prepend(Headers).ToList();
        var widths = Enumerable.Range(0, Headers.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.AppendLine(string.Join(" | ", row.Select((cell, column) => cell.PadRight(widths[column]))));
            if (ReferenceEquals(row, Headers))
            {
                text.AppendLine(string.Join("-+-", widths.Select(width => new string('-', width))));
            }
        }

        return text.ToString();
    }

    public string Label(Parcel parcel)
    {
        var text = new StringBuilder();
        text.Append(parcel.Number).Append(' ').AppendLine(Barcode(parcel.Number));
        text.AppendLine(parcel.Receiver.Name);
        text.AppendLine(parcel.Receiver.Street);
        text.Append(parcel.Receiver.PostCode).Append(' ').AppendLine(parcel.Receiver.City.ToUpperInvariant());
        if (!parcel.Receiver.IsDomestic)
        {
            text.AppendLine(parcel.Receiver.Country);
        }

        foreach (var flag in Enum.GetValues<ParcelFlags>())
        {
            if (flag != ParcelFlags.None && parcel.Has(flag))
            {
                text.Append('[').Append(flag).Append(']');
            }
        }

        return text.ToString();
    }

    public string Csv(IEnumerable<Parcel> parcels)
    {
        var text = new StringBuilder(string.Join(',', Headers)).Append('\n');
        foreach (var parcel in parcels)
        {
            text.AppendJoin(',', Cells(parcel).Select(Quote)).Append('\n');
        }

        return text.ToString();
    }

    private static string Quote(string cell) =>
        cell.Contains(',', StringComparison.Ordinal) || cell.Contains('"', StringComparison.Ordinal)
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : cell;

    private static string Barcode(string number)
    {
        int sum = 0;
        int weight = 3;
        foreach (char digit in number.Where(char.IsDigit))
        {
            sum += (digit - '0') * weight;
            weight = 4 - weight;
        }

        return $"*{number}{(10 - (sum % 10)) % 10}*";
    }

    private string[] Cells(Parcel parcel) => new[]
    {
        parcel.Number,
        parcel.State.ToString(),
        parcel.Weight.ToString("0.000", _culture),
        parcel.Lines.Count.ToString(_culture),
        parcel.Total.ToString("0.00", _culture),
        parcel.Receiver.City,
    };
}
