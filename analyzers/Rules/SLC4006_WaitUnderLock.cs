using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model;
using Sluice.Model.Locking;

namespace Sluice.Rules;

/// <summary>A lock is held while its holder waits for code that needs the lock to come to its end.</summary>
internal sealed class WaitUnderLock : Rule
{
    private const string Id = "SLC4006";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Waits under a lock for work that needs the lock",
        "This waits, with '{0}' held since line {1}, for {2}: each waits for the other for ever; release '{0}' first",
        Family.Deadlocks,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Who holds a lock and waits for a task, thread or signal waits for ever when what it waits for must take the lock first. Take what you need from under the lock, release it, and wait then.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Lock;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        var told = new HashSet<SyntaxNode>();
        foreach (var again in Again.In(type).Where(again => again.Wanted.Beside && IsExclusive(again.Held, again.Wanted.Kind, type)))
        {
            Tell(again.Step.Syntax, again.Held, $"{(again.Step is JoinStep join ? $"'{join.Work}', which" : "work that")} takes it at line {again.Wanted.Trail.Stops.Last().Line()}", again.Places());
        }

        foreach (var trace in type.Compilation.Locks.TracesOf(type))
        {
            foreach (var step in trace.Steps.Where(step => !step.State.Held.IsEmpty))
            {
                switch (step)
                {
                    case JoinStep { Work: { Symbol.Name: "Task", Owner: { } source } }:
                        CheckSignal(step, trace, source, isMonitor: false);
                        break;
                    case WaitStep wait:
                        CheckSignal(wait, trace, wait.Signal, wait.Syntax is InvocationExpressionSyntax { ArgumentList.Arguments.Count: > 0 });
                        break;
                }
            }
        }

        void Tell(SyntaxNode at, Held held, string what, IEnumerable<Location> places)
        {
            if (told.Add(at))
            {
                report(Diagnostic.Create(Descriptor, LockSpan.Of(at), places, held.Lock.Name, held.At.Line(), what));
            }
        }

        // All who can end the wait take the lock before they do.
        void CheckSignal(LockStep step, LockTrace trace, Place signal, bool isMonitor)
        {
            if (signal is not { Symbol: { } symbol } || signal.Owner?.Symbol is not null || step.State.Held.Where(held => !isMonitor || !signal.Equals(held.Lock.Place)).ToList() is not { Count: > 0 } others
                || Signals.Of(symbol, type.Compilation, type.Cancellation) is not { Count: > 0 } enders)
            {
                return;
            }

            // Who has set it himself does not wait.
            if (enders.Any(ender => ender.Trace.Node == trace.Node))
            {
                return;
            }

            foreach (var held in others.Where(held => IsExclusive(held, held.Kind, type)))
            {
                if (enders.All(ender => ComesAfter(ender.Step, ender.Trace, held, trace)))
                {
                    Tell(step.Syntax, held, $"'{enders[0].Step.Method}' of '{symbol.Name}' at line {enders[0].Step.Line}, which comes only after '{held.Lock.Name}' has been taken there", [LockSpan.Of(held.At), LockSpan.Of(enders[0].Step.Syntax)]);
                }
            }
        }
    }

    // The lock is held there, or has been taken on every way there.
    private static bool ComesAfter(SignalStep signal, LockTrace trace, Held held, LockTrace waiter) =>
        (held.Lock.Place?.Root.Symbol is null or { IsStatic: true } || trace.Member == waiter.Member)
        && (signal.State.Held.Any(other => other.Lock.IsSameObject(held.Lock))
            || trace.Steps.TakeWhile(step => step != signal).Any(step => step is AcquireStep { Blocks: true, Taken: var taken } && taken.Kind == held.Kind && taken.Lock.IsSameObject(held.Lock) && IsAround(step.Syntax, signal.Syntax)));

    // No condition and no loop stands around the acquire that does not stand around the signal.
    private static bool IsAround(SyntaxNode acquire, SyntaxNode signal) => acquire.FirstAncestorOrSelf<StatementSyntax>()?.Parent is BlockSyntax block && block.Span.Contains(signal.Span);

    private static bool IsExclusive(Held held, LockKind wanted, TypeModel type) =>
        held.Kind != LockKind.Reader && !(held.Kind == LockKind.UpgradeableReader && wanted == LockKind.Reader) && type.Compilation.Locks.IsExclusive(held.Lock, held.Kind, type.Cancellation);
}
