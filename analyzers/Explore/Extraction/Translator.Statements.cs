using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Explore;

/// <content>Statements.</content>
internal sealed partial class Translator
{
    private const string Box = "box";

    private static readonly Failures[] EachFailure = [Failures.Cancelled, Failures.Closed, Failures.Misused, Failures.Other];

    private void Run(IOperation? statement)
    {
        if (statement is null || _gaveUp || _emitter.IsTooLarge)
        {
            return;
        }

        if (++_depth > MostDepth)
        {
            _gaveUp = true;
        }
        else
        {
            _cancellation.ThrowIfCancellationRequested();
            RunStatement(statement);
        }

        _depth--;
    }

    private void RunStatement(IOperation statement)
    {
        switch (statement)
        {
            case IBlockOperation block:
                RunAll(block.Operations, 0);
                break;
            case IExpressionStatementOperation expression:
                Effect(expression.Operation);
                break;
            case IVariableDeclarationGroupOperation group:
                foreach (var declaration in group.Declarations)
                {
                    Declare(declaration);
                }

                break;
            case IVariableDeclarationOperation declaration:
                Declare(declaration);
                break;
            case IReturnOperation { Kind: OperationKind.Return } returned:
                Return(returned);
                break;
            case IConditionalOperation conditional:
                RunIf(conditional);
                break;
            case IWhileLoopOperation loop:
                RunWhile(loop);
                break;
            case IForLoopOperation loop:
                RunFor(loop);
                break;
            case IForEachLoopOperation loop:
                RunForEach(loop);
                break;
            case ITryOperation guarded:
                RunTry(guarded);
                break;
            case ILockOperation locked:
                var gate = Value(locked.LockedValue);
                _emitter.Emit(new Do(-1, Act.Acquire, ImmutableArray.Create(gate)) { Label = At(locked.LockedValue, $"lock ({Short(locked.LockedValue.Syntax)})") });
                Guard(() => Run(locked.Body), () => _emitter.Emit(new Do(-1, Act.Release, ImmutableArray.Create(gate))));
                break;
            case IUsingOperation resource:
                Using(resource.Resources, () => Run(resource.Body), resource.IsAsynchronous);
                break;
            case IThrowOperation thrown:
                RunThrow(thrown);
                break;
            case IBranchOperation branch:
                if (_targets.TryGetValue(branch.Target, out var target))
                {
                    Leave(target.Scopes, () => _emitter.GoTo(target.Mark));
                }
                else
                {
                    _gaveUp = true;
                }

                break;
            case ISwitchOperation choice:
                RunSwitch(choice);
                break;
            case ILabeledOperation or IReturnOperation:
                // Goto and iterators.
                _gaveUp = true;
                break;
            case ILocalFunctionOperation or IEmptyOperation or IStopOperation:
                break;
            case IInvalidOperation { Syntax: LockStatementSyntax } broken:
                // What Roslyn makes of a Lock where the context is nullable.
                _gaveUp = broken.ChildOperations.Count == 0;
                break;
            default:
                Effect(statement);
                break;
        }
    }

    // A using declaration guards what stands behind it.
    private void RunAll(ImmutableArray<IOperation> statements, int from)
    {
        for (var i = from; i < statements.Length; i++)
        {
            if (statements[i] is IUsingDeclarationOperation declaration)
            {
                var next = i + 1;
                Using(declaration.DeclarationGroup, () => RunAll(statements, next), declaration.IsAsynchronous);
                return;
            }

            Run(statements[i]);
        }
    }

    private void Declare(IVariableDeclarationOperation declaration)
    {
        foreach (var declarator in declaration.Declarators)
        {
            var initializer = declarator.Initializer ?? declaration.Initializer;
            DeclareLocal(declarator.Symbol, initializer is null ? null : Value(initializer.Value));
        }
    }

    private void DeclareLocal(ISymbol local, Operand? value)
    {
        var register = RegisterOf(local);
        if (_variables.IsBoxed(local))
        {
            _emitter.Emit(new Make(register, Box));
            if (value is { } first)
            {
                _emitter.Emit(new Store(Operand.Register(register), Box, first));
            }
        }
        else
        {
            _emitter.Emit(new Set(register, value ?? Operand.Null));
        }
    }

    private int RegisterOf(ISymbol variable)
    {
        if (!_registers.TryGetValue(variable, out var register))
        {
            _registers[variable] = register = _emitter.NewRegister();
        }

        return register;
    }

