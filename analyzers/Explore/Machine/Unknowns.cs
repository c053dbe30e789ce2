namespace Sluice.Explore;

/// <summary>What is known of an unknown value: the classes of values that it is not. A number from -8 to 8, null and the first texts are classes of their own.</summary>
internal static class Unknowns
{
    private const int Reach = 8;
    private const int Numbers = (1 << ((2 * Reach) + 1)) - 1;
    private const int Below = 1 << 17;
    private const int Above = 1 << 18;
    private const int Null = 1 << 19;
    private const int Other = 1 << 20;
    private const int FirstText = 21;
    private const int Texts = 7;

    /// <summary>Not a class: the value was calculated, and how it relates to others is lost.</summary>
    private const int Lost = 1 << (FirstText + Texts);
    private const int All = (1 << (FirstText + Texts)) - 1;

    /// <summary>A number that was known once.</summary>
    public static Value LostNumber { get; } = Value.Except(Lost | (All & ~(Numbers | Below | Above)));

    /// <summary>Whether the value was calculated from what is not known, or grew too large: what a test says of it is a guess.</summary>
    public static bool IsLost(Value unknown) => unknown.Tag == Tag.Unknown && (unknown.Payload & Lost) != 0;

    /// <summary>Whether an unknown value may be the other, which is known.</summary>
    public static bool May(Value unknown, Value known) => known.Tag switch
    {
        Tag.Default => (unknown.Payload & (Null | Class(Value.False))) != (Null | Class(Value.False)),
        _ => (unknown.Payload & Class(known)) != Class(known),
    };

    /// <summary>What is left of an unknown value that is not the other.</summary>
    public static Value Without(Value unknown, Value known) => known.Tag switch
    {
        Tag.Default => Narrow(unknown.Payload | Null | Class(Value.False)),
        Tag.Null => Narrow(unknown.Payload | Null),
        Tag.Number when known.AsNumber is >= -Reach and <= Reach => Narrow(unknown.Payload | Class(known)),
        Tag.Text when known.Payload < Texts => Narrow(unknown.Payload | Class(known)),
        _ => unknown,
    };

    /// <summary>What is left of an unknown value that is below the number, or not below it.</summary>
    public static Value Compared(Value unknown, int number, bool below) => Narrow(unknown.Payload | Rest(number, below));

    /// <summary>Whether anything is left of an unknown value when it is below the number, or not below it.</summary>
    public static bool MayBe(Value unknown, int number, bool below) => (unknown.Payload | Rest(number, below)) != All;

    private static int Rest(int number, bool below)
    {
        var less = 0;
        for (var n = -Reach; n <= Reach && n < number; n++)
        {
            less |= 1 << (n + Reach);
        }

        // A number out of reach splits a class: nothing of it is excluded.
        var excluded = below
            ? (Numbers & ~less) | (number <= Reach + 1 ? Above : 0)
            : less | (number >= -Reach ? Below : 0);
        return excluded | (All & ~(Numbers | Below | Above));
    }

    private static int Class(Value known) => known.Tag switch
    {
        Tag.Null => Null,
        Tag.Number when known.AsNumber < -Reach => Below,
        Tag.Number when known.AsNumber > Reach => Above,
        Tag.Number => 1 << (known.AsNumber + Reach),
        Tag.Text when known.Payload < Texts => 1 << (FirstText + known.Payload),
        _ => Other,
    };

    private static Value Narrow(int excluded)
    {
        var left = All & ~excluded;
        if (left == Null)
        {
            return Value.Null;
        }

        if (left != 0 && (left & (left - 1)) == 0 && (left & Numbers) != 0)
        {
            var number = -Reach;
            while (left != 1)
            {
                left >>= 1;
                number++;
            }

            return Value.Number(number);
        }

        return Value.Except(excluded);
    }
}
