using System.Collections.Immutable;

namespace Sluice.Explore;

/// <content>Lists (slot 0: 1 when there are more elements than those told apart) and maps (the same, then key and value in turn).</content>
internal sealed partial class Machine
{
    private Outcome NewList(ImmutableArray<Operand> elements)
    {
        var value = World.New(NodeKind.List);
        var list = World.Object(value)!;
        list.Append(Value.False);
        foreach (var element in elements)
        {
            AddTo(list, Copy(element));
        }

        return Done(value);
    }

    private void AddTo(Node list, Value value)
    {
        if (list.Count > Limits.Few)
        {
            World.Open(value);
            list.Slots[0] = Value.True;
        }
        else
        {
            World.Append(list, value);
        }
    }

    private Outcome Add(Value to, Value value)
    {
        if (World.Object(to, NodeKind.List) is { } list)
        {
            AddTo(list, value);
        }
        else
        {
            World.Open(value);
        }

        return Done();
    }

    private static bool IsMany(Node collection) => collection.Slots[0] == Value.True;

    private Outcome Remove(Value from, Value value)
    {
        if (World.Object(from, NodeKind.List) is not { } list)
        {
            return Done(Value.Truth(Choices.Coin()));
        }

        var slot = Find(list, value, step: 1);
        if (slot > 0)
        {
            list.RemoveAt(slot);
        }

        return Done(Value.Truth(slot > 0 || (slot < 0 && Choices.Coin())));
    }

    /// <summary>The slot of what equals the value, any of those that may; 0 when there is none, -1 when that is unknown.</summary>
    private int Find(Node collection, Value value, int step)
    {
        var candidates = 0;
        for (var i = 1; i < collection.Count; i += step)
        {
            switch (AreEqual(World.Resolve(collection.Slots[i]), value))
            {
                case true:
                    return i;
                case null:
                    candidates++;
                    break;
            }
        }

        var picked = Choices.Pick(candidates + 1);
        for (var i = 1; i < collection.Count && picked < candidates; i += step)
        {
            if (AreEqual(World.Resolve(collection.Slots[i]), value) is null && picked-- == 0)
            {
                return i;
            }
        }

        return IsMany(collection) || collection.IsOpen ? -1 : 0;
    }

    private Outcome Clear(Value value)
    {
        if (World.Object(value) is { Kind: NodeKind.List or NodeKind.Map } collection)
        {
            collection.Count = 1;
            collection.Slots[0] = Value.False;
        }

        return Done();
    }

    private Outcome Count(Value value) => World.Object(value) is { Kind: NodeKind.List or NodeKind.Map, IsOpen: false } collection && !IsMany(collection)
        ? Done(Value.Number(collection.Kind == NodeKind.List ? collection.Count - 1 : collection.Count / 2))
        : Done(World.Object(value) is { Kind: NodeKind.List or NodeKind.Map } ? Unknowns.LostNumber : Value.Unknown);

    private Outcome ElementAt(Value value, Value index)
    {
        if (World.Object(value, NodeKind.List) is not { } list)
        {
            return Done(Value.Unknown);
        }

        var elements = list.Count - 1;
        if (index.Tag is Tag.Number or Tag.Default)
        {
            return index.AsNumber >= 0 && index.AsNumber < elements
                ? Done(World.Share(ref list.Slots[index.AsNumber + 1]))
                : IsMany(list) || list.IsOpen ? Done(Value.Unknown) : Threw(Failures.Other);
        }

        World.IsGuessed |= elements > 1 && Unknowns.IsLost(World.Known(index));
        var picked = Choices.Pick(elements + (IsMany(list) || list.IsOpen || elements == 0 ? 1 : 0));
        return picked < elements ? Done(World.Share(ref list.Slots[picked + 1])) : Done(Value.Unknown);
    }

