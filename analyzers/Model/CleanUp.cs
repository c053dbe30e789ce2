using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>Whether code runs to clean up, or because of a cancellation: it must then go on although the token is cancelled.</summary>
internal static class CleanUp
{
    /// <summary>Whether <paramref name="operation"/> stands in a catch or finally, or where a token is known, or likely, to be cancelled.</summary>
    public static bool Contains(IOperation operation, KnownTypes known)
    {
        for (var inner = operation; inner.Parent is { } outer; inner = outer)
        {
            switch (outer)
            {
                case ICatchClauseOperation:
                case ITryOperation attempt when attempt.Finally == inner:
                case IConditionalOperation choice when inner != choice.Condition && Cancelled(choice.Condition, holds: inner == choice.WhenTrue, known):
                case IBlockOperation block when block.Operations.TakeWhile(statement => statement != inner).Any(statement => MayEndByCancellation(statement, known)):
                    return true;
            }
        }

        return false;
    }

    // Whether a token is cancelled, or cannot be, when the condition is as told.
    private static bool Cancelled(IOperation condition, bool holds, KnownTypes known) => condition switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => Cancelled(not.Operand, !holds, known),
        IParenthesizedOperation inner => Cancelled(inner.Operand, holds, known),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } both => Cancelled(both.LeftOperand, holds, known) || Cancelled(both.RightOperand, holds, known),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } equals => IsToken(equals.LeftOperand, known) || IsToken(equals.RightOperand, known),
        IPropertyReferenceOperation { Property.Name: "IsCancellationRequested" } => holds,
        IPropertyReferenceOperation { Property.Name: "CanBeCanceled" } => !holds,
        IIsPatternOperation { Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: bool value } } } test => Cancelled(test.Value, holds == value, known),
        _ => false,
    };

    // What follows such a statement runs, among other cases, when the token has been cancelled.
    private static bool MayEndByCancellation(IOperation statement, KnownTypes known) => statement switch
    {
        IWhileLoopOperation { Condition: { } condition } loop when Cancelled(condition, holds: loop.ConditionIsUntil, known) => true,
        IForLoopOperation { Condition: { } condition } when Cancelled(condition, holds: false, known) => true,
        ILoopOperation loop => loop.Body.Own().Any(inner => inner is IConditionalOperation { WhenTrue: { } then } choice && Cancelled(choice.Condition, holds: true, known) && Leaves(then, loop)),
        IConditionalOperation choice => (Cancelled(choice.Condition, holds: false, known) && Leaves(choice.WhenTrue, null))
            || (choice.WhenFalse is { } otherwise && Cancelled(choice.Condition, holds: true, known) && Leaves(otherwise, null)),
        ITryOperation attempt => attempt.Catches.Any(handler => CatchesCancellation(handler, known) && !Leaves(handler.Handler, null))
            || attempt.Body.Operations.Any(inner => inner is not IConditionalOperation && MayEndByCancellation(inner, known)),
        _ => false,
    };

    // A catch of everything catches that as well, unless its filter lets it go.
    private static bool CatchesCancellation(ICatchClauseOperation handler, KnownTypes known) =>
        known[handler.ExceptionType] == KnownType.OperationCanceledException
        || (handler.Filter is null && (known[handler.ExceptionType] == KnownType.Exception || handler.ExceptionType.SpecialType == SpecialType.System_Object))
        || handler.ExceptionType.Name == "TaskCanceledException"
        || (handler.Filter is { } filter && Cancelled(filter, holds: true, known));

    // Whether the statement ends by going elsewhere: with a loop given, out of that loop.
    private static bool Leaves(IOperation statement, ILoopOperation? loop) => statement switch
    {
        IBlockOperation block => block.Operations.LastOrDefault() is { } last && Leaves(last, loop),
        IBranchOperation { BranchKind: BranchKind.Break } branch => loop is null || SameExit(branch, loop),
        IBranchOperation => loop is null,
        IReturnOperation => loop is null,
        IThrowOperation or IExpressionStatementOperation { Operation: IThrowOperation } => loop is null,
        _ => false,
    };

    private static bool SameExit(IBranchOperation branch, ILoopOperation loop) => SymbolEqualityComparer.Default.Equals(branch.Target, loop.ExitLabel);

    private static bool IsToken(IOperation operand, KnownTypes known) => known[operand.Bare().Type] == KnownType.CancellationToken;
}
