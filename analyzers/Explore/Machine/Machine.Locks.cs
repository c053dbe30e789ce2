namespace Sluice.Explore;

/// <content>Locks, events and counts.</content>
internal sealed partial class Machine
{
    private const int WaitsForPulse = 1;
    private const int IsPulsed = 2;

    private const int Reentrant = 0;
    private const int Writer = 1;
    private const int WriterDepth = 2;
    private const int Upgrader = 3;
    private const int UpgraderDepth = 4;
    private const int Readers = 5;

    private Value Self => Value.Process(World.IndexOf(_process));

    private Outcome Acquire(Value value, bool tries)
    {
        if (World.Object(value) is not { } node)
        {
            return Done(tries ? Value.Truth(Choices.Coin()) : Value.Null);
        }

        Seen |= tries ? Watched.Holding : Watched.Nothing;
        var isFree = node.Depth == 0 || node.Owner == Self;
        if (tries && (!isFree || (node.IsOpen && !Choices.Coin())))
        {
            return Done(Value.False);
        }

        if (!isFree)
        {
            return Blocked(node.IsOpen);
        }

        node.Owner = Self;
        node.Depth++;
        return Done(Value.True);
    }

    private bool IsHeld(Node node) => node.Depth > 0 && node.Owner == Self;

    /// <summary>An operation that only the holder of a lock may do.</summary>
    private Outcome NotHeld(Node node)
    {
        if (node.IsOpen)
        {
            return Done();
        }

        Report(FindingKind.ReleasedNotHeld);
        return Threw(Failures.Misused);
    }

    private Outcome Release(Value value)
    {
        if (World.Object(value) is not { } node)
        {
            return Done();
        }

        if (!IsHeld(node))
        {
            return NotHeld(node);
        }

        node.Depth--;
        node.Owner = node.Depth == 0 ? Value.Unknown : node.Owner;
        return Done();
    }

    private Outcome MonitorWait(Value value, bool isTimed)
    {
        if (World.Object(value) is not { } node)
        {
            return Done(isTimed ? Value.Truth(Choices.Coin()) : Value.True);
        }

        var phase = _frame.Phase & 3;
        if (phase == 0)
        {
            if (!IsHeld(node))
            {
                return NotHeld(node);
            }

            _frame.Phase = WaitsForPulse | (node.Depth << 2);
            node.Depth = 0;
            node.Owner = Value.Unknown;
            return Outcome.Led;
        }

        // Others may pulse an open object, and the time of a wait may be over.
        if (node.Depth > 0 || (phase == WaitsForPulse && !isTimed && !node.IsOpen))
        {
            return Blocked(node.IsOpen);
        }

        node.Owner = Self;
        node.Depth = _frame.Phase >> 2;
        return Done(Value.Truth(phase == IsPulsed || !isTimed));
    }

    private Outcome Pulse(Value value, bool all)
    {
        if (World.Object(value) is not { } node)
        {
            return Done();
        }

        if (!IsHeld(node))
        {
            return NotHeld(node);
        }

        var waiting = 0;
        for (var p = 0; p < World.ProcessCount; p++)
        {
            waiting += WaitsFor(World.Process(p), value) ? 1 : 0;
        }

        var picked = all || waiting == 0 ? -1 : Choices.Pick(waiting);
        for (var p = 0; p < World.ProcessCount; p++)
        {
            var process = World.Process(p);
            if (WaitsFor(process, value) && (all || picked-- == 0))
            {
                process.Top.Phase += IsPulsed - WaitsForPulse;
                process.HasMoved = true;
            }
        }

        return Done();
    }

    private bool WaitsFor(Process process, Value value) =>
        process.Depth > 0
        && (process.Top.Phase & 3) == WaitsForPulse
        && process.Top.Code[process.Top.Step] is Do { Act: Act.MonitorWait or Act.MonitorTimedWait } wait
        && Read(process.Top, wait.Arguments[0]) == value;

    private Outcome NewSemaphore(Value count)
    {
        var value = World.New(NodeKind.Semaphore);
        World.Object(value)!.Append(Counted(count));
        return Done(value);
    }

    /// <summary>A number to count with, unknown when it is too large.</summary>
    private static Value Counted(Value count) => count.Tag is Tag.Number or Tag.Default && count.AsNumber <= Limits.Count ? Value.Number(count.AsNumber) : Value.Unknown;

    private static Value Counted(Value count, int more) => count.Tag == Tag.Number ? Counted(Value.Number(count.AsNumber + more)) : Value.Unknown;

    private Outcome AcquireSemaphore(Value value, Value token)
    {
        if (World.Object(value, NodeKind.Semaphore) is not { } semaphore)
        {
            return AnyTime(Value.Null);
        }

        if (IsCancelled(token))
        {
            return Threw(Failures.Cancelled);
        }

        var count = semaphore.Slots[0];
        if (count.Tag == Tag.Number)
        {
            if (count.AsNumber <= 0)
            {
                return semaphore.IsOpen ? (LetsOutsideAct && !CanSplit() ? Done() : Blocked(isFreedFromOutside: true)) : BlockedBy(token);
            }

            semaphore.Slots[0] = Value.Number(count.AsNumber - 1);
        }

        return Done();
    }

