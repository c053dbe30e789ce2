using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Discipline;

/// <summary>Whole numbers that become floating point: which have more digits than fit.</summary>
internal static class FloatingPoint
{
    private const double DigitsOfDouble = 1L << 53;
    private const double DigitsOfSingle = 1L << 24;

    private static readonly string[] Words = ["float", "double", "Single", "Double", "Math"];

    /// <summary>Whether a file has floating point at all, judged by its words.</summary>
    public static bool IsMentioned(string text) => Words.Any(word => text.IndexOf(word, StringComparison.Ordinal) >= 0);

    /// <summary>Whether values of <paramref name="from"/> have more digits than <paramref name="to"/>.</summary>
    public static bool LosesDigits(ITypeSymbol from, ITypeSymbol to) => to.SpecialType switch
    {
        SpecialType.System_Single => from.SpecialType is SpecialType.System_Int32 or SpecialType.System_UInt32 || IsLong(from),
        SpecialType.System_Double => IsLong(from),
        _ => false,
    };

    /// <summary>The whole number up to which <paramref name="to"/> holds every other.</summary>
    public static string Limit(ITypeSymbol to) => to.SpecialType == SpecialType.System_Single ? "2^24" : "2^53";

    /// <summary>Whether the digits do not matter here, or the number is known to have few.</summary>
    public static bool IsHarmless(IConversionOperation conversion)
    {
        double limit = conversion.Type!.SpecialType == SpecialType.System_Single ? DigitsOfSingle : DigitsOfDouble;
        return IsSmall(conversion.Operand, limit) || IsComparedWithSmall(conversion, limit) || IsMeasured(conversion) || IsTime(conversion);
    }

    private static bool IsLong(ITypeSymbol type) => type.SpecialType is SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;

    private static bool IsSmall(IOperation value, double limit) => value switch
    {
        IConversionOperation { Operand: { Type: { } from } inner } => FitsIn(from, limit) || IsSmall(inner, limit),
        IParenthesizedOperation { Operand: var inner } => IsSmall(inner, limit),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Remainder, RightOperand: var by } => IsConstantBelow(by, limit),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.And } and => IsConstantBelow(and.LeftOperand, limit) || IsConstantBelow(and.RightOperand, limit),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.RightShift, LeftOperand.Type: { } type, RightOperand.ConstantValue: { HasValue: true, Value: int by } } => type.SpecialType is SpecialType.System_Int64 or SpecialType.System_UInt64 ? by >= 64 - Math.Log(limit, 2) : by >= 32 - Math.Log(limit, 2),
        IConditionalOperation { WhenTrue: var one, WhenFalse: { } other } => IsFew(one, limit) && IsFew(other, limit),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract } sum => IsFew(sum.LeftOperand, limit) && IsFew(sum.RightOperand, limit),

        // How many there are, and a part of a date: nobody has so many.
        IPropertyReferenceOperation { Property.Name: "Count" or "Length" or "LongLength" or "Position" or "ElapsedMilliseconds" or "TickCount" or "TickCount64" or "Year" or "Month" or "Day" or "Hour" or "Minute" or "Second" or "Millisecond" or "DayOfYear" or "Width" or "Height" } => true,
        IInvocationOperation { TargetMethod.Name: "Count" or "LongCount" or "GetLength" or "ToUnixTimeMilliseconds" or "ToUnixTimeSeconds" } => true,
        _ => false,
    };

    private static bool IsFew(IOperation value, double limit) => IsConstantBelow(value, limit) || IsSmall(value, limit);

    private static bool FitsIn(ITypeSymbol type, double limit) => type.SpecialType switch
    {
        SpecialType.System_Char or SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Int16 or SpecialType.System_UInt16 => true,
        SpecialType.System_Int32 or SpecialType.System_UInt32 => limit >= DigitsOfDouble,
        _ => false,
    };

    private static bool IsConstantBelow(IOperation value, double limit) => value.ConstantValue is { HasValue: true, Value: IConvertible number and not (string or bool or char) }
        && Math.Abs(number.ToDouble(System.Globalization.CultureInfo.InvariantCulture)) <= limit;

    // Rounding never takes a number past one that is held exactly.
    private static bool IsComparedWithSmall(IConversionOperation conversion, double limit) =>
        conversion.Parent is IBinaryOperation { OperatorKind: BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual } comparison
        && IsConstantBelow(comparison.LeftOperand == conversion ? comparison.RightOperand : comparison.LeftOperand, limit);

    // Half of it, or a thousandth, shown to somebody: what is divided by a constant is a measure, not a number to keep.
    private static bool IsMeasured(IConversionOperation conversion) =>
        conversion.Parent is IBinaryOperation { OperatorKind: BinaryOperatorKind.Divide } division && division.LeftOperand == conversion && division.RightOperand.ConstantValue.HasValue;

    // So far no date goes: what would lose digits is out of range.
    private static bool IsTime(IConversionOperation conversion) => conversion is { Type.SpecialType: SpecialType.System_Double, Parent: IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { ContainingType.Name: "DateTime" or "DateTimeOffset" or "TimeSpan", Name: var name } } } }
        && name is ("AddDays" or "AddHours" or "AddMinutes" or "AddSeconds" or "AddMilliseconds" or "FromDays" or "FromHours" or "FromMinutes" or "FromSeconds" or "FromMilliseconds");
}
