#nullable enable
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Channels;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>A channel that can only be received from: Go's <c>&lt;-chan T</c>. A <see cref="Chan{T}"/> converts to it; the default is a nil channel.</summary>
/// <typeparam name="T">What the channel carries.</typeparam>
[Embedded]
internal readonly record struct ReceiveOnly<T>
{
    /// <summary>Initializes a new instance of the <see cref="ReceiveOnly{T}"/> struct.</summary>
    /// <param name="chan">The channel, or null for a nil channel.</param>
    public ReceiveOnly(Chan<T>? chan) => Chan = chan;

    /// <inheritdoc cref="Chan.Count"/>
    public int Count => Chan?.Count ?? 0;

    /// <inheritdoc cref="Chan.Capacity"/>
    public int Capacity => Chan?.Capacity ?? 0;

    /// <inheritdoc cref="Chan{T}.Reader"/>
    public ChannelReader<T> Reader => OrNil.Reader;

    internal Chan<T>? Chan { get; }

    private Chan<T> OrNil => Chan ?? Chan<T>.Nil;

    /// <summary>Gives the receiving side of a channel.</summary>
    /// <param name="chan">The channel, or null for a nil channel.</param>
    public static implicit operator ReceiveOnly<T>(Chan<T>? chan) => new(chan);

    /// <inheritdoc cref="Chan{T}.ReceiveAsync"/>
    public Receiving<T> ReceiveAsync(CancellationToken cancellationToken = default) => OrNil.ReceiveAsync(cancellationToken);

    /// <inheritdoc cref="Chan{T}.TryReceive(out T)"/>
    public bool TryReceive([MaybeNullWhen(false)] out T value) => OrNil.TryReceive(out value);

    /// <inheritdoc cref="Chan{T}.TryReceive(out T, out bool)"/>
    public bool TryReceive(out T value, out bool ok) => OrNil.TryReceive(out value, out ok);

    /// <inheritdoc cref="Chan{T}.GetAsyncEnumerator"/>
    public ChanEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => OrNil.GetAsyncEnumerator(cancellationToken);

    /// <inheritdoc cref="Chan{T}.WithCancellation"/>
    public ChanRange<T> WithCancellation(CancellationToken cancellationToken) => OrNil.WithCancellation(cancellationToken);

    /// <inheritdoc cref="Chan{T}.ConfigureAwait"/>
    public ChanRange<T> ConfigureAwait(bool continueOnCapturedContext) => OrNil.ConfigureAwait(continueOnCapturedContext);
}
