using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Sluice.Model;
using Sluice.Model.Locking;

namespace Sluice.Rules;

/// <summary>A lock that does not know its holder is taken by who holds it already.</summary>
internal sealed class TakenTwice : Rule
{
    private const string Id = "SLC4002";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Lock taken twice by one flow",
        "'{0}' is taken again here{1} while this code holds it since line {2}, {3}",
        Family.Deadlocks,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A SemaphoreSlim does not know who holds it: whoever takes it twice waits for itself. A SpinLock, and a ReaderWriterLockSlim without recursion, throw. Split the method: a public part that takes the lock, and a private one that expects it held.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Lock;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var again in Again.In(type).Where(again => !again.Wanted.Beside).GroupBy(again => again.Step.Syntax).Select(group => group.First()))
        {
            if (Consequence(again, type) is { } consequence)
            {
                report(Diagnostic.Create(Descriptor, LockSpan.Of(again.Step.Syntax), again.Places(), again.Held.Lock.Name, again.Way(), again.Held.At.Line(), consequence));
            }
        }
    }

    private static string? Consequence(Again again, TypeModel type)
    {
        var make = type.Compilation.Locks.MakeOf(again.Lock, type.Cancellation);
        return (again.Held.Kind, again.Wanted.Kind) switch
        {
            (LockKind.Semaphore, LockKind.Semaphore) when make.Count == 1 => "and a semaphore does not know its holder: it waits for itself for ever",
            (LockKind.SpinLock, LockKind.SpinLock) => "and a SpinLock does not know its holder: it throws or spins for ever",
            (LockKind.Writer, LockKind.Writer or LockKind.Reader or LockKind.UpgradeableReader) or (LockKind.UpgradeableReader, LockKind.UpgradeableReader) when make.IsRecursive == false =>
                "which throws LockRecursionException",
            _ => null,
        };
    }
}
