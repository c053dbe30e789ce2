using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <content>Conditions, cases and loops: which arm the code stands in, and what another round meets.</content>
internal sealed partial class Rehearsal
{
    // After `if (…) return;` the rest is the other arm; after `using var` the rest is its body.
    private void EvalBlock(IBlockOperation block)
    {
        var path = _path;
        EvalFrom(block.Operations, 0);
        Resume(path);
    }

    // What stands in an arm that ends with `return` or `throw` never meets what comes later in the same call.
    private void Resume(ImmutableArray<(int Branch, int Arm)> path) => _path = path.AddRange(_frame.Left);

    private void Left(IOperation? arm, int branch, int other)
    {
        if (arm.Leaves(Leaving.Member))
        {
            _frame.Left = _frame.Left.Add((branch, other));
        }
    }

    private void EvalFrom(ImmutableArray<IOperation> operations, int first)
    {
        for (int i = first; i < operations.Length; i++)
        {
            switch (operations[i])
            {
                case IUsingDeclarationOperation use:
                    EvalUsing(use.DeclarationGroup, use.IsAsynchronous, () => EvalFrom(operations, i + 1));
                    return;
                case IConditionalOperation { WhenFalse: null } guard when guard.WhenTrue.Leaves(Leaving.Block):
                    int branch = _branches + 1;
                    Eval(guard);
                    _path = _path.Add((branch, 1));
                    break;
                default:
                    Eval(operations[i]);
                    break;
            }
        }
    }

    private ImmutableArray<Thing> EvalChoice(IConditionalOperation choice)
    {
        int branch = ++_branches;
        var wait = MayBeTooEarly(choice.Condition);
        if (wait is null)
        {
            Eval(choice.Condition);
        }
        else
        {
            EvalTooEarly(wait);
        }

        var (path, locks) = (_path, _locks);
        _path = path.Add((branch, 0));
        var one = Eval(choice.WhenTrue);
        Eval(wait);
        var after = choice.WhenTrue.Leaves(Leaving.Block) ? locks : _locks;
        _locks = locks;
        _path = path.Add((branch, 1));
        var other = Eval(choice.WhenFalse);
        _locks = choice.WhenFalse.Leaves(Leaving.Block) ? after : after.Union(_locks).ToImmutableArray();
        Left(choice.WhenTrue, branch, 1);
        Left(choice.WhenFalse, branch, 0);
        Resume(path);
        return Cell.Union(one, other);
    }

