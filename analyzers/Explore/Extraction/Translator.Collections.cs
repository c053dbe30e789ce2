using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Explore;

/// <content>Collections. Queries are run where they are made, not where they are enumerated.</content>
internal sealed partial class Translator
{
    private Operand? Collections(IInvocationOperation call, Kind kind)
    {
        if (call.Receiver() is not { } receiver)
        {
            return Static(call);
        }

        // Extensions of several collections stand in one class.
        var name = call.TargetMethod.Name;
        kind = kind == Kind.Map && Kinds.Of(receiver.Bare().Type) is var exact and (Kind.List or Kind.Queue) ? exact : kind;
        if (kind == Kind.Map)
        {
            return OfMap(call, Value(receiver), name);
        }

        var own = call.Instance is null ? 1 : 0;
        IOperation? Given(int at) => call.Arguments.Length > own + at && call.Arguments[own + at].ArgumentKind != ArgumentKind.DefaultValue ? call.Arguments[own + at].Value : null;

        switch (name)
        {
            case "Add" or "AddFirst" or "AddLast" or "TryAdd" when Given(0) is { } added && kind != Kind.Map:
                return AddOne(call, Value(receiver), Value(added));
            case "Enqueue" or "Push" when Given(0) is { } added:
                return Perform(Act.Enqueue, Value(receiver), Value(added));
            case "Insert" when Given(1) is { } added:
                return Perform(Act.Add, Value(receiver), Value(added));
            case "Dequeue" or "Pop" or "Peek":
                return name == "Peek" ? Operand.Unknown : Perform(Act.Dequeue, Value(receiver));
            case "TryDequeue" or "TryPop" or "TryTake" when kind is Kind.Queue or Kind.List:
                return TryDequeue(call, Value(receiver));
            case "Remove" when Given(0) is { } removed:
                return Perform(Act.Remove, Value(receiver), Value(removed));
            case "Clear":
                return Perform(Act.Clear, Value(receiver));
            case "AddRange" or "UnionWith" or "PushRange" when Given(0) is { } range:
                AddAll(Value(receiver), range.Bare());
                return Operand.Null;
            case "ToArray" or "ToList" or "ToImmutableArray" or "ToImmutableList" or "ToHashSet" or "OrderBy" or "OrderByDescending" or "Reverse" or "AsReadOnly" or "GetRange" or "Concat" or "Append":
                return CopyOf(receiver, name == "Concat" ? Given(0) : null, name == "Append" ? Given(0) : null);
            case "AsEnumerable" or "AsSpan" or "AsMemory" or "Cast":
                return Value(receiver);
            case "Select" or "ConvertAll" when Given(0) is { } selector:
                return Mapped(receiver, selector);
            case "ForEach" when Given(0) is { } action:
                var act = Kept(Value(action));
                var done = _emitter.NewMark();
                Each(receiver.Bare(), element => New(to => new Invoke(to, act, ImmutableArray.Create(element))), done);
                _emitter.Place(done);
                return Operand.Null;
            case "Where" or "FindAll" when Given(0) is { } predicate:
                return Filtered(receiver, predicate);
            case "Except" or "Distinct" or "Skip" or "Take" or "Intersect" or "Union" or "TakeLast" or "SkipLast" or "DistinctBy":
                return SomeOf(receiver, call);
            case "Any" or "Count" when Given(0) is null:
                var count = Perform(Act.Count, Value(receiver));
                return name == "Count" ? count : Is(Operand.Of(0), Relation.Less, count);
            case "First" or "Single" or "ElementAt" when Given(0) is null || name == "ElementAt":
                return Perform(Act.ElementAt, Value(receiver), name == "ElementAt" ? Value(Given(0)!) : Operand.Of(0));
            case "FirstOrDefault" or "SingleOrDefault" when Given(0) is null:
                return FirstOrNull(Value(receiver));
            case "Contains" or "IndexOf" or "Any" or "All" or "Count" or "Sum" or "Max" or "Min" or "SequenceEqual" or "Exists" or "Sort" or "CopyTo" or "BinarySearch" or "TrueForAll" or "Fill":
                Effect(receiver);
                foreach (var argument in call.Arguments.Skip(own))
                {
                    // A predicate is expected to look only.
                    if (argument.Value.Bare() is not IAnonymousFunctionOperation)
                    {
                        Effect(argument.Value);
                    }
                }

                return Operand.Unknown;
            default:
                return null;
        }
    }

