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

/// <summary>Each call on a concurrent collection is safe; what it told may be wrong by the next call.</summary>
internal sealed class CheckThenAct : Rule
{
    internal const string Id = "SLC3010";

    /// <summary>Set when the `if` can become one TryAdd.</summary>
    internal const string CanTryAdd = nameof(CanTryAdd);

    /// <summary>Set when the `if` can become one GetOrAdd.</summary>
    internal const string CanGetOrAdd = nameof(CanGetOrAdd);

    /// <summary>The AddOrUpdate that the read and the write can become.</summary>
    internal const string InOneStep = nameof(InOneStep);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Check and act on a concurrent collection in two steps",
        "'{0}' acts on what '{1}' at line {2} told, but another thread can change '{3}' in between: use {4}, which does both in one step",
        Family.Sharing,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A concurrent collection makes each call safe, not two calls together: a key that was missing can be there by the time it is added, one that was there can be gone, and a counted value can have been counted by another thread.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.ConcurrentCollection;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        var told = new HashSet<Location>();
        foreach (var body in type.Bodies.SelectMany(body => body.All))
        {
            Check(body, Tell);
            foreach (var (act, look, collection) in AfterLook.Removed(body, type).Where(found => !found.Act.IsLockedByCallers(body, type)))
            {
                Report(act, look, collection, body, "TryRemove with the key and the value", null, Tell);
            }

            foreach (var (act, look, collection) in AfterLook.Taken(body, type).Concat(AfterLook.Overfilled(body, type)).Where(found => !found.Act.IsLockedByCallers(body, type)))
            {
                Report(act, look, collection, body, "a lock", null, Tell);
            }

            foreach (var found in AddedWhenCompleted.In(body, type))
            {
                Tell(Of(found.Act, found.Look, found.Collection, $"a lock that '{found.Completer}' takes as well", null));
            }
        }

