using System;
using System.Collections.Generic;
using System.Linq;

namespace Depot.Parcels;

public sealed record ParcelMonth(int Year, int Month, int Count, decimal Total, double Weight);

public sealed record ParcelCity(string City, int Count, decimal Average, decimal Largest);

public sealed class ParcelReport
{
    private readonly IReadOnlyList<Parcel> _parcels;

    public ParcelReport(IEnumerable<Parcel> parcels)
    {
        _parcels = parcels.OrderBy(parcel => parcel.Created).ThenBy(parcel => parcel.Number, StringComparer.Ordinal).ToList();
    }

    public IEnumerable<ParcelMonth> ByMonth() =>
        from parcel in _parcels
        where parcel.State != ParcelState.Draft
        group parcel by new { parcel.Created.Year, parcel.Created.Month } into month
        orderby month.Key.Year, month.Key.Month
        select new ParcelMonth(month.Key.Year, month.Key.Month, month.Count(), month.Sum(parcel => parcel.Total), month.Sum(parcel => parcel.Weight));

    public IReadOnlyList<ParcelCity> TopCities(int count) => _parcels
        .GroupBy(parcel => parcel.Receiver.City, StringComparer.OrdinalIgnoreCase)
        .Select(city => new ParcelCity(city.Key, city.Count(), city.Average(parcel => parcel.Total), city.Max(parcel => parcel.Total)))
        .OrderByDescending(city => city.Count)
        .ThenBy(city => city.City, StringComparer.Ordinal)
        .Take(count)
        .ToList();

    public IReadOnlyDictionary<ParcelState, int> ByState()
    {
        var counts = Enum.GetValues<ParcelState>().ToDictionary(state => state, _ => 0);
        foreach (var parcel in _parcels)
        {
            counts[parcel.State]++;
        }

        return counts;
    }

    public TimeSpan MedianDelivery()
    {
        var times = _parcels
            .Where(parcel => parcel.Delivered is not null)
            .Select(parcel => parcel.Delivered!.Value - parcel.Created)
            .Order()
            .ToArray();
        return times.Length switch
        {
            0 => TimeSpan.Zero,
            var length when length % 2 == 1 => times[length / 2],
            var length => (times[(length / 2) - 1] + times[length / 2]) / 2,
        };
    }

    public IEnumerable<(string Sku, int Quantity, decimal Revenue)> BestSellers(int count)
    {
        var lines = from parcel in _parcels
                    from line in parcel.Lines
                    let revenue = line.Total
                    where revenue > 0
                    select (line.Sku, line.Quantity, Revenue: revenue);
        return lines
            .GroupBy(line => line.Sku)
            .Select(sku => (Sku: sku.Key, Quantity: sku.Sum(line => line.Quantity), Revenue: sku.Sum(line => line.Revenue)))
            .OrderByDescending(sku => sku.Revenue)
            .Take(count);
    }

    public ILookup<string, Parcel> Late(DateTimeOffset now, TimeSpan promise) => _parcels
        .Where(parcel => parcel.State is ParcelState.Accepted or ParcelState.InTransit)
        .Where(parcel => now - parcel.Created > promise)
        .ToLookup(parcel => parcel.Receiver.Country);

    public decimal MovingAverage(int window)
    {
        if (window <= 0 || _parcels.Count < window)
        {
            return 0;
        }

        return Enumerable.Range(0, _parcels.Count - window + 1)
            .Select(start => _parcels.Skip(start).Take(window).Average(parcel => parcel.Total))
            .Max();
    }
}
