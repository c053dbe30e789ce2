using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Sharing;

namespace Sluice.Rules;

/// <summary>A field that is changed atomically in one place and plainly in another is not atomic.</summary>
internal sealed class PlainAndAtomic : Rule
{
    internal const string Id = "SLC3005";

    /// <summary>The property that names what the fix makes of it.</summary>
    internal const string Fix = nameof(Fix);

    private static readonly string[] Resets = ["Reset", "TryReset", "Clear", "Init", "Dispose", "Close", "Recycle", "Return", "Start", "Open", "Setup", "Cleanup"];

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Field is accessed atomically here and plainly there",
        "'{0}' is {1} plainly here, but '{2}' at line {3} shows that others use it at the same time: {4}. Use {5}.",
        Family.Sharing,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "Interlocked and Volatile protect a field only when what depends on its old value goes through them. A plain write can undo an atomic change that comes between, a plain read may be done once for a whole loop, and one of 64 bits be torn.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Atomic;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        var operations = OperationsIn(type).ToList();
        var atomic = new Dictionary<ISymbol, IInvocationOperation>(SymbolEqualityComparer.Default);
        var set = new List<(IFieldSymbol Field, IInvocationOperation Call, Body Member)>();
        var stepped = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var swaps = new Dictionary<ISymbol, (IInvocationOperation Call, Body Member)>(SymbolEqualityComparer.Default);
        var elements = new List<(IFieldSymbol Field, IArrayElementReferenceOperation Element, IInvocationOperation Call)>();
        foreach (var (body, operation) in type.Bases.SelectMany(OperationsIn).Concat(operations))
        {
            if (SwappedBy(operation, type) is { } swapped && !swaps.ContainsKey(swapped))
            {
                swaps.Add(swapped, ((IInvocationOperation)operation, body.Outermost));
            }

            if (operation is IInvocationOperation { Arguments: [{ Value: IArrayElementReferenceOperation element }, ..] } change && IsAtomic(change, type) && ArrayField(element, body) is { } array)
            {
                elements.Add((array, element, change));
            }

            if (operation is IInvocationOperation call && IsAtomic(call, type) && call.Arguments[0].Value is IFieldReferenceOperation { Field: { IsVolatile: false } field })
            {
                if (call.TargetMethod.Name is "Write" or "Exchange" or "CompareExchange")
                {
                    set.Add((field.OriginalDefinition, call, body.Outermost));
                }

                bool isStep = IsStep(call);
                if (!atomic.ContainsKey(field.OriginalDefinition) || (isStep && !stepped.Contains(field.OriginalDefinition)))
                {
                    atomic[field.OriginalDefinition] = call;
                }

                if (isStep)
                {
                    stepped.Add(field.OriginalDefinition);
                }
            }
        }

        CheckCopies(operations, swaps, type, report);
        CheckElements(operations, elements, type, report);

