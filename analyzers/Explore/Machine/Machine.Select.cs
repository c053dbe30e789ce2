using System.Collections.Generic;

namespace Sluice.Explore;

/// <content>Select, and who meets whom at a rendezvous.</content>
internal sealed partial class Machine
{
    private const int FirstCase = 1;
    private const int CaseLength = 3;

    private readonly List<(Process Process, int Case)> _partners = new();
    private readonly List<(int Case, int Partner)> _ready = new();

    private enum CaseKind
    {
        Receive,
        Send,
        After,
        Done,
        Task,
    }

    private static int CaseCount(Do select) => (select.Arguments.Length - FirstCase) / CaseLength;

    private CaseKind KindOf(Frame frame, Do select, int at) => (CaseKind)Read(frame, select.Arguments[FirstCase + (at * CaseLength)]).AsNumber;

    private Value ObjectOf(Frame frame, Do select, int at) => Read(frame, select.Arguments[FirstCase + (at * CaseLength) + 1]);

    private static Operand ValueOf(Do select, int at) => select.Arguments[FirstCase + (at * CaseLength) + 2];

    /// <summary>Finds those who wait at the rendezvous for its other side.</summary>
    private int CountPartners(Value channel, bool sends)
    {
        _partners.Clear();
        for (var p = 0; p < World.ProcessCount; p++)
        {
            var process = World.Process(p);
            if (process == _process || process.Depth == 0 || process.Top.Code[process.Top.Step] is not Do act || (Watches(Watched.Waiting) && process.Top.Phase == 0))
            {
                continue;
            }

            var frame = process.Top;
            switch (act.Act)
            {
                case Act.Send when sends && Read(frame, act.Arguments[0]) == channel && !IsCancelled(TokenOf(frame, act, 2)):
                case Act.Receive or Act.ReceiveOk when !sends && Read(frame, act.Arguments[0]) == channel && !IsCancelled(TokenOf(frame, act, 1)):
                    _partners.Add((process, -1));
                    break;
                case Act.Select when Read(frame, act.Arguments[0]).AsNumber == 0:
                    for (var c = 0; c < CaseCount(act); c++)
                    {
                        if (KindOf(frame, act, c) == (sends ? CaseKind.Send : CaseKind.Receive) && ObjectOf(frame, act, c) == channel)
                        {
                            _partners.Add((process, c));
                        }
                    }

                    break;
            }
        }

        return _partners.Count;
    }

    /// <summary>
    /// Whether the process is suspended at a rendezvous for which another is ready as well: as long as nobody keeps account of who waits already, either may have come first,
    /// and who comes first is suspended.
    /// </summary>
    private bool ComesFirst() => !Watches(Watched.Waiting) && CanSplit() && Choices.Coin();

    /// <summary>Gives a value to one of those who wait to receive it.</summary>
    private void HandOver(Value channel, int partner, Value value)
    {
        CountPartners(channel, sends: false);
        var (process, at) = _partners[partner];
        var act = (Do)process.Top.Code[process.Top.Step];
        World.MakeShared(value);
        if (act.Act != Act.Receive)
        {
            process.Received = value;
        }

        TakeOn(process, act.Act switch { Act.Receive => value, Act.ReceiveOk => Value.True, _ => Value.Number(at + 1) });
    }

    /// <summary>Takes the value of one of those who wait to send theirs.</summary>
    private Value TakeOver(Value channel, int partner)
    {
        CountPartners(channel, sends: true);
        var (process, at) = _partners[partner];
        var frame = process.Top;
        var act = (Do)frame.Code[frame.Step];
        var operand = at < 0 ? act.Arguments[1] : ValueOf(act, at);
        var value = operand.Kind == OperandKind.Register ? World.Share(ref frame.Registers[operand.Number]) : Constant(operand);
        World.MakeShared(value);
        TakeOn(process, at < 0 ? Value.Null : Value.Number(at + 1));
        return value;
    }

    /// <summary>Another process gets past the step at which it waits.</summary>
    private void TakeOn(Process process, Value result)
    {
        var step = process.Top.Code[process.Top.Step];
        Tell(step, process);
        Finish(process.Top, step, result);
        process.HasMoved = true;
    }

