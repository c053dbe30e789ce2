using System;

namespace Sluice.Explore;

/// <summary>
/// Packs a state into bytes, the same for states that differ in nothing that matters: processes in the order of where they stand, objects in the order in which they are reached,
/// nothing that nobody can reach, no register that is not read again. Unpacks it as well.
/// </summary>
internal sealed class Snapshot(Library library)
{
    private const int Open = 1;
    private const int Shared = 2;
    private const int Held = 4;

    private byte[] _bytes = new byte[1024];
    private int[] _order = new int[64];
    private int _ordered;
    private int[] _numbers = new int[64];
    private int[] _partOf = new int[64];
    private int[] _heads = new int[64];
    private World _world = new();

    public byte[] Bytes => _bytes;

    public int Length { get; private set; }

    /// <summary>Gets how many parts the last state has that have nothing to do with each other: no process of the one reaches what a process of the other does.</summary>
    public int Parts { get; private set; }

    /// <summary>Brings the processes of a state into their order and finds its parts (one when <paramref name="splits"/> is false), each of which is then packed by itself.</summary>
    public void Arrange(World world, bool splits)
    {
        _world = world;
        Sort();
        Reach(splits);
        Number();
    }

    /// <summary>Packs a part of the state; false when it holds too much.</summary>
    public bool Pack(int part)
    {
        Length = 0;
        _ordered = 0;
        var count = 0;
        for (var p = 0; p < _world.ProcessCount; p++)
        {
            var process = _world.Process(p);
            process.Number = _partOf[p] == part ? count++ : -1;
            _numbers[process.Place] = process.Number;
        }

        Write(((uint)count << 1) | (_world.IsGuessed ? 1u : 0u));
        for (var p = 0; p < _world.ProcessCount; p++)
        {
            if (_partOf[p] == part)
            {
                WriteProcess(_world.Process(p));
            }
        }

        Write(_world.Statics < 0 ? 0u : 1u);
        if (_world.Statics >= 0)
        {
            Number(_world.Statics);
        }

        for (var n = 0; n < _world.NodeCount; n++)
        {
            if (IsKeptByClock(n) && _world.Node(n).ReachedBy is var by && (by < -1 || (by >= 0 && _partOf[by] == part)))
            {
                Number(n);
            }
        }

        for (var n = 0; n < _ordered; n++)
        {
            WriteNode(_world.Node(_order[n]));
        }

        return count <= Limits.Processes && _ordered <= Limits.Nodes;
    }

    public void Unpack(byte[] bytes, int at, int length, World world)
    {
        world.Clear();
        var end = at + length;
        var head = Read(bytes, ref at);
        world.IsGuessed = (head & 1) != 0;
        var processes = (int)(head >> 1);
        for (var p = 0; p < processes; p++)
        {
            ReadProcess(bytes, ref at, world.AddProcess(p));
        }

        world.Statics = (int)Read(bytes, ref at) - 1;
        var statics = world.Statics;
        while (at < end)
        {
            var node = world.Node(world.New((NodeKind)Read(bytes, ref at)).Payload);
            node.Type = (int)Read(bytes, ref at);
            var flags = Read(bytes, ref at);
            node.IsOpen = (flags & Open) != 0;
            node.IsShared = (flags & Shared) != 0;
            if ((flags & Held) != 0)
            {
                node.Owner = new Value(Read(bytes, ref at));
                node.Depth = (int)Read(bytes, ref at);
            }

            for (var count = (int)(flags >> 3); count > 0; count--)
            {
                node.Append(new Value(Read(bytes, ref at)));
            }

            if (node.Kind == NodeKind.Statics)
            {
                statics = world.NodeCount - 1;
            }
        }

        world.Statics = statics;
    }

    /// <summary>Drops the processes that are over and sorts the rest.</summary>
    private void Sort()
    {
        var all = _world.ProcessCount;
        if (_partOf.Length <= all)
        {
            _partOf = new int[all * 2];
            _heads = new int[all * 2];
            _numbers = new int[all * 2];
        }

        // Who holds a lock is named by his place before he is moved.
        var count = 0;
        for (var p = 0; p < all; p++)
        {
            _world.Process(p).Place = p;
            _numbers[p] = -1;
        }

        for (var p = 0; p < all; p++)
        {
            if (_world.Process(p).Depth > 0)
            {
                _world.Swap(count, p);
                for (var q = count; q > 0 && Compare(_world.Process(q - 1), _world.Process(q)) > 0; q--)
                {
                    _world.Swap(q - 1, q);
                }

                count++;
            }
        }

        _world.RemoveProcessesFrom(count);
    }

