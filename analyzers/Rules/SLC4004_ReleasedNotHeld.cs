using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Locking;

namespace Sluice.Rules;

/// <summary>A lock is given back, or pulsed, where it is not held.</summary>
internal sealed class ReleasedNotHeld : Rule
{
    internal const string Id = "SLC4004";

    /// <summary>Set when the acquire can move in front of the try.</summary>
    internal const string MoveOut = nameof(MoveOut);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Released without being held",
        "{0}",
        Family.Deadlocks,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A release without the lock throws, or, with a semaphore, lets one more in than there is room for. Take the lock in front of the try whose finally gives it back, and give it back once.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Lock;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.BodiesThatMention(Mentions.Lock))
        {
            foreach (var use in LockUse.In(body))
            {
                Check(use, type, report);
            }
        }

        foreach (var trace in type.Compilation.Locks.TracesOf(type))
        {
            foreach (var step in trace.Steps)
            {
                if (step is SignalStep { Method: "Pulse" or "PulseAll", Signal: var pulsed } && IsNeverHeld(step, pulsed, trace, type))
                {
                    report(Diagnostic.Create(Descriptor, LockSpan.Of(step.Syntax), $"'{pulsed}' is not locked here, so this throws SynchronizationLockException: pulse within 'lock ({pulsed})'"));
                }
                else if (step is WaitStep { Method: "Wait", Signal: var waited } && step.Syntax is InvocationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } && IsMonitor(step.Syntax) && IsNeverHeld(step, waited, trace, type))
                {
                    report(Diagnostic.Create(Descriptor, LockSpan.Of(step.Syntax), $"'{waited}' is not locked here, so this throws SynchronizationLockException: wait within 'lock ({waited})'"));
                }
            }
        }
    }

    private static bool IsMonitor(SyntaxNode call) => call is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: SimpleNameSyntax { Identifier.ValueText: "Monitor" } } };

    private void Check(LockUse use, TypeModel type, Action<Diagnostic> report)
    {
        // One acquire, of a lock and not of a signal, and every release behind it: then what is said is said of this body alone.
        if (use is not { Acquires: [{ Action: LockAction.Acquire, Via: null, Taken: null } acquire], Releases.IsEmpty: false } || use.Releases.Any(release => release.Via is not null || release.Operation.Syntax.SpanStart < acquire.Operation.Syntax.SpanStart)
            || use.Kind is LockKind.SpinLock || !type.Compilation.Locks.IsExclusive(new(use.Lock.Symbol ?? type.Symbol, use.Lock), use.Kind, type.Cancellation) || AsksWhetherHeld(use) || use.Body.Flow is not { } flow)
        {
            return;
        }

        var paths = new Paths(use.Body, flow, steady: true);
        var acquires = new HashSet<FlowNode>(paths.NodesOf(acquire.Operation));
        var releases = new HashSet<FlowNode>(use.Releases.SelectMany(release => paths.NodesOf(release.Operation)));
        if (Failed(flow, acquires, releases, paths) is { } why)
        {
            var outer = TryAround(acquire.Operation);
            bool moves = outer is not null && outer.Block.Statements.FirstOrDefault() == acquire.Operation.Syntax.FirstAncestorOrSelf<StatementSyntax>() && acquire.Operation.Syntax.Parent is ExpressionStatementSyntax && outer.Parent is BlockSyntax;
            report(Diagnostic.Create(
                Descriptor,
                acquire.Operation.Syntax.GetLocation(),
                [LineOf(use.Releases[0]).Location],
                moves ? ImmutableDictionary<string, string?>.Empty.Add(MoveOut, null) : null,
                $"when {why}, the release at line {LineOf(use.Releases[0]).Line} gives back '{use.Lock}', which was never taken: {Harm(use.Kind)}; take it in front of the try"));
            return;
        }

        // Given back already: a second release comes without an acquire between.
        foreach (var first in releases.OrderBy(node => node.Operation!.Syntax.SpanStart))
        {
            if (paths.Find(first, releases.Contains, node => acquires.Contains(node) || paths.Reassigns(node, use.Lock)) is { GoesRound: false, Node.Operation: { } second } && second.Syntax != first.Operation!.Syntax)
            {
                int line = first.Operation.Syntax.Line();
                report(Diagnostic.Create(Descriptor, second.Syntax.GetLocation(), [first.Operation.Syntax.GetLocation()], null, $"'{use.Lock}' is given back a second time here, after line {line} has done so: {Harm(use.Kind)}"));
                return;
            }
        }
    }

    private static string Harm(LockKind kind) => kind == LockKind.Semaphore ? "from then on it lets two in at once, or throws SemaphoreFullException" : "that throws, and hides the first failure";

    private static (int Line, Location Location) LineOf(Fact fact) => (fact.Line, fact.Operation.Syntax.GetLocation());

    // What keeps the lock from being taken and still leads to the release.
    private static string? Failed(Flow flow, HashSet<FlowNode> acquires, HashSet<FlowNode> releases, Paths paths)
    {
        foreach (var acquire in acquires)
        {
            // A wait that is cancelled ends without the lock.
            if ((acquire.Operation as IAwaitOperation)?.Awaited().PassesToken() == true || acquire.Operation!.PassesToken())
            {
                var taken = new HashSet<FlowNode>(acquire.Next.Where(edge => edge.Kind != FlowEdgeKind.Throw).Select(edge => edge.To));
                if (!taken.Overlaps(releases) && paths.Find(flow.Entry, releases.Contains, taken.Contains, throws: acquires.Contains) is not null)
                {
                    return "the wait is cancelled";
                }
            }
        }

        return null;
    }

    private static bool AsksWhetherHeld(LockUse use) => use.Body.Operations.Any(operation => operation is IPropertyReferenceOperation { Property.Name: "CurrentCount" or "IsReadLockHeld" or "IsWriteLockHeld" or "IsUpgradeableReadLockHeld" or "IsHeldByCurrentThread" });

    private static TryStatementSyntax? TryAround(IOperation acquire) => acquire.Syntax.Ancestors().OfType<TryStatementSyntax>().FirstOrDefault(attempt => attempt.Block.Span.Contains(acquire.Syntax.Span));

    // The object is private, this body does not lock it, and nobody calls this body with the object locked.
    private static bool IsNeverHeld(LockStep step, Place locked, LockTrace trace, TypeModel type)
    {
        if (locked is not { Symbol: IFieldSymbol { DeclaredAccessibility: Accessibility.Private } field, Owner.Symbol: null } || step.State.Held.Any(held => held.Lock.IsSameClass(new(field, null))) || step.State.Released.Any(released => released.IsSameClass(new(field, null))))
        {
            return false;
        }

        // Handed on as a delegate, or a lambda: who calls it is not known.
        if (trace.Node != trace.Member || trace.Symbol is not IMethodSymbol { MethodKind: MethodKind.Ordinary } method || trace.Steps.Any(other => other is AcquireStep acquire && acquire.Taken.Lock.IsSameClass(new(field, null)) && acquire.Syntax.SpanStart < step.Syntax.SpanStart && acquire.Syntax is not LockStatementSyntax))
        {
            return false;
        }

        var sources = new Sources(type.Compilation, type.Cancellation);
        return !type.Bodies.SelectMany(body => type.Compilation.Locks.TracesOf(body.Declaration, type.Cancellation)).SelectMany(other => other.Steps).Any(other => other is CallStep call && SymbolEqualityComparer.Default.Equals(call.Callee.Method, method.OriginalDefinition))
            && sources.UsesOf(field).All(token => token.Parent is not ExpressionSyntax { Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: not MemberAccessExpressionSyntax { Expression: SimpleNameSyntax { Identifier.ValueText: "Monitor" } } } } });
    }
}
