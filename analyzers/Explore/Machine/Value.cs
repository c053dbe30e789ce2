namespace Sluice.Explore;

internal enum Tag
{
    /// <summary>Anything but what is excluded.</summary>
    Unknown,
    Null,

    /// <summary>What a field holds that nobody has set: null and 0 at once.</summary>
    Default,
    Number,
    Text,

    /// <summary>An object of the heap.</summary>
    Reference,

    /// <summary>An unknown value that is held in several places: a node of the heap says what is known of it.</summary>
    Symbol,
    Process,
}

/// <summary>A value of the machine: a tag and what belongs to it, in one number.</summary>
internal readonly record struct Value(uint Bits)
{
    public static readonly Value Unknown;
    public static readonly Value Null = new((uint)Tag.Null);
    public static readonly Value Default = new((uint)Tag.Default);
    public static readonly Value False = Number(0);
    public static readonly Value True = Number(1);

    /// <summary>The owner of what a process held when it ended.</summary>
    public static readonly Value Gone = Of(Tag.Process, 0xFF);

    public Tag Tag => (Tag)(Bits & 7);

    public int Payload => (int)(Bits >> 3);

    public bool IsReference => Tag == Tag.Reference;

    /// <summary>Gets the number; 0 of what is none.</summary>
    public int AsNumber => Tag == Tag.Number ? (Payload >> 1) ^ -(Payload & 1) : 0;

    public static Value Number(int number) => Of(Tag.Number, (number << 1) ^ (number >> 31));

    public static Value Truth(bool value) => value ? True : False;

    public static Value Text(int text) => Of(Tag.Text, text);

    public static Value Reference(int node) => Of(Tag.Reference, node);

    public static Value Symbol(int node) => Of(Tag.Symbol, node);

    public static Value Process(int process) => Of(Tag.Process, process);

    public static Value Except(int excluded) => Of(Tag.Unknown, excluded);

    private static Value Of(Tag tag, int payload) => new(((uint)payload << 3) | (uint)tag);
}