    /// <summary>Gives the parts numbers in the order of their first process. What only the clock holds belongs to none.</summary>
    private void Number()
    {
        var count = _world.ProcessCount;
        Parts = 0;
        for (var p = 0; p <= count; p++)
        {
            var first = First(p);
            _heads[p] = first < p ? _heads[first] : p < count ? Parts++ : -1;
        }

        (_partOf, _heads) = (_heads, _partOf);
        Parts = count == 0 ? 1 : Parts;
    }

    private int First(int process)
    {
        while (_partOf[process] != process)
        {
            process = _partOf[process];
        }

        return process;
    }

    private void Unite(int a, int b)
    {
        a = First(a);
        b = First(b);
        _partOf[Math.Max(a, b)] = Math.Min(a, b);
    }

    private int Compare(Process a, Process b)
    {
        var order = a.Depth.CompareTo(b.Depth);
        for (var d = 0; order == 0 && d < a.Depth; d++)
        {
            var x = a[d];
            var y = b[d];
            order = x.Code.Number.CompareTo(y.Code.Number);
            order = order != 0 ? order : x.Step.CompareTo(y.Step);
            order = order != 0 ? order : x.Phase.CompareTo(y.Phase);
            order = order != 0 ? order : x.IsBoundary.CompareTo(y.IsBoundary);
            if (order == 0)
            {
                foreach (var register in x.Code.Live(x.Step, d < a.Depth - 1))
                {
                    order = order != 0 ? order : Weight(x.Registers[register]).CompareTo(Weight(y.Registers[register]));
                }
            }
        }

        return order;

        uint Weight(Value value)
        {
            value = _world.Resolve(value);
            return value.Tag switch
            {
                Tag.Reference => ((uint)_world.Node(value.Payload).Kind << 3) | (uint)Tag.Reference,
                Tag.Symbol => 0,
                _ => value.Bits,
            };
        }
    }

    /// <summary>Marks what is reached, by how many, and counts who holds a symbol.</summary>
    private void Reach(bool splits)
    {
        for (var n = 0; n < _world.NodeCount; n++)
        {
            var node = _world.Node(n);
            node.Mark = 0;
            node.ReachedBy = -1;
            node.IsShared = node.Kind == NodeKind.Statics;
        }

        for (var p = 0; p <= _world.ProcessCount; p++)
        {
            _partOf[p] = p;
        }

        _ordered = 0;
        for (var p = 0; p < _world.ProcessCount; p++)
        {
            var process = _world.Process(p);
            Visit(process.Task, p);
            Visit(process.Received, p);
            for (var d = 0; d < process.Depth; d++)
            {
                var frame = process[d];
                foreach (var register in frame.Code.Live(frame.Step, d < process.Depth - 1))
                {
                    Visit(frame.Registers[register], p);
                }
            }

            Follow(p);
        }

        for (var p = 0; p < _world.ProcessCount; p++)
        {
            // As long as the root goes on, the rest belongs to it.
            if (_world.Process(p).IsRoot || !splits)
            {
                for (var q = 0; q < _world.ProcessCount; q++)
                {
                    Unite(p, q);
                }
            }
        }

        if (_world.Statics >= 0)
        {
            VisitNode(_world.Statics, _world.ProcessCount);
            Follow(_world.ProcessCount);
            var statics = _world.Node(_world.Statics);
            for (var i = 0; i < statics.Count; i++)
            {
                _world.MakeShared(statics.Slots[i]);
            }
        }

        // A source that the clock may cancel is shared with the clock, which keeps it when that would run something.
        for (var n = 0; n < _world.NodeCount; n++)
        {
            if (IsKeptByClock(n))
            {
                VisitNode(n, _world.ProcessCount);
                Follow(_world.ProcessCount);
            }

            if (_world.Node(n) is { Kind: NodeKind.Cancellation, ReachedBy: >= 0 } node && node.Slots[Cancellations.Armed].AsNumber != 0)
            {
                _world.MakeShared(Value.Reference(n));
            }
        }
    }

    private bool IsKeptByClock(int index) =>
        _world.Node(index) is { Kind: NodeKind.Cancellation } source
        && source.Slots[Cancellations.Armed].AsNumber != 0
        && source.Count > Cancellations.First + source.Slots[Cancellations.Links].AsNumber;

    private void Follow(int process)
    {
        while (_ordered > 0)
        {
            var node = _world.Node(_order[--_ordered]);
            for (var i = 0; i < node.Count; i++)
            {
                Visit(node.Slots[i], process);
            }
        }
    }

