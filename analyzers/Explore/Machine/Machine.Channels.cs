namespace Sluice.Explore;

/// <summary>The slots of a channel.</summary>
internal static class Channels
{
    public const int Capacity = 0;

    /// <summary>0, 1 when closed, 2 when closed with an exception.</summary>
    public const int Closed = 1;

    /// <summary>1 when there are more items than those told apart.</summary>
    public const int Many = 2;

    /// <summary>Its completion task, once asked for.</summary>
    public const int Completion = 3;
    public const int Items = 4;

    public const int Unbounded = -1;
    public const int Dropping = -2;
}

/// <content>Channels.</content>
internal sealed partial class Machine
{
    private Outcome NewChannel(Value capacity)
    {
        var value = World.New(NodeKind.Channel);
        var node = World.Object(value)!;

        // One that is larger than what is told apart, or of unknown size, is never full.
        var size = capacity.Tag is Tag.Number or Tag.Default ? capacity.AsNumber : Channels.Unbounded;
        node.Append(Value.Number(size > Limits.Size ? Channels.Unbounded : size));
        node.Append(Value.False);
        node.Append(Value.False);
        node.Append(Value.Unknown);
        return Done(value);
    }

    private Outcome Send(Value to, Value value, Value token)
    {
        if (IsCancelled(token))
        {
            return Threw(Failures.Cancelled);
        }

        if (World.Object(to, NodeKind.Channel) is not { } channel)
        {
            World.Open(value);
            return AnyTime(Value.Null);
        }

        if (IsClosed(channel))
        {
            if (!channel.IsOpen)
            {
                Report(FindingKind.SentAfterClose);
            }

            return Threw(Failures.Closed);
        }

        if (channel.IsOpen)
        {
            World.Open(value);
            return AnyTime(Value.Null);
        }

        return Offer(to, channel, value) ? Done() : BlockedBy(token);
    }

    /// <summary>Hands a value over when there is room or somebody who takes it.</summary>
    private bool Offer(Value to, Node channel, Value value)
    {
        var capacity = channel.Slots[Channels.Capacity].AsNumber;
        if (capacity == 0)
        {
            var count = CountPartners(to, sends: false);
            if (count == 0 || ComesFirst())
            {
                return false;
            }

            HandOver(to, Choices.Pick(count), value);
            return true;
        }

        var items = channel.Count - Channels.Items;
        if (capacity > 0 && items >= capacity)
        {
            return false;
        }

        if (capacity == Channels.Dropping && items > 0)
        {
            // What was there may go, or what comes.
            for (var i = Channels.Items; i < channel.Count; i++)
            {
                World.Open(channel.Slots[i]);
                channel.Slots[i] = Value.Unknown;
            }

            World.Open(value);
            if (Choices.Coin() || items >= Limits.Few)
            {
                return true;
            }

            value = Value.Unknown;
        }

        if (capacity < 0 && items >= Limits.Few)
        {
            World.Open(value);
            channel.Slots[Channels.Many] = Value.True;
        }
        else
        {
            World.Append(channel, value);
        }

        return true;
    }

    private Outcome TrySend(Value to, Value value)
    {
        if (World.Object(to, NodeKind.Channel) is not { IsOpen: false } channel)
        {
            World.Open(value);
            return Done(Value.Truth(Choices.Coin()));
        }

        Seen |= channel.Slots[Channels.Capacity].AsNumber == 0 ? Watched.Waiting : Watched.Nothing;
        return Done(Value.Truth(!IsClosed(channel) && Offer(to, channel, value)));
    }

    private Outcome WaitToSend(Value to, Value token)
    {
        if (IsCancelled(token))
        {
            return Threw(Failures.Cancelled);
        }

        if (World.Object(to, NodeKind.Channel) is not { IsOpen: false } channel)
        {
            return CanSplit() ? Outcome.Blocked : Done(Value.Truth(Choices.Coin()));
        }

        if (IsClosed(channel))
        {
            return Done(Value.False);
        }

        var capacity = channel.Slots[Channels.Capacity].AsNumber;
        if (capacity == 0)
        {
            Seen |= Watched.Waiting;
            return CountPartners(to, sends: false) > 0 ? Done(Value.True) : BlockedBy(token);
        }

        return capacity < 0 || channel.Count - Channels.Items < capacity ? Done(Value.True) : BlockedBy(token);
    }