    private Operand? Static(IInvocationOperation call)
    {
        switch (call.TargetMethod.Name)
        {
            case "Empty":
                return Perform(Act.NewList);
            case "Create" when call.Arguments.Length == 1:
                return List(call.Arguments[0].Value.Items());
            case "Range" when call.Arguments[0].Value.ConstantValue is { HasValue: true, Value: int start } && call.Arguments[1].Value.ConstantValue is { HasValue: true, Value: int count } && count <= 4:
                return Perform(Act.NewList, Enumerable.Range(start, count).Select(Operand.Of).ToArray());
            case "Range":
                var size = Kept(Value(call.Arguments[1].Value));
                var first = Kept(Value(call.Arguments[0].Value));
                var list = Perform(Act.NewList);
                Times(size, index => _emitter.Emit(new Do(-1, Act.Add, ImmutableArray.Create(list, New(to => new Compute(to, first, index))))));
                return list;
            case "Repeat":
                var value = Kept(Value(call.Arguments[0].Value));
                var repeated = Perform(Act.NewList);
                Times(Kept(Value(call.Arguments[1].Value)), _ => _emitter.Emit(new Do(-1, Act.Add, ImmutableArray.Create(repeated, value))));
                return repeated;
            case "ConvertAll" when call.Arguments.Length == 2:
                return Mapped(call.Arguments[0].Value, call.Arguments[1].Value);
            default:
                return null;
        }
    }

    private void Times(Operand count, System.Action<Operand> body)
    {
        var index = Kept(Operand.Of(0));
        int test = _emitter.Here(), yes = _emitter.NewMark(), end = _emitter.NewMark();
        Test(index, Relation.Less, count, yes, end);
        _emitter.Place(yes);
        body(index);
        _emitter.Emit(new Compute(index.Number, index, Operand.Of(1)));
        _emitter.GoTo(test);
        _emitter.Place(end);
    }

    private Operand AddOne(IInvocationOperation call, Operand list, Operand added)
    {
        if (call.Type?.SpecialType != SpecialType.System_Boolean)
        {
            Perform(Act.Add, list, added);
            return call.Type?.SpecialType == SpecialType.System_Void ? Operand.Null : Operand.Unknown;
        }

        // A set may hold it already, unless it is empty.
        var result = Kept(Operand.True);
        int adds = _emitter.NewMark(), some = _emitter.NewMark(), has = _emitter.NewMark(), end = _emitter.NewMark();
        Test(Perform(Act.Count, list), Relation.Equal, Operand.Of(0), adds, some);
        _emitter.Place(some);
        Choose(adds, has);
        _emitter.Place(adds);
        Perform(Act.Add, list, added);
        _emitter.GoTo(end);
        _emitter.Place(has);
        SetTo(result, Operand.False);
        _emitter.Place(end);
        return result;
    }

    private Operand TryDequeue(IInvocationOperation call, Operand queue)
    {
        var result = Kept(Operand.False);
        int some = _emitter.NewMark(), none = _emitter.NewMark(), end = _emitter.NewMark();
        var taken = Fresh();
        AtOnce(() =>
        {
            Test(Operand.Of(0), Relation.Less, Perform(Act.Count, queue), some, none);
            _emitter.Place(some);
            SetTo(taken, Perform(Act.Dequeue, queue));
            SetTo(result, Operand.True);
            _emitter.GoTo(end);
            _emitter.Place(none);
            SetTo(taken, Operand.Null);
            _emitter.Place(end);
            return result;
        });
        AssignOut(call, taken);
        return result;
    }

    private Operand FirstOrNull(Operand list)
    {
        var result = Kept(Operand.Null);
        int some = _emitter.NewMark(), end = _emitter.NewMark();
        Test(Operand.Of(0), Relation.Less, Perform(Act.Count, list), some, end);
        _emitter.Place(some);
        SetTo(result, Perform(Act.ElementAt, list, Operand.Of(0)));
        _emitter.Place(end);
        return result;
    }

    private Operand CopyOf(IOperation receiver, IOperation? more, IOperation? last)
    {
        var copy = Perform(Act.NewList);
        AddAll(copy, receiver.Bare());
        if (more is not null)
        {
            AddAll(copy, more.Bare());
        }

        if (last is not null)
        {
            Perform(Act.Add, copy, Value(last));
        }

        return copy;
    }

    private Operand Mapped(IOperation receiver, IOperation selector)
    {
        var mapped = Perform(Act.NewList);
        var map = Kept(Value(selector));
        var takesIndex = selector.Bare() is IAnonymousFunctionOperation { Symbol.Parameters.Length: 2 };
        var list = Value(receiver.Bare());
        if (Kinds.Of(receiver.Bare().Type) == Kind.Map)
        {
            var end = _emitter.NewMark();
            Each(receiver.Bare(), element => Perform(Act.Add, mapped, New(to => new Invoke(to, map, ImmutableArray.Create(element)))), end);
            _emitter.Place(end);
            return mapped;
        }

        EachOf(list, (element, index) =>
        {
            var arguments = takesIndex ? ImmutableArray.Create(element, Kept(index)) : ImmutableArray.Create(element);
            Perform(Act.Add, mapped, New(to => new Invoke(to, map, arguments)));
        });
        return mapped;
    }