    private void Return(IReturnOperation returned)
    {
        Operand value;
        if (returned.ReturnedValue is not { } expression)
        {
            value = Operand.Null;
        }
        else if (_awaitsReturned)
        {
            value = AwaitOf(expression, expression);
        }
        else
        {
            value = Value(expression);
        }

        if (_scopes.Count > 0 && value.Kind == OperandKind.Register)
        {
            var kept = Fresh();
            SetTo(kept, value);
            value = kept;
        }

        Leave(0, () => _emitter.Emit(new Return(value)));
    }

    /// <summary>Leaves the scopes down to that many, by way of their clean-up.</summary>
    private void Leave(int scopes, Action then)
    {
        var left = new Stack<Scope>();
        var handlers = _emitter.Handlers;
        while (_scopes.Count > scopes)
        {
            var scope = _scopes.Pop();
            left.Push(scope);
            _emitter.Handlers = scope.Around;
            scope.CleanUp();
        }

        then();
        _emitter.Handlers = handlers;
        while (left.Count > 0)
        {
            _scopes.Push(left.Pop());
        }
    }

    private void RunIf(IConditionalOperation conditional)
    {
        int yes = _emitter.NewMark(), no = _emitter.NewMark(), end = _emitter.NewMark();
        Condition(conditional.Condition, yes, no);
        _emitter.Place(yes);
        Run(conditional.WhenTrue);
        _emitter.GoTo(end);
        _emitter.Place(no);
        Run(conditional.WhenFalse);
        _emitter.Place(end);
    }

    private void Loop(ILoopOperation loop, int again, int exit)
    {
        _targets[loop.ContinueLabel] = (again, _scopes.Count);
        _targets[loop.ExitLabel] = (exit, _scopes.Count);
        Run(loop.Body);
    }

    private void RunWhile(IWhileLoopOperation loop)
    {
        int body = _emitter.NewMark(), test = _emitter.NewMark(), exit = _emitter.NewMark();
        if (loop.ConditionIsTop)
        {
            _emitter.GoTo(test);
        }

        _emitter.Place(body);
        Loop(loop, test, exit);
        _emitter.Place(test);
        if (loop.Condition is null)
        {
            _emitter.GoTo(body);
        }
        else
        {
            Condition(loop.Condition, loop.ConditionIsUntil ? exit : body, loop.ConditionIsUntil ? body : exit);
        }

        _emitter.Place(exit);
    }

    private void RunFor(IForLoopOperation loop)
    {
        foreach (var statement in loop.Before)
        {
            Run(statement);
        }

        int body = _emitter.NewMark(), next = _emitter.NewMark(), test = _emitter.NewMark(), exit = _emitter.NewMark();
        _emitter.Place(test);
        if (loop.Condition is not null)
        {
            Condition(loop.Condition, body, exit);
        }

        _emitter.Place(body);
        Loop(loop, next, exit);
        _emitter.Place(next);
        foreach (var statement in loop.AtLoopBottom)
        {
            Run(statement);
        }

        _emitter.GoTo(test);
        _emitter.Place(exit);
    }

    private void RunForEach(IForEachLoopOperation loop)
    {
        int next = _emitter.NewMark(), exit = _emitter.NewMark();
        if (loop.IsAsynchronous)
        {
            RunAwaitForEach(loop, exit);
            return;
        }

        var collection = loop.Collection.Bare();
        Each(collection, element =>
        {
            var again = _emitter.NewMark();
            Assign(loop.LoopControlVariable, element);
            Loop(loop, again, exit);
            _emitter.Place(again);
        }, exit);
        _emitter.Place(exit);
        _ = next;
    }

    /// <summary>Runs code for each element of a collection. What is no collection that is known has any number of unknown elements.</summary>
    private void Each(IOperation collection, Action<Operand> body, int exit)
    {
        var list = Value(collection);
        if (Kinds.Of(collection.Type) == Kind.Map)
        {
            var keys = Perform(Act.Keys, list);
            var values = Perform(Act.Values, list);
            EachOf(keys, (key, index) => body(Pair("Key", key, "Value", Perform(Act.ElementAt, values, index))), exit);
        }
        else
        {
            EachOf(list, (element, _) => body(element), exit);
        }
    }

    private Operand Pair(string first, Operand one, string second, Operand two)
    {
        var pair = New(to => new Make(to, "pair"));
        _emitter.Emit(new Store(pair, first, one));
        _emitter.Emit(new Store(pair, second, two));
        return pair;
    }

