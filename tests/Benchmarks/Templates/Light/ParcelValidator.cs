using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Depot.Parcels;

public sealed record ParcelProblem(string Field, string Message, bool Fatal);

public sealed class ParcelValidator
{
    private static readonly Regex Number = new("^[A-Z]{2}[0-9]{6,12}$", RegexOptions.CultureInvariant);
    private static readonly HashSet<string> Countries = new(StringComparer.OrdinalIgnoreCase) { "NL", "BE", "DE", "FR", "LU", "DK" };

    private readonly List<Func<Parcel, ParcelProblem?>> _rules;
    private readonly double _maximumWeight;

    public ParcelValidator(double maximumWeight = 31.5)
    {
        _maximumWeight = maximumWeight;
        _rules = new List<Func<Parcel, ParcelProblem?>>
        {
            parcel => Number.IsMatch(parcel.Number) ? null : new("Number", $"'{parcel.Number}' is not two letters and digits", true),
            parcel => parcel.Lines.Count > 0 ? null : new("Lines", "there are none", true),
            parcel => parcel.Weight > 0 ? null : new("Weight", "must be positive", true),
            parcel => parcel.Weight <= _maximumWeight ? null : new("Weight", $"over {_maximumWeight} kg", false),
            parcel => parcel.Sender == parcel.Receiver ? new("Receiver", "is the sender", false) : null,
            parcel => parcel.Delivered is { } delivered && delivered < parcel.Created ? new("Delivered", "before it was created", true) : null,
            Duplicates,
        };
    }

    public IReadOnlyList<ParcelProblem> Validate(Parcel parcel)
    {
        var problems = new List<ParcelProblem>();
        foreach (var rule in _rules)
        {
            if (rule(parcel) is { } problem)
            {
                problems.Add(problem);
            }
        }

        problems.AddRange(Address("Sender", parcel.Sender));
        problems.AddRange(Address("Receiver", parcel.Receiver));
        return problems;
    }

    public bool IsValid(Parcel parcel) => Validate(parcel).All(problem => !problem.Fatal);

    public string Explain(Parcel parcel)
    {
        var problems = Validate(parcel);
        return problems.Count switch
        {
            0 => $"{parcel.Number} is in order",
            1 => $"{parcel.Number}: {problems[0].Field} {problems[0].Message}",
            _ => $"{parcel.Number}: {problems.Count} problems, first {problems.OrderByDescending(problem => problem.Fatal).First().Message}",
        };
    }

    private static IEnumerable<ParcelProblem> Address(string field, ParcelAddress address)
    {
        if (string.IsNullOrWhiteSpace(address.Street))
        {
            yield return new(field, "has no street", true);
        }

        if (!Countries.Contains(address.Country))
        {
            yield return new(field, $"country '{address.Country}' is not served", true);
        }

        if (address.IsDomestic && address.PostCode.Length is not (6 or 7))
        {
            yield return new(field, "post code must look like 1234 AB", false);
        }
    }

    private static ParcelProblem? Duplicates(Parcel parcel)
    {
        var twice = parcel.Lines.GroupBy(line => line.Sku, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? null : new("Lines", $"'{twice.Key}' stands there {twice.Count()} times", false);
    }
}
