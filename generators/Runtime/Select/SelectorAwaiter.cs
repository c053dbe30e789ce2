#nullable enable
using System;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>A wait of a select that has begun.</summary>
[Embedded]
internal readonly struct SelectorAwaiter : ICriticalNotifyCompletion
{
    private readonly Selector _select;
    private readonly int _winner;
    private readonly bool _continueOnCapturedContext;

    internal SelectorAwaiter(Selector select, int winner, bool continueOnCapturedContext)
    {
        _select = select;
        _winner = winner;
        _continueOnCapturedContext = continueOnCapturedContext;
    }

    /// <summary>Gets a value indicating whether a case has happened.</summary>
    public bool IsCompleted => _winner >= 0 || _select.IsCompleted;

    /// <summary>Ends the wait.</summary>
    /// <returns>1 for the first case, and so on.</returns>
    /// <exception cref="System.Threading.Channels.ChannelClosedException">The case that happened is a send on a closed channel.</exception>
    public int GetResult() => _select.End(_winner);

    /// <inheritdoc/>
    public void OnCompleted(Action continuation)
    {
        if (_winner >= 0)
        {
            Suspension.GoOn(continuation);
        }
        else
        {
            _select.OnCompleted(continuation, _continueOnCapturedContext);
        }
    }

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation)
    {
        if (_winner >= 0)
        {
            Suspension.UnsafeGoOn(continuation);
        }
        else
        {
            _select.UnsafeOnCompleted(continuation, _continueOnCapturedContext);
        }
    }
}
