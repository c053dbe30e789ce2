using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Sharing;

namespace Sluice.Rules;

/// <summary>Volatile, and Interlocked.Read with a write after it, make each step safe but not the two together.</summary>
internal sealed class NotAtomic : Rule
{
    internal const string Id = "SLC3006";

    /// <summary>The property that names the method of Interlocked that does it in one step.</summary>
    internal const string Fix = nameof(Fix);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Read and write back is not one atomic step",
        "'{0}' is read and written back in two steps, and what another thread writes between them is lost: {1} does it in one",
        Family.Sharing,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "'volatile' makes each read and each write visible at once, and Interlocked.Read reads a value in one piece, but reading, adding and writing back stay separate steps. Two threads that do so at the same time count one.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Atomic;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        // One thread of an event loop writes, and the others only look.
        if (Confined.Asks(type))
        {
            return;
        }

        foreach (var body in BodiesOf(type).Where(body => body.Outermost.Symbol is IMethodSymbol { MethodKind: not (MethodKind.Constructor or MethodKind.StaticConstructor) }))
        {
            foreach (var operation in body.Operations)
            {
                if (WrittenBack(operation, body, type) is { } field && !operation.IsHeld(body, type))
                {
                    string? fix = FixOf(operation, field);
                    report(Diagnostic.Create(
                        Descriptor,
                        operation.Syntax.GetLocation(),
                        fix is null ? null : ImmutableDictionary<string, string?>.Empty.Add(Fix, fix),
                        field.Name,
                        fix is null ? $"{CopyOnWrite.ProposalFor(field.Type)}, or a lock," : $"Interlocked.{fix}"));
                }
            }
        }
    }

    // A volatile field is told by its declaration, so any body may step it; the rest is in the words of the body.
    private static IEnumerable<Body> BodiesOf(TypeModel type) => type.Symbol.GetMembers().Any(member => member is IFieldSymbol { IsVolatile: true })
        ? type.Bodies.SelectMany(body => body.All)
        : type.BodiesThatMention(Mentions.Atomic);

    private static IFieldSymbol? WrittenBack(IOperation operation, Body body, TypeModel type) => operation switch
    {
        IIncrementOrDecrementOperation { Target: IFieldReferenceOperation { Field: { IsVolatile: true } field } } => field,
        ICompoundAssignmentOperation { Target: IFieldReferenceOperation { Field: { IsVolatile: true } field } } => field,
        ISimpleAssignmentOperation { Target: IFieldReferenceOperation { Field: var field } target, Value: var value } when ReadsAgain(value, target, field.IsVolatile, body, type) => field,
        IInvocationOperation { Arguments: [{ Value: IFieldReferenceOperation { Field: var field } target }, { Value: var value }] } call
            when (type.Known[call.TargetMethod.ContainingType], call.TargetMethod.Name) is (KnownType.Volatile, "Write") or (KnownType.Interlocked, "Exchange") && call.Parent is IExpressionStatementOperation && ReadsAgain(value, target, field.IsVolatile || call.TargetMethod.Name == "Exchange", body, type) => field,
        _ => null,
    };

    // The new value is computed from the old one, which may have been kept in a local that is there for nothing else.
    private static bool ReadsAgain(IOperation value, IFieldReferenceOperation target, bool isPlainEnough, Body body, TypeModel type) => IsComputed(value.Bare(), target, isPlainEnough, body, type)
        || CopyOnWrite.IsMadeOf(value, body, part => IsOldValue(part is IInvocationOperation { Arguments: [{ Value: var read }] } call && PlainAndAtomic.IsAtomic(call, type) ? read : part, target, isPlainEnough, type));

    private static bool IsComputed(IOperation value, IFieldReferenceOperation target, bool isPlainEnough, Body body, TypeModel type) => value is IBinaryOperation or IConditionalOperation or IUnaryOperation
        && value.Descendants().Any(part => IsOldValue(part, target, isPlainEnough, type)
            || (part is ILocalReferenceOperation { Local: var local } && body.UsesOf(local).Count() == 1 && body.Locals.OnlyValue(local)?.Bare() is { } kept && kept.DescendantsAndSelf().Any(old => IsOldValue(old, target, isPlainEnough, type))));

    private static bool IsOldValue(IOperation part, IFieldReferenceOperation target, bool isPlainEnough, TypeModel type) => part is IFieldReferenceOperation again
        && SymbolEqualityComparer.Default.Equals(again.Field, target.Field)
        && again.Syntax.ToString() == target.Syntax.ToString()
        && (isPlainEnough || (part.Parent is IArgumentOperation { Parent: IInvocationOperation call } && PlainAndAtomic.IsAtomic(call, type)));

    private static string? FixOf(IOperation operation, IFieldSymbol field)
    {
        if (field.Type.SpecialType is not (SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_UInt32 or SpecialType.System_UInt64))
        {
            return null;
        }

        return operation switch
        {
            IIncrementOrDecrementOperation { IsPostfix: true, Parent: not IExpressionStatementOperation } => null,
            IIncrementOrDecrementOperation step => step.Kind == OperationKind.Increment ? "Increment" : "Decrement",
            ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add } => "Add",
            ISimpleAssignmentOperation { Value: var value } => FixOf(value.Bare()),
            IInvocationOperation { Arguments: [_, { Value: var value }] } => FixOf(value.Bare()),
            _ => null,
        };
    }

    // `x + 1`, with the old value on the left.
    private static string? FixOf(IOperation value) => value is IBinaryOperation { RightOperand.ConstantValue: { HasValue: true, Value: 1 or 1L }, LeftOperand: var left, OperatorKind: var kind }
        && left.Bare() is IFieldReferenceOperation or IInvocationOperation
        ? kind == BinaryOperatorKind.Add ? "Increment" : kind == BinaryOperatorKind.Subtract ? "Decrement" : null
        : null;
}
