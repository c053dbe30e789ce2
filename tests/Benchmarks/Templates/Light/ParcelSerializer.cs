using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;

namespace Depot.Parcels;

public sealed class ParcelSerializer
{
    private const int Magic = 0x5041;
    private const byte Version = 3;

    public byte[] ToBinary(Parcel parcel)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(parcel.Id.ToByteArray());
        writer.Write(parcel.Number);
        Write(writer, parcel.Sender);
        Write(writer, parcel.Receiver);
        writer.Write((byte)parcel.State);
        writer.Write((int)parcel.Flags);
        writer.Write(parcel.Weight);
        writer.Write(parcel.Lines.Count);
        foreach (var line in parcel.Lines)
        {
            writer.Write(line.Sku);
            writer.Write(line.Quantity);
            writer.Write(line.UnitPrice);
        }

        writer.Flush();
        return stream.ToArray();
    }

    public Parcel FromBinary(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        if (reader.ReadInt32() != Magic)
        {
            throw new InvalidDataException("not a parcel");
        }

        byte version = reader.ReadByte();
        if (version > Version)
        {
            throw new InvalidDataException($"version {version} is newer than {Version}");
        }

        var id = new Guid(reader.ReadBytes(16));
        var parcel = new Parcel(id, reader.ReadString(), ReadAddress(reader), ReadAddress(reader));
        var state = (ParcelState)reader.ReadByte();
        parcel.Flags = (ParcelFlags)reader.ReadInt32();
        parcel.Weight = reader.ReadDouble();
        int lines = reader.ReadInt32();
        while (lines-- > 0)
        {
            parcel.Add(new ParcelLine(reader.ReadString(), reader.ReadInt32(), reader.ReadDecimal()));
        }

        parcel.State = state;
        return parcel;
    }

    public string ToJson(IEnumerable<Parcel> parcels)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (var parcel in parcels)
            {
                writer.WriteStartObject();
                writer.WriteString("id", parcel.Id);
                writer.WriteString("number", parcel.Number);
                writer.WriteString("state", parcel.State.ToString());
                writer.WriteNumber("weight", parcel.Weight);
                writer.WriteString("to", parcel.Receiver.ToString());
                writer.WriteStartArray("lines");
                foreach (var line in parcel.Lines)
                {
                    writer.WriteStartObject();
                    writer.WriteString("sku", line.Sku);
                    writer.WriteNumber("quantity", line.Quantity);
                    writer.WriteNumber("price", line.UnitPrice);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 2166136261;
        while (bytes.Length >= 4)
        {
            sum = (sum ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes)) * 16777619;
            bytes = bytes[4..];
        }

        foreach (byte rest in bytes)
        {
            sum = (sum ^ rest) * 16777619;
        }

        return sum;
    }

    private static void Write(BinaryWriter writer, ParcelAddress address)
    {
        writer.Write(address.Name);
        writer.Write(address.Street);
        writer.Write(address.City);
        writer.Write(address.PostCode);
        writer.Write(address.Country);
    }

    private static ParcelAddress ReadAddress(BinaryReader reader) =>
        new(reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString());
}