        void Tell(Diagnostic diagnostic)
        {
            if (told.Add(diagnostic.Location))
            {
                report(diagnostic);
            }
        }
    }

    private void Check(Body body, Action<Diagnostic> report)
    {
        foreach (var choice in body.Operations.OfType<IConditionalOperation>().Where(choice => !choice.IsInLockStatement()))
        {
            Check(choice, body, report);
        }

        foreach (var assignment in body.Operations.OfType<ISimpleAssignmentOperation>().Where(assignment => !assignment.IsInLockStatement()))
        {
            CheckReadAndWriteBack(assignment, body, report);
        }

        foreach (var (act, test, collection) in body.Operations.OfType<IConditionalOperation>().Where(choice => !choice.IsInLockStatement()).SelectMany(choice => TakenBlindly(choice, body).Concat(AddedAfterMiss(choice, body))))
        {
            Report(act, test, collection, body, act is IInvocationOperation ? $"what '{((IInvocationOperation)act).TargetMethod.Name}' returns" : "GetOrAdd", null, report);
        }

        foreach (var compound in body.Operations.Where(operation => !operation.IsInLockStatement()))
        {
            if ((compound is ICompoundAssignmentOperation { Target: IPropertyReferenceOperation target } ? target : compound is IIncrementOrDecrementOperation { Target: IPropertyReferenceOperation step } ? step : null) is { } item && IsItem(item, body))
            {
                Report(compound, item, item.Instance!, body, "AddOrUpdate", null, report);
            }
        }
    }

    private void Check(IConditionalOperation choice, Body body, Action<Diagnostic> report)
    {
        var (test, whenMissing) = TestIn(choice.Condition);
        if (test?.Instance is not { } collection || !IsConcurrent(collection.Type) || body.Places.Of(collection) is not { } place || IsOwn(collection, body))
        {
            return;
        }

        string key = test.Arguments.Length > 0 ? test.Arguments[0].Value.Syntax.ToString() : string.Empty;
        foreach (var act in choice.WhenTrue.Own().Where(act => !act.IsInLockStatement()))
        {
            var (target, proposal) = (test.TargetMethod.Name, act) switch
            {
                ("ContainsKey" or "TryGetValue", ISimpleAssignmentOperation { Target: IPropertyReferenceOperation item }) when whenMissing && KeyOf(item) == key && !IsMark(act) => (item.Instance, "GetOrAdd or TryAdd"),
                ("ContainsKey", IInvocationOperation { TargetMethod.Name: "TryAdd", Parent: IExpressionStatementOperation } call) when whenMissing && KeyOf(call) == key => (call.Instance, "GetOrAdd or TryAdd"),
                ("TryGetValue", IInvocationOperation { TargetMethod.Name: "TryAdd", Parent: IExpressionStatementOperation } call) when whenMissing && KeyOf(call) == key && IsUsedAfter(test, choice) => (call.Instance, "GetOrAdd"),
                ("ContainsKey", IPropertyReferenceOperation { Arguments.IsEmpty: false } item) when !whenMissing && KeyOf(item) == key => (item.Instance, IsTarget(item) ? "TryUpdate or AddOrUpdate" : "TryGetValue"),
                ("ContainsKey" or "TryGetValue", ISimpleAssignmentOperation { Target: IPropertyReferenceOperation item }) when !whenMissing && KeyOf(item) == key => (item.Instance, "AddOrUpdate or TryUpdate"),
                _ => default,
            };
            if (target is not null && place.Equals(body.Places.Of(target)) && !IsComputed(act, choice))
            {
                bool canTryAdd = proposal == "GetOrAdd or TryAdd" && test.TargetMethod.Name == "ContainsKey" && choice is { WhenFalse: null, Syntax: IfStatementSyntax statement } && act.Parent is IExpressionStatementOperation only
                    && (statement.Statement == only.Syntax || (statement.Statement is BlockSyntax { Statements: [var single] } && single == only.Syntax));
                Report(act, test, collection, body, proposal!, canTryAdd ? ImmutableDictionary<string, string?>.Empty.Add(CanTryAdd, "true") : IsMakeAndAdd(choice.Syntax, act.Syntax) ? ImmutableDictionary<string, string?>.Empty.Add(CanGetOrAdd, "true") : null, report);
                return;
            }
        }
    }

    private void CheckReadAndWriteBack(ISimpleAssignmentOperation assignment, Body body, Action<Diagnostic> report)
    {
        if (assignment.Target is IPropertyReferenceOperation item && IsItem(item, body)
            && (assignment.Value.DescendantsAndSelf().FirstOrDefault(part => IsReadOf(part, item)) ?? ReadBefore(assignment, item, body)) is { } read)
        {
            Report(assignment, read, item.Instance!, body, "AddOrUpdate", WriteBack.InOneStep(assignment.Syntax) is { } step ? ImmutableDictionary<string, string?>.Empty.Add(InOneStep, step) : null, report);
        }
    }

    private static bool IsReadOf(IOperation part, IPropertyReferenceOperation item) => part is IPropertyReferenceOperation { Arguments.IsEmpty: false } or IInvocationOperation { TargetMethod.Name: "TryGetValue" or "GetValueOrDefault" }
        && KeyOf(part) == KeyOf(item) && InstanceOf(part)?.Syntax.ToString() == item.Instance!.Syntax.ToString();

    // `map.TryGetValue(key, out var n); map[key] = n + 1;`, and the same with `var n = map.GetValueOrDefault(key)` or a sum that is kept in a local.
    private static IOperation? ReadBefore(ISimpleAssignmentOperation assignment, IPropertyReferenceOperation item, Body body)
    {
        if (assignment.FirstOuter<IBlockOperation>() is not { } block || IsBeforeAnybodyElse(item, body))
        {
            return null;
        }

        var reads = body.Operations.Where(part => part.Syntax.SpanStart < assignment.Syntax.SpanStart && IsReadOf(part, item) && !(part.Parent is IAssignmentOperation write && write.Target == part)).ToList();
        return reads.LastOrDefault(read => read.FirstOuter<IBlockOperation>() is { } around && around.Syntax.Span.Contains(block.Syntax.Span) && IsNewValue(assignment.Value, read, body, hops: 2));
    }

    // The value is made of what was read: a sum, or another object with something changed. What only is put back, or asked for, loses nothing.
    private static bool IsNewValue(IOperation value, IOperation read, Body body, int hops) => value.Bare() switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply or BinaryOperatorKind.Or or BinaryOperatorKind.And or BinaryOperatorKind.ExclusiveOr } sum => sum.DescendantsAndSelf().Any(part => part == read || IsHeldIn(part, read, body)),
        IWithOperation { Operand: var old } => IsHeldIn(old.Bare(), read, body),
        IConditionalOperation choice => IsNewValue(choice.WhenTrue, read, body, hops) || (choice.WhenFalse is { } other && IsNewValue(other, read, body, hops)),
        IInvocationOperation { Instance: { } old, Type: { ContainingNamespace.Name: "Immutable" } } => IsHeldIn(old.Bare(), read, body),
        ILocalReferenceOperation { Local: var local } when hops > 0 && body.Locals.OnlyValue(local) is { } kept => IsNewValue(kept, read, body, hops - 1),
        _ => false,
    };

    // Whether the local is what the read gave it.
    private static bool IsHeldIn(IOperation part, IOperation read, Body body) => part is ILocalReferenceOperation { Local: var local } && (read is IInvocationOperation { TargetMethod.Name: "TryGetValue", Arguments: [_, { Value: var given }] }
        ? given.DescendantsAndSelf().Any(inner => inner is ILocalReferenceOperation target && SymbolEqualityComparer.Default.Equals(target.Local, local))
        : body.Locals.OnlyValue(local)?.Bare() == read);

    // A constructor has to itself what its object holds.
    private static bool IsBeforeAnybodyElse(IPropertyReferenceOperation item, Body body) => body.Outer is null && body.Symbol is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } && item.Instance is IFieldReferenceOperation;

    private void Report(IOperation act, IOperation test, IOperation collection, Body body, string proposal, ImmutableDictionary<string, string?>? properties, Action<Diagnostic> report)
    {
        if (!act.IsLocked(body))
        {
            report(Of(act, test, collection, proposal, properties));
        }
    }

    private Diagnostic Of(IOperation act, IOperation test, IOperation collection, string proposal, ImmutableDictionary<string, string?>? properties) =>
        Diagnostic.Create(Descriptor, act.Syntax.GetLocation(), new[] { test.Syntax.GetLocation() }, properties, act.InOneLine(), test.InOneLine(), test.Syntax.Line(), collection.Syntax, proposal);

    private static bool IsItem(IPropertyReferenceOperation item, Body body) => item is { Property.IsIndexer: true, Instance: { } collection } && IsConcurrent(collection.Type) && !IsOwn(collection, body);

    private static bool IsConcurrent(ITypeSymbol? type) => type is { Name: "ConcurrentDictionary", ContainingNamespace.Name: "Concurrent" };

    // Nobody else has what was made here.
    private static bool IsOwn(IOperation collection, Body body) => collection is ILocalReferenceOperation { Local: var local } && body.Locals.OnlyValue(local)?.Bare() is IObjectCreationOperation
        && !body.Outermost.All.Any(inner => inner.Outer is not null && inner.Operations.Any(operation => operation is ILocalReferenceOperation other && SymbolEqualityComparer.Default.Equals(other.Local, local)));

    // What the condition asks, and whether the arm is for the answer no.
    private static (IInvocationOperation? Test, bool WhenMissing) TestIn(IOperation condition) => condition switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => TestIn(not.Operand) is var (test, missing) ? (test, !missing) : default,
        IParenthesizedOperation inner => TestIn(inner.Operand),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals, RightOperand.ConstantValue: { HasValue: true, Value: false } } compare => (TestIn(compare.LeftOperand).Test, true),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both => TestIn(both.LeftOperand) is { Test: not null } left ? left : TestIn(both.RightOperand),
        IInvocationOperation { TargetMethod.Name: "ContainsKey" or "TryGetValue" } call => (call, false),
        _ => default,
    };

    private static string? KeyOf(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Arguments: [{ Value: var key }] } => key.Syntax.ToString(),
        IInvocationOperation { Instance: null, TargetMethod.IsExtensionMethod: true, Arguments: [_, { Value: var key }, ..] } => key.Syntax.ToString(),
        IInvocationOperation { Arguments: [{ Value: var key }, ..] } => key.Syntax.ToString(),
        _ => null,
    };

    // `if (!map.TryGetValue(key, out var x)) { x = Make(); map[key] = x; }`
    private static bool IsMakeAndAdd(SyntaxNode choice, SyntaxNode act) => choice is IfStatementSyntax { Else: null, Parent: BlockSyntax } statement
        && statement.Condition is PrefixUnaryExpressionSyntax { Operand: InvocationExpressionSyntax { ArgumentList.Arguments: [_, { Expression: DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax value } }] } }
        && statement.Statement is BlockSyntax { Statements: [ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax target, Right: var made } }, ExpressionStatementSyntax second] }
        && second.Expression == act && target.Identifier.ValueText == value.Identifier.ValueText
        && AddedBy(act)?.ToString() == value.Identifier.ValueText
        && !made.DescendantNodesAndSelf().Any(node => node is AwaitExpressionSyntax || (node is IdentifierNameSyntax name && name.Identifier.ValueText == value.Identifier.ValueText));

    private static ExpressionSyntax? AddedBy(SyntaxNode act) => act switch
    {
        AssignmentExpressionSyntax assignment => assignment.Right,
        InvocationExpressionSyntax { ArgumentList.Arguments: [_, { Expression: var value }] } => value,
        _ => null,
    };

    private static IOperation? InstanceOf(IOperation operation) => operation is IPropertyReferenceOperation item ? item.Instance : (operation as IInvocationOperation)?.Receiver();

    // `seen[key] = true`: who comes second writes the same.
    private static bool IsMark(IOperation act) => act is ISimpleAssignmentOperation { Value: var value } && (value.ConstantValue is { HasValue: true, Value: true or null or "" } || value.Bare() is IFieldReferenceOperation { Field: { Name: "Empty", IsStatic: true } } or IDefaultValueOperation);

    // `if (!queue.IsEmpty) { queue.TryDequeue(out var x); … }`: another thread may have taken the last one.
    private static IEnumerable<(IOperation Act, IOperation Test, IOperation Collection)> TakenBlindly(IConditionalOperation choice, Body body)
    {
        foreach (var test in choice.Condition.DescendantsAndSelf())
        {
            if (test is IPropertyReferenceOperation { Property.Name: "IsEmpty" or "Count" } or IInvocationOperation { TargetMethod.Name: "TryPeek" or "Any" } && InstanceOf(test) is { } collection
                && collection.Bare().Type is { Name: "ConcurrentQueue" or "ConcurrentStack" or "ConcurrentBag" or "BlockingCollection" } && body.Places.Of(collection.Bare()) is { } place && !IsOwn(collection.Bare(), body)
                && choice.WhenTrue.Own().OfType<IInvocationOperation>().FirstOrDefault(call => call.TargetMethod.Name is "TryDequeue" or "TryPop" or "TryTake" && call.Parent is IExpressionStatementOperation && call.Arguments is [{ Value: not IDiscardOperation }] && body.Places.Of(call.Instance) is { } taken && taken.Equals(place)) is { } act)
            {
                yield return (act, test, collection);
            }
        }
    }

    // `if (map.TryGetValue(key, out var x)) return x; x = new X(); map[key] = x; return x;`: two threads go on with two objects.
    private static IEnumerable<(IOperation Act, IOperation Test, IOperation Collection)> AddedAfterMiss(IConditionalOperation choice, Body body)
    {
        if (TestIn(choice.Condition) is not ({ Instance: { } collection } test, false) || !IsConcurrent(collection.Type) || body.Places.Of(collection) is not { } place || IsOwn(collection, body)
            || choice.WhenFalse is not null || choice.WhenTrue is not (IReturnOperation or IBlockOperation { Operations: [.., IReturnOperation] }) || choice.Parent is not IBlockOperation block)
        {
            yield break;
        }

        var later = block.Operations.SkipWhile(operation => operation != choice).Skip(1).SelectMany(operation => operation.Own()).TakeWhile(operation => operation is not IAwaitOperation).ToList();
        var act = later.OfType<ISimpleAssignmentOperation>().FirstOrDefault(assignment => assignment.Target is IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } target } item && KeyOf(item) == KeyOf(test)
            && body.Places.Of(target) is { } named && named.Equals(place) && !assignment.IsInLockStatement());
        if (act is not null && IsMadeHere(act.Value.Bare(), later) && !Collections.IsValue(act.Value.Type))
        {
            yield return (act, test, collection);
        }
    }

    // `if (!cache.TryGetValue(type, out var make)) cache[type] = make = Compile(type);`: two threads put in the same, and each goes on with what is as good.
    private static bool IsComputed(IOperation act, IConditionalOperation choice) => act is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Arguments: [{ Value: var key }] }, Value: var value }
        && Collections.IsValue(value.Type) && !value.DescendantsAndSelf().Any(part => part is IPropertyReferenceOperation { Property.IsIndexer: true } or IBinaryOperation { OperatorKind: BinaryOperatorKind.Add })
        && choice.Condition.DescendantsAndSelf().OfType<IInvocationOperation>().Any(test => test.TargetMethod.Name is "TryGetValue" or "ContainsKey" && KeyOf(test) == key.Syntax.ToString());

    private static bool IsNew(IOperation value) => value is IObjectCreationOperation { Type.IsReferenceType: true }
        || (value is IInvocationOperation { TargetMethod.Name: var name } && (name.StartsWith("Make", StringComparison.Ordinal) || name.StartsWith("Create", StringComparison.Ordinal) || name.StartsWith("Build", StringComparison.Ordinal)));

    private static bool IsMadeHere(IOperation value, IReadOnlyList<IOperation> before) => IsNew(value)
        || (value is ILocalReferenceOperation { Local: var local } && before.Any(operation => operation switch
        {
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment => SymbolEqualityComparer.Default.Equals(target.Local, local) && IsNew(assignment.Value.Bare()),
            IVariableDeclaratorOperation { Initializer.Value: var first } declarator => SymbolEqualityComparer.Default.Equals(declarator.Symbol, local) && IsNew(first.Bare()),
            _ => false,
        }));

    private static bool IsTarget(IOperation item) => item.Parent is IAssignmentOperation assignment && assignment.Target == item;

    // The value that was made here is used, though another thread may have added another one.
    private static bool IsUsedAfter(IInvocationOperation test, IConditionalOperation choice) => test.Arguments.Length > 1
        && test.Arguments[1].Value.DescendantsAndSelf().OfType<ILocalReferenceOperation>().FirstOrDefault()?.Local is { } value
        && IsMadeHere(test.Arguments[1].Value.DescendantsAndSelf().OfType<ILocalReferenceOperation>().First(), choice.WhenTrue.Own().ToList())
        && choice.Parent?.Descendants().Any(later => later.Syntax.SpanStart > choice.Syntax.Span.End && later is ILocalReferenceOperation use && SymbolEqualityComparer.Default.Equals(use.Local, value)) == true;
}