    private Outcome TryAcquireSemaphore(Value value)
    {
        if (World.Object(value, NodeKind.Semaphore) is not { } semaphore || semaphore.Slots[0].Tag != Tag.Number)
        {
            return Done(Value.Truth(Choices.Coin()));
        }

        // One with a timeout may fail at any time.
        var count = semaphore.Slots[0].AsNumber;
        if (count <= 0 || !Choices.Coin())
        {
            return Done(Value.False);
        }

        semaphore.Slots[0] = Value.Number(count - 1);
        return Done(Value.True);
    }

    private Outcome ReleaseSemaphore(Value value, Value count)
    {
        if (World.Object(value, NodeKind.Semaphore) is { } semaphore)
        {
            semaphore.Slots[0] = count.Tag == Tag.Number ? Counted(semaphore.Slots[0], count.AsNumber) : Value.Unknown;
        }

        return Done();
    }

    private Outcome NewReaderWriter(Value reentrant)
    {
        var value = World.New(NodeKind.ReaderWriter);
        var node = World.Object(value)!;
        node.Append(Value.Truth(reentrant.AsNumber != 0));
        node.Append(Value.Unknown);
        node.Append(Value.Number(0));
        node.Append(Value.Unknown);
        node.Append(Value.Number(0));
        return Done(value);
    }

    private Outcome EnterRead(Value value)
    {
        if (World.Object(value, NodeKind.ReaderWriter) is not { } node)
        {
            return Done();
        }

        var self = Self;
        var holds = node.Slots[Writer] == self || node.Slots[Upgrader] == self || Reader(node, self) >= 0;
        if (holds && node.Slots[Reentrant] != Value.True && Reader(node, self) >= 0)
        {
            return Threw(Failures.Misused);
        }

        // Who waits to write goes first, but for those who read already.
        if ((node.Slots[WriterDepth].AsNumber > 0 && node.Slots[Writer] != self) || (!holds && IsWriterWaiting(value)))
        {
            return Blocked(node.IsOpen);
        }

        node.Append(self);
        return Done();
    }

    private static int Reader(Node node, Value self)
    {
        for (var i = Readers; i < node.Count; i++)
        {
            if (node.Slots[i] == self)
            {
                return i;
            }
        }

        return -1;
    }

    private bool IsWriterWaiting(Value value)
    {
        for (var p = 0; p < World.ProcessCount; p++)
        {
            var process = World.Process(p);
            if (process.Depth > 0 && process.Top.Phase != 0 && process.Top.Code[process.Top.Step] is Do { Act: Act.EnterWrite } enter && Read(process.Top, enter.Arguments[0]) == value)
            {
                return true;
            }
        }

        return false;
    }

    private Outcome ExitRead(Value value)
    {
        if (World.Object(value, NodeKind.ReaderWriter) is not { } node)
        {
            return Done();
        }

        var reader = Reader(node, Self);
        if (reader < 0)
        {
            return NotHeld(node);
        }

        node.RemoveAt(reader);
        return Done();
    }

    private Outcome EnterWrite(Value value)
    {
        if (World.Object(value, NodeKind.ReaderWriter) is not { } node)
        {
            return Done();
        }

        var self = Self;
        var isMine = node.Slots[WriterDepth].AsNumber > 0 && node.Slots[Writer] == self;
        if ((isMine && node.Slots[Reentrant] != Value.True) || (!isMine && Reader(node, self) >= 0 && node.Slots[Upgrader] != self))
        {
            return Threw(Failures.Misused);
        }

        if (!isMine)
        {
            if (node.Slots[WriterDepth].AsNumber > 0 || (node.Slots[UpgraderDepth].AsNumber > 0 && node.Slots[Upgrader] != self) || HasOtherReader(node, self))
            {
                return Blocked(node.IsOpen);
            }
        }

        node.Slots[Writer] = self;
        node.Slots[WriterDepth] = Value.Number(node.Slots[WriterDepth].AsNumber + 1);
        return Done();
    }

    private static bool HasOtherReader(Node node, Value self)
    {
        for (var i = Readers; i < node.Count; i++)
        {
            if (node.Slots[i] != self)
            {
                return true;
            }
        }

        return false;
    }

    private Outcome Exit(Value value, int owner)
    {
        if (World.Object(value, NodeKind.ReaderWriter) is not { } node)
        {
            return Done();
        }

        var depth = node.Slots[owner + 1].AsNumber;
        if (depth == 0 || node.Slots[owner] != Self)
        {
            return NotHeld(node);
        }

        node.Slots[owner + 1] = Value.Number(depth - 1);
        node.Slots[owner] = depth == 1 ? Value.Unknown : node.Slots[owner];
        return Done();
    }