    private Outcome Select(Do select)
    {
        var tries = Read(select.Arguments[0]).AsNumber == 1;
        Seen |= tries ? Watched.Waiting : Watched.Nothing;
        var isCertain = false;
        var isFreed = false;
        _ready.Clear();
        for (var c = 0; c < CaseCount(select); c++)
        {
            var value = ObjectOf(_frame, select, c);
            if (value.Tag is Tag.Null or Tag.Default && KindOf(_frame, select, c) != CaseKind.After)
            {
                continue;
            }

            isCertain |= KindOf(_frame, select, c) switch
            {
                CaseKind.Receive => FindReady(value, c, sends: false),
                CaseKind.Send => FindReady(value, c, sends: true),
                CaseKind.After => FindTimer(c),
                CaseKind.Done => FindCancelled(value, c, ref isFreed),
                _ => FindOver(value, c, ref isFreed),
            };
        }

        if (!isCertain && (tries || (_ready.Count > 0 && CanSplit())))
        {
            if (!tries)
            {
                return Outcome.Blocked;
            }

            _ready.Add((-1, -1));
        }

        if (_ready.Count == 0)
        {
            return Blocked(isFreed);
        }

        var (at, partner) = _ready[Choices.Pick(_ready.Count)];
        if (partner >= 0 && ComesFirst())
        {
            return Outcome.Blocked;
        }

        return at < 0 ? Done(Value.Number(0)) : Take(select, at, partner);
    }

    private bool FindReady(Value value, int at, bool sends)
    {
        if (World.Object(value, NodeKind.Channel) is not { IsOpen: false } channel)
        {
            _ready.Add((at, -1));
            return false;
        }

        var capacity = channel.Slots[Channels.Capacity].AsNumber;
        var items = channel.Count - Channels.Items;
        if (IsClosed(channel) || (sends ? capacity < 0 || items < capacity : items > 0))
        {
            _ready.Add((at, -1));
            return true;
        }

        var partners = capacity == 0 ? CountPartners(value, sends: !sends) : 0;
        for (var p = 0; p < partners; p++)
        {
            _ready.Add((at, p));
        }

        return partners > 0;
    }

    private bool FindTimer(int at)
    {
        _ready.Add((at, -1));
        return false;
    }

    private bool FindCancelled(Value token, int at, ref bool isFreed)
    {
        isFreed |= IsFromOutside(token);
        if (!IsCancelled(token) && !(LetsOutsideAct && IsFromOutside(token)))
        {
            return false;
        }

        _ready.Add((at, -1));
        return true;
    }

    private bool FindOver(Value task, int at, ref bool isFreed)
    {
        Seen |= Watched.Ends;
        var end = Poll(task, ref isFreed);
        if (end != Ending.Not)
        {
            _ready.Add((at, -1));
        }

        return end == Ending.Over;
    }

    private Outcome Take(Do select, int at, int partner)
    {
        var value = ObjectOf(_frame, select, at);
        switch (KindOf(_frame, select, at))
        {
            case CaseKind.Receive:
                _process.Received = Value.Unknown;
                if (World.Object(value, NodeKind.Channel) is { IsOpen: false } from)
                {
                    _process.Received = partner >= 0 ? TakeOver(value, partner) : from.Count > Channels.Items ? Take(value, from)!.Value : Value.Default;
                }

                break;
            case CaseKind.Send:
                var sent = Copy(ValueOf(select, at));
                if (World.Object(value, NodeKind.Channel) is not { IsOpen: false } to)
                {
                    World.Open(sent);
                }
                else if (IsClosed(to))
                {
                    Report(FindingKind.SentAfterClose);
                    return Threw(Failures.Closed);
                }
                else if (partner >= 0)
                {
                    HandOver(value, partner, sent);
                }
                else
                {
                    Offer(value, to, sent);
                }

                break;
            case CaseKind.Task:
                Force(value);
                break;
        }

        return Done(Value.Number(at + 1));
    }

    private Value TokenOf(Frame frame, Do act, int at) => act.Arguments.Length > at ? Read(frame, act.Arguments[at]) : Value.Null;
}
