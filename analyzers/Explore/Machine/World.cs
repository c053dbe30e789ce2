using System;

namespace Sluice.Explore;

/// <summary>One state, unpacked: the processes and the heap. Its objects are used again for the next state.</summary>
internal sealed class World
{
    private Process[] _processes = new Process[Limits.Processes];
    private Node[] _heap = Array.Empty<Node>();
    private int[] _walk = new int[64];

    public int ProcessCount { get; private set; }

    public int NodeCount { get; private set; }

    /// <summary>Gets or sets the node of the static fields; -1 for none.</summary>
    public int Statics { get; set; } = -1;

    /// <summary>Gets or sets a value indicating whether something on the way to the state was guessed: a number that was counted too far to be known. What is found there is not told.</summary>
    public bool IsGuessed { get; set; }

    public Process Process(int index) => _processes[index];

    public Node Node(int index) => _heap[index];

    public void Clear()
    {
        ProcessCount = 0;
        NodeCount = 0;
        Statics = -1;
        IsGuessed = false;
    }

    public Process AddProcess(int origin)
    {
        if (ProcessCount == _processes.Length)
        {
            Array.Resize(ref _processes, ProcessCount * 2);
        }

        var process = _processes[ProcessCount] ??= new Process();
        ProcessCount++;
        process.Reset(origin);
        return process;
    }

    public int IndexOf(Process process) => Array.IndexOf(_processes, process, 0, ProcessCount);

    public void Swap(int a, int b) => (_processes[a], _processes[b]) = (_processes[b], _processes[a]);

    public void RemoveProcessesFrom(int count) => ProcessCount = count;

    public Value New(NodeKind kind, int type = 0)
    {
        if (NodeCount == _heap.Length)
        {
            Array.Resize(ref _heap, Math.Max(32, NodeCount * 2));
        }

        var node = _heap[NodeCount] ??= new Node();
        node.Reset(kind, type);
        return Value.Reference(NodeCount++);
    }

    /// <summary>The object of a value, null when it is none that is known.</summary>
    public Node? Object(Value value)
    {
        value = Resolve(value);
        return value.IsReference ? _heap[value.Payload] : null;
    }

    public Node? Object(Value value, NodeKind kind) => Object(value) is { } node && node.Kind == kind ? node : null;

    /// <summary>What a symbol has turned out to be.</summary>
    public Value Resolve(Value value)
    {
        while (value.Tag == Tag.Symbol)
        {
            var known = _heap[value.Payload].Slots[0];
            if (known.Tag == Tag.Unknown)
            {
                return value;
            }

            value = known;
        }

        return value;
    }

    /// <summary>What is known of an unknown value.</summary>
    public Value Known(Value unknown) => unknown.Tag == Tag.Symbol ? _heap[unknown.Payload].Slots[0] : unknown;

    /// <summary>The value that two places will hold: one that is unknown becomes a symbol, so that what is found out of the one holds for the other.</summary>
    public Value Share(ref Value place)
    {
        place = Resolve(place);
        if (place.Tag == Tag.Unknown)
        {
            var symbol = New(NodeKind.Symbol).Payload;
            _heap[symbol].Append(place);
            place = Value.Symbol(symbol);
        }

        return place;
    }

    public void Set(Node node, int slot, Value value)
    {
        Spread(node, value);
        node.Slots[slot] = value;
    }

    public void Append(Node node, Value value) => Insert(node, node.Count, value);

    public void Insert(Node node, int slot, Value value)
    {
        Spread(node, value);
        node.Insert(slot, value);
    }

    /// <summary>Where a plain object has a field, or (negative, less one) would have it.</summary>
    public static int FieldSlot(Node node, int field)
    {
        for (var i = 0; i < node.Count; i += 2)
        {
            var at = node.Slots[i].AsNumber;
            if (at == field)
            {
                return i + 1;
            }

            if (at > field)
            {
                return -i - 1;
            }
        }

        return -node.Count - 1;
    }

    public void SetField(Node node, int field, Value value)
    {
        var slot = FieldSlot(node, field);
        if (slot < 0)
        {
            slot = -slot - 1;
            node.Insert(slot, Value.Number(field));
            node.Insert(slot + 1, Value.Null);
            slot++;
        }

        Set(node, slot, value);
    }

    /// <summary>All that is reachable from the value may be held by code of which nothing is known.</summary>
    public void Open(Value value) => Walk(value, opens: true);

    /// <summary>All that is reachable from the value may be held by several processes.</summary>
    public void MakeShared(Value value) => Walk(value, opens: false);

    public void MakeShared(Process process)
    {
        MakeShared(process.Task);
        MakeShared(process.Received);
        for (var d = 0; d < process.Depth; d++)
        {
            var frame = process[d];
            foreach (var register in frame.Code.Live(frame.Step, d < process.Depth - 1))
            {
                MakeShared(frame.Registers[register]);
            }
        }
    }

    private void Spread(Node node, Value value)
    {
        if (node.IsShared)
        {
            MakeShared(value);
        }

        if (node.IsOpen)
        {
            Open(value);
        }
    }

    private void Walk(Value from, bool opens)
    {
        var count = 0;
        Visit(from);
        while (count > 0)
        {
            var node = _heap[_walk[--count]];
            for (var i = 0; i < node.Count; i++)
            {
                Visit(node.Slots[i]);
            }
        }

        void Visit(Value value)
        {
            value = Resolve(value);
            if (!value.IsReference)
            {
                return;
            }

            var node = _heap[value.Payload];
            if (opens ? node.IsOpen : node.IsShared)
            {
                return;
            }

            if (opens)
            {
                node.IsOpen = true;
            }
            else
            {
                node.IsShared = true;
            }

            if (count == _walk.Length)
            {
                Array.Resize(ref _walk, count * 2);
            }

            _walk[count++] = value.Payload;
        }
    }
}