    private Outcome Receive(Value from, Value token, bool saysWhether)
    {
        if (IsCancelled(token))
        {
            return Threw(Failures.Cancelled);
        }

        if (World.Object(from, NodeKind.Channel) is not { IsOpen: false } channel)
        {
            _process.Received = Value.Unknown;
            return CanSplit() ? Outcome.Blocked : Done(saysWhether ? Value.Truth(Choices.Coin()) : Value.Unknown);
        }

        if (Take(from, channel) is { } value)
        {
            _process.Received = saysWhether ? value : _process.Received;
            return Done(saysWhether ? Value.True : value);
        }

        return !IsClosed(channel) ? BlockedBy(token) : saysWhether ? Done(Value.False) : Threw(Failures.Closed);
    }

    /// <summary>Takes what is there, or what somebody waits to send; null when there is nothing.</summary>
    private Value? Take(Value from, Node channel)
    {
        if (channel.Count > Channels.Items)
        {
            var value = channel.Slots[Channels.Items];
            channel.RemoveAt(Channels.Items);
            if (channel.Slots[Channels.Many] == Value.True)
            {
                // One of those that were not told apart takes the last place; perhaps it was the last of them.
                channel.Append(Value.Unknown);
                channel.Slots[Channels.Many] = Value.Truth(Choices.Coin());
                World.IsGuessed = true;
            }

            CompleteDrained(channel);
            return value;
        }

        if (channel.Slots[Channels.Capacity].AsNumber == 0 && !IsClosed(channel) && CountPartners(from, sends: true) is > 0 and var count && !ComesFirst())
        {
            return TakeOver(from, Choices.Pick(count));
        }

        return null;
    }

    private Outcome TryReceive(Value from)
    {
        if (World.Object(from, NodeKind.Channel) is not { IsOpen: false } channel)
        {
            _process.Received = Value.Unknown;
            return Done(Value.Truth(Choices.Coin()));
        }

        Seen |= channel.Slots[Channels.Capacity].AsNumber == 0 ? Watched.Waiting : Watched.Nothing;
        if (Take(from, channel) is not { } value)
        {
            return Done(Value.False);
        }

        _process.Received = value;
        return Done(Value.True);
    }

    private Outcome WaitToReceive(Value from, Value token)
    {
        if (IsCancelled(token))
        {
            return Threw(Failures.Cancelled);
        }

        if (World.Object(from, NodeKind.Channel) is not { IsOpen: false } channel)
        {
            return CanSplit() ? Outcome.Blocked : Done(Value.Truth(Choices.Coin()));
        }

        if (channel.Count > Channels.Items)
        {
            return Done(Value.True);
        }

        if (IsClosed(channel))
        {
            return channel.Slots[Channels.Closed].AsNumber == 2 ? Threw(Failures.Other) : Done(Value.False);
        }

        if (channel.Slots[Channels.Capacity].AsNumber == 0)
        {
            Seen |= Watched.Waiting;
            if (CountPartners(from, sends: true) > 0)
            {
                return Done(Value.True);
            }
        }

        return BlockedBy(token);
    }

    private Outcome Received()
    {
        var value = _process.Received;
        _process.Received = Value.Unknown;
        return Done(value);
    }

    private Outcome Close(Value closed, bool tries, int how)
    {
        if (World.Object(closed, NodeKind.Channel) is not { } channel)
        {
            return Done(tries ? Value.Truth(Choices.Coin()) : Value.Null);
        }

        if (IsClosed(channel))
        {
            if (tries)
            {
                return Done(Value.False);
            }

            if (!channel.IsOpen)
            {
                Report(FindingKind.ClosedTwice);
            }

            return Threw(Failures.Misused);
        }

        if (channel.IsOpen && tries && !Choices.Coin())
        {
            return Done(Value.False);
        }

        channel.Slots[Channels.Closed] = Value.Number(how);
        CompleteDrained(channel);
        return Done(Value.True);
    }

    private Outcome Completion(Value of)
    {
        if (World.Object(of, NodeKind.Channel) is not { } channel)
        {
            return Done(Value.Unknown);
        }

        if (!channel.Slots[Channels.Completion].IsReference)
        {
            World.Set(channel, Channels.Completion, NewTask(Flavour.Source));
            CompleteDrained(channel);
        }

        var task = channel.Slots[Channels.Completion];
        if (channel.IsOpen)
        {
            World.Open(task);
        }

        return Done(task);
    }

    private void CompleteDrained(Node channel)
    {
        var task = channel.Slots[Channels.Completion];
        if (IsClosed(channel) && channel.Count == Channels.Items && task.IsReference)
        {
            var fails = channel.Slots[Channels.Closed].AsNumber == 2;
            Complete(World.Object(task)!, task, fails ? Flavour.Failed : Flavour.Succeeded, fails ? Value.Number((int)Failures.Other) : Value.Null);
        }
    }

    private static bool IsClosed(Node channel) => channel.Slots[Channels.Closed].AsNumber != 0;
}
