using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <summary>What is taken out of a concurrent collection because of a value that was looked at before: by then it may be another value.</summary>
/// <param name="Act">What takes it out, or puts one in too many.</param>
/// <param name="Look">What looked at the value.</param>
/// <param name="Collection">The collection.</param>
internal sealed record AfterLook(IInvocationOperation Act, IOperation Look, IOperation Collection)
{
    private static readonly string[] Runners = ["Run", "Start", "Execute", "Process", "Loop", "Drain", "Flush", "Dispose", "Pump", "Consume"];
    private static readonly string[] Givers = ["Return", "Release", "Recycle", "Free", "Give", "Put", "Store", "Cache"];

    /// <summary>`if (map.TryGetValue(k, out var v) &amp;&amp; v.IsOld) map.TryRemove(k, out _)`, and the same in a loop over the pairs, where another member of the type replaces values.</summary>
    public static IEnumerable<AfterLook> Removed(Body body, TypeModel type)
    {
        foreach (var removal in body.Operations.OfType<IInvocationOperation>())
        {
            if (removal is { TargetMethod.Name: "TryRemove", Arguments: [{ Value: var key }, { Value: var taken }], Instance: { Type: { Name: "ConcurrentDictionary" } } map } && IsDropped(taken, body)
                && body.Places.Of(map) is { IsShared: true } place && Seen(removal, key, place, body) is { } look && type.Bodies.Any(other => other != body.Outermost && other.All.Any(part => part.Operations.Any(operation => Replaces(operation, place, part)))))
            {
                yield return new(removal, look, map);
            }
        }
    }

    /// <summary>`while (queue.TryPeek(out var x) &amp;&amp; IsOld(x)) queue.TryDequeue(out _)` in a method that several may call at once.</summary>
    public static IEnumerable<AfterLook> Taken(Body body, TypeModel type)
    {
        foreach (var take in body.Operations.OfType<IInvocationOperation>())
        {
            if (take is { TargetMethod.Name: "TryDequeue" or "TryPop", Arguments: [{ Value: var taken }], Instance: { } queue } && IsQueue(queue.Type) && IsDropped(taken, body) && IsIgnored(take)
                && body.Places.Of(queue) is { IsShared: true } place && Peeked(take, place, body) is { } look && IsForMany(take, body, type))
            {
                yield return new(take, look, queue);
            }
        }
    }

    /// <summary>`if (queue.Count >= limit) return false; queue.Enqueue(x); return true;`: who is told no counts on the limit.</summary>
    public static IEnumerable<AfterLook> Overfilled(Body body, TypeModel type)
    {
        foreach (var choice in body.Operations.OfType<IConditionalOperation>())
        {
            if (choice is not { WhenFalse: null, Parent: IBlockOperation block } || !Refuses(choice.WhenTrue) || choice.Condition.Bare() is not IBinaryOperation { OperatorKind: BinaryOperatorKind.GreaterThanOrEqual or BinaryOperatorKind.Equals, LeftOperand: IPropertyReferenceOperation { Property.Name: "Count", Instance: { } queue } count }
                || !IsQueue(queue.Type) || body.Places.Of(queue) is not { IsShared: true } place || !IsForMany(choice, body, type) || IsGiving(body))
            {
                continue;
            }

            var act = block.Operations.SkipWhile(operation => operation != choice).Skip(1).OfType<IExpressionStatementOperation>().Select(statement => statement.Operation).OfType<IInvocationOperation>()
                .FirstOrDefault(call => call.TargetMethod.Name is "Enqueue" or "Push" && call.Arguments is [{ Value.Type.IsValueType: true }] && place.Equals(body.Places.Of(call.Instance)));
            if (act is not null)
            {
                yield return new(act, count, queue);
            }
        }
    }

    private static bool IsQueue(ITypeSymbol? type) => type is { Name: "ConcurrentQueue" or "ConcurrentStack", ContainingNamespace.Name: "Concurrent" };

    // What comes out is not asked for.
    private static bool IsDropped(IOperation taken, Body body) => taken.Bare() is IDiscardOperation
        || (taken is IDeclarationExpressionOperation { Expression: ILocalReferenceOperation { Local: var local } } && body.UsesOf(local).Count() <= 1);

