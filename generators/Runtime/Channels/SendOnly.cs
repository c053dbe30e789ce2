#nullable enable
using System.Threading;
using System.Threading.Channels;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>A channel that can only be sent to and closed: Go's <c>chan&lt;- T</c>. A <see cref="Chan{T}"/> converts to it; the default is a nil channel.</summary>
/// <typeparam name="T">What the channel carries.</typeparam>
[Embedded]
internal readonly record struct SendOnly<T>
{
    /// <summary>Initializes a new instance of the <see cref="SendOnly{T}"/> struct.</summary>
    /// <param name="chan">The channel, or null for a nil channel.</param>
    public SendOnly(Chan<T>? chan) => Chan = chan;

    /// <inheritdoc cref="Chan.Count"/>
    public int Count => Chan?.Count ?? 0;

    /// <inheritdoc cref="Chan.Capacity"/>
    public int Capacity => Chan?.Capacity ?? 0;

    /// <inheritdoc cref="Chan{T}.Writer"/>
    public ChannelWriter<T> Writer => OrNil.Writer;

    internal Chan<T>? Chan { get; }

    private Chan<T> OrNil => Chan ?? Chan<T>.Nil;

    /// <summary>Gives the sending side of a channel.</summary>
    /// <param name="chan">The channel, or null for a nil channel.</param>
    public static implicit operator SendOnly<T>(Chan<T>? chan) => new(chan);

    /// <inheritdoc cref="Chan{T}.SendAsync"/>
    public Sending SendAsync(T value, CancellationToken cancellationToken = default) => OrNil.SendAsync(value, cancellationToken);

    /// <inheritdoc cref="Chan{T}.TrySend(T)"/>
    public bool TrySend(T value) => OrNil.TrySend(value);

    /// <inheritdoc cref="Chan{T}.Close"/>
    public void Close() => OrNil.Close();
}