    private void Visit(Value value, int process)
    {
        value = _world.Resolve(value);
        if (value.Tag is Tag.Reference or Tag.Symbol)
        {
            VisitNode(value.Payload, process);
        }
    }

    private void VisitNode(int index, int process)
    {
        var node = _world.Node(index);
        if (node.Kind == NodeKind.Symbol)
        {
            node.Mark++;
            if (node.ReachedBy >= 0 && node.ReachedBy != process)
            {
                Unite(node.ReachedBy, process);
            }

            node.ReachedBy = process;
        }
        else if (node.ReachedBy < 0)
        {
            node.ReachedBy = process;
            Push(index);
        }
        else if (node.ReachedBy != process)
        {
            Unite(node.ReachedBy, process);
            _world.MakeShared(Value.Reference(index));
        }
    }

    private void WriteProcess(Process process)
    {
        Write((uint)(process.Depth << 1) | (process.IsRoot ? 1u : 0u));
        WriteValue(process.Task);
        WriteValue(process.Received);
        for (var d = 0; d < process.Depth; d++)
        {
            var frame = process[d];
            Write((uint)frame.Code.Number);
            Write((uint)(frame.Step + 1));
            Write((uint)(frame.Phase << 1) | (frame.IsBoundary ? 1u : 0u));
            foreach (var register in frame.Code.Live(frame.Step, d < process.Depth - 1))
            {
                WriteValue(frame.Registers[register]);
            }
        }
    }

    private void ReadProcess(byte[] bytes, ref int at, Process process)
    {
        var head = Read(bytes, ref at);
        process.IsRoot = (head & 1) != 0;
        process.Task = new Value(Read(bytes, ref at));
        process.Received = new Value(Read(bytes, ref at));
        var depth = (int)(head >> 1);
        for (var d = 0; d < depth; d++)
        {
            var frame = process.Push(library[(int)Read(bytes, ref at)]);
            frame.Step = (int)Read(bytes, ref at) - 1;
            var phase = Read(bytes, ref at);
            frame.Phase = (int)(phase >> 1);
            frame.IsBoundary = (phase & 1) != 0;
            foreach (var register in frame.Code.Live(frame.Step, d < depth - 1))
            {
                frame.Registers[register] = new Value(Read(bytes, ref at));
            }
        }
    }

    private void WriteNode(Node node)
    {
        Write((uint)node.Kind);
        Write((uint)node.Type);
        var isHeld = node.Depth > 0;
        Write(((uint)node.Count << 3) | (node.IsOpen ? (uint)Open : 0) | (node.IsShared ? (uint)Shared : 0) | (isHeld ? (uint)Held : 0));
        if (isHeld)
        {
            WriteValue(node.Owner);
            Write((uint)node.Depth);
        }

        for (var i = 0; i < node.Count; i++)
        {
            WriteValue(node.Slots[i]);
        }
    }

    private void WriteValue(Value value)
    {
        value = _world.Resolve(value);
        switch (value.Tag)
        {
            case Tag.Reference:
                Write(Value.Reference(Number(value.Payload)).Bits);
                break;
            case Tag.Symbol when _world.Node(value.Payload) is { Mark: 1 } single:
                Write(single.Slots[0].Bits);
                break;
            case Tag.Symbol:
                Write(Value.Symbol(Number(value.Payload)).Bits);
                break;
            case Tag.Process when value != Value.Gone:
                var number = _numbers[value.Payload];
                Write((number < 0 ? Value.Gone : Value.Process(number)).Bits);
                break;
            default:
                Write(value.Bits);
                break;
        }
    }

    private int Number(int index)
    {
        // Once numbered, a node is marked by its number below -1.
        var node = _world.Node(index);
        if (node.ReachedBy >= -1)
        {
            node.ReachedBy = -2 - _ordered;
            Push(index);
        }

        return -2 - node.ReachedBy;
    }

    private void Push(int index)
    {
        if (_ordered == _order.Length)
        {
            Array.Resize(ref _order, _ordered * 2);
        }

        _order[_ordered++] = index;
    }

    private void Write(uint value)
    {
        if (Length + 5 > _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        while (value >= 0x80)
        {
            _bytes[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[Length++] = (byte)value;
    }

    private static uint Read(byte[] bytes, ref int at)
    {
        uint value = bytes[at++];
        if (value < 0x80)
        {
            return value;
        }

        value &= 0x7F;
        for (var shift = 7; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
