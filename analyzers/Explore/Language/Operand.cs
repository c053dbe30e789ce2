namespace Sluice.Explore;

internal enum OperandKind
{
    /// <summary>What code of which nothing is known has made: any value, and another one each time.</summary>
    Unknown,
    Null,

    /// <summary>A number, a truth value (0 or 1) or a member of an enumeration.</summary>
    Number,

    /// <summary>A number that the program counts to, of which only matters how it compares to others: see <see cref="Sizes"/>.</summary>
    Size,
    Text,
    Register,
}

/// <summary>What a step reads: a constant, or a register of the procedure.</summary>
internal readonly record struct Operand(OperandKind Kind, int Number = 0, string? Text = null)
{
    public static readonly Operand Unknown;
    public static readonly Operand Null = new(OperandKind.Null);
    public static readonly Operand False = new(OperandKind.Number, 0);
    public static readonly Operand True = new(OperandKind.Number, 1);

    public static Operand Of(int number) => new(OperandKind.Number, number);

    public static Operand Size(int number) => number > Sizes.Exact ? new(OperandKind.Size, number) : Of(number);

    public static Operand Of(string text) => new(OperandKind.Text, 0, text);

    public static Operand Register(int register) => new(OperandKind.Register, register);
}
