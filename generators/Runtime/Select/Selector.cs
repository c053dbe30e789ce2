#nullable enable
using System;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>
/// Go's select, as an object that serves one loop: its cases are set, then it is awaited, again and again, and nothing is allocated. Exactly one case happens at a
/// time, chosen uniformly among those that can; a token that is already cancelled comes first. Not for use by two loops at once.
/// </summary>
[Embedded]
internal abstract class Selector : Suspension, IDisposable
{
    // What a wait has come to while its cases are being armed. Who arms them finishes what happened meanwhile.
    private const int Arming = 0;
    private const int Armed = 1;
    private const int Retracted = 2;
    private const int Won = 3;

    private SelectCase[]? _cases;
    private Done[] _dones = Array.Empty<Done>();

    // The cases that are on: first those about channels, in the order of locking, then the others.
    private SelectCase[] _active = Array.Empty<SelectCase>();
    private int _activeCount;
    private int _channelCases;

    // All cases by the channels that they are or were about, and those that were never about one. A case that goes off and on again keeps its place.
    private SelectCase[] _byRank = Array.Empty<SelectCase>();
    private SelectCase[] _others = Array.Empty<SelectCase>();
    private int _otherCount;

    // The channels of the cases in the order of locking, each once, and what their sequences were.
    private Chan[] _channels = Array.Empty<Chan>();
    private int[] _sequences = Array.Empty<int>();
    private int _channelCount;
    private bool _channelsChanged = true;
    private bool _ranksChanged = true;
    private bool _othersChanged = true;

    // Even: not waiting; odd: waiting. Who replaces the odd number has won; it grows, so that a late comer of an earlier wait cannot win a later one.
    private int _epoch;
    private int _winner;
    private int _phase;
    private bool _isForeign;
    private bool _inUse;
    private Chance _chance;

    /// <summary>Initializes a new instance of the <see cref="Selector"/> class.</summary>
    protected Selector()
    {
    }

    /// <summary>Whether something other than our channels can end the wait.</summary>
    internal bool MayEnd => Array.Exists(_cases!, static @case => @case.MayEnd);

    internal bool IsWaiting => (Volatile.Read(ref _epoch) & 1) != 0;

