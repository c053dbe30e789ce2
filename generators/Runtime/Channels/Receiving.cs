#nullable enable
using System;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>A receive that has begun. Await it once: <c>var (value, ok) = await c.ReceiveAsync();</c> The awaiting method goes on in its synchronization context, as with a task.</summary>
/// <typeparam name="T">What the channel carries.</typeparam>
[Embedded]
internal readonly struct Receiving<T> : ICriticalNotifyCompletion
{
    private readonly Waiter<T>? _waiter;
    private readonly T _value;
    private readonly short _version;
    private readonly bool _ok;
    private readonly bool _anywhere;

    internal Receiving(T value, bool ok)
    {
        _waiter = null;
        _value = value;
        _version = 0;
        _ok = ok;
    }

    internal Receiving(Waiter<T> waiter)
    {
        _waiter = waiter;
        _value = default!;
        _version = waiter.Version;
        _ok = false;
    }

    private Receiving(in Receiving<T> receiving, bool anywhere)
    {
        this = receiving;
        _anywhere = anywhere;
    }

    /// <summary>Gets a value indicating whether the receive is over.</summary>
    public bool IsCompleted => _waiter is null || _waiter.IsCompleted;

    /// <summary>Gets what <c>await</c> needs: itself.</summary>
    /// <returns>This.</returns>
    public Receiving<T> GetAwaiter() => this;

    /// <summary>Says where the awaiting method goes on.</summary>
    /// <param name="continueOnCapturedContext">Whether it goes on in its synchronization context; if not, anywhere.</param>
    /// <returns>The same receive, to be awaited.</returns>
    public Receiving<T> ConfigureAwait(bool continueOnCapturedContext) => new(this, anywhere: !continueOnCapturedContext);

    /// <summary>Ends the receive.</summary>
    /// <returns>The value and true; or, when the channel is closed and drained, the default value and false.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing was taken from the channel.</exception>
    /// <exception cref="InvalidOperationException">It is not over yet, or was ended before.</exception>
    public (T Value, bool Ok) GetResult() => _waiter is null ? (_value, _ok) : _waiter.EndReceive(_version);

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => Waiter.OnCompleted(_waiter, _version, continuation, captureContext: !_anywhere);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => Waiter.UnsafeOnCompleted(_waiter, _version, continuation, captureContext: !_anywhere);

    /// <summary>The receive as a <see cref="ValueTask{TResult}"/>, instead of awaiting it here.</summary>
    /// <returns>The same receive.</returns>
    public ValueTask<(T Value, bool Ok)> AsValueTask() => _waiter is null ? new((_value, _ok)) : new(_waiter, _version);

    /// <summary>The receive as a <see cref="Task{TResult}"/>, which may be awaited by many and blocked on. It allocates.</summary>
    /// <returns>The same receive.</returns>
    public Task<(T Value, bool Ok)> AsTask() => AsValueTask().AsTask();
}