    private void EachOf(Operand list, Action<Operand, Operand> body, int? exit = null)
    {
        var index = Fresh();
        SetTo(index, Operand.Of(0));
        int test = _emitter.Here(), yes = _emitter.NewMark(), end = exit ?? _emitter.NewMark();
        var count = Perform(Act.Count, list);
        Test(index, Relation.Less, count, yes, end);
        _emitter.Place(yes);
        body(Perform(Act.ElementAt, list, index), index);
        _emitter.Emit(new Compute(index.Number, index, Operand.Of(1)));
        _emitter.GoTo(test);
        if (exit is null)
        {
            _emitter.Place(end);
        }
    }

    private void RunAwaitForEach(IForEachLoopOperation loop, int exit)
    {
        var (source, token) = Stream(loop.Collection);
        if (source is IInvocationOperation { TargetMethod: { Name: "WhenEach", ContainingType.Name: "Task" }, Arguments: [{ Value: var tasks }] })
        {
            RunWhenEach(loop, tasks, exit);
            return;
        }

        var read = source is IInvocationOperation { TargetMethod.Name: "ReadAllAsync", Instance: { } reader } ? reader : source;
        var channel = Kept(Value(read));
        var element = Fresh();
        int some = _emitter.NewMark(), taken = _emitter.NewMark(), given = _emitter.NewMark();
        var label = At(loop, $"await foreach over {Short(read.Syntax)}");
        if (read is IInvocationOperation { TargetMethod: var giver } && !_code.Compilation.Owns(giver))
        {
            // Who goes over what others give counts on getting something.
            Perform(label, Act.WaitToReceive, channel, token);
            SetTo(element, Operand.Unknown);
            _emitter.GoTo(given);
        }

        var again = _emitter.Here();
        if (Kinds.Of(source.Type) == Kind.Chan)
        {
            Test(Perform(label, Act.ReceiveOk, channel, token), Relation.Equal, Operand.True, taken, exit);
        }
        else
        {
            // A stream is taken for a channel. One of which nothing is known is an unknown channel: it may go on or end, at any time.
            Test(Perform(label, Act.WaitToReceive, channel, token), Relation.Equal, Operand.True, some, exit);
            _emitter.Place(some);
            Test(Perform(Act.TryReceive, channel), Relation.Equal, Operand.True, taken, again);
        }

        _emitter.Place(taken);
        SetTo(element, Perform(Act.Received, channel));
        _emitter.Place(given);
        Assign(loop.LoopControlVariable, element);
        Loop(loop, again, exit);
        _emitter.GoTo(again);
        _emitter.Place(exit);
    }

    // Each task once it is over, one after the other: in which order they end makes no difference to who waits for all of them.
    private void RunWhenEach(IForEachLoopOperation loop, IOperation tasks, int exit)
    {
        Each(tasks.Bare(), task =>
        {
            int over = _emitter.NewMark(), again = _emitter.NewMark();
            var handlers = _emitter.Handlers;
            _emitter.Handlers = ImmutableArray.Create(new Handler(Failures.All, over));
            Join(task, loop, $"await foreach over {Short(loop.Collection.Syntax)}");
            _emitter.Handlers = handlers;
            _emitter.Place(over);
            Assign(loop.LoopControlVariable, task);
            Loop(loop, again, exit);
            _emitter.Place(again);
        }, exit);
        _emitter.Place(exit);
    }

    // What an await foreach goes over, without ConfigureAwait, and its token.
    private (IOperation Source, Operand Token) Stream(IOperation collection)
    {
        var token = Operand.Null;
        var source = collection.Bare();
        while (source is IInvocationOperation call && call.TargetMethod.Name is "ConfigureAwait" or "WithCancellation" && call.Receiver() is { } inner)
        {
            if (call.TargetMethod.Name == "WithCancellation")
            {
                token = TokenOf(call);
            }

            source = inner.Bare();
        }

        if (source is IInvocationOperation { TargetMethod.Name: "ReadAllAsync" } all && TokenOf(all) is { Kind: not OperandKind.Null } own)
        {
            token = own;
        }

        return (source, token);
    }

    /// <summary>Runs the body, and the clean-up whichever way it is left.</summary>
    private void Guard(Action body, Action cleanUp)
    {
        var around = _emitter.Handlers;
        var end = _emitter.NewMark();
        var caught = EachFailure.Select(_ => _emitter.NewMark()).ToArray();
        _emitter.Handlers = EachFailure.Select((failure, i) => new Handler(failure, caught[i])).ToImmutableArray();
        _scopes.Push(new Scope(cleanUp, around));
        body();
        _scopes.Pop();
        _emitter.Handlers = around;
        cleanUp();
        _emitter.GoTo(end);
        for (var i = 0; i < caught.Length; i++)
        {
            _emitter.Place(caught[i]);
            cleanUp();
            _emitter.Emit(new Throw(EachFailure[i]));
        }

        _emitter.Place(end);
    }