    /// <summary>Frees timers and registrations with tokens. A wait that is under way is abandoned: no case happens any more, and who awaits it is never resumed.</summary>
    public void Dispose()
    {
        int epoch = Atomic.Read(ref _epoch);
        if ((epoch & 1) != 0 && Atomic.TryReplace(ref _epoch, epoch, unchecked(epoch + 1)))
        {
            LeaveQueues();
        }

        foreach (SelectCase @case in _cases ?? Cases())
        {
            @case.Release();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A case was pointed to another channel, or went off or on.</summary>
    internal void ChannelsChanged(bool isOther)
    {
        _channelsChanged = true;
        _ranksChanged |= isOther;
    }

    /// <summary>A case is now, or is no longer, about a channel that is not ours.</summary>
    internal void OthersChanged()
    {
        _channelsChanged = true;
        _othersChanged = true;
    }

    /// <summary>Called by a counterpart under the lock of a channel: makes case <paramref name="index"/> the one that happens, unless another is already.</summary>
    internal bool TryClaim(int index)
    {
        int epoch = Atomic.Read(ref _epoch);
        if ((epoch & 1) == 0 || !Atomic.TryReplace(ref _epoch, epoch, unchecked(epoch + 1)))
        {
            return false;
        }

        _winner = index;
        return true;
    }

    /// <summary>Called by timers, tokens, tasks and foreign channels, at any time and maybe too late: the case happens, if the select waits for it and it still can.</summary>
    internal void Offer(SelectCase @case, object? source)
    {
        int epoch = Atomic.Read(ref _epoch);
        if ((epoch & 1) == 0 || !@case.Confirms(source) || !Atomic.TryReplace(ref _epoch, epoch, unchecked(epoch + 1)))
        {
            return;
        }

        _winner = @case.Index;
        if (@case.TryHappen())
        {
            if (MayComplete())
            {
                Complete();
            }
        }
        else if (Atomic.Exchange(ref _phase, Retracted) == Armed)
        {
            // Another reader or writer of that foreign channel was faster: the wait goes on.
            LeaveQueues();
            int winner = Begin();
            if (winner >= 0)
            {
                _winner = winner;
                Complete();
            }
        }
    }

    /// <summary>Whether who made a case happen may complete the wait now; if not, who still arms the cases does.</summary>
    internal bool MayComplete() => !_isForeign || Atomic.Exchange(ref _phase, Won) == Armed;

    /// <summary>Ends a wait.</summary>
    /// <returns>1 for the first case, and so on.</returns>
    internal int End(int winner)
    {
        if (winner < 0)
        {
            if (!IsCompleted)
            {
                throw new InvalidOperationException("The select still waits: await it.");
            }

            winner = _winner;
            LeaveQueues();
        }

        _inUse = false;
        _cases![winner].Conclude();
        return winner + 1;
    }

    /// <summary>The cases, in the order of declaration. Called once.</summary>
    /// <returns>The cases.</returns>
    protected abstract SelectCase[] Cases();

    /// <summary>Waits for a case: what <c>await</c> needs.</summary>
    /// <param name="continueOnCapturedContext">Whether the awaiting method goes on in its synchronization context; if not, anywhere.</param>
    /// <returns>The awaiter.</returns>
    /// <exception cref="InvalidOperationException">It is already awaited.</exception>
    protected SelectorAwaiter Wait(bool continueOnCapturedContext = true)
    {
        Use();
        Reset();
        return new SelectorAwaiter(this, Begin(), continueOnCapturedContext);
    }

    /// <summary>Lets a case happen that can happen now: Go's select with default. Of channels it sees all at one moment.</summary>
    /// <returns>1 for the first case, and so on; 0 when none can happen.</returns>
    /// <exception cref="InvalidOperationException">It is already awaited.</exception>
    protected int Poll()
    {
        Use();
        int winner = TryAll();
        _inUse = false;
        if (winner < 0)
        {
            Runner.CompletedAtOnce(); // who polls in a loop must let those run who would make it end
            return 0;
        }

        _cases![winner].Conclude();
        return winner + 1;
    }

    private void Use()
    {
        if (_inUse)
        {
            throw new InvalidOperationException("The select is already awaited: one select serves one loop.");
        }

        _inUse = true;
        if (_cases is null)
        {
            JoinCases();
        }

        if (_channelsChanged)
        {
            OrderChannels();
        }
    }

    private void JoinCases()
    {
        SelectCase[] cases = Cases();
        for (int i = 0; i < cases.Length; i++)
        {
            cases[i].Join(this, i);
        }

        _dones = Array.ConvertAll(Array.FindAll(cases, static @case => @case is Done), static @case => (Done)@case);
        _active = new SelectCase[cases.Length];
        _byRank = (SelectCase[])cases.Clone();
        _others = new SelectCase[cases.Length];
        _channels = new Chan[cases.Length];
        _sequences = new int[cases.Length];
        _cases = cases;
    }

    private void OrderChannels()
    {
        if (_ranksChanged)
        {
            SortByRank();
        }

        if (_othersChanged)
        {
            FindOthers();
        }

        _channelsChanged = false;
        int before = _channelCount;
        int cases = 0;
        int channels = 0;
        Chan? last = null;
        foreach (SelectCase @case in _byRank)
        {
            if (@case.Channel is { } channel)
            {
                _active[cases++] = @case;
                if (!ReferenceEquals(channel, last))
                {
                    _channels[channels++] = channel;
                    last = channel;
                }
            }
        }

        for (int i = channels; i < before; i++)
        {
            _channels[i] = null!; // what is not waited for any more is not kept alive
        }

        _channelCases = cases;
        _channelCount = channels;
        for (int i = 0; i < _otherCount; i++)
        {
            _active[cases++] = _others[i];
        }

        _activeCount = cases;
    }

    private void SortByRank()
    {
        _ranksChanged = false;
        SelectCase[] cases = _byRank;
        for (int i = 1; i < cases.Length; i++)
        {
            SelectCase @case = cases[i];
            int place = i;
            for (; place > 0 && cases[place - 1].Rank > @case.Rank; place--)
            {
                cases[place] = cases[place - 1];
            }

            cases[place] = @case;
        }
    }

    private void FindOthers()
    {
        _othersChanged = false;
        _otherCount = 0;
        _isForeign = false;
        foreach (SelectCase @case in _cases!)
        {
            if (@case.Channel is null && @case.IsOn)
            {
                _others[_otherCount++] = @case;
                _isForeign |= @case.IsForeign;
            }
        }
    }

    /// <returns>The case that happened at once, or -1: the select waits.</returns>
    private int Begin()
    {
        while (true)
        {
            int winner = TryAny(out _);
            if (winner >= 0)
            {
                return winner;
            }

            winner = TryAllOrEnqueue(enqueue: true);
            if (winner >= 0)
            {
                return winner;
            }

            for (int i = _channelCases; i < _activeCount; i++)
            {
                _active[i].Arm();
            }

            switch (_isForeign ? Atomic.Exchange(ref _phase, Armed) : Arming)
            {
                case Arming:
                    return -1;
                case Won:
                    LeaveQueues();
                    return _winner;
                default:
                    LeaveQueues();
                    break;
            }
        }
    }

    private int TryAll()
    {
        for (int i = 0; i < _channelCount; i++)
        {
            _sequences[i] = _channels[i].Lock.Sequence;
        }

        int winner = TryAny(out bool nothingSeen);
        if (winner >= 0 || (nothingSeen && Unchanged()))
        {
            return winner;
        }

        return TryAllOrEnqueue(enqueue: false);
    }

    private bool Unchanged()
    {
        for (int i = 0; i < _channelCount; i++)
        {
            if (!_channels[i].Lock.Unchanged(_sequences[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Looks without locks, and takes one of what is ready.</summary>
    private int TryAny(out bool nothingSeen)
    {
        nothingSeen = false;
        foreach (Done done in _dones)
        {
            if (done.IsReady)
            {
                return done.Index;
            }
        }

        // A few times only: what looks ready may be the entry of a select that has gone elsewhere.
        for (int attempt = 0; attempt < 3; attempt++)
        {
            if (Pick(_activeCount) is not { } @case)
            {
                nothingSeen = true;
                return -1;
            }

            if (@case.TryHappen())
            {
                return @case.Index;
            }
        }

        return -1;
    }

    /// <summary>With the locks of all channels, so at one moment: takes one that is ready; if none is, waits on all of them if so asked.</summary>
    private int TryAllOrEnqueue(bool enqueue)
    {
        for (int i = 0; i < _channelCount; i++)
        {
            _channels[i].Lock.Enter();
        }

        int winner = -1;
        Waiter? counterpart = null;
        while (Pick(_channelCases) is { } @case)
        {
            if (@case.TryHappen(out counterpart))
            {
                winner = @case.Index;
                break;
            }
        }

        if (winner < 0 && enqueue)
        {
            _phase = Arming;
            Enqueue();
            Atomic.Exchange(ref _epoch, unchecked(_epoch + 1));
        }

        for (int i = _channelCount - 1; i >= 0; i--)
        {
            _channels[i].Lock.Exit();
        }

        counterpart?.Wake();
        return winner;
    }

    private void Enqueue()
    {
        // Two cases on one channel: whichever is first in its queue is served first, so chance orders them.
        if (_channelCount < _channelCases)
        {
            for (int i = _channelCases - 1; i > 0; i--)
            {
                int j = (int)_chance.Below((uint)i + 1);
                (_active[i], _active[j]) = (_active[j], _active[i]);
            }
        }

        for (int i = 0; i < _channelCases; i++)
        {
            _active[i].Enqueue();
        }
    }

    private void LeaveQueues()
    {
        for (int i = 0; i < _channelCases; i++)
        {
            _active[i].Dequeue();
        }
    }

    /// <summary>One of the first <paramref name="count"/> active cases that look ready, each with the same chance.</summary>
    private SelectCase? Pick(int count)
    {
        SelectCase? picked = null;
        uint ready = 0;
        for (int i = 0; i < count; i++)
        {
            SelectCase @case = _active[i];
            if (@case.IsReady && (++ready == 1 || _chance.Below(ready) == 0))
            {
                picked = @case;
            }
        }

        return picked;
    }
}
