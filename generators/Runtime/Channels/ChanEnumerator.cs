#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>Ranges over a channel for <c>await foreach</c>: one object a loop, nothing for each value.</summary>
/// <typeparam name="T">What the channel carries.</typeparam>
[Embedded]
internal sealed class ChanEnumerator<T> : IAsyncEnumerator<T>
{
    private readonly Chan<T> _chan;
    private readonly CancellationToken _cancellationToken;
    private readonly bool _continueOnCapturedContext;

    internal ChanEnumerator(Chan<T> chan, bool continueOnCapturedContext, CancellationToken cancellationToken)
    {
        _chan = chan;
        _cancellationToken = cancellationToken;
        _continueOnCapturedContext = continueOnCapturedContext;
    }

    /// <summary>Gets the value that was received last.</summary>
    public T Current { get; private set; } = default!;

    /// <summary>Receives the next value.</summary>
    /// <returns>To be awaited: false when the channel is closed and drained.</returns>
    public Moving MoveNextAsync() => new(this, _chan.ReceiveAsync(_cancellationToken).ConfigureAwait(_continueOnCapturedContext));

    async ValueTask<bool> IAsyncEnumerator<T>.MoveNextAsync() => await MoveNextAsync();

    /// <summary>Does nothing: leaving the loop early leaves the channel as it is.</summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync() => default;

    /// <summary>A step of the range that has begun.</summary>
    public readonly struct Moving : ICriticalNotifyCompletion
    {
        private readonly ChanEnumerator<T> _enumerator;
        private readonly Receiving<T> _receiving;

        internal Moving(ChanEnumerator<T> enumerator, Receiving<T> receiving)
        {
            _enumerator = enumerator;
            _receiving = receiving;
        }

        /// <summary>Gets a value indicating whether the step is over.</summary>
        public bool IsCompleted => _receiving.IsCompleted;

        /// <summary>Gets what <c>await</c> needs: itself.</summary>
        /// <returns>This.</returns>
        public Moving GetAwaiter() => this;

        /// <summary>Ends the step.</summary>
        /// <returns>Whether there is a value.</returns>
        public bool GetResult()
        {
            (_enumerator.Current, bool ok) = _receiving.GetResult();
            return ok;
        }

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => _receiving.OnCompleted(continuation);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation) => _receiving.UnsafeOnCompleted(continuation);
    }
}
