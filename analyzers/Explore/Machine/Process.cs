using System;

namespace Sluice.Explore;

/// <summary>A procedure that runs: where it stands and what its registers hold. While it calls another, its step is that of the call.</summary>
internal sealed class Frame
{
    public Prepared Code { get; set; } = Prepared.None;

    public int Step { get; set; }

    /// <summary>Gets or sets how far a step is that takes several turns; 0 at first.</summary>
    public int Phase { get; set; }

    /// <summary>Gets or sets a value indicating whether its caller goes on when it first waits.</summary>
    public bool IsBoundary { get; set; }

    public Value[] Registers { get; private set; } = new Value[8];

    public void Enter(Prepared code, bool isBoundary)
    {
        Code = code;
        Step = 0;
        Phase = 0;
        IsBoundary = isBoundary;
        if (Registers.Length < code.Registers)
        {
            Registers = new Value[code.Registers];
        }

        Array.Clear(Registers, 0, code.Registers);
    }

    public void GoTo(int step)
    {
        Step = step;
        Phase = 0;
    }
}

/// <summary>What runs at the same time as others: a stack of frames.</summary>
internal sealed class Process
{
    private Frame[] _frames = { new(), new() };

    public int Depth { get; private set; }

    /// <summary>Gets or sets the task that ends with it; unknown for none.</summary>
    public Value Task { get; set; }

    /// <summary>Gets or sets what its last attempt to receive took.</summary>
    public Value Received { get; set; }

    /// <summary>Gets or sets a value indicating whether it is what was asked for: what it returns goes to unknown code.</summary>
    public bool IsRoot { get; set; }

    /// <summary>Gets or sets which it was before the transition; -1 for a new one.</summary>
    public int Origin { get; set; }

    /// <summary>Gets or sets a value indicating whether this transition took it on.</summary>
    public bool HasMoved { get; set; }

    /// <summary>Gets or sets which it is in the part of the state that was packed last; -1 when it is in another.</summary>
    public int Number { get; set; }

    /// <summary>Gets or sets where it stood among the processes before they were sorted.</summary>
    public int Place { get; set; }

    /// <summary>Gets or sets the name that a schedule gives it.</summary>
    public string? Name { get; set; }

    public Frame Top => _frames[Depth - 1];

    public Frame this[int depth] => _frames[depth];

    public void Reset(int origin)
    {
        Depth = 0;
        Task = Value.Unknown;
        Received = Value.Unknown;
        IsRoot = false;
        Origin = origin;
        HasMoved = false;
        Name = null;
    }

    public Frame Push(Prepared code, bool isBoundary = false)
    {
        if (Depth == _frames.Length)
        {
            Array.Resize(ref _frames, Depth * 2);
            for (var i = Depth; i < _frames.Length; i++)
            {
                _frames[i] = new Frame();
            }
        }

        var frame = _frames[Depth++];
        frame.Enter(code, isBoundary);
        return frame;
    }

    public void Pop() => Depth--;

    /// <summary>Hands the frames from a depth up to another process, which has none.</summary>
    public void HandOver(int from, Process to)
    {
        for (var i = from; i < Depth; i++)
        {
            to.Push(Prepared.None);
            (to._frames[i - from], _frames[i]) = (_frames[i], to._frames[i - from]);
        }

        Depth = from;
    }
}