    private Outcome SetElement(Value value, Value index, Value element)
    {
        if (World.Object(value, NodeKind.List) is not { } list)
        {
            World.Open(element);
            return Done();
        }

        var at = index.Tag is Tag.Number or Tag.Default ? index.AsNumber : list.Count > 1 ? Choices.Pick(list.Count - 1) : 0;
        if (at < 0)
        {
            return Threw(Failures.Other);
        }

        // An array begins with elements that nobody has set.
        while (at >= list.Count - 1 && list.Count <= Limits.Few)
        {
            list.Append(Value.Default);
        }

        if (at < list.Count - 1)
        {
            World.Set(list, at + 1, element);
        }
        else
        {
            World.Open(element);
            list.Slots[0] = Value.True;
        }

        return Done();
    }

    private Outcome Dequeue(Value from)
    {
        if (World.Object(from, NodeKind.List) is not { } list)
        {
            return Done(Value.Unknown);
        }

        if (list.Count > 1)
        {
            var value = list.Slots[1];
            list.RemoveAt(1);
            return Done(value);
        }

        World.IsGuessed |= IsMany(list);
        if (list.IsOpen || (IsMany(list) && Choices.Coin()))
        {
            return Done(Value.Unknown);
        }

        list.Slots[0] = Value.False;
        return Done(Value.Null);
    }

    private Outcome NewMap()
    {
        var value = World.New(NodeKind.Map);
        World.Object(value)!.Append(Value.False);
        return Done(value);
    }

    private Outcome Put(Value to, Value key, Value value)
    {
        if (World.Object(to, NodeKind.Map) is not { } map)
        {
            World.Open(key);
            World.Open(value);
            return Done();
        }

        // A key of which nothing is known is none of those that are there.
        var slot = FindSame(map, key);
        if (slot > 0)
        {
            World.Set(map, slot + 1, value);
        }
        else if (map.Count > 2 * Limits.Few)
        {
            World.Open(key);
            World.Open(value);
            map.Slots[0] = Value.True;
        }
        else
        {
            World.Append(map, key);
            World.Append(map, value);
        }

        return Done();
    }

    private int FindSame(Node map, Value key)
    {
        for (var i = 1; i < map.Count; i += 2)
        {
            if (AreEqual(World.Resolve(map.Slots[i]), key) == true)
            {
                return i;
            }
        }

        return 0;
    }

    private Outcome Get(Value from, Value key)
    {
        if (World.Object(from, NodeKind.Map) is not { } map)
        {
            return Done(Value.Unknown);
        }

        var slot = Find(map, key, step: 2);
        return slot > 0 ? Done(World.Share(ref map.Slots[slot + 1])) : Done(slot < 0 ? Value.Unknown : Value.Null);
    }

    private Outcome ContainsKey(Value from, Value key)
    {
        var slot = World.Object(from, NodeKind.Map) is { } map ? Find(map, key, step: 2) : -1;
        return Done(Value.Truth(slot < 0 ? Choices.Coin() : slot > 0));
    }

    private Outcome RemoveKey(Value from, Value key)
    {
        if (World.Object(from, NodeKind.Map) is not { } map)
        {
            return Done(Value.Truth(Choices.Coin()));
        }

        var slot = Find(map, key, step: 2);
        if (slot <= 0)
        {
            return Done(Value.Truth(slot < 0 && Choices.Coin()));
        }

        map.RemoveAt(slot + 1);
        map.RemoveAt(slot);
        return Done(Value.True);
    }

    private Outcome ListOf(Value of, int offset)
    {
        if (World.Object(of, NodeKind.Map) is not { } map)
        {
            return Done(Value.Unknown);
        }

        var value = World.New(NodeKind.List);
        var list = World.Object(value)!;
        list.Append(Value.Truth(IsMany(map) || map.IsOpen));
        for (var i = 1 + offset; i < map.Count; i += 2)
        {
            list.Append(World.Share(ref map.Slots[i]));
        }

        return Done(value);
    }
}
