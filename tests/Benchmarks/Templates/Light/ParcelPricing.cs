using System;
using System.Collections.Generic;
using System.Linq;

namespace Depot.Parcels;

public enum ParcelZone
{
    Local,
    National,
    Benelux,
    Europe,
    World,
}

public readonly record struct ParcelPrice(decimal Net, decimal Tax)
{
    public decimal Gross => Net + Tax;

    public static ParcelPrice operator +(ParcelPrice left, ParcelPrice right) => new(left.Net + right.Net, left.Tax + right.Tax);

    public static ParcelPrice operator *(ParcelPrice price, decimal factor) => new(Round(price.Net * factor), Round(price.Tax * factor));

    private static decimal Round(decimal amount) => Math.Round(amount, 2, MidpointRounding.ToEven);
}

public sealed class ParcelPricing
{
    private readonly decimal _fuel;
    private readonly SortedDictionary<double, decimal> _steps = new()
    {
        [0.5] = 3.95m,
        [1] = 4.95m,
        [2] = 6.75m,
        [5] = 8.95m,
        [10] = 12.50m,
        [20] = 19.95m,
        [31.5] = 29.95m,
    };

    public ParcelPricing(decimal fuel)
    {
        if (fuel is < 0 or > 1)
        {
            throw new ArgumentOutOfRangeException(nameof(fuel));
        }

        _fuel = fuel;
    }

    public static ParcelZone ZoneOf(Parcel parcel) => parcel.Receiver switch
    {
        { IsDomestic: true, City: var city } when city == parcel.Sender.City => ParcelZone.Local,
        { IsDomestic: true } => ParcelZone.National,
        { Country: "BE" or "LU" } => ParcelZone.Benelux,
        { Country: "DE" or "FR" or "DK" or "ES" or "IT" or "AT" } => ParcelZone.Europe,
        _ => ParcelZone.World,
    };

    public ParcelPrice PriceOf(Parcel parcel)
    {
        decimal net = Base(parcel.Weight) * Factor(ZoneOf(parcel));
        net += Surcharges(parcel).Sum();
        net *= 1 + _fuel;
        net -= Discount(parcel.Lines.Count, net);
        decimal tax = ZoneOf(parcel) == ParcelZone.World ? 0 : net * 0.21m;
        return new ParcelPrice(Math.Round(net, 2), Math.Round(tax, 2));
    }

    public ParcelPrice PriceOf(IEnumerable<Parcel> parcels)
    {
        var total = default(ParcelPrice);
        int count = 0;
        foreach (var parcel in parcels)
        {
            total += PriceOf(parcel);
            count++;
        }

        return count >= 100 ? total * 0.9m : count >= 10 ? total * 0.95m : total;
    }

    private static decimal Factor(ParcelZone zone) => zone switch
    {
        ParcelZone.Local => 0.8m,
        ParcelZone.National => 1m,
        ParcelZone.Benelux => 1.4m,
        ParcelZone.Europe => 2.2m,
        _ => 4.5m,
    };

    private static IEnumerable<decimal> Surcharges(Parcel parcel)
    {
        if (parcel.Has(ParcelFlags.Fragile))
        {
            yield return 2.5m;
        }

        if (parcel.Has(ParcelFlags.Insured))
        {
            yield return Math.Max(1.5m, parcel.Total * 0.01m);
        }

        if (parcel.Has(ParcelFlags.Cold | ParcelFlags.Express))
        {
            yield return 12m;
        }
    }

    private static decimal Discount(int lines, decimal net)
    {
        decimal percent = 0;
        while (lines > 10 && percent < 15)
        {
            percent += 2.5m;
            lines /= 2;
        }

        return net * percent / 100;
    }

    private decimal Base(double weight)
    {
        foreach (var (limit, price) in _steps)
        {
            if (weight <= limit)
            {
                return price;
            }
        }

        return _steps.Values.Last() + ((decimal)Math.Ceiling(weight - _steps.Keys.Last()) * 1.1m);
    }
}
