using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Sluice.Model;
using Sluice.Model.Locking;

namespace Sluice.Rules;

/// <summary>A lock that belongs to a thread is held across an await, behind which another thread may go on.</summary>
internal sealed class AwaitUnderThreadLock : Rule
{
    private const string Id = "SLC4005";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Await while a lock of the thread is held",
        "'{0}' is held by this thread since line {1}, and behind this await another thread may go on: it cannot release the lock, and whoever asks for it next waits for ever; use a SemaphoreSlim, or release first",
        Family.Deadlocks,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "Monitor, Lock, Mutex, SpinLock and ReaderWriterLockSlim belong to the thread that took them. After an await the code may go on on another thread, where the release throws.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Lock;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        if ((type.Mentions & Mentions.Async) == 0)
        {
            return;
        }

        foreach (var trace in type.Compilation.Locks.TracesOf(type))
        {
            var told = new HashSet<SyntaxNode>();
            foreach (var step in trace.Steps.OfType<AwaitStep>())
            {
                if (step.State.Held.LastOrDefault(held => held.Kind != LockKind.Semaphore) is { } held && told.Add(held.At))
                {
                    report(Diagnostic.Create(Descriptor, LockSpan.Of(step.Syntax), [LockSpan.Of(held.At)], held.Lock.Name, held.At.Line()));
                }
            }
        }
    }
}