    private Outcome EnterUpgradeable(Value value)
    {
        if (World.Object(value, NodeKind.ReaderWriter) is not { } node)
        {
            return Done();
        }

        var self = Self;
        var isMine = node.Slots[UpgraderDepth].AsNumber > 0 && node.Slots[Upgrader] == self;
        var isWriter = node.Slots[WriterDepth].AsNumber > 0 && node.Slots[Writer] == self;
        if (((isMine || isWriter) && node.Slots[Reentrant] != Value.True) || (!isMine && !isWriter && Reader(node, self) >= 0))
        {
            return Threw(Failures.Misused);
        }

        if (!isMine && !isWriter && (node.Slots[WriterDepth].AsNumber > 0 || node.Slots[UpgraderDepth].AsNumber > 0 || IsWriterWaiting(value)))
        {
            return Blocked(node.IsOpen);
        }

        node.Slots[Upgrader] = self;
        node.Slots[UpgraderDepth] = Value.Number(node.Slots[UpgraderDepth].AsNumber + 1);
        return Done();
    }

    private Outcome NewEvent(Value isSet, Value resets)
    {
        var value = World.New(NodeKind.Event);
        var node = World.Object(value)!;
        node.Append(isSet.Tag is Tag.Number or Tag.Default ? Value.Truth(isSet.AsNumber != 0) : Value.Unknown);
        node.Append(Value.Truth(resets.AsNumber != 0));
        return Done(value);
    }

    private Outcome SetEvent(Value value, bool isSet)
    {
        if (World.Object(value, NodeKind.Event) is { } node)
        {
            node.Slots[0] = Value.Truth(isSet);
        }

        return Done(Value.True);
    }

    private Outcome WaitEvent(Value value, Value token)
    {
        if (World.Object(value, NodeKind.Event) is not { IsOpen: false } node)
        {
            return AnyTime(Value.True);
        }

        if (IsCancelled(token))
        {
            return Threw(Failures.Cancelled);
        }

        if (node.Slots[0] == Value.False)
        {
            return BlockedBy(token);
        }

        node.Slots[0] = node.Slots[1] == Value.True ? Value.False : node.Slots[0];
        return Done(Value.True);
    }

    private Outcome NewCountdown(Value count)
    {
        var value = World.New(NodeKind.Countdown);
        var node = World.Object(value)!;
        node.Append(Counted(count));
        node.Append(Value.Truth(node.Slots[0] == Value.Number(0)));
        return Done(value);
    }

    private Outcome AddCount(Value value, Value more)
    {
        if (World.Object(value, NodeKind.Countdown) is not { } node)
        {
            return Done();
        }

        if (node.Slots[0] == Value.Number(0) && node.Slots[1] == Value.False && !node.IsOpen)
        {
            Report(FindingKind.CountedUpWhenOver);
            return Threw(Failures.Misused);
        }

        node.Slots[0] = more.Tag == Tag.Number ? Counted(node.Slots[0], more.AsNumber) : Value.Unknown;
        return Done();
    }

    private Outcome Signal(Value value)
    {
        if (World.Object(value, NodeKind.Countdown) is not { } node)
        {
            return Done(Value.Unknown);
        }

        if (node.Slots[0] == Value.Number(0))
        {
            if (node.IsOpen)
            {
                return Done(Value.Unknown);
            }

            Report(FindingKind.CountedBelowZero);
            return Threw(Failures.Misused);
        }

        node.Slots[0] = Counted(node.Slots[0], -1);
        return Done(Value.Truth(node.Slots[0] == Value.Number(0)));
    }

    private Outcome WaitCountdown(Value value, Value token)
    {
        if (World.Object(value, NodeKind.Countdown) is not { IsOpen: false } node || node.Slots[0].Tag != Tag.Number)
        {
            return AnyTime(Value.True);
        }

        return IsCancelled(token) ? Threw(Failures.Cancelled) : node.Slots[0].AsNumber == 0 ? Done(Value.True) : BlockedBy(token);
    }

    private Outcome NewBarrier(Value participants)
    {
        var value = World.New(NodeKind.Barrier);
        var node = World.Object(value)!;
        node.Append(Counted(participants));
        node.Append(Value.Number(0));
        return Done(value);
    }

    private Outcome SignalAndWait(Value value)
    {
        if (World.Object(value, NodeKind.Barrier) is not { IsOpen: false } node || node.Slots[0].Tag != Tag.Number)
        {
            return AnyTime(Value.Null);
        }

        if (_frame.Phase != 0)
        {
            return Outcome.Blocked;
        }

        var arrived = node.Slots[1].AsNumber + 1;
        if (arrived < node.Slots[0].AsNumber)
        {
            node.Slots[1] = Value.Number(arrived);
            _frame.Phase = 1;
            return Outcome.Led;
        }

        node.Slots[1] = Value.Number(0);
        for (var p = 0; p < World.ProcessCount; p++)
        {
            var process = World.Process(p);
            if (process != _process && process.Depth > 0 && process.Top.Phase != 0 && process.Top.Code[process.Top.Step] is Do { Act: Act.SignalAndWait } wait && Read(process.Top, wait.Arguments[0]) == value)
            {
                TakeOn(process, Value.Null);
            }
        }

        return Done();
    }
}