    private void Using(IOperation resources, Action body, bool isAsynchronous)
    {
        var held = new List<(Operand Value, ITypeSymbol? Type, IOperation At)>();
        if (resources is IVariableDeclarationGroupOperation group)
        {
            foreach (var declaration in group.Declarations)
            {
                Declare(declaration);
                held.AddRange(declaration.Declarators.Select(declarator => (Operand.Register(RegisterOf(declarator.Symbol)), (ITypeSymbol?)declarator.Symbol.Type, (declarator.Initializer ?? declaration.Initializer)?.Value ?? declarator)));
            }
        }
        else
        {
            var value = Fresh();
            SetTo(value, Value(resources));
            held.Add((value, resources.Bare().Type, resources));
        }

        Guarded(held.Count - 1);

        void Guarded(int last)
        {
            if (last < 0)
            {
                body();
            }
            else
            {
                var (value, type, at) = held[held.Count - 1 - last];
                Guard(() => Guarded(last - 1), () => Dispose(value, type, at, isAsynchronous));
            }
        }
    }

    private void RunThrow(IThrowOperation thrown)
    {
        if (thrown.Exception is not { } exception)
        {
            _emitter.Emit(new Throw(_caught == Failures.None ? Failures.Other : _caught));
            return;
        }

        var bare = exception.Bare();
        if (bare is ILocalReferenceOperation { Local: var local } && SymbolEqualityComparer.Default.Equals(local, _caughtAs) && _caught != Failures.None)
        {
            _emitter.Emit(new Throw(_caught));
            return;
        }

        Effect(bare);
        if (bare.Type?.Name is "ArgumentException" or "ArgumentNullException" or "ArgumentOutOfRangeException")
        {
            // Whoever calls is taken to keep to what is asked of him.
            _emitter.Emit(new Do(-1, Act.Impossible, ImmutableArray<Operand>.Empty));
        }

        _emitter.Emit(new Throw(Caught.ByThrowing(bare.Type)));
    }

    // What the catch that is being translated has caught.
    private Failures _caught;
    private ISymbol? _caughtAs;

    private void RunTry(ITryOperation guarded)
    {
        if (guarded.Finally is { } last)
        {
            Guard(() => RunCatches(guarded), () => Run(last));
        }
        else
        {
            RunCatches(guarded);
        }
    }

    private void RunCatches(ITryOperation guarded)
    {
        if (guarded.Catches.IsEmpty)
        {
            Run(guarded.Body);
            return;
        }

        var around = _emitter.Handlers;
        var end = _emitter.NewMark();
        var entries = EachFailure.Select(_ => _emitter.NewMark()).ToArray();
        _emitter.Handlers = EachFailure.Select((failure, i) => new Handler(failure, entries[i], guarded.Catches.Any(clause => Caught.IsExpected(failure, clause.ExceptionType)))).ToImmutableArray();
        var expected = _expectsFailure;
        _expectsFailure |= guarded.Catches.Any(TakesOther);
        Run(guarded.Body);
        _expectsFailure = expected;
        _emitter.GoTo(end);
        _emitter.Handlers = around;
        var bodies = new Dictionary<(ICatchClauseOperation, Failures), int>();
        for (var i = 0; i < entries.Length; i++)
        {
            _emitter.Place(entries[i]);
            var isTaken = false;
            foreach (var clause in guarded.Catches)
            {
                var (sure, perhaps) = Caught.By(clause.ExceptionType);
                if ((EachFailure[i] & (sure | perhaps)) == 0)
                {
                    continue;
                }

                var next = _emitter.NewMark();
                var certain = ((EachFailure[i] & sure) != 0 || IsForeseen(EachFailure[i], clause, guarded)) && clause.Filter is null;
                if (!certain && (EachFailure[i] & sure) == 0)
                {
                    var take = _emitter.NewMark();
                    Choose(take, next);
                    _emitter.Place(take);
                }

                var key = (clause, Rethrows(clause) ? EachFailure[i] : Failures.None);
                if (!bodies.TryGetValue(key, out var body))
                {
                    bodies[key] = body = _emitter.NewMark();
                }

                if (clause.Filter is { } filter)
                {
                    Condition(filter, body, next);
                }
                else
                {
                    _emitter.GoTo(body);
                }

                _emitter.Place(next);
                if (certain)
                {
                    isTaken = true;
                    break;
                }
            }

            if (!isTaken)
            {
                _emitter.Emit(new Throw(EachFailure[i]));
            }
        }

        foreach (var pair in bodies)
        {
            var (clause, failure) = pair.Key;
            _emitter.Place(pair.Value);
            var (outer, outerAs) = (_caught, _caughtAs);
            _caughtAs = (clause.ExceptionDeclarationOrExpression as IVariableDeclaratorOperation)?.Symbol;
            _caught = failure;
            if (_caughtAs is not null)
            {
                DeclareLocal(_caughtAs, Operand.Unknown);
            }

            Run(clause.Handler);
            (_caught, _caughtAs) = (outer, outerAs);
            _emitter.GoTo(end);
        }

        _emitter.Place(end);
    }