    private Operand Filtered(IOperation receiver, IOperation predicate)
    {
        var filtered = Perform(Act.NewList);
        var test = Kept(Value(predicate));
        var end = _emitter.NewMark();
        Each(receiver.Bare(), element =>
        {
            int yes = _emitter.NewMark(), no = _emitter.NewMark();
            Test(New(to => new Invoke(to, test, ImmutableArray.Create(element))), Relation.Equal, Operand.True, yes, no);
            _emitter.Place(yes);
            Perform(Act.Add, filtered, element);
            _emitter.Place(no);
        }, end);
        _emitter.Place(end);
        return filtered;
    }

    // Which ones is not known.
    private Operand SomeOf(IOperation receiver, IInvocationOperation call)
    {
        foreach (var argument in call.Arguments.Skip(call.Instance is null ? 1 : 0))
        {
            Effect(argument.Value);
        }

        var some = Perform(Act.NewList);
        var end = _emitter.NewMark();
        Each(receiver.Bare(), element =>
        {
            int yes = _emitter.NewMark(), no = _emitter.NewMark();
            Choose(yes, no);
            _emitter.Place(yes);
            Perform(Act.Add, some, element);
            _emitter.Place(no);
        }, end);
        _emitter.Place(end);
        return some;
    }

    private Operand? OfMap(IInvocationOperation call, Operand map, string name)
    {
        var own = call.Instance is null ? 1 : 0;
        IOperation? Given(int at) => call.Arguments.Length > own + at ? call.Arguments[own + at].Value : null;

        switch (name)
        {
            case "Add" when Given(1) is { } value:
                return Perform(Act.Put, map, Value(Given(0)!), Value(value));
            case "TryAdd" when Given(1) is { } value && call.Parent is IExpressionStatementOperation:
                // Whoever does not ask whether it was added knows that it is.
                return Perform(Act.Put, map, Value(Given(0)!), Value(value));
            case "TryAdd" when Given(1) is { } value:
                var key = Kept(Value(Given(0)!));
                var added = Kept(Value(value));
                return Unless(map, key, () => Perform(Act.Put, map, key, added), ifPresent: Operand.False, ifAbsent: Operand.True);
            case "ContainsKey":
                return Perform(Act.ContainsKey, map, Value(Given(0)!));
            case "TryGetValue":
                return TryGet(call, map, Kept(Value(Given(0)!)), removes: false);
            case "Remove" or "TryRemove" when call.Arguments.Any(argument => argument.Parameter?.RefKind == RefKind.Out):
                return TryGet(call, map, Kept(Value(Given(0)!)), removes: true);
            case "Remove" or "TryRemove" when Given(0) is { Type.Name: not "KeyValuePair" } removed:
                return Perform(Act.RemoveKey, map, Value(removed));
            case "GetValueOrDefault" or "GetOrAdd":
                return GetOr(call, map, Kept(Value(Given(0)!)), Given(1), adds: name == "GetOrAdd");
            case "Clear":
                return Perform(Act.Clear, map);
            default:
                return null;
        }
    }

    private Operand Unless(Operand map, Operand key, System.Action absent, Operand ifPresent, Operand ifAbsent)
    {
        var result = Kept(ifPresent);
        int yes = _emitter.NewMark(), no = _emitter.NewMark();
        return AtOnce(() =>
        {
            Test(Perform(Act.ContainsKey, map, key), Relation.Equal, Operand.True, yes, no);
            _emitter.Place(no);
            absent();
            SetTo(result, ifAbsent);
            _emitter.Place(yes);
            return result;
        });
    }

    private Operand TryGet(IInvocationOperation call, Operand map, Operand key, bool removes)
    {
        var result = Kept(Operand.False);
        var found = Fresh();
        int yes = _emitter.NewMark(), no = _emitter.NewMark();
        SetTo(found, Operand.Null);
        AtOnce(() =>
        {
            Test(Perform(Act.ContainsKey, map, key), Relation.Equal, Operand.True, yes, no);
            _emitter.Place(yes);
            SetTo(found, Perform(Act.Get, map, key));
            if (removes)
            {
                Perform(Act.RemoveKey, map, key);
            }

            SetTo(result, Operand.True);
            _emitter.Place(no);
            return result;
        });
        AssignOut(call, found);
        return result;
    }

    private Operand GetOr(IInvocationOperation call, Operand map, Operand key, IOperation? otherwise, bool adds)
    {
        var result = Fresh();
        int yes = _emitter.NewMark(), no = _emitter.NewMark(), end = _emitter.NewMark();
        SetTo(result, Operand.Null);
        Test(Perform(Act.ContainsKey, map, key), Relation.Equal, Operand.True, yes, no);
        _emitter.Place(yes);
        SetTo(result, Perform(Act.Get, map, key));
        _emitter.GoTo(end);
        _emitter.Place(no);
        if (otherwise is not null)
        {
            var made = Value(otherwise);
            SetTo(result, adds && Kinds.Of(call.Arguments[1].Parameter?.Type) == Kind.Delegate ? New(to => new Invoke(to, made, ImmutableArray.Create(key))) : made);
        }

        if (adds)
        {
            Perform(Act.Put, map, key, result);
        }

        _emitter.Place(end);
        return result;
    }
}
