using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>What a condition tells about one variable when it holds, and when it does not.</summary>
internal readonly record struct Condition(Place Place, Known WhenTrue, Known? WhenFalse)
{
    /// <summary>Reads <paramref name="operation"/>; null when it is not a plain test of one variable.</summary>
    public static Condition? Of(IOperation? operation, Body body, Flow flow)
    {
        switch (operation)
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                return Of(not.Operand, body, flow)?.Negated();
            case IParenthesizedOperation parenthesized:
                return Of(parenthesized.Operand, body, flow);
            case IConversionOperation { OperatorMethod: null } conversion when conversion.Type?.SpecialType == SpecialType.System_Boolean:
                return Of(conversion.Operand, body, flow);
            case IIsNullOperation test:
                return OfNull(test.Operand, body, flow);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } binary when IsNull(binary.RightOperand) || IsNull(binary.LeftOperand):
                var isNull = OfNull(IsNull(binary.RightOperand) ? binary.LeftOperand : binary.RightOperand, body, flow);
                return binary.OperatorKind == BinaryOperatorKind.Equals ? isNull : isNull?.Negated();
            case IBinaryOperation { OperatorMethod: null, OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } binary when IsBoolean(binary.RightOperand, out bool constant):
                return constant == (binary.OperatorKind == BinaryOperatorKind.Equals) ? Of(binary.LeftOperand, body, flow) : Of(binary.LeftOperand, body, flow)?.Negated();
            case IIsPatternOperation pattern:
                return Of(pattern.Value, pattern.Pattern, body, flow);
            case { Type.SpecialType: SpecialType.System_Boolean } when PlaceOf(operation, body, flow) is { } place:
                return new(place, Known.True, Known.False);
            default:
                return null;
        }
    }

    /// <summary>What is known of a variable that gets this value.</summary>
    public static Known? ValueOf(IOperation? value) => value?.Bare() switch
    {
        { ConstantValue: { HasValue: true, Value: true } } => Known.True,
        { ConstantValue: { HasValue: true, Value: false } } => Known.False,
        { ConstantValue: { HasValue: true, Value: null } } => Known.Null,
        IObjectCreationOperation => Known.NotNull,
        _ => null,
    };

    private static Condition? Of(IOperation value, IPatternOperation pattern, Body body, Flow flow) => pattern switch
    {
        IConstantPatternOperation constant when IsNull(constant.Value) => OfNull(value, body, flow),
        IConstantPatternOperation constant when IsBoolean(constant.Value, out bool expected) => expected ? Of(value, body, flow) : Of(value, body, flow)?.Negated(),
        INegatedPatternOperation negated => Of(value, negated.Pattern, body, flow)?.Negated(),
        ITypePatternOperation or IDeclarationPatternOperation { MatchesNull: false } or IRecursivePatternOperation when PlaceOf(value, body, flow) is { } place =>
            new(place, Known.NotNull, TestsOnlyNull(pattern) ? Known.Null : null),
        _ => null,
    };

    // `x is { }`, or `x is T` where x is a T: only null says no.
    private static bool TestsOnlyNull(IPatternOperation pattern) => pattern is not IRecursivePatternOperation { PropertySubpatterns.IsEmpty: false } and not IRecursivePatternOperation { DeconstructionSubpatterns.IsEmpty: false }
        && SymbolEqualityComparer.Default.Equals(pattern.InputType, pattern.NarrowedType);

    private static Condition? OfNull(IOperation value, Body body, Flow flow) => PlaceOf(value, body, flow) is { } place ? new(place, Known.Null, Known.NotNull) : null;

    private static Place? PlaceOf(IOperation value, Body body, Flow flow) =>
        body.Places.OfTarget(value, flow.Captures) is { } place && IsSteady(place) ? place : null;

    // A library's property may answer differently every time: IsCancellationRequested, IsCompleted.
    private static bool IsSteady(Place place) => place.Symbol is not IPropertySymbol { DeclaringSyntaxReferences.IsEmpty: true };

    private static bool IsBoolean(IOperation value, out bool constant)
    {
        constant = value.Bare().ConstantValue is { HasValue: true, Value: true };
        return value.Bare().ConstantValue is { HasValue: true, Value: bool };
    }

    private static bool IsNull(IOperation value) => value.Bare().ConstantValue is { HasValue: true, Value: null };

    private Condition? Negated() => WhenFalse is { } whenFalse ? new(Place, whenFalse, WhenTrue) : null;
}
