#nullable enable
using System;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>The case of a select that happens when a token is cancelled: Go's <c>&lt;-ctx.Done()</c>. Once the token is cancelled it comes before all other cases, every time.</summary>
[Embedded]
internal sealed class Done : SelectCase
{
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private bool _isRegistered;

    internal override bool MayEnd => _token.CanBeCanceled;

    internal override bool IsReady => _token.IsCancellationRequested;

    /// <summary>Happens when this token is cancelled.</summary>
    /// <param name="token">The token; one that cannot be cancelled switches the case off.</param>
    /// <exception cref="InvalidOperationException">The select waits.</exception>
    public void On(CancellationToken token)
    {
        if (token != _token)
        {
            ThrowIfWaiting();
            Release();
            _token = token;
        }
    }

    internal override bool TryHappen() => true;

    internal override void Arm()
    {
        if (!_isRegistered && _token.CanBeCanceled)
        {
            _isRegistered = true;
            _registration = _token.UnsafeRegister(static done => ((Done)done!).Cancelled(), this);
        }

        if (IsReady)
        {
            Cancelled();
        }
    }

    internal override void Release()
    {
        _registration.Unregister();
        _registration = default;
        _isRegistered = false;
        _token = default;
    }

    private void Cancelled() => Select!.Offer(this, null);
}