    private static bool IsIgnored(IInvocationOperation call) => call.Parent is IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation };

    // The look at the value that a condition around the removal asks about.
    private static IOperation? Seen(IInvocationOperation removal, IOperation key, Place map, Body body)
    {
        string name = key.Syntax.ToString();
        if (removal.FirstOuter<IForEachLoopOperation>() is { Collection: var all } && all.Bare() is IInvocationOperation query && Filtered(query) is { } source && map.Equals(body.Places.Of(source.Bare()))
            && removal.FirstOuter<IForEachLoopOperation>()!.Locals is [var item] && (name == item.Name || name == item.Name + ".Key"))
        {
            return query;
        }

        foreach (var local in Asked(removal).Where(asked => !IsActedOn(asked.Local, removal)))
        {
            if (removal.FirstOuter<IForEachLoopOperation>() is { } loop && map.Equals(body.Places.Of(loop.Collection.Bare())) && loop.Locals.Contains(local.Local, SymbolEqualityComparer.Default)
                && (local.Value is not null ? name == local.Local.Name + ".Key" : loop.Locals is [var first, var second] && name == first.Name && SymbolEqualityComparer.Default.Equals(second, local.Local)))
            {
                return loop.Collection;
            }

            var look = body.Operations.OfType<IInvocationOperation>().LastOrDefault(call => call.Syntax.SpanStart < removal.Syntax.SpanStart && call is { TargetMethod.Name: "TryGetValue", Arguments: [{ Value: var asked }, { Value: var given }] }
                && asked.Syntax.ToString() == key.Syntax.ToString() && IsGiven(given, local.Local) && map.Equals(body.Places.Of(call.Instance)));
            if (look is not null)
            {
                return look;
            }
        }

        return null;
    }

    // `map.Where(pair => pair.Value.IsOld).Select(pair => pair.Key).ToList()`
    private static IOperation? Filtered(IInvocationOperation query)
    {
        bool asks = false;
        for (var call = query; call.TargetMethod.ContainingType is { Name: "Enumerable", ContainingNamespace.Name: "Linq" } && call.Receiver() is { } source; call = (IInvocationOperation)source.Bare())
        {
            asks |= call.TargetMethod.Name == "Where" && call.Arguments[1].Value.Descendants().Any(part => part is IPropertyReferenceOperation { Property.Name: "Value", Instance: IParameterReferenceOperation })
                && !call.Arguments[1].Value.Descendants().OfType<IInvocationOperation>().Any(part => IsAct(part) && Owner(part) is IParameterReferenceOperation);
            if (source.Bare() is not IInvocationOperation)
            {
                return asks ? source : null;
            }
        }

        return null;
    }

    private static IOperation? Peeked(IInvocationOperation take, Place queue, Body body) => Asked(take)
        .Select(asked => body.Operations.OfType<IInvocationOperation>().LastOrDefault(call => call.Syntax.SpanStart < take.Syntax.SpanStart && call is { TargetMethod.Name: "TryPeek", Arguments: [{ Value: var given }] }
            && IsGiven(given, asked.Local) && queue.Equals(body.Places.Of(call.Instance))))
        .FirstOrDefault(look => look is not null);

    private static bool IsGiven(IOperation given, ILocalSymbol local) => given.DescendantsAndSelf().Any(part => part is ILocalReferenceOperation target && SymbolEqualityComparer.Default.Equals(target.Local, local));

    // The locals of whose value the conditions around ask something; for the pair of a dictionary, what is asked is its value.
    private static IEnumerable<(ILocalSymbol Local, ILocalReferenceOperation? Value)> Asked(IOperation act) => ConditionsAround(act).SelectMany(condition => condition.DescendantsAndSelf()).OfType<ILocalReferenceOperation>()
        .Where(use => use.Parent is not (IDeclarationExpressionOperation or IArgumentOperation { Parameter.RefKind: RefKind.Out }) && !IsNullTest(use))
        .Select(use => (use.Local, use.Parent is IPropertyReferenceOperation { Property.Name: "Value", Instance: var owner } && owner == use ? use : null));

    // `if (s.Deliver(message))`: the value has answered what was done to it, and what it is now does not change that.
    private static bool IsActedOn(ILocalSymbol local, IOperation act) => ConditionsAround(act).SelectMany(condition => condition.DescendantsAndSelf()).OfType<IInvocationOperation>()
        .Any(call => IsAct(call) && Owner(call) is ILocalReferenceOperation owner && SymbolEqualityComparer.Default.Equals(owner.Local, local));

    // Numbers, dates, texts and queries only tell.
    private static bool IsAct(IInvocationOperation call) => call.TargetMethod is { Name: not ("Equals" or "CompareTo" or "Contains" or "ContainsKey" or "ToString" or "GetType"), ContainingType: { IsValueType: false, SpecialType: SpecialType.None, Name: not "Enumerable" } };

    // The `v` of `v.Outbox?.Send()`.
    private static IOperation? Owner(IInvocationOperation call)
    {
        var owner = call.Receiver()?.Bare();
        while (owner is IMemberReferenceOperation { Instance: not null } or IConditionalAccessInstanceOperation)
        {
            owner = (owner is IMemberReferenceOperation member ? member.Instance : AccessOf(owner)?.Operation)?.Bare();
        }

        return owner;
    }

    private static IConditionalAccessOperation? AccessOf(IOperation instance)
    {
        var access = instance.FirstOuter<IConditionalAccessOperation>();
        while (access is not null && access.Operation.Syntax != instance.Syntax)
        {
            access = access.FirstOuter<IConditionalAccessOperation>();
        }

        return access;
    }

    private static bool IsNullTest(IOperation use) => (use.Parent is IConversionOperation conversion ? conversion.Parent : use.Parent) switch
    {
        IBinaryOperation test => test.LeftOperand.Bare().ConstantValue is { HasValue: true, Value: null } || test.RightOperand.Bare().ConstantValue is { HasValue: true, Value: null },
        IIsPatternOperation { Pattern: IConstantPatternOperation or INegatedPatternOperation { Pattern: IConstantPatternOperation } } => true,
        _ => false,
    };

    /// <summary>Whether it stands in a method that anybody may call at any time: not the loop of the one consumer, nor one that lets only one in.</summary>
    public static bool IsForMany(IOperation act, Body body, TypeModel type) => body.Outer is null
        && body.Symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.PropertyGet or MethodKind.ExplicitInterfaceImplementation } method
        && !Confined.Asks(type) && !IsRunner(method) && !HasEntry(act, body) && !IsInConsumer(act)
        && (IsOpen(method) || CallersOf(method, type).Any(caller => caller is { Outer: null, Symbol: IMethodSymbol { MethodKind: MethodKind.Ordinary } by } && IsOpen(by) && !IsRunner(by)));

    /// <summary>The conditions that were asked on the way to <paramref name="act"/>: around it, and of those before it that leave.</summary>
    public static IEnumerable<IOperation> ConditionsAround(IOperation act)
    {
        for (var (inner, outer) = (act, act.Parent); outer is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation); (inner, outer) = (outer, outer.Parent))
        {
            if (outer is IConditionalOperation choice && choice.Condition != inner)
            {
                yield return choice.Condition;
            }
            else if (outer is IWhileLoopOperation { Condition: { } test } && test != inner)
            {
                yield return test;
            }
            else if (outer is IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both && both.RightOperand == inner)
            {
                yield return both.LeftOperand;
            }
            else if (outer is IBlockOperation block)
            {
                // `if (!IsOld(x)) break;` before it.
                foreach (var leaving in block.Operations.TakeWhile(operation => operation != inner).OfType<IConditionalOperation>().Where(before => before.WhenFalse is null && before.WhenTrue.Leaves(Leaving.Block)))
                {
                    yield return leaving.Condition;
                }
            }
        }
    }

    private static bool Replaces(IOperation operation, Place map, Body body) => operation switch
    {
        IInvocationOperation { TargetMethod.Name: "TryUpdate" or "AddOrUpdate", Instance: { Type.Name: "ConcurrentDictionary" } target } call => map.Equals(body.Places.Of(target)) && !IsSameObject(call),
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { Type.Name: "ConcurrentDictionary" } target, Arguments: [{ Value: var key }] } } assignment => map.Equals(body.Places.Of(target)) && !IsNewKey(key, assignment, body),
        _ => false,
    };

    // `AddOrUpdate(k, make, (_, old) => { old.Hits++; return old; })`: the value stays.
    private static bool IsSameObject(IInvocationOperation update) => update.TargetMethod.Name == "AddOrUpdate" && update.Arguments.Select(argument => argument.Value.Bare()).OfType<IAnonymousFunctionOperation>().LastOrDefault() is { } factory
        && factory.Symbol.Parameters.Length >= 2 && factory.Body.Descendants().OfType<IReturnOperation>().All(leaving => leaving.ReturnedValue?.Bare() is IParameterReferenceOperation { Parameter: var old } && SymbolEqualityComparer.Default.Equals(old, factory.Symbol.Parameters[1]));

    // A key that was made for this value, that is of an object of its own, or that was seen to be missing: nothing is replaced.
    private static bool IsNewKey(IOperation key, IOperation assignment, Body body) => IsOfItsOwn(key.Bare(), body) || IsAfterMiss(key, assignment);

    private static bool IsOfItsOwn(IOperation key, Body body) => key switch
    {
        IInvocationOperation { TargetMethod.Name: "ToString", Instance: { } inner } => IsOfItsOwn(inner.Bare(), body),
        IPropertyReferenceOperation or IFieldReferenceOperation => true,
        ILocalReferenceOperation { Local: var local } when body.Locals.OnlyValue(local) is { } only => IsOfItsOwn(only.Bare(), body),
        _ => IsFresh(key),
    };

    private static bool IsFresh(IOperation made) => made is IInvocationOperation { TargetMethod.Name: "NewGuid" or "Increment" or "CreateVersion7" } or IObjectCreationOperation;

    private static bool IsAfterMiss(IOperation key, IOperation assignment) => ConditionsAround(assignment).SelectMany(condition => condition.DescendantsAndSelf()).OfType<IInvocationOperation>()
        .Any(call => call is { TargetMethod.Name: "ContainsKey" or "TryGetValue" or "TryAdd", Arguments: [{ Value: var asked }, ..] } && asked.Syntax.ToString() == key.Syntax.ToString());

    private static bool IsOpen(IMethodSymbol method) => method.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal || !method.ExplicitInterfaceImplementations.IsEmpty;

    private static bool IsRunner(IMethodSymbol method) => Runners.Any(word => method.Name.StartsWith(word, StringComparison.Ordinal)) || method.Name.StartsWith("On", StringComparison.Ordinal);

    private static bool IsGiving(Body body) => body.Outermost.Symbol is { Name: var name } && Givers.Any(word => name.Contains(word));

    // `if (Interlocked.CompareExchange(ref _trimming, 1, 0) != 0) return;`
    private static bool HasEntry(IOperation act, Body body) => body.Operations.OfType<IInvocationOperation>().Any(call => call.Syntax.SpanStart < act.Syntax.SpanStart
        && (call.TargetMethod.ContainingType.Name == "Interlocked" || call.TargetMethod.Name.Contains("Lock") || call.TargetMethod.Name.Contains("Enter") || call.TargetMethod.Name.Contains("Acquire")));

    // A loop around that waits for more: the consumer.
    private static bool IsInConsumer(IOperation act)
    {
        for (var loop = act.FirstOuter<ILoopOperation>(); loop is not null; loop = loop.FirstOuter<ILoopOperation>())
        {
            if (loop.Descendants().Any(part => part is IAwaitOperation or IInvocationOperation { TargetMethod.Name: "WaitOne" or "Wait" or "Sleep" }))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<Body> CallersOf(IMethodSymbol method, TypeModel type) => type.Bodies.SelectMany(body => body.All)
        .Where(body => body.Operations.Any(operation => operation.IsCallOf(method)));

    private static bool Refuses(IOperation arm) => (arm is IBlockOperation { Operations: [.., var last] } ? last : arm) switch
    {
        IReturnOperation { ReturnedValue: { } answer } => answer.Bare().ConstantValue is not { HasValue: true, Value: true },
        IThrowOperation or IExpressionStatementOperation { Operation: IThrowOperation } => true,
        _ => false,
    };
}
