using System;
using System.Collections.Generic;

namespace Depot.Parcels;

public enum ParcelState
{
    Draft,
    Accepted,
    InTransit,
    Delivered,
    Returned,
    Lost,
}

[Flags]
public enum ParcelFlags
{
    None = 0,
    Fragile = 1,
    Insured = 2,
    Express = 4,
    Cold = 8,
    Signed = 16,
}

public sealed record ParcelLine(string Sku, int Quantity, decimal UnitPrice)
{
    public decimal Total => Quantity * UnitPrice;
}

public sealed record ParcelAddress(string Name, string Street, string City, string PostCode, string Country)
{
    public bool IsDomestic => Country == "NL";

    public override string ToString() => $"{Name}, {Street}, {PostCode} {City}, {Country}";
}

public sealed class Parcel
{
    private readonly List<ParcelLine> _lines = new();

    public Parcel(Guid id, string number, ParcelAddress sender, ParcelAddress receiver)
    {
        Id = id;
        Number = number ?? throw new ArgumentNullException(nameof(number));
        Sender = sender;
        Receiver = receiver;
    }

    public Guid Id { get; }

    public string Number { get; }

    public ParcelAddress Sender { get; }

    public ParcelAddress Receiver { get; }

    public ParcelState State { get; set; }

    public ParcelFlags Flags { get; set; }

    public double Weight { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset? Delivered { get; set; }

    public IReadOnlyList<ParcelLine> Lines => _lines;

    public decimal Total
    {
        get
        {
            decimal total = 0;
            foreach (var line in _lines)
            {
                total += line.Total;
            }

            return total;
        }
    }

    public void Add(ParcelLine line)
    {
        if (State != ParcelState.Draft)
        {
            throw new InvalidOperationException($"{Number} is {State}: its lines are fixed.");
        }

        _lines.Add(line);
    }

    public bool Has(ParcelFlags flag) => (Flags & flag) == flag;

    public bool CanMoveTo(ParcelState next) => (State, next) switch
    {
        (ParcelState.Draft, ParcelState.Accepted) => _lines.Count > 0,
        (ParcelState.Accepted, ParcelState.InTransit) => true,
        (ParcelState.InTransit, ParcelState.Delivered or ParcelState.Returned or ParcelState.Lost) => true,
        (ParcelState.Lost, ParcelState.Returned) => true,
        _ => false,
    };
}
