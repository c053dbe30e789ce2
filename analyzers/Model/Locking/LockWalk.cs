using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Locking;

/// <summary>
/// Walks one body in order of evaluation and writes down what it does about locks, with what it holds at each step. It follows the structure of
/// the source, which costs little; a lock counts as held where every way that leads there has taken it.
/// </summary>
internal sealed class LockWalk
{
    private readonly Body _body;
    private readonly KnownTypes _known;
    private readonly CancellationToken _cancellation;
    private readonly List<LockStep> _steps = [];
    private readonly List<Jump> _jumps = [];

    // The timers whose last callback an event tells: `_timer.Dispose(done)`.
    private readonly Dictionary<Place, IOperation> _ends = [];

    // Null: nothing comes here.
    private LockState? _state = LockState.Free;

    private LockWalk(Body body, CancellationToken cancellation) => (_body, _known, _cancellation) = (body, body.Compilation.Known, cancellation);

    public static LockTrace Of(Body body, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var walk = new LockWalk(body, cancellation);
        if (body.Root is { } root)
        {
            walk.Synchronize();
            foreach (var child in root.ChildOperations)
            {
                walk.Walk(child);
            }
        }

        var end = walk._jumps.Where(jump => jump.Label is null).Aggregate(walk._state, (state, jump) => LockState.Join(state, jump.State));
        return new(body.Declaration, body.Outermost.Declaration, body.Symbol, walk._steps.ToImmutableArray(), end);
    }

    // `[MethodImpl(MethodImplOptions.Synchronized)]` is a lock around the body: on the object, or on its type.
    private void Synchronize()
    {
        if (_body.Outer is null && (_body.Mentions & Mentions.Lock) != 0 && SynchronizedAttribute(_body.Declaration) is { } attribute && _body.Symbol is IMethodSymbol { IsAsync: false, ContainingType: { } type } method
            && (method.MethodImplementationFlags & System.Reflection.MethodImplAttributes.Synchronized) != 0)
        {
            var held = new Held(method.IsStatic ? LockRef.OfType(type, _body) : new(type.OriginalDefinition, Place.This), LockKind.Monitor, attribute, IsScoped: true);
            _steps.Add(new AcquireStep(attribute, _state!, held) { Blocks = true });
            _state = _state!.Take(held);
        }
    }

    private static AttributeSyntax? SynchronizedAttribute(SyntaxNode declaration) => (declaration switch
    {
        BaseMethodDeclarationSyntax method => method.AttributeLists,
        AccessorDeclarationSyntax accessor => accessor.AttributeLists,
        _ => default,
    }).SelectMany(list => list.Attributes).FirstOrDefault(attribute => attribute.DescendantTokens().Any(token => token.ValueText == "Synchronized"));

