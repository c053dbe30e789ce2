#nullable enable
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>How an operation on a channel ended.</summary>
[Embedded]
internal enum Outcome
{
    /// <summary>Not yet.</summary>
    Pending,

    /// <summary>The value was handed over.</summary>
    Delivered,

    /// <summary>The channel is closed: a receive got nothing, a send must throw.</summary>
    Closed,

    /// <summary>The token was cancelled first: nothing was handed over.</summary>
    Cancelled,
}
