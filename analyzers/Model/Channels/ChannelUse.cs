using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Sluice.Model.Channels;

/// <summary>Something that is done to a traced channel.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Operation">The operation that does it.</param>
/// <param name="Body">Where the operation stands.</param>
/// <param name="Calls">The calls that handed the channel down to that place, from the place where it was made.</param>
internal sealed record ChannelUse(ChannelAction Action, IOperation Operation, Body Body, ImmutableArray<ChannelUse.Call> Calls)
{
    /// <summary>Gets the line of the operation as an editor counts it, for messages.</summary>
    public int Line => Operation.Syntax.Line();

    public bool IsSend => Action is ChannelAction.Send or ChannelAction.TrySend;

    public bool IsReceive => Action is ChannelAction.Receive or ChannelAction.TryReceive or ChannelAction.Range;

    public bool IsClose => Action is ChannelAction.Close or ChannelAction.TryClose;

    /// <summary>Gets the operation in the member that first handed the channel on, or the operation itself where nobody did.</summary>
    public Call Origin => Calls.IsEmpty ? new(Operation, Body) : Calls[0];

    /// <summary>A call that hands the channel on, in a body.</summary>
    public readonly record struct Call(IOperation Operation, Body Body);
}
