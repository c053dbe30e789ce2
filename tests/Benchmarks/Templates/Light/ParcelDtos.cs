using System;
using System.Collections.Generic;
using System.Linq;

namespace Depot.Parcels;

public sealed class ParcelDto
{
    public string? Id { get; set; }

    public string? Number { get; set; }

    public string? State { get; set; }

    public string? SenderName { get; set; }

    public string? SenderStreet { get; set; }

    public string? SenderCity { get; set; }

    public string? ReceiverName { get; set; }

    public string? ReceiverStreet { get; set; }

    public string? ReceiverCity { get; set; }

    public double WeightInKilograms { get; set; }

    public bool Fragile { get; set; }

    public bool Insured { get; set; }

    public List<ParcelLineDto> Lines { get; set; } = new();
}

public sealed class ParcelLineDto
{
    public string? Sku { get; set; }

    public int Quantity { get; set; }

    public decimal UnitPrice { get; set; }
}

public sealed class ParcelSummaryDto
{
    public string? Number { get; set; }

    public int Lines { get; set; }

    public decimal Total { get; set; }

    public string? Destination { get; set; }
}

public static class ParcelMapper
{
    public static ParcelDto ToDto(this Parcel parcel) => new()
    {
        Id = parcel.Id.ToString("N"),
        Number = parcel.Number,
        State = parcel.State.ToString(),
        SenderName = parcel.Sender.Name,
        SenderStreet = parcel.Sender.Street,
        SenderCity = parcel.Sender.City,
        ReceiverName = parcel.Receiver.Name,
        ReceiverStreet = parcel.Receiver.Street,
        ReceiverCity = parcel.Receiver.City,
        WeightInKilograms = Math.Round(parcel.Weight, 3),
        Fragile = parcel.Has(ParcelFlags.Fragile),
        Insured = parcel.Has(ParcelFlags.Insured),
        Lines = parcel.Lines.Select(line => new ParcelLineDto { Sku = line.Sku, Quantity = line.Quantity, UnitPrice = line.UnitPrice }).ToList(),
    };

    public static ParcelSummaryDto ToSummary(this Parcel parcel) => new()
    {
        Number = parcel.Number,
        Lines = parcel.Lines.Count,
        Total = parcel.Total,
        Destination = $"{parcel.Receiver.City} ({parcel.Receiver.Country})",
    };

    public static Parcel FromDto(ParcelDto dto)
    {
        var sender = new ParcelAddress(dto.SenderName ?? "?", dto.SenderStreet ?? "?", dto.SenderCity ?? "?", string.Empty, "NL");
        var receiver = new ParcelAddress(dto.ReceiverName ?? "?", dto.ReceiverStreet ?? "?", dto.ReceiverCity ?? "?", string.Empty, "NL");
        var parcel = new Parcel(Guid.Parse(dto.Id ?? Guid.Empty.ToString()), dto.Number ?? string.Empty, sender, receiver)
        {
            Weight = dto.WeightInKilograms,
        };
        foreach (var line in dto.Lines)
        {
            parcel.Add(new ParcelLine(line.Sku ?? string.Empty, line.Quantity, line.UnitPrice));
        }

        if (Enum.TryParse<ParcelState>(dto.State, ignoreCase: true, out var state))
        {
            parcel.State = state;
        }

        parcel.Flags |= dto.Fragile ? ParcelFlags.Fragile : ParcelFlags.None;
        parcel.Flags |= dto.Insured ? ParcelFlags.Insured : ParcelFlags.None;
        return parcel;
    }
}