    private static bool TakesOther(ICatchClauseOperation clause) => Caught.By(clause.ExceptionType) is var (sure, perhaps) && ((sure | perhaps) & Failures.Other) != 0;

    // Who catches the failures of one type only is taken to know that unknown code has no others; of code that is known the throws tell.
    private static bool IsForeseen(Failures failure, ICatchClauseOperation clause, ITryOperation guarded) =>
        failure == Failures.Other && clause == guarded.Catches.Last(TakesOther) && !guarded.Body.DescendantsAndSelf().OfType<IThrowOperation>().Any();

    private static bool Rethrows(ICatchClauseOperation clause) => clause.Handler.Own().OfType<IThrowOperation>().Any();

    private void RunSwitch(ISwitchOperation choice)
    {
        var value = Kept(Value(choice.Value));
        var end = _emitter.NewMark();
        _targets[choice.ExitLabel] = (end, _scopes.Count);
        var bodies = choice.Cases.Select(_ => _emitter.NewMark()).ToArray();
        int? fallback = null;
        for (var i = 0; i < choice.Cases.Length; i++)
        {
            foreach (var clause in choice.Cases[i].Clauses)
            {
                var next = _emitter.NewMark();
                switch (clause)
                {
                    case IDefaultCaseClauseOperation:
                        fallback = bodies[i];
                        break;
                    case ISingleValueCaseClauseOperation single:
                        Test(value, Relation.Equal, Value(single.Value), bodies[i], next);
                        break;
                    case IPatternCaseClauseOperation pattern when pattern.Guard is { } guard:
                        var matched = _emitter.NewMark();
                        Match(pattern.Pattern, value, matched, next);
                        _emitter.Place(matched);
                        Condition(guard, bodies[i], next);
                        break;
                    case IPatternCaseClauseOperation pattern:
                        Match(pattern.Pattern, value, bodies[i], next);
                        break;
                    default:
                        Choose(bodies[i], next);
                        break;
                }

                _emitter.Place(next);
            }
        }

        _emitter.GoTo(fallback ?? end);
        for (var i = 0; i < bodies.Length; i++)
        {
            _emitter.Place(bodies[i]);
            foreach (var statement in choice.Cases[i].Body)
            {
                Run(statement);
            }

            _emitter.GoTo(end);
        }

        _emitter.Place(end);
    }

    private Operand Kept(Operand value)
    {
        var kept = Fresh();
        SetTo(kept, value);
        return kept;
    }

    /// <summary>Whether all that the body returns is the task of a call, outside of anything that guards: then awaiting it here is the same, and spares a task.</summary>
    private static bool ReturnsOnlyCalls(IBlockOperation body) =>
        body.Own().OfType<IReturnOperation>().All(returned => returned.ReturnedValue?.Bare().ThroughTaskAdapters() switch
        {
            IInvocationOperation or IObjectCreationOperation => IsUnguarded(returned, body),
            IPropertyReferenceOperation { Property.Name: "CompletedTask" } => IsUnguarded(returned, body),
            _ => false,
        });

    private static bool IsUnguarded(IOperation operation, IOperation body)
    {
        for (var around = operation.Parent; around is not null && around != body; around = around.Parent)
        {
            if (around is ITryOperation or ILockOperation or IUsingOperation || (around is IBlockOperation block && block.Operations.Any(statement => statement is IUsingDeclarationOperation)))
            {
                return false;
            }
        }

        return !((IBlockOperation)body).Operations.Any(statement => statement is IUsingDeclarationOperation);
    }
}