    // `!worker.Join(timeout)`: the work goes on where this is true.
    private static IInvocationOperation? MayBeTooEarly(IOperation? condition) => condition is IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Operand: IInvocationOperation { TargetMethod: { Name: "Join" or "Wait" or "WaitForExit", Parameters: [{ Type.Name: "Int32" or "TimeSpan" }, ..] } } wait } ? wait : null;

    private void EvalTooEarly(IInvocationOperation wait)
    {
        _isTooEarly = true;
        Eval(wait);
        _isTooEarly = false;
    }

    private void EvalTry(ITryOperation attempt)
    {
        Eval(attempt.Body);
        foreach (var handler in attempt.Catches)
        {
            int branch = ++_branches;
            var path = _path;
            _path = path.Add((branch, 1));
            Eval(handler.Filter);
            Eval(handler.Handler);
            Left(handler.Handler, branch, 0);
            Resume(path);
        }

        Eval(attempt.Finally);
    }

    private ImmutableArray<Thing> EvalArms(ImmutableArray<Thing> value, ImmutableArray<ISwitchExpressionArmOperation> arms)
    {
        int branch = ++_branches;
        var path = _path;
        var result = ImmutableArray<Thing>.Empty;
        for (int i = 0; i < arms.Length; i++)
        {
            _path = path.Add((branch, i));
            EvalPattern(arms[i].Pattern, value);
            Eval(arms[i].Guard);
            result = Cell.Union(result, Eval(arms[i].Value));
        }

        _path = path;
        return result;
    }

    private void EvalSwitch(ISwitchOperation choice)
    {
        var value = Eval(choice.Value);
        int branch = ++_branches;
        var (path, locks) = (_path, _locks);
        for (int i = 0; i < choice.Cases.Length; i++)
        {
            (_path, _locks) = (path.Add((branch, i)), locks);
            foreach (var clause in choice.Cases[i].Clauses.OfType<IPatternCaseClauseOperation>())
            {
                EvalPattern(clause.Pattern, value);
                Eval(clause.Guard);
            }

            EvalFrom(choice.Cases[i].Body, 0);
        }

        _locks = locks;
        Resume(path);
    }

    private void EvalPattern(IPatternOperation pattern, ImmutableArray<Thing> value)
    {
        switch (pattern)
        {
            case INegatedPatternOperation { Pattern: var negated }:
                EvalPattern(negated, value);
                return;
            case IBinaryPatternOperation { LeftPattern: var left, RightPattern: var right }:
                EvalPattern(left, value);
                EvalPattern(right, value);
                return;
        }

        foreach (var part in pattern.DescendantsAndSelf())
        {
            var declared = part switch
            {
                IDeclarationPatternOperation declaration => declaration.DeclaredSymbol,
                IRecursivePatternOperation recursive => recursive.DeclaredSymbol,
                _ => null,
            };
            if (declared is not null)
            {
                Declare(declared).Store(part == pattern ? value : ImmutableArray<Thing>.Empty);
            }
        }
    }

    // A round that started or ordered something is gone through again: what comes before that in the code comes after it in the next round.
    // So is one that puts away what it makes: there are several of it then.
    private void EvalLoop(ILoopOperation loop)
    {
        switch (loop)
        {
            case IForLoopOperation counting:
                EvalAll(counting.Before);
                Twice(() =>
                {
                    Eval(counting.Condition);
                    Eval(counting.Body);
                    EvalAll(counting.AtLoopBottom);
                });
                Eval(counting.Condition);
                break;
            case IWhileLoopOperation { ConditionIsTop: true } polling when MayBeTooEarly(polling.Condition) is { } wait:
                Twice(() =>
                {
                    EvalTooEarly(wait);
                    Eval(polling.Body);
                });
                Eval(wait);
                break;
            case IWhileLoopOperation testing:
                Twice(() =>
                {
                    Eval(testing.ConditionIsTop ? testing.Condition : null);
                    Eval(testing.Body);
                    Eval(testing.ConditionIsTop ? null : testing.Condition);
                });
                break;
            case IForEachLoopOperation each:
                EvalForEach(each);
                break;
            default:
                Twice(() => Eval(loop.Body));
                break;
        }
    }

    private void Twice(Action round)
    {
        var path = _path;
        int before = _syncs + _gathered;
        round();
        Resume(path);
        if (_syncs + _gathered > before && !IsOver)
        {
            round();
            Resume(path);
        }
    }

    private void EvalForEach(IForEachLoopOperation each)
    {
        var path = _path;
        var collections = Eval(each.Collection);
        foreach (var collection in collections)
        {
            TouchContent(collection, each.Collection.Bare().Type, isWrite: false, each.Collection.Syntax);
        }

        if (each.IsAsynchronous)
        {
            Suspend();
        }

        var items = collections.Aggregate(ImmutableArray<Thing>.Empty, (all, collection) => Cell.Union(all, collection.Content.Load()));
        var rounds = items.IsEmpty ? UnknownItems(collections, each) : items.Take(2).Select(One).ToList();
        if (rounds.Count == 1)
        {
            Twice(() => Round(rounds[0]));
        }
        else
        {
            int before = _syncs;
            Round(rounds[0]);
            Resume(path);
            if (_syncs > before || !items.IsEmpty)
            {
                Round(rounds[1]);
                Resume(path);
            }
        }

        // Past the loop the channel is closed.
        foreach (var collection in collections)
        {
            Wait(collection.Content);
        }

        void Round(ImmutableArray<Thing> item)
        {
            foreach (var collection in collections)
            {
                Note(_loads, collection.Content, item.RemoveAll(thing => !collection.Content.Holds(thing)));
            }

            foreach (var local in each.Locals)
            {
                _frame.Declare(local, local.Type).Store(item);
            }

            if (each.LoopControlVariable is not IVariableDeclaratorOperation)
            {
                WriteParts(each.LoopControlVariable, item);
            }

            Eval(each.Body);
        }
    }

    // Who goes through the same collection elsewhere meets the same items; one round after the other meets another one.
    private List<ImmutableArray<Thing>> UnknownItems(ImmutableArray<Thing> collections, IForEachLoopOperation each)
    {
        if (collections.IsEmpty || each.LoopControlVariable is not IVariableDeclaratorOperation { Symbol.Type: { IsReferenceType: true, SpecialType: SpecialType.None } type })
        {
            return [ImmutableArray<Thing>.Empty];
        }

        if (!_items.TryGetValue(collections[0], out var items))
        {
            _items[collections[0]] = items = [One(new Thing(type)), One(new Thing(type))];
        }

        return items;
    }
}
