using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A field that is changed atomically in one place and plainly in another is not atomic.</summary>
internal sealed class PlainAndAtomic : Rule
{
    internal const string Id = "SLC3005";

    /// <summary>The property that names what the fix makes of it.</summary>
    internal const string Fix = nameof(Fix);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Field is accessed atomically here and plainly there",
        "'{0}' is {1} plainly here, but '{2}' at line {3} shows that others use it at the same time: {4}. Use {5} here too.",
        Family.Sharing,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "Interlocked and Volatile protect a field only when every access goes through them. A plain write can undo an atomic change that comes between, and a plain read may be moved, or read once for a whole loop.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Atomic;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        var operations = type.Bodies.SelectMany(body => body.All).SelectMany(body => body.Operations.Select(operation => (Body: body, Operation: operation))).ToList();
        var atomic = new Dictionary<ISymbol, IInvocationOperation>(SymbolEqualityComparer.Default);
        foreach (var call in operations.Select(pair => pair.Operation).OfType<IInvocationOperation>().Where(call => IsAtomic(call, type)))
        {
            if (call.Arguments[0].Value is IFieldReferenceOperation { Field: { IsVolatile: false } field } && !atomic.ContainsKey(field.OriginalDefinition))
            {
                atomic.Add(field.OriginalDefinition, call);
            }
        }

        foreach (var (body, operation) in atomic.Count == 0 ? [] : operations)
        {
            if (operation is IFieldReferenceOperation reference && atomic.TryGetValue(reference.Field.OriginalDefinition, out var call) && !IsInnocent(reference, body, type))
            {
                Report(reference, call, report);
            }
        }
    }

    internal static bool IsAtomic(IInvocationOperation call, TypeModel type) =>
        type.Known[call.TargetMethod.ContainingType] is KnownType.Interlocked or KnownType.Volatile && call.Arguments.Length > 0;

    private void Report(IFieldReferenceOperation reference, IInvocationOperation call, Action<Diagnostic> report)
    {
        var (fix, isWrite, proposal) = FixOf(reference);
        var properties = fix is null ? null : ImmutableDictionary<string, string?>.Empty.Add(Fix, fix);
        var node = isWrite ? reference.Parent!.Syntax : reference.Syntax;
        report(Diagnostic.Create(
            Descriptor,
            node.GetLocation(),
            new[] { call.Syntax.GetLocation() },
            properties,
            reference.Field.Name,
            isWrite ? "written" : "read",
            $"{call.TargetMethod.ContainingType.Name}.{call.TargetMethod.Name}",
            call.Syntax.Line(),
            isWrite ? "the write can undo what they do in between" : "it may be read too early, or once for a whole loop",
            proposal));
    }

    private static (string? Fix, bool IsWrite, string Proposal) FixOf(IFieldReferenceOperation reference) => reference.Parent switch
    {
        IIncrementOrDecrementOperation step when step.Target == reference => (IsWord(reference) ? step.Kind == OperationKind.Increment ? "Increment" : "Decrement" : null, true, step.Kind == OperationKind.Increment ? "Interlocked.Increment" : "Interlocked.Decrement"),
        ICompoundAssignmentOperation compound when compound.Target == reference => (compound.OperatorKind == BinaryOperatorKind.Add && IsWord(reference) ? "Add" : null, true, "Interlocked.Add"),
        ISimpleAssignmentOperation assignment when assignment.Target == reference => (assignment.Parent is IExpressionStatementOperation ? "Write" : null, true, "Volatile.Write"),
        _ => ("Read", false, "Volatile.Read"),
    };

    private static bool IsWord(IFieldReferenceOperation reference) => reference.Type?.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_UInt32 or SpecialType.System_UInt64;

    private static bool IsInnocent(IFieldReferenceOperation reference, Body body, TypeModel type)
    {
        if (reference.Parent is IArgumentOperation { Parameter.RefKind: not RefKind.None } or INameOfOperation or IAddressOfOperation
            || (body.Outermost.Symbol is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } && body.Outer is null)
            || body.Outermost.Symbol is not IMethodSymbol
            || reference.Parent is IMemberInitializerOperation || IsInInitializer(reference)
            || reference.IsUnderLock() || IsShown(reference))
        {
            return true;
        }

        // The runtime reads and writes a reference in one step, and publishes with it what it leads to.
        if (reference.Type?.IsReferenceType == true && reference.Parent is not ICompoundAssignmentOperation)
        {
            return true;
        }

        return !FixOf(reference).IsWrite && (IsSwapped(reference, body, type) || HasWaited(reference, body));
    }

    private static bool IsInInitializer(IOperation reference) => reference.Parent is ISimpleAssignmentOperation { Parent: IObjectOrCollectionInitializerOperation };

    // A value that is written to a log or a text may be a little old.
    private static bool IsShown(IOperation reference) => reference.Syntax.Ancestors().TakeWhile(node => node is not StatementSyntax and not AnonymousFunctionExpressionSyntax).Any(node => node is InterpolatedStringExpressionSyntax
        || (node is InvocationExpressionSyntax { Expression: var called } && called.ToString().Split('.', '?').Any(part => part.StartsWith("Log", StringComparison.Ordinal) || part is "_logger" or "_log" or "logger" or "Logger" or "Console")));

    // The guess of a loop that compares and exchanges.
    private static bool IsSwapped(IFieldReferenceOperation reference, Body body, TypeModel type) => body.Operations.OfType<IInvocationOperation>().Any(call =>
        IsAtomic(call, type) && call.TargetMethod.Name == "CompareExchange" && call.Arguments[0].Value is IFieldReferenceOperation other && SymbolEqualityComparer.Default.Equals(other.Field, reference.Field));

    // After a wait the others may be done.
    private static bool HasWaited(IOperation reference, Body body) => body.Operations.Any(operation => operation.Syntax.SpanStart < reference.Syntax.SpanStart
        && operation is IAwaitOperation or IInvocationOperation { TargetMethod: { Name: "Wait" or "WaitAll" or "Join" or "For" or "ForEach" or "Invoke" or "ForAll" or "GetResult" or "SignalAndWait" or "WaitOne" } });
}
