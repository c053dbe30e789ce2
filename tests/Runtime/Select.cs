using System;
using System.Runtime.CompilerServices;

namespace Sluice.Tests;

/// <summary>A select over any cases, written by hand as the generator writes one; <c>await</c> gives the index of the case, and Try() gives -1 for default.</summary>
internal sealed class Select(params SelectCase[] cases) : Selector
{
    public Awaiter GetAwaiter() => new(Wait());

    public Awaiter ConfigureAwait(bool continueOnCapturedContext) => new(Wait(continueOnCapturedContext));

    public int Try() => Poll() - 1;

    protected override SelectCase[] Cases() => cases;

    public readonly struct Awaiter(SelectorAwaiter wait) : ICriticalNotifyCompletion
    {
        public Awaiter GetAwaiter() => this;

        public bool IsCompleted => wait.IsCompleted;

        public int GetResult() => wait.GetResult() - 1;

        public void OnCompleted(Action continuation) => wait.OnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation) => wait.UnsafeOnCompleted(continuation);
    }
}
