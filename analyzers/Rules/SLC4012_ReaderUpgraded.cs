using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Sluice.Model;
using Sluice.Model.Locking;

namespace Sluice.Rules;

/// <summary>Whoever reads asks for the lock again, to read or to write.</summary>
internal sealed class ReaderUpgraded : Rule
{
    private const string Id = "SLC4012";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Reader lock nested or upgraded",
        "'{0}' is taken {1} here{2} while it is held for reading since line {3}: {4}",
        Family.Deadlocks,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A reader that asks for the lock again queues behind a writer that waits for this very reader, and all three wait for ever. ReaderWriterLockSlim throws LockRecursionException where it sees it, on one thread. Give the read lock back first, or take the upgradeable one from the start.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Lock;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var again in Again.In(type).Where(again => again.Held.Kind == LockKind.Reader).GroupBy(again => again.Step.Syntax).Select(group => group.First()))
        {
            if (Consequence(again, type) is { } consequence)
            {
                string how = again.Wanted.Kind switch
                {
                    LockKind.Writer => "for writing",
                    LockKind.UpgradeableReader => "as upgradeable",
                    _ => "for reading again",
                };
                report(Diagnostic.Create(Descriptor, LockSpan.Of(again.Step.Syntax), again.Places(), again.Held.Lock.Name, how, again.Way(), again.Held.At.Line(), consequence));
            }
        }
    }

    private static string? Consequence(Again again, TypeModel type) => (again.Wanted.Beside, again.Wanted.Kind) switch
    {
        (true, LockKind.Writer) => "another thread waits for this reader to leave, and this reader waits for that thread, for ever",
        (true, LockKind.Reader or LockKind.UpgradeableReader) when type.Compilation.Locks.Order.IsWritten(again.Lock, type.Cancellation) =>
            "when a writer comes between, it waits for this reader, the other thread queues behind the writer, and this reader waits for that thread, for ever",
        (false, LockKind.Writer) when again.Lock.IsOldReaderWriter => "the writer waits for all readers to leave, and this code is one of them, for ever; use UpgradeToWriterLock",
        (false, LockKind.Writer or LockKind.UpgradeableReader) => "that throws LockRecursionException, since two readers who both wait to write would wait for each other for ever",
        (false, LockKind.Reader) when type.Compilation.Locks.MakeOf(again.Lock, type.Cancellation).IsRecursive == false => "that throws LockRecursionException, since it would wait for ever behind a writer that waits for this reader",
        _ => null,
    };
}