        var setters = set.ToLookup<(IFieldSymbol Field, IInvocationOperation Call, Body Member), ISymbol>(write => write.Field, SymbolEqualityComparer.Default);
        foreach (var (body, operation) in atomic.Count == 0 ? [] : operations)
        {
            if (operation is not IFieldReferenceOperation reference || !atomic.TryGetValue(reference.Field.OriginalDefinition, out var call) || !IsOfSame(reference, call))
            {
                continue;
            }

            bool isStepped = stepped.Contains(reference.Field.OriginalDefinition);
            if (StoryOf(reference, call, isStepped, body, type) is { } story)
            {
                if (!IsInnocent(reference, body, type))
                {
                    Report(reference, call, story, report);
                }
            }
            else if (!isStepped && IsAskedEachRound(reference) && setters[reference.Field.OriginalDefinition].ToList() is [var first, ..] writes && writes.TrueForAll(write => write.Member != body.Outermost)
                && !IsInnocent(reference, body, type, mayWait: false))
            {
                Report(reference, first.Call, "only what else is in the loop keeps it from being read once for all rounds", report);
            }
        }
    }

    private static IEnumerable<(Body Body, IOperation Operation)> OperationsIn(TypeModel type) => type.Bodies.SelectMany(body => body.All).SelectMany(body => body.Operations.Select(operation => (body, operation)));

    internal static bool IsAtomic(IInvocationOperation call, TypeModel type) =>
        type.Known[call.TargetMethod.ContainingType] is KnownType.Interlocked or KnownType.Volatile && call.Arguments.Length > 0;

    // `_handlers = _handlers.Remove(gone)` beside a loop that compares and exchanges: what is put in from a copy takes away what came in since.
    private void CheckCopies(List<(Body Body, IOperation Operation)> operations, Dictionary<ISymbol, (IInvocationOperation Call, Body Member)> swaps, TypeModel type, Action<Diagnostic> report)
    {
        foreach (var (body, operation) in swaps.Count == 0 ? [] : operations)
        {
            if (operation is ISimpleAssignmentOperation { Target: IFieldReferenceOperation { Field: { IsVolatile: false } field } target } assignment && swaps.TryGetValue(field.OriginalDefinition, out var swap)
                && swap.Member != body.Outermost && IsOfSame(target, swap.Call)
                && CopyOnWrite.IsMadeOf(assignment.Value, body, part => part is IFieldReferenceOperation old && SymbolEqualityComparer.Default.Equals(old.Field, field) && old.Syntax.ToString() == target.Syntax.ToString())
                && !IsAlone(target, body) && !assignment.IsHeld(body, type))
            {
                Report(target, swap.Call, "the write can undo what they do in between", report, (null, true, CopyOnWrite.ProposalFor(field.Type)));
            }
        }
    }

    private static ISymbol? SwappedBy(IOperation operation, TypeModel type) => operation is IInvocationOperation { Arguments: [{ Value: IFieldReferenceOperation { Field: { IsVolatile: false } field } }, ..] } call
        && (type.Known[call.TargetMethod.ContainingType] == KnownType.Interlocked ? call.TargetMethod.Name is "CompareExchange" or "Exchange" : call.TargetMethod.ContainingType.Name == "ImmutableInterlocked")
        ? field.OriginalDefinition
        : null;

    // `Interlocked.Increment(ref _buckets[i])` and elsewhere `_buckets[i] = 0`.
    private void CheckElements(List<(Body Body, IOperation Operation)> operations, List<(IFieldSymbol Field, IArrayElementReferenceOperation Element, IInvocationOperation Call)> atomic, TypeModel type, Action<Diagnostic> report)
    {
        foreach (var (body, operation) in atomic.Count == 0 ? [] : operations)
        {
            if (operation is IArrayElementReferenceOperation element && IsWritten(element) && ArrayField(element, body) is { } field
                && atomic.Where(other => SymbolEqualityComparer.Default.Equals(other.Field, field) && IsSameElement(element, other.Element)).Select(other => other.Call).OrderBy(call => !IsStep(call)).FirstOrDefault() is { } call
                && (element.Parent is ISimpleAssignmentOperation assignment ? IsStep(call) && !IsReset(body) && !IsSetter(assignment, body) : type.Known[call.TargetMethod.ContainingType] == KnownType.Interlocked && call.TargetMethod.Name != "Read")
                && !IsMadeHere(element, field, body) && !IsAlone(element, body) && !element.IsHeld(body, type))
            {
                var how = FixOf(element);
                Report(element, call, "the write can undo what they do in between", report, how.Fix == "Write" ? (null, true, "Interlocked.Exchange") : how);
            }
        }
    }

    // `public void Set(int at, long value) => _counts[at] = value;` replaces whatever is there; and who sets a barrier knows what he does.
    private static bool IsSetter(ISimpleAssignmentOperation assignment, Body body) => assignment.Value.Bare() is IParameterReferenceOperation || body.Operations.Any(part => part is IInvocationOperation { TargetMethod.Name: "MemoryBarrier" });

    private static bool IsWritten(IOperation element) => element.Parent switch
    {
        IIncrementOrDecrementOperation step => step.Target == element,
        IAssignmentOperation assignment => assignment.Target == element,
        _ => false,
    };

    // The field that holds the array, which a local may name.
    private static IFieldSymbol? ArrayField(IArrayElementReferenceOperation element, Body body) => element.ArrayReference.Bare() switch
    {
        IFieldReferenceOperation { Field: var field } => field.OriginalDefinition,
        ILocalReferenceOperation { Local: var local } when body.Locals.OnlyValue(local)?.Bare() is IFieldReferenceOperation { Field: var field } => field.OriginalDefinition,
        _ => null,
    };

    private static bool IsSameElement(IArrayElementReferenceOperation one, IArrayElementReferenceOperation other) => one.Indices.Length == other.Indices.Length
        && !one.Indices.Zip(other.Indices, (mine, theirs) => mine.ConstantValue is { HasValue: true, Value: var first } && theirs.ConstantValue is { HasValue: true, Value: var second } && !Equals(first, second)).Any(differ => differ);

    // The array is new in this member, or what it belongs to is.
    private static bool IsMadeHere(IArrayElementReferenceOperation element, IFieldSymbol field, Body body) => body.Outermost.All.SelectMany(part => part.Operations)
        .Any(part => part is ISimpleAssignmentOperation { Target: IFieldReferenceOperation target } && SymbolEqualityComparer.Default.Equals(target.Field.OriginalDefinition, field))
        || (element.ArrayReference.Bare() is IFieldReferenceOperation { Instance: ILocalReferenceOperation { Local: var owner } } && body.Locals.OnlyValue(owner)?.Bare() is IObjectCreationOperation);

    private void Report(IOperation reference, IInvocationOperation call, string story, Action<Diagnostic> report, (string? Fix, bool IsWrite, string Proposal)? how = null)
    {
        var (fix, isWrite, proposal) = how ?? FixOf(reference);
        var properties = fix is null ? null : ImmutableDictionary<string, string?>.Empty.Add(Fix, fix);
        var node = isWrite ? reference.Parent!.Syntax : reference.Syntax;
        report(Diagnostic.Create(
            Descriptor,
            node.GetLocation(),
            new[] { call.Syntax.GetLocation() },
            properties,
            NameOf(reference),
            isWrite ? "written" : "read",
            $"{call.TargetMethod.ContainingType.Name}.{call.TargetMethod.Name}",
            call.Syntax.Line(),
            story,
            proposal));
    }

    private static string NameOf(IOperation reference) => reference switch
    {
        IFieldReferenceOperation { Field.Name: var name } => name,
        IArrayElementReferenceOperation { ArrayReference: var array } => array.Syntax.ToString(),
        _ => reference.Syntax.ToString(),
    };

    // What can go wrong. Where nothing depends on it that the value is the newest one, nothing does.
    private static string? StoryOf(IFieldReferenceOperation reference, IInvocationOperation call, bool isStepped, Body body, TypeModel type)
    {
        bool isInterlocked = type.Known[call.TargetMethod.ContainingType] == KnownType.Interlocked;
        switch (reference.Parent)
        {
            case IIncrementOrDecrementOperation or ICompoundAssignmentOperation when FixOf(reference).IsWrite:
                return isInterlocked && call.TargetMethod.Name != "Read" ? "the write can undo what they do in between" : null;
            case ISimpleAssignmentOperation assignment when assignment.Target == reference:
                return (isStepped || ReadsBefore(reference, body) || IsSwappedElsewhere(reference, call, body, type)) && !IsReset(body) ? "the write can undo what they do in between" : null;
        }

        if (IsLoopCondition(reference))
        {
            return "it may be read once for all rounds of the loop";
        }

        if (ChoiceThatSteps(reference, type))
        {
            return "it may have changed by the time of the change that depends on it";
        }

        if (StepBefore(reference, body, type) is { } step)
        {
            return $"another thread may have counted since line {step.Syntax.Line()}, so two get the same value; '{step.TargetMethod.Name}' returns the value that is your own";
        }

        bool isWide = reference.Type?.SpecialType is SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Double;
        return isWide && isStepped && !reference.Syntax.Ancestors().TakeWhile(node => node is not StatementSyntax).Any(node => node == call.Syntax) ? "on a 32-bit machine it is read in two halves, of which one may be old" : null;
    }

    private static bool IsStep(IInvocationOperation call) => call.TargetMethod.Name is "Increment" or "Decrement" or "Add" or "And" or "Or";

    // `_snapshot.Value` is not `_running.Value`.
    private static bool IsOfSame(IFieldReferenceOperation reference, IInvocationOperation call) => reference.Instance is not { Type.IsValueType: true } owner || owner is IInstanceReferenceOperation
        || (call.Arguments[0].Value as IFieldReferenceOperation)?.Instance?.Syntax.ToString() == owner.Syntax.ToString();

    // `var n = Interlocked.Read(ref _n); _n = 0;`
    private static bool ReadsBefore(IFieldReferenceOperation write, Body body) => body.Operations.OfType<IInvocationOperation>().Any(call => call.TargetMethod.ContainingType.Name == "Interlocked" && call.TargetMethod.Name == "Read"
        && call.Arguments is [{ Value: IFieldReferenceOperation read }] && SymbolEqualityComparer.Default.Equals(read.Field, write.Field) && read.Syntax.SpanStart < write.Syntax.SpanStart);

    // The value says who may go on: `Interlocked.CompareExchange(ref _state, Open, Closed)`. In one method with the exchange, who won it gives it back.
    private static bool IsSwappedElsewhere(IFieldReferenceOperation write, IInvocationOperation call, Body body, TypeModel type) => call.TargetMethod.Name == "CompareExchange" && !IsSwapped(write, body.Outermost, type);

    // What begins or ends a use of the object is expected to run alone.
    private static bool IsReset(Body body) => body.Outermost.Symbol is { Name: var name } && Resets.Any(word => name.StartsWith(word, StringComparison.Ordinal));

    private static bool IsLoopCondition(IFieldReferenceOperation reference) => reference.FirstOuter<IWhileLoopOperation>() is { Condition: { } test } loop && test.Syntax.Span.Contains(reference.Syntax.Span)
        && !loop.Descendants().Any(part => part is IAwaitOperation or ILockOperation or IInvocationOperation { TargetMethod.ContainingType.Name: not ("Thread" or "SpinWait") });

    // `while (!_stopping) { … Thread.Sleep(100); }`, `while (true) { if (_state == Closed) return; … }`: who sets the flag says by how he does it that the loop is to see it. Not where a lock in the loop does.
    private static bool IsAskedEachRound(IFieldReferenceOperation reference)
    {
        if (!IsFlag(reference) || reference.FirstOuter<ILoopOperation>() is not { } loop || loop.Descendants().Any(part => part is ILockOperation))
        {
            return false;
        }

        var test = loop switch
        {
            IWhileLoopOperation { Condition: { } condition } => condition,
            IForLoopOperation { Condition: { } condition } => condition,
            _ => null,
        };
        return test is null or { ConstantValue: { HasValue: true, Value: true } }
            ? loop is IWhileLoopOperation or IForLoopOperation && ChoiceOf(reference) is { WhenTrue: var leave } && leave.Leaves(Leaving.Loop)
            : test.Syntax.Span.Contains(reference.Syntax.Span);
    }

    // A value that says yes or no, and not how much.
    private static bool IsFlag(IFieldReferenceOperation reference) => reference.Type?.SpecialType == SpecialType.System_Boolean
        || (reference.Parent is IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } test && (test.LeftOperand == reference ? test.RightOperand : test.LeftOperand).ConstantValue.HasValue);

    // `Interlocked.Increment(ref _id); return _id;`
    private static IInvocationOperation? StepBefore(IFieldReferenceOperation reference, Body body, TypeModel type) => reference.Syntax.FirstAncestorOrSelf<StatementSyntax>() is { Parent: BlockSyntax block } statement
        && block.Statements.IndexOf(statement) is > 0 and var at && block.Statements[at - 1] is ExpressionStatementSyntax before
        ? body.Operations.OfType<IInvocationOperation>().FirstOrDefault(call => call.Syntax == before.Expression && IsAtomic(call, type) && IsStep(call) && call.Arguments[0].Value is IFieldReferenceOperation field && SymbolEqualityComparer.Default.Equals(field.Field, reference.Field))
        : null;

    // `if (_free > 0) { Interlocked.Decrement(ref _free); … }`, and `if (_open >= limit) return false; Interlocked.Increment(ref _open);`. Who looks at what the step returns has asked again.
    private static bool ChoiceThatSteps(IFieldReferenceOperation reference, TypeModel type)
    {
        if (ChoiceOf(reference) is not { } choice)
        {
            return false;
        }

        var later = choice is { WhenFalse: null, Parent: IBlockOperation block } && choice.WhenTrue.Leaves(Leaving.Block) ? block.Operations.SkipWhile(part => part != choice).Skip(1) : [];
        return later.Prepend(choice.WhenTrue).SelectMany(part => part.Own()).OfType<IInvocationOperation>().FirstOrDefault(call => IsAtomic(call, type) && IsStep(call)
            && call.Arguments[0].Value is IFieldReferenceOperation field && SymbolEqualityComparer.Default.Equals(field.Field, reference.Field) && field.Syntax.ToString() == reference.Syntax.ToString()) is { Parent: IExpressionStatementOperation };
    }

    // The `if` whose condition the read is a part of.
    private static IConditionalOperation? ChoiceOf(IFieldReferenceOperation reference)
    {
        var outer = reference.Parent;
        while (outer is IBinaryOperation or IUnaryOperation or IParenthesizedOperation or IConversionOperation)
        {
            outer = outer.Parent;
        }

        return outer is IConditionalOperation choice && choice.Condition.Syntax.Span.Contains(reference.Syntax.Span) ? choice : null;
    }

    private static (string? Fix, bool IsWrite, string Proposal) FixOf(IOperation reference) => reference.Parent switch
    {
        IIncrementOrDecrementOperation step when step.Target == reference => (IsWord(reference) ? step.Kind == OperationKind.Increment ? "Increment" : "Decrement" : null, true, step.Kind == OperationKind.Increment ? "Interlocked.Increment" : "Interlocked.Decrement"),
        ICompoundAssignmentOperation compound when compound.Target == reference => (compound.OperatorKind == BinaryOperatorKind.Add && IsWord(reference) ? "Add" : null, true, "Interlocked.Add"),
        ISimpleAssignmentOperation assignment when assignment.Target == reference => (assignment.Parent is IExpressionStatementOperation ? "Write" : null, true, "Volatile.Write"),
        _ => ("Read", false, "Volatile.Read"),
    };

    private static bool IsWord(IOperation reference) => reference.Type?.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_UInt32 or SpecialType.System_UInt64;

    // Nobody else has it, or a lock keeps them out.
    private static bool IsAlone(IOperation reference, Body body) => (body.Outermost.Symbol is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } && body.Outer is null)
        || body.Outermost.Symbol is not IMethodSymbol
        || reference.Parent is IMemberInitializerOperation || IsInInitializer(reference)
        || reference.IsUnderLock() || IsInOwnLock(reference, body);

    private static bool IsInnocent(IFieldReferenceOperation reference, Body body, TypeModel type, bool mayWait = true)
    {
        if (reference.Parent is IArgumentOperation { Parameter.RefKind: not RefKind.None } or INameOfOperation or IAddressOfOperation
            || IsAlone(reference, body) || reference.Syntax.IsShown() || reference.Syntax.IsAsserted())
        {
            return true;
        }

        // A member of a struct that does nothing atomically is for any copy of it.
        if (reference is { Instance: IInstanceReferenceOperation { Type.IsValueType: true } } && !body.Outermost.All.SelectMany(part => part.Operations).OfType<IInvocationOperation>().Any(call => IsAtomic(call, type)))
        {
            return true;
        }

        // The runtime reads and writes a reference in one step, and publishes with it what it leads to.
        if (reference.Type?.IsReferenceType == true && reference.Parent is not ICompoundAssignmentOperation)
        {
            return true;
        }

        return !FixOf(reference).IsWrite && (IsSwapped(reference, body, type) || (mayWait && HasWaited(reference, body)));
    }

    // A lock that somebody made himself, of an atomic field.
    private static bool IsInOwnLock(IOperation reference, Body body) => body.Operations.OfType<IInvocationOperation>().Any(call => call.Syntax.SpanStart < reference.Syntax.SpanStart
        && (call.TargetMethod.Name.Contains("Lock") || call.TargetMethod.Name.Contains("Acquire") || call.TargetMethod.Name is "Enter" or "TryEnter"));

    private static bool IsInInitializer(IOperation reference) => reference.Parent is ISimpleAssignmentOperation { Parent: IObjectOrCollectionInitializerOperation };

    // The guess of a loop that compares and exchanges.
    private static bool IsSwapped(IFieldReferenceOperation reference, Body body, TypeModel type) => body.Operations.OfType<IInvocationOperation>().Any(call =>
        IsAtomic(call, type) && call.TargetMethod.Name == "CompareExchange" && call.Arguments[0].Value is IFieldReferenceOperation other && SymbolEqualityComparer.Default.Equals(other.Field, reference.Field));

    // After a wait the others may be done.
    private static bool HasWaited(IOperation reference, Body body) => body.Operations.Any(operation => operation.Syntax.SpanStart < reference.Syntax.SpanStart
        && operation is IAwaitOperation or IInvocationOperation { TargetMethod: { Name: "Wait" or "WaitAll" or "Join" or "For" or "ForEach" or "Invoke" or "ForAll" or "GetResult" or "SignalAndWait" or "WaitOne" } });
}
