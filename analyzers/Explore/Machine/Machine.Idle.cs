using System;

namespace Sluice.Explore;

/// <content>Who waits for more work, which is no fault as long as somebody goes on who could give it.</content>
internal sealed partial class Machine
{
    private const int MostIdleDepth = 4;

    /// <summary>Whether the process is nothing but a wait to receive whose task nobody waits for, so that no code hangs with it; or waits for a time without end, as its code says.</summary>
    public bool IsMeant(Process process) => process.Top.Code[process.Top.Step] switch
    {
        Do { Act: Act.Receive or Act.WaitToReceive or Act.ReceiveOk, Label: { } label } => process.Depth == 1 && label.Text == process.Top.Code.Name,
        Await wait => World.Object(Read(process.Top, wait.Task), NodeKind.Task) is { } task && task.Slots[Flavour.Kind].AsNumber == Flavour.Never && !World.Resolve(task.Slots[Flavour.Token]).IsReference,
        _ => false,
    };

    /// <summary>Whether the process waits to receive something, or for somebody who does.</summary>
    public bool IsIdle(Process process) => IsIdle(process, MostIdleDepth);

    /// <summary>Whether the process waits for the task of one that is idle, and runs no code when it gives up.</summary>
    public bool OnlyGivesUp(Process process)
    {
        // The first frame is that of who calls a root; and what is disposed of may be nothing that matters.
        for (var d = 1; d < process.Depth; d++)
        {
            foreach (var handler in process[d].Code[process[d].Step].Handlers)
            {
                if (process[d].Code[handler.Step] is not Throw)
                {
                    return false;
                }
            }
        }

        return process.Top.Code[process.Top.Step] is Await && IsIdle(process);
    }

    /// <summary>Whether the process waits for one that goes on, and that waits for something unknown meanwhile: that fails at last, as who reads from a connection does.</summary>
    /// <param name="process">Who waits.</param>
    /// <param name="stuck">Those (one bit each) that do not go on.</param>
    public bool WaitsForRounds(Process process, int stuck) => WaitsForRounds(process, stuck, MostIdleDepth);

    private bool WaitsForRounds(Process process, int stuck, int depth) => process.Top is var frame && frame.Code[frame.Step] is Await wait
        && HangsOn(Read(frame, wait.Task), depth, (other, left) => ((stuck >> World.IndexOf(other)) & 1) == 0 ? WaitsForUnknown(other) : WaitsForRounds(other, stuck, left));

    private static bool WaitsForUnknown(Process process)
    {
        for (var d = 0; d < process.Depth; d++)
        {
            if (process[d].Code.WaitsForUnknown)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsIdle(Process process, int depth)
    {
        var frame = process.Top;
        return frame.Code[frame.Step] switch
        {
            Do { Act: Act.Receive or Act.WaitToReceive or Act.ReceiveOk or Act.Select } => true,
            Await wait => HangsOn(Read(frame, wait.Task), depth, IsIdle),
            _ => false,
        };
    }

    /// <summary>Whether a task that is not over is that of such a process, or hangs on one that is.</summary>
    private bool HangsOn(Value value, int depth, Func<Process, int, bool> isSuch)
    {
        if (depth == 0 || World.Object(value, NodeKind.Task) is not { } task || IsOver(task))
        {
            return false;
        }

        for (var p = 0; p < World.ProcessCount; p++)
        {
            if (World.Process(p) is { Depth: > 0 } process && process.Task == value)
            {
                return isSuch(process, depth - 1);
            }
        }

        for (var i = Flavour.Children; i < task.Count; i++)
        {
            if (HangsOn(World.Resolve(task.Slots[i]), depth - 1, isSuch))
            {
                return true;
            }
        }

        return false;
    }
}