    private void Walk(IOperation? operation)
    {
        if (operation is null || _state is null)
        {
            return;
        }

        switch (operation)
        {
            case IAnonymousFunctionOperation or ILocalFunctionOperation or INameOfOperation or ITypeOfOperation:
                break;
            case IBlockOperation block:
                Scoped(() =>
                {
                    WalkAll(block.Operations);
                    foreach (var use in block.Operations.OfType<IUsingDeclarationOperation>().Reverse().Where(use => use.IsAsynchronous))
                    {
                        DisposeOf(use.DeclarationGroup, use.Syntax, isAsynchronous: true);
                    }
                });
                break;
            case ILockOperation region:
                Walk(region.LockedValue);
                Scoped(() =>
                {
                    Take(region, (LockFact)_body.FactsAt(region)[0]);
                    Walk(region.Body);
                });
                break;
            case IUsingOperation use:
                Scoped(() =>
                {
                    Walk(use.Resources);
                    Walk(use.Body);
                    DisposeOf(use.Resources, use.Syntax, use.IsAsynchronous);
                });
                break;
            case ITryOperation attempt:
                WalkTry(attempt);
                break;
            case IConditionalOperation choice:
                var (then, otherwise) = Test(choice.Condition);
                _state = Join(Along(then, choice.WhenTrue), Along(otherwise, choice.WhenFalse));
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr }:
                var (yes, no) = Test(operation);
                _state = Join(yes, no);
                break;
            case ICoalesceOperation coalesce:
                Walk(coalesce.Value);
                _state = Join(_state, Along(_state, coalesce.WhenNull));
                break;
            case IConditionalAccessOperation access:
                Walk(access.Operation);
                _state = Join(_state, Along(_state, access.WhenNotNull));
                break;
            case ISwitchOperation choice:
                WalkSwitch(choice);
                break;
            case ISwitchExpressionOperation choice:
                Walk(choice.Value);
                var before = _state;
                _state = choice.Arms.Select(arm => Along(before, arm)).Aggregate((LockState?)null, Join);
                break;
            case ILoopOperation loop:
                WalkLoop(loop);
                break;
            case IReturnOperation { Kind: OperationKind.Return } end:
                Walk(end.ReturnedValue);
                Leave(null);
                break;
            case IBranchOperation branch:
                Leave(branch.Target);
                break;
            case IThrowOperation thrown:
                Walk(thrown.Exception);
                _state = null;
                break;
            case IVariableDeclaratorOperation declarator:
                WalkAll(declarator.ChildOperations);
                Remember(declarator.Symbol, (declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer)?.Value);
                break;
            case ISimpleAssignmentOperation assignment:
                WalkAll(assignment.ChildOperations);
                Remember((assignment.Target as ILocalReferenceOperation)?.Local, assignment.Value);
                break;
            default:
                WalkAll(operation.ChildOperations);
                if (_state is not null)
                {
                    Do(operation);
                }

                break;
        }
    }

    private void WalkAll(IEnumerable<IOperation> operations)
    {
        foreach (var operation in operations)
        {
            Walk(operation);
            if (_state is null)
            {
                return;
            }
        }
    }

    private LockState? Along(LockState? from, IOperation? operation)
    {
        _state = from;
        Walk(operation);
        return _state;
    }

    private static LockState? Join(LockState? one, LockState? other) => LockState.Join(one, other);

    // What the language gives back at the end of a block is given back on every way out of it.
    private void Scoped(System.Action walk)
    {
        int first = _jumps.Count;
        var before = _state!.Held;
        walk();
        LockState? Unwind(LockState? state) => state?.Held.Where(held => held.IsScoped && !before.Contains(held)).Aggregate(state, (inner, held) => inner.Without(held));
        _state = Unwind(_state);
        Rewrite(first, Unwind);
    }

    private void Rewrite(int first, System.Func<LockState?, LockState?> change)
    {
        for (int i = first; i < _jumps.Count; i++)
        {
            _jumps[i] = _jumps[i] with { State = change(_jumps[i].State)! };
        }
    }

    private void WalkTry(ITryOperation attempt)
    {
        int first = _jumps.Count;
        var before = _state!;
        Walk(attempt.Body);
        var end = _state;
        int jumpsOfBody = _jumps.Count;

        // An exception may come at any step: what was taken before the try is held, unless the try gives it back.
        var thrown = Join(before, _jumps.Take(jumpsOfBody).Skip(first).Aggregate(end, (state, jump) => Join(state, jump.State))) ?? before;
        foreach (var handler in attempt.Catches)
        {
            _state = thrown;
            Walk(handler.Filter);
            Walk(handler.Handler);
            end = Join(end, _state);
        }

        if (attempt.Finally is null)
        {
            _state = end;
            return;
        }

        var entry = _jumps.Skip(first).Aggregate(end, (state, jump) => Join(state, jump.State)) ?? thrown;
        int stepsBefore = _steps.Count, jumpsBefore = _jumps.Count;
        _state = entry;
        Walk(attempt.Finally);
        var given = _steps.Skip(stepsBefore).OfType<ReleaseStep>().ToList();
        var taken = _steps.Skip(stepsBefore).OfType<AcquireStep>().ToList();
        if (_state is null)
        {
            return;
        }

        LockState? Through(LockState? state) => taken.Aggregate(given.Aggregate(state, (rest, release) => rest?.Release(release.Lock, release.Kind)), (rest, acquire) => _state!.Held.Contains(acquire.Taken) ? rest?.Take(acquire.Taken) : rest);
        int count = _jumps.Count;
        for (int i = first; i < jumpsBefore && i < count; i++)
        {
            _jumps[i] = _jumps[i] with { State = Through(_jumps[i].State)! };
        }

        _state = end is null ? null : _state;
    }

    private void WalkSwitch(ISwitchOperation choice)
    {
        Walk(choice.Value);
        var before = _state;
        int first = _jumps.Count;
        bool hasDefault = choice.Cases.Any(one => one.Clauses.Any(clause => clause is IDefaultCaseClauseOperation));
        var end = hasDefault ? null : before;
        foreach (var one in choice.Cases)
        {
            _state = before;
            WalkAll(one.Clauses);
            WalkAll(one.Body);
            end = Join(end, _state);
        }

        _state = Arrive(choice.ExitLabel, first, end);
    }

    private void WalkLoop(ILoopOperation loop)
    {
        int first = _jumps.Count;
        LockState? left;
        switch (loop)
        {
            case IForLoopOperation counting:
                WalkAll(counting.Before);
                left = Round(counting.Condition, counting.Body, first, loop, counting.AtLoopBottom);
                break;
            case IWhileLoopOperation { ConditionIsTop: true } testing:
                left = Round(testing.Condition, testing.Body, first, loop, []);
                break;
            case IWhileLoopOperation testing:
                Walk(testing.Body);
                _state = Arrive(loop.ContinueLabel, first, _state);
                var (again, done) = testing.Condition is { } condition && _state is not null ? Test(condition) : (_state, _state);
                left = testing.ConditionIsUntil ? again : done;
                break;
            case IForEachLoopOperation { Collection: var collection } each:
                Walk(collection);
                if (each.IsAsynchronous && _state is not null)
                {
                    _steps.Add(new AwaitStep(each.Syntax, _state));
                }

                left = Round(null, each.Body, first, loop, []);
                break;
            default:
                left = Round(null, loop.Body, first, loop, []);
                break;
        }

        _state = Arrive(loop.ExitLabel, first, left);
    }

    // One round tells what happens in all: what a round takes and keeps is another rule's business.
    private LockState? Round(IOperation? condition, IOperation body, int first, ILoopOperation loop, IEnumerable<IOperation> bottom)
    {
        if (_state is null)
        {
            return null;
        }

        bool isEndless = condition is null && loop is not IForEachLoopOperation;
        var (go, done) = condition is null ? (_state, isEndless ? null : _state) : Test(condition);
        _state = go;
        Walk(body);
        _state = Arrive(loop.ContinueLabel, first, _state);
        WalkAll(bottom);
        return done is null ? null : Join(done, _state is null || condition is not null ? done : _state);
    }

    private void Leave(ILabelSymbol? label)
    {
        if (_state is not null)
        {
            _jumps.Add(new(label, _state));
        }

        _state = null;
    }

    private LockState? Arrive(ILabelSymbol label, int first, LockState? state)
    {
        for (int i = _jumps.Count - 1; i >= first; i--)
        {
            if (SymbolEqualityComparer.Default.Equals(_jumps[i].Label, label))
            {
                state = Join(state, _jumps[i].State);
                _jumps.RemoveAt(i);
            }
        }

        return state;
    }

    /// <summary>What is held when the condition holds, and when it does not.</summary>
    private (LockState? WhenTrue, LockState? WhenFalse) Test(IOperation condition)
    {
        switch (condition)
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                var (wrong, right) = Test(not.Operand);
                return (right, wrong);
            case IParenthesizedOperation inner:
                return Test(inner.Operand);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both:
                var (first, notFirst) = Test(both.LeftOperand);
                _state = first;
                var (all, notSecond) = first is null ? (null, null) : Test(both.RightOperand);
                return (all, Join(notFirst, notSecond));
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either:
                var (one, neither) = Test(either.LeftOperand);
                _state = neither;
                var (other, none) = neither is null ? (null, null) : Test(either.RightOperand);
                return (Join(one, other), none);
            case { ConstantValue: { HasValue: true, Value: bool constant } }:
                return constant ? (_state, null) : (null, _state);
            case ILocalReferenceOperation { Local: var flag }:
                return (_state?.AfterTest(flag, true), _state?.AfterTest(flag, false));
        }

        WalkAll(condition.ChildOperations);
        if (_state is null)
        {
            return (null, null);
        }

        if (Attempt(condition) is { } attempt && HeldOf(attempt) is { } held)
        {
            _steps.Add(new AcquireStep(condition.Syntax, _state, held));
            return (_state.Take(held), _state);
        }

        if (condition is ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment)
        {
            Remember(target.Local, assignment.Value);
            return (_state.AfterTest(target.Local, true), _state.AfterTest(target.Local, false));
        }

        Do(condition);
        return (_state, _state);
    }

    // The flag that an attempt answers in is true when the lock is held.
    private void Remember(ISymbol? flag, IOperation? value)
    {
        if (flag is not null && _state is not null && value is not null && Attempt(value.Bare()) is { } attempt && HeldOf(attempt) is { } held)
        {
            _state = _state.TakeIf(flag, held);
        }
    }

    private LockFact? Attempt(IOperation operation) =>
        operation is IInvocationOperation or IAwaitOperation && _body.FactsAt(operation).OfType<LockFact>().FirstOrDefault(fact => fact is { Action: LockAction.TryAcquire, Taken: null }) is { } attempt && !WaitsForEver(attempt) ? attempt : null;

    private void Do(IOperation operation)
    {
        switch (operation)
        {
            case IInvocationOperation call:
                Call(call);
                break;
            case IAwaitOperation awaiting:
                Await(awaiting);
                break;
            case IObjectCreationOperation { Constructor: { } constructor } creation:
                // A new object is nobody else's yet, so the locks that it owns make nobody wait.
                Run(creation, new() { Method = constructor.OriginalDefinition, Receiver = new(constructor.ContainingType, null) { IsFresh = true }, Arguments = ArgumentsOf(creation.Arguments) });
                break;
            case IPropertyReferenceOperation property:
                Use(property);
                break;
            case IInterpolationOperation { Expression: var shown }:
                Show(shown.Bare());
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } text:
                Show(text.LeftOperand.Bare());
                Show(text.RightOperand.Bare());
                break;
        }
    }

    private void Call(IInvocationOperation call)
    {
        var facts = _body.FactsAt(call);
        var locks = Net(facts);
        foreach (var fact in locks)
        {
            Apply(call, fact);
        }

        if (facts.OfType<ChannelFact>().Any(fact => fact.Via is null))
        {
            _steps.Add(new ChannelStep(call.Syntax, _state!));
        }

        if (facts.OfType<SpawnFact>().FirstOrDefault() is { } spawn)
        {
            if (spawn.IsJoined)
            {
                foreach (var work in spawn.Works)
                {
                    Run(call, CalleeOf(work), beside: true);
                }
            }
            else if (IsReturned(call) && _body.Symbol is IMethodSymbol { IsAsync: false })
            {
                // Who waits for this body's task waits for the work, when the locks of this body have been given back.
                var held = _state;
                _state = LockState.Free;
                foreach (var work in spawn.Works)
                {
                    Run(call, CalleeOf(work), beside: true);
                }

                _state = held;
            }
        }
        else if (IsLibrary(call.TargetMethod))
        {
            Library(call);
        }
        else if (!locks.Any(fact => fact.Action != LockAction.Release))
        {
            CallOwn(call);
        }
    }

    // What is left when the operation is over. A helper that takes and gives back changes nothing, and what it does on some paths only is not known here.
    private static List<LockFact> Net(IEnumerable<Fact> facts) => facts.OfType<LockFact>()
        .GroupBy(fact => (fact.Lock, fact.Kind))
        .Where(group => group.Select(fact => fact.Action == LockAction.Release).Distinct().Count() == 1)
        .Select(group => group.First())
        .Where(fact => fact.Via is null || fact.Always)
        .ToList();

    private bool IsLibrary(IMethodSymbol method) => method.MethodKind is not (MethodKind.DelegateInvoke or MethodKind.LocalFunction) && !_body.Compilation.Owns(method);

    private void CallOwn(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (IsIterator(method) && !IsConsumed(call))
        {
            return;
        }

        if (Waits.IsAwaitable(method.ReturnType, _known) && !Joins.InPlace(call) && !Joins.InCombination(call))
        {
            // The caller's caller waits for it, when the locks of this body have been given back.
            if (IsReturned(call) && _body.Symbol is IMethodSymbol { IsAsync: false })
            {
                var held = _state;
                _state = LockState.Free;
                Run(call, CalleeOf(call));
                _state = held;
            }

            return;
        }

        Run(call, CalleeOf(call), blocking: Waits.IsAwaitable(method.ReturnType, _known) && !IsWithinAwait(call) && !AsksForSync(call));
    }

    // `Flush(async: false).GetAwaiter().GetResult()`: the task is over when the call returns, and no other thread had a part in it.
    private static bool AsksForSync(IInvocationOperation call) => call.Arguments.Any(argument =>
        argument is { Parameter: { Type.SpecialType: SpecialType.System_Boolean, Name: var name }, Value.ConstantValue: { HasValue: true, Value: false } } && name.IndexOf("async", System.StringComparison.OrdinalIgnoreCase) >= 0);

    private static bool IsWithinAwait(IOperation task)
    {
        for (var outer = task.Parent; outer is not (null or IBlockOperation or IAnonymousFunctionOperation); outer = outer.Parent)
        {
            if (outer is IAwaitOperation)
            {
                return true;
            }
        }

        return false;
    }

    // Its code runs when somebody asks for the elements.
    private static bool IsIterator(IMethodSymbol method) => method.ReturnType.Name is "IEnumerable" or "IEnumerator" or "IAsyncEnumerable"
        && method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } declaration && declaration.DescendantNodes().Any(node => node is YieldStatementSyntax);

    private static bool IsReturned(IOperation value)
    {
        while (value.Parent is IConversionOperation or IParenthesizedOperation or IConditionalAccessOperation or IConditionalOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" } or IArgumentOperation { Parent: IObjectCreationOperation { Type.Name: "ValueTask" } } or IObjectCreationOperation { Type.Name: "ValueTask" })
        {
            value = value.Parent;
        }

        return value.Parent is IReturnOperation;
    }

    private Callee? CalleeOf(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        return method.MethodKind switch
        {
            MethodKind.DelegateInvoke => CalleeOf(call.Instance is IConditionalAccessInstanceOperation or null ? WhatIsAccessed(call.Instance) : call.Instance.Bare()) is { } callee
                ? callee with { Arguments = ArgumentsOf(call.Arguments) }
                : null,
            MethodKind.LocalFunction => _body.Outermost.InnerOf(method) is { } inner ? new() { Inner = inner.Declaration, Arguments = ArgumentsOf(call.Arguments), Delegates = DelegatesOf(call.Arguments) } : null,
            _ => new()
            {
                Method = method.OriginalDefinition,
                IsVirtual = call.IsVirtual,
                Receiver = PlaceOf(call.Instance),
                ReceiverType = call.Instance?.Type,
                Arguments = ArgumentsOf(call.Arguments),
                Delegates = DelegatesOf(call.Arguments),
            },
        };
    }

    private ImmutableArray<(IParameterSymbol Parameter, Callee Code)> DelegatesOf(ImmutableArray<IArgumentOperation> arguments)
    {
        var builder = ImmutableArray.CreateBuilder<(IParameterSymbol, Callee)>();
        foreach (var argument in arguments)
        {
            if (argument.Parameter is { Type.TypeKind: TypeKind.Delegate } parameter && CalleeOf(argument.Value) is { } code)
            {
                builder.Add((parameter.OriginalDefinition, code));
            }
        }

        return builder.ToImmutable();
    }

    private static IOperation? WhatIsAccessed(IOperation? inside)
    {
        for (var outer = inside; outer?.Parent is { } parent; outer = parent)
        {
            if (parent is IConditionalAccessOperation access && access.WhenNotNull == outer)
            {
                return access.Operation.Bare();
            }
        }

        return inside;
    }

    // A lambda, a method group, or a variable that holds a delegate.
    private Callee? CalleeOf(IOperation? work)
    {
        switch (work?.Bare())
        {
            case IAnonymousFunctionOperation lambda:
                return new() { Inner = lambda.Syntax };
            case IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction } reference:
                return _body.Outermost.InnerOf(reference.Method) is { } inner ? new() { Inner = inner.Declaration } : null;
            case IMethodReferenceOperation reference:
                return new() { Method = reference.Method.OriginalDefinition, IsVirtual = reference.IsVirtual, Receiver = PlaceOf(reference.Instance), ReceiverType = reference.Instance?.Type };
            case ILocalReferenceOperation { Local: var local }:
                return _body.Locals.OnlyValue(local) is { } only && only.Bare() is not ILocalReferenceOperation ? CalleeOf(only)
                    : LockRef.CollectionOfLoop(local, _body) is { } many ? new() { Variable = many.OriginalDefinition, Receiver = many is IFieldSymbol { IsStatic: false } ? Self : null } : null;
            case IParameterReferenceOperation { Parameter: var parameter }:
                return new() { Variable = parameter.OriginalDefinition, Receiver = Self };
            case IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol or IEventSymbol } member when member.Member.Kind != SymbolKind.Method:
                return _body.Compilation.Owns(member.Member) ? new() { Variable = member.Member.OriginalDefinition, Receiver = PlaceOf(member.Instance) } : null;
            default:
                return null;
        }
    }

    private LockRef Self => new(_body.Compilation.Compilation.Assembly, Place.This);

    private LockRef? PlaceOf(IOperation? operation) => LockRef.Of(operation, _body);

    private ImmutableArray<(IParameterSymbol Parameter, LockRef Value)> ArgumentsOf(ImmutableArray<IArgumentOperation> arguments)
    {
        var builder = ImmutableArray.CreateBuilder<(IParameterSymbol, LockRef)>();
        foreach (var argument in arguments)
        {
            if (argument.Parameter is { Type.IsReferenceType: true } parameter && LockRef.Of(argument.Value, _body) is { } value)
            {
                builder.Add((parameter.OriginalDefinition, value));
            }
        }

        return builder.ToImmutable();
    }

    private void Run(IOperation operation, Callee? callee, bool beside = false, bool blocking = false)
    {
        if (callee is not null && (callee.Method is null || _body.Compilation.Owns(callee.Method)))
        {
            _steps.Add(new CallStep(operation.Syntax, _state!, callee, beside) { IsBlocking = blocking });
        }
    }

    private void Use(IPropertyReferenceOperation property)
    {
        if (property.Property.Name == "Result" && _known[property.Property.ContainingType] is KnownType.TaskOfT or KnownType.ValueTaskOfT)
        {
            Join(property, property.Instance);
            return;
        }

        // The first who asks for the value of a Lazy runs its factory, and who comes meanwhile waits.
        if (property is { Property: { Name: "Value", ContainingType: { Name: "Lazy", ContainingNamespace.Name: "System" } }, Instance: { } lazy })
        {
            var before = _state!;
            if (PlaceOf(lazy) is { } named && !Waits.IsAwaitable(property.Type, _known) && MakesOthersWait(named))
            {
                var held = new Held(named, LockKind.Monitor, property.Syntax);
                _steps.Add(new AcquireStep(property.Syntax, before, held) { Blocks = true });
                _state = before.Take(held);
            }

            Run(property, CalleeOf(lazy));
            _state = before;
            return;
        }

        bool isWritten = property.Parent is IAssignmentOperation assignment && assignment.Target == property;
        var accessor = isWritten ? property.Property.SetMethod : property.Property.GetMethod;
        if (accessor is { IsImplicitlyDeclared: false } && _body.Compilation.Owns(accessor))
        {
            Run(property, new() { Method = accessor.OriginalDefinition, IsVirtual = accessor.IsVirtual || accessor.IsAbstract || accessor.IsOverride, Receiver = PlaceOf(property.Instance), ReceiverType = property.Instance?.Type });
        }
    }

    // Text made of an object runs its ToString.
    private void Show(IOperation shown)
    {
        if (shown.Type is INamedTypeSymbol { IsReferenceType: true } type && _body.Compilation.Owns(type)
            && type.GetMembers("ToString").OfType<IMethodSymbol>().FirstOrDefault(method => method.IsOverride && method.Parameters.IsEmpty && !method.IsImplicitlyDeclared) is { } text)
        {
            Run(shown, new() { Method = text, Receiver = PlaceOf(shown), ReceiverType = type });
        }
    }

    private void DisposeOf(IOperation resources, SyntaxNode syntax, bool isAsynchronous)
    {
        if (_state is null)
        {
            return;
        }

        if (isAsynchronous)
        {
            _steps.Add(new AwaitStep(syntax, _state));
        }

        var place = resources is IVariableDeclarationGroupOperation { Declarations: [{ Declarators: [{ Symbol: var local }] }] } ? new LockRef(local, Place.Of(local)) : null;
        var type = resources is IVariableDeclarationGroupOperation { Declarations: [{ Declarators: [{ Symbol.Type: var declared }] }] } ? declared : resources.Bare().Type;
        if (type is INamedTypeSymbol { TypeKind: TypeKind.Class } && _body.Compilation.Owns(type) && !_state.Held.IsEmpty
            && type.GetMembers(isAsynchronous ? "DisposeAsync" : "Dispose").OfType<IMethodSymbol>().FirstOrDefault(method => method.Parameters.IsEmpty) is { } dispose)
        {
            _steps.Add(new CallStep(resources.Syntax, _state, new Callee { Method = dispose.OriginalDefinition, IsVirtual = true, Receiver = place, ReceiverType = type }, false));
        }
    }

    private void Await(IAwaitOperation awaiting)
    {
        foreach (var fact in Net(_body.FactsAt(awaiting)))
        {
            Apply(awaiting, fact);
        }

        _steps.Add(new AwaitStep(awaiting.Syntax, _state!));
        if (awaiting.Awaited() is not IInvocationOperation)
        {
            Join(awaiting, awaiting.Operation);
        }
        else if (awaiting.Awaited() is IInvocationOperation { TargetMethod: { Name: "DisposeAsync", ContainingType: var disposed }, Instance: { } timer } && _known[disposed] == KnownType.ThreadingTimer)
        {
            // It waits until the callback is over.
            Join(awaiting, timer);
        }
        else if (awaiting.Awaited() is IInvocationOperation { TargetMethod: { Name: "WhenAll", ContainingType: var owner } } all && _known[owner] == KnownType.Task)
        {
            JoinAll(awaiting, all);
        }
    }

    private void JoinAll(IOperation operation, IInvocationOperation all)
    {
        foreach (var task in all.Arguments.SelectMany(argument => argument.Value.Items()))
        {
            Join(operation, task);
        }
    }

    private void Join(IOperation operation, IOperation? task)
    {
        var joined = task?.Bare();
        while (joined is IInvocationOperation { TargetMethod: { Name: "ToArray" or "ToList", Parameters.Length: <= 1 } } copy && copy.Receiver() is { } many)
        {
            joined = many.Bare();
        }

        if (joined is not null && _body.Places.OfTarget(joined.ThroughTaskAdapters()) is { } work)
        {
            _steps.Add(new JoinStep(operation.Syntax, _state!, work) { IsAwait = operation is IAwaitOperation });
        }
    }

    // What is taken here, or given back.
    private void Apply(IOperation operation, LockFact fact)
    {
        if (fact.Action == LockAction.Release)
        {
            if (RefOf(fact) is { } released)
            {
                _steps.Add(new ReleaseStep(operation.Syntax, _state!, released, fact.Kind));
                _state = _state!.Release(released, fact.Kind);
            }
        }
        else if (fact.Action == LockAction.Acquire || WaitsForEver(fact))
        {
            Take(operation, fact);
        }
        else if (HeldOf(fact) is { } held)
        {
            _steps.Add(new AcquireStep(operation.Syntax, _state!, held));
            if (fact.Taken?.Symbol is { } flag)
            {
                _state = _state!.TakeIf(flag, held);
            }
        }
    }

    private void Take(IOperation operation, LockFact fact)
    {
        if (HeldOf(fact) is not { } held)
        {
            return;
        }

        held = held with { IsScoped = fact.IsScoped || operation.IsUsingResource() };
        _steps.Add(new AcquireStep(operation.Syntax, _state!, held) { Blocks = !ThrowsInTime(fact) && !IsAsked(operation, held) });
        _state = _state!.Take(held);
        if (fact.Taken?.Symbol is { } flag)
        {
            _state = _state.TakeIf(flag, held);
        }
    }

    private Held? HeldOf(LockFact fact) => RefOf(fact) is { } taken ? new(taken, fact.Kind, fact.Operation.Syntax, fact.IsScoped) : null;

    private LockRef? RefOf(LockFact fact) => (fact.Target is not null ? LockRef.Of(fact.Target, _body) : fact.Lock is { } place ? LockRef.Of(place, _body, fact.Via) : null) is { } named
        ? named with { Class = _body.Compilation.Locks.Origins.FirstNameOf(named.Class, _cancellation) }
        : null;

    private bool MakesOthersWait(LockRef lazy) => new Sources(_body.Compilation, _cancellation).Of(lazy.Class).Select(source => source.Value.Bare()).ToList() is { Count: > 0 } makes
        && makes.TrueForAll(make => make is IObjectCreationOperation { Arguments: var arguments } && arguments.All(argument => argument.Value.Type?.TypeKind == TypeKind.Delegate || argument.Value.ConstantValue is { HasValue: true, Value: true or (int)LazyThreadSafetyMode.ExecutionAndPublication }));

    // `if (_gate.CurrentCount > 0) { _gate.Wait(); }`: it is free, so nobody waits.
    private bool IsAsked(IOperation acquire, Held held)
    {
        if (held.Kind != LockKind.Semaphore)
        {
            return false;
        }

        for (var outer = acquire.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IConditionalOperation { Condition: var condition } && condition.DescendantsAndSelf().Any(part => part is IPropertyReferenceOperation { Property.Name: "CurrentCount", Instance: { } asked } && PlaceOf(asked)?.IsSameObject(held.Lock) == true))
            {
                return true;
            }
        }

        return false;
    }

    // `ReaderWriterLock` throws when its time is over.
    private static bool ThrowsInTime(LockFact fact) => fact is { Via: null, Operation: IInvocationOperation { TargetMethod.Name: "AcquireReaderLock" or "AcquireWriterLock" } } && !WaitsForEver(fact);

    private static bool WaitsForEver(LockFact fact) => fact.Operation is var operation
        && (operation is IAwaitOperation awaiting ? awaiting.Awaited() : operation) is IInvocationOperation { Arguments: [.., { Value: var last }] } call
        && call.Arguments.Select(argument => argument.Value).Append(last).Any(argument => argument.Bare() is IFieldReferenceOperation { Field.Name: "Infinite" or "InfiniteTimeSpan" } || argument is { ConstantValue: { HasValue: true, Value: -1 } });

    private void Library(IInvocationOperation call)
    {
        var owner = _known[call.TargetMethod.ContainingType];
        switch (call.TargetMethod.Name)
        {
            case "Wait" or "GetResult" or "Join" when (owner is KnownType.Task or KnownType.TaskOfT or KnownType.TaskAwaiter or KnownType.TaskAwaiterOfT or KnownType.Thread || call.TargetMethod.ContainingType.Name is "ConfiguredTaskAwaiter" or "ValueTaskAwaiter" or "ConfiguredValueTaskAwaiter") && call.Arguments.All(argument => argument.Value.Type?.Name == "CancellationToken"):
                Join(call, call.Instance);
                break;
            case "WaitAll" when owner == KnownType.Task && call.Arguments.Length == 1:
                JoinAll(call, call);
                break;
            case "Dispose" when owner == KnownType.ThreadingTimer && call.Arguments is [{ Value: var done }] && _body.Places.Of(done) is { } told:
                _ends[told] = call.Instance!;
                break;
            case "Wait" or "WaitOne" when _ends.Count > 0 && call.Arguments.All(argument => argument.IsImplicit) && _body.Places.Of(call.Instance) is { } ended && _ends.TryGetValue(ended, out var timer):
                Join(call, timer);
                break;
            case "Wait" or "WaitOne" or "SignalAndWait" or "Take" when IsEvent(call.Instance?.Type) && call.Arguments.All(argument => argument.IsImplicit || argument.Value.Type?.Name == "CancellationToken"):
                Signal(call, call.Instance, isWait: true);
                break;
            case "Set" or "Signal" or "SetResult" or "TrySetResult" when IsEvent(call.Instance?.Type) || call.Instance?.Type?.Name == "TaskCompletionSource":
                Signal(call, call.Instance, isWait: false);
                break;
            case "Wait" when owner == KnownType.Monitor && call.Arguments.Length == 1:
            case "Pulse" or "PulseAll" when owner == KnownType.Monitor:
                Signal(call, call.Arguments.FirstOrDefault()?.Value, isWait: call.TargetMethod.Name == "Wait");
                break;
            default:
                if (RunsInPlace(call, owner))
                {
                    foreach (var argument in call.Arguments.Where(argument => argument.Value.Type?.TypeKind == TypeKind.Delegate))
                    {
                        Run(call, CalleeOf(argument.Value));
                    }
                }

                break;
        }
    }

    private void Signal(IOperation operation, IOperation? target, bool isWait)
    {
        if (target is not null && _body.Places.Of(target) is { } signal)
        {
            string method = ((IInvocationOperation)operation).TargetMethod.Name;
            _steps.Add(isWait ? new WaitStep(operation.Syntax, _state!, signal, method) : new SignalStep(operation.Syntax, _state!, signal, method));
        }
    }

    private static bool IsEvent(ITypeSymbol? type) => type is { Name: "ManualResetEvent" or "ManualResetEventSlim" or "AutoResetEvent" or "EventWaitHandle" or "CountdownEvent", ContainingNamespace: { Name: "Threading", ContainingNamespace.Name: "System" } };

    // A library method that calls what it is given, before it returns.
    private static bool RunsInPlace(IInvocationOperation call, KnownType owner) => (owner, call.TargetMethod.Name) switch
    {
        (KnownType.ListOfT or KnownType.Array, "ForEach" or "RemoveAll" or "Find" or "FindAll" or "FindIndex" or "FindLast" or "Exists" or "TrueForAll" or "ConvertAll" or "Sort") => true,
        (KnownType.Enumerable, "Any" or "All" or "Count" or "First" or "FirstOrDefault" or "Last" or "LastOrDefault" or "Single" or "SingleOrDefault" or "Sum" or "Min" or "Max" or "MinBy" or "MaxBy" or "Average" or "Aggregate" or "ToDictionary" or "ToLookup" or "ToHashSet") => true,
        (KnownType.Enumerable, _) => IsConsumed(call),
        (_, "GetOrAdd" or "AddOrUpdate") => call.TargetMethod.ContainingType.Name is "ConcurrentDictionary" or "ImmutableInterlocked",
        (_, "EnsureInitialized") => true,
        _ => false,
    };

    private static bool IsConsumed(IOperation sequence)
    {
        while (sequence.Parent is IConversionOperation or IArgumentOperation or IInvocationOperation { TargetMethod.ContainingType.Name: "Enumerable" })
        {
            sequence = sequence.Parent;
            if (sequence is IInvocationOperation { TargetMethod.Name: "ToList" or "ToArray" or "ToDictionary" or "ToHashSet" or "Any" or "All" or "Count" or "First" or "FirstOrDefault" or "Sum" or "Min" or "Max" })
            {
                return true;
            }
        }

        return sequence.Parent is IForEachLoopOperation || sequence.Parent?.Syntax is CollectionExpressionSyntax or SpreadElementSyntax;
    }

    /// <summary>A way to elsewhere: to a label, or out of the body.</summary>
    private readonly record struct Jump(ILabelSymbol? Label, LockState State);
}
