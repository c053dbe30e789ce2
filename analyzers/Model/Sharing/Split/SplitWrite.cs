using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing.Split;

/// <summary>Which writes go wrong when the field has changed since it was read.</summary>
internal static class SplitWrite
{
    /// <summary>What is written, or the place where it goes, is computed from what was read: the part of it that was. Null where it is not, or does no harm.</summary>
    public static IOperation? IsStale(FieldUse write, Func<IOperation, bool> isRead, Body body) => write.Act switch
    {
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Arguments: [{ Value: var key }, ..] }, Value: var value } => Computed(value, isRead, body) ?? Position(key, isRead, body),
        ISimpleAssignmentOperation { Target: IArrayElementReferenceOperation { Indices: [var index, ..] }, Value: var value } => Computed(value, isRead, body) ?? Position(index, isRead, body),
        ISimpleAssignmentOperation { Value: var value } => Computed(value, isRead, body),
        ICompoundAssignmentOperation { Value: var value } => Derivation.SourceOf(value, isRead, body),
        IInvocationOperation { TargetMethod.Name: "RemoveAt" or "RemoveRange" or "Insert" or "InsertRange", Arguments: [{ Value: var index }, ..] } => Position(index, isRead, body),
        IInvocationOperation { TargetMethod.Name: var name } call when IsAdding(name) && !IsAnswerUsed(call) => call.Arguments.Select(argument => argument.Value.Type is null or { SpecialType: SpecialType.None } ? Computed(argument.Value, isRead, body) : Derivation.SourceOf(argument.Value, isRead, body)).FirstOrDefault(source => source is not null),
        _ => null,
    };

    /// <summary>Whether a value of this type is an answer, and not something that is taken along.</summary>
    public static bool IsDecision(ITypeSymbol type) => type is { TypeKind: TypeKind.Enum } or { SpecialType: >= SpecialType.System_Boolean and <= SpecialType.System_Double } or { SpecialType: SpecialType.System_DateTime };

    /// <summary>Whether the write is wrong when the decision for it is too old. What is only put where nothing was, or removed because it is there, is right still.</summary>
    public static bool IsDecided(FieldUse write, IOperation decision, IEnumerable<FieldUse> reads) => write.Act switch
    {
        ISimpleAssignmentOperation { Target: IMemberReferenceOperation and not IPropertyReferenceOperation { Arguments.IsEmpty: false }, Value.ConstantValue: { HasValue: true, Value: not null } } => true,
        ICompoundAssignmentOperation { Value.ConstantValue.HasValue: false } => true,
        IInvocationOperation { TargetMethod.Name: "Remove" or "RemoveAt" or "RemoveFirst" or "RemoveLast" } => !ReadsIn(decision, reads).Exists(read => IsPresence(read) || IsSize(read)),
        IInvocationOperation { TargetMethod.Name: var name } call => IsAdding(name) && !IsAnswerUsed(call) && call.Instance?.Type?.Name is not ("HashSet" or "SortedSet" or "ISet") && ReadsIn(decision, reads).Exists(IsPresence),
        _ => false,
    };

    /// <summary>Whether the condition is the field itself, or asks whether something is in it: `_started`, `!_started`, `_map.ContainsKey(key)`.</summary>
    public static bool IsAnswer(IOperation condition) => condition.Bare() switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => IsAnswer(not.Operand),
        IMemberReferenceOperation or IInvocationOperation { TargetMethod.Name: "Contains" or "ContainsKey" } => true,
        _ => false,
    };

    private static List<FieldUse> ReadsIn(IOperation decision, IEnumerable<FieldUse> reads) => reads.Where(read => decision.Syntax.Span.Contains(read.Reference.Syntax.Span)).ToList();

    private static bool IsAdding(string name) => name is "Add" or "AddFirst" or "AddLast" or "Enqueue" or "Push" or "Insert";

    private static bool IsAnswerUsed(IInvocationOperation call) => call.Parent is not IExpressionStatementOperation;

    // What only is put back is not computed.
    private static IOperation? Computed(IOperation value, Func<IOperation, bool> isRead, Body body) => value.Bare() is ILocalReferenceOperation local && isRead(local) ? null : Derivation.SourceOf(value, isRead, body);

    // `_slots[free] = x`
    private static IOperation? Position(IOperation index, Func<IOperation, bool> isRead, Body body) => index.Type?.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 ? Derivation.SourceOf(index, isRead, body) : null;

    private static bool IsPresence(FieldUse read) => read.Reference.Parent is IInvocationOperation { TargetMethod.Name: "Contains" or "ContainsKey" or "TryGetValue" or "TryPeek" } or IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "Any" or "Contains" } };

    private static bool IsSize(FieldUse read) => read.Reference.Parent is IPropertyReferenceOperation { Property.Name: "Count" or "Length" };
}
