using System;

namespace Sluice.Explore;

internal enum NodeKind
{
    /// <summary>An unknown value that is held in several places: what it is, as far as known.</summary>
    Symbol,

    /// <summary>Static fields: as of an object.</summary>
    Statics,

    /// <summary>Fields: name and value in turn, in the order of the names.</summary>
    Plain,
    Delegate,
    Channel,
    Semaphore,
    ReaderWriter,
    Event,
    Countdown,
    Barrier,
    Task,
    Cancellation,
    Registration,
    List,
    Map,
}

/// <summary>An object of the heap. What its slots hold depends on its kind; all of it are values, so that whoever walks the heap need not know.</summary>
internal sealed class Node
{
    public NodeKind Kind { get; set; }

    /// <summary>Gets or sets the interned type of a plain object, the procedure of a delegate.</summary>
    public int Type { get; set; }

    /// <summary>Gets or sets a value indicating whether code of which nothing is known may hold it.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Gets or sets a value indicating whether several processes may hold it.</summary>
    public bool IsShared { get; set; }

    /// <summary>Gets or sets the process that holds its monitor, and how often; unknown for none.</summary>
    public Value Owner { get; set; }

    public int Depth { get; set; }

    public int Count { get; set; }

    public Value[] Slots { get; private set; } = new Value[8];

    /// <summary>Gets or sets what the walk over the heap notes: the number in the snapshot, who reached it first, how many hold a symbol.</summary>
    public int Mark { get; set; }

    public int ReachedBy { get; set; }

    public void Reset(NodeKind kind, int type)
    {
        Kind = kind;
        Type = type;
        IsOpen = false;
        IsShared = kind == NodeKind.Statics;
        Owner = Value.Unknown;
        Depth = 0;
        Count = 0;
    }

    public void Append(Value value) => Insert(Count, value);

    public void Insert(int at, Value value)
    {
        if (Count == Slots.Length)
        {
            var slots = Slots;
            Array.Resize(ref slots, Count * 2);
            Slots = slots;
        }

        Array.Copy(Slots, at, Slots, at + 1, Count - at);
        Slots[at] = value;
        Count++;
    }

    public void RemoveAt(int at)
    {
        Count--;
        Array.Copy(Slots, at + 1, Slots, at, Count - at);
    }
}
