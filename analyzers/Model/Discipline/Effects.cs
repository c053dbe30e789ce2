using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Discipline;

/// <summary>Whether an expression does anything but give its value.</summary>
internal static class Effects
{
    /// <summary>Whether nobody would notice that <paramref name="operation"/> is gone. What is unknown has effects.</summary>
    public static bool HasNone(IOperation operation) => operation switch
    {
        ILiteralOperation or IDefaultValueOperation or ITypeOfOperation or INameOfOperation or ISizeOfOperation => true,
        ILocalReferenceOperation or IParameterReferenceOperation or IInstanceReferenceOperation or IAnonymousFunctionOperation => true,
        IFieldReferenceOperation field => field.Instance is null or IInstanceReferenceOperation or ILocalReferenceOperation or IParameterReferenceOperation,
        IDelegateCreationOperation or IMethodReferenceOperation or IParenthesizedOperation or ITupleOperation => operation.ChildOperations.All(HasNone),
        IConversionOperation conversion => conversion is { OperatorMethod: null, IsChecked: false } && (conversion.IsImplicit || conversion.CannotFail()) && HasNone(conversion.Operand),
        IUnaryOperation { OperatorMethod: null, IsChecked: false } => operation.ChildOperations.All(HasNone),
        IBinaryOperation { OperatorMethod: null, IsChecked: false, OperatorKind: not (BinaryOperatorKind.Divide or BinaryOperatorKind.Remainder) } => operation.ChildOperations.All(HasNone),
        IConditionalOperation or ICoalesceOperation or IIsTypeOperation => operation.ChildOperations.All(HasNone),
        IInterpolatedStringOperation text => text.Parts.All(part => part is IInterpolatedStringTextOperation || part.ChildOperations.All(HasNone)),
        IArrayCreationOperation or IArrayInitializerOperation => operation.ChildOperations.All(HasNone),
        IObjectCreationOperation { Initializer: null } creation => IsMerelyMemory(creation.Type) && creation.Arguments.All(argument => HasNone(argument.Value)),
        _ => operation.IsCollectionExpression() && operation.ChildOperations.All(HasNone),
    };

    // Between numbers: any other cast may fail.
    private static bool CannotFail(this IConversionOperation conversion) =>
        conversion is { Operand.Type.SpecialType: >= SpecialType.System_Char and <= SpecialType.System_Double and not SpecialType.System_Decimal, Type.SpecialType: >= SpecialType.System_Char and <= SpecialType.System_Double and not SpecialType.System_Decimal };

    private static bool IsMerelyMemory(ITypeSymbol? type) => type is { SpecialType: SpecialType.System_Object }
        || type?.ContainingNamespace?.ToDisplayString() is "System.Collections" or "System.Collections.Generic" or "System.Collections.Concurrent"
        || type is { Name: "StringBuilder", ContainingNamespace.Name: "Text" };
}
