#nullable enable
using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>The case of a select that happens at every tick of a <see cref="PeriodicTimer"/>: Go's <c>&lt;-ticker.C</c>. Ticks that nobody waits for become one. When the timer is disposed, it never happens again.</summary>
[Embedded]
internal sealed class Tick : SelectCase
{
    private Ticks? _ticks;

    internal override bool MayEnd => _ticks is not null;

    internal override bool IsReady => _ticks is { Ticked: true };

    /// <summary>Happens at the ticks of this timer, which nobody else may wait for.</summary>
    /// <param name="timer">The timer; null switches the case off.</param>
    /// <exception cref="InvalidOperationException">The select waits.</exception>
    public void On(PeriodicTimer? timer)
    {
        if (!ReferenceEquals(timer, _ticks?.Timer))
        {
            ThrowIfWaiting();
            _ticks = timer is null ? null : new Ticks(this, timer);
        }
    }

    internal override bool TryHappen()
    {
        _ticks!.Ticked = false;
        return true;
    }

    internal override void Arm()
    {
        if (_ticks is not { } ticks)
        {
            return;
        }

        if (ticks.Ticked)
        {
            Select!.Offer(this, ticks);
        }
        else if (!ticks.IsOver)
        {
            ticks.Arm();
        }
    }

    internal override bool Confirms(object? source) => ReferenceEquals(source, _ticks) && IsReady;

    internal override void Release() => _ticks = null;

    private sealed class Ticks : Readiness
    {
        private volatile bool _ticked;
        private volatile bool _isOver;

        public Ticks(Tick tick, PeriodicTimer timer)
            : base(tick) => Timer = timer;

        public PeriodicTimer Timer { get; }

        public bool Ticked
        {
            get => _ticked;
            set => _ticked = value;
        }

        public bool IsOver => _isOver;

        private protected override ValueTask<bool> Wait() => Timer.WaitForNextTickAsync();

        private protected override void End(bool result)
        {
            _ticked = result;
            _isOver = !result;
        }
    }
}
