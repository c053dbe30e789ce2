#nullable enable
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>A channel to range over in a way that was asked for: <c>await foreach (var v in c.WithCancellation(token))</c>.</summary>
/// <typeparam name="T">What the channel carries.</typeparam>
[Embedded]
internal readonly struct ChanRange<T>
{
    private readonly Chan<T> _chan;
    private readonly CancellationToken _cancellationToken;
    private readonly bool _continueOnCapturedContext;

    internal ChanRange(Chan<T> chan, bool continueOnCapturedContext, CancellationToken cancellationToken)
    {
        _chan = chan;
        _cancellationToken = cancellationToken;
        _continueOnCapturedContext = continueOnCapturedContext;
    }

    /// <inheritdoc cref="Chan{T}.WithCancellation"/>
    public ChanRange<T> WithCancellation(CancellationToken cancellationToken) => new(_chan, _continueOnCapturedContext, cancellationToken);

    /// <inheritdoc cref="Chan{T}.ConfigureAwait"/>
    public ChanRange<T> ConfigureAwait(bool continueOnCapturedContext) => new(_chan, continueOnCapturedContext, _cancellationToken);

    /// <summary>Receives until the channel is closed and drained.</summary>
    /// <returns>What <c>await foreach</c> needs.</returns>
    public ChanEnumerator<T> GetAsyncEnumerator() => new(_chan, _continueOnCapturedContext, _cancellationToken);
}
