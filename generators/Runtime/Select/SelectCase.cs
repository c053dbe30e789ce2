#nullable enable
using System;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>One case of a select.</summary>
[Embedded]
internal abstract class SelectCase
{
    private protected SelectCase()
    {
    }

    /// <summary>The channel of the case; null when the case is off or is about something else.</summary>
    internal Chan? Channel { get; private set; }

    /// <summary>The id of the channel, also while the case is off: its place in the order of locking.</summary>
    internal long Rank { get; private set; }

    internal Selector? Select { get; private set; }

    internal int Index { get; private set; }

    /// <summary>Whether the case is about something at all. Only asked when it is not about a channel.</summary>
    internal virtual bool IsOn => true;

    /// <summary>Whether the case can end a wait without anybody using a channel of ours.</summary>
    internal virtual bool MayEnd => IsOn;

    /// <summary>Whether the case waits for a channel that is not ours, so that what it is told may be no longer true.</summary>
    internal virtual bool IsForeign => false;

    /// <summary>Whether the case can happen now, as far as can be seen without a lock.</summary>
    internal abstract bool IsReady { get; }

    /// <summary>Makes the case belong to its select, before the first use.</summary>
    internal void Join(Selector select, int index)
    {
        if (Select is not null)
        {
            throw new InvalidOperationException("A case belongs to one select.");
        }

        Select = select;
        Index = index;
        Joined();
    }

    /// <summary>Makes the case happen, unless somebody was faster.</summary>
    internal abstract bool TryHappen();

    /// <summary>The same, with the lock of <see cref="Channel"/> held; who is in <paramref name="counterpart"/> is to be woken after it.</summary>
    internal virtual bool TryHappen(out Waiter? counterpart)
    {
        counterpart = null;
        return false;
    }

    /// <summary>Waits in the queue of <see cref="Channel"/>, with its lock held.</summary>
    internal virtual void Enqueue()
    {
    }

    /// <summary>Leaves the queue of <see cref="Channel"/>.</summary>
    internal virtual void Dequeue()
    {
    }

    /// <summary>The select begins to wait: a case that is not about a channel sees to it that it is offered when it can happen.</summary>
    internal virtual void Arm()
    {
    }

    /// <summary>Whether what called <see cref="Selector.Offer"/> still counts: the case may have been pointed elsewhere meanwhile.</summary>
    internal virtual bool Confirms(object? source) => IsReady;

    /// <summary>It is the one that happened: throws if it must.</summary>
    internal virtual void Conclude()
    {
    }

    /// <summary>Drops what it holds.</summary>
    internal abstract void Release();

    private protected virtual void Joined()
    {
    }

    private protected void SetChannel(Chan? channel)
    {
        if (!ReferenceEquals(Channel, channel))
        {
            ThrowIfWaiting();
            Channel = channel;
            bool isOther = channel is not null && channel.Id != Rank;
            if (isOther)
            {
                Rank = channel!.Id;
            }

            Select?.ChannelsChanged(isOther);
        }
    }

    private protected void ForeignChanged()
    {
        ThrowIfWaiting();
        Channel = null;
        Select?.OthersChanged();
    }

    private protected void ThrowIfWaiting()
    {
        if (Select is { IsWaiting: true })
        {
            throw new InvalidOperationException("The select waits: change its cases between two waits.");
        }
    }
}
