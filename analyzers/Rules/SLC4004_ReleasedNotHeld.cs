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
            var uses = LockUse.In(body);
            foreach (var use in uses)
            {
                Check(use, type, report);
            }

            CheckPairs(uses, type, report);
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
        if (use is not { Acquires: [{ Via: null } acquire], Releases.IsEmpty: false } || use.Releases.Any(release => release.Via is not null || release.Operation.Syntax.SpanStart < acquire.Operation.Syntax.SpanStart)
            || AsksWhetherHeld(use) || use.Body.Flow is not { } flow)
        {
            return;
        }

        var paths = new Paths(use.Body, flow, steady: true);
        var acquires = new HashSet<FlowNode>(paths.NodesOf(acquire.Operation));
        var releases = new HashSet<FlowNode>(use.Releases.SelectMany(release => paths.NodesOf(release.Operation)));
        bool isExclusive = type.Compilation.Locks.IsExclusive(new(use.Lock.Symbol ?? type.Symbol, use.Lock), use.Kind, type.Cancellation);
        if (acquire.Action == LockAction.TryAcquire)
        {
            if (!Attempts.WaitsForEver(acquire) && Attempts.ReleasedInVain(acquire, acquires, releases, paths) is { } vain)
            {
                report(Attempts.IsDropped(acquire)
                    ? Diagnostic.Create(Descriptor, acquire.Operation.Syntax.GetLocation(), [vain.Syntax.GetLocation()], null, $"nobody asks whether this has taken '{use.Lock}', and when it has not, the release at line {vain.Line()} gives it back all the same: {Harm(use.Kind)}")
                    : Diagnostic.Create(Descriptor, vain.Syntax.GetLocation(), [acquire.Operation.Syntax.GetLocation()], null, $"when the attempt at line {acquire.Line} fails, this gives back '{use.Lock}', which was never taken: {Harm(use.Kind)}; ask what the attempt answered first"));
            }

            return;
        }

        var outer = TryAround(acquire.Operation);
        if (acquire.Taken is null && (isExclusive || outer is not null) && Failed(flow, acquires, releases, paths, outer) is { } why)
        {
            bool moves = outer is not null && outer.Block.Statements.FirstOrDefault() == acquire.Operation.Syntax.FirstAncestorOrSelf<StatementSyntax>() && acquire.Operation.Syntax.Parent is ExpressionStatementSyntax && outer.Parent is BlockSyntax;
            report(Diagnostic.Create(
                Descriptor,
                acquire.Operation.Syntax.GetLocation(),
                [LineOf(use.Releases[0]).Location],
                moves ? ImmutableDictionary<string, string?>.Empty.Add(MoveOut, null) : null,
                $"when {why}, the release at line {LineOf(use.Releases[0]).Line} gives back '{use.Lock}', which was never taken: {Harm(use.Kind)}; take it in front of the try"));
            return;
        }

        if (!isExclusive || acquire.Taken is not null)
        {
            return;
        }

        // A lock of a thread that is taken under a condition and given back without one; a semaphore may be a signal.
        if (use.Kind != LockKind.Semaphore && !IsHandedOver(use, type) && paths.Find(flow.Entry, releases.Contains, acquires.Contains, throws: static _ => false) is { Node.Operation: { } early })
        {
            report(Diagnostic.Create(Descriptor, early.Syntax.GetLocation(), [acquire.Operation.Syntax.GetLocation()], null, $"on a path that does not pass line {acquire.Line}, '{use.Lock}' is given back here without having been taken: {Harm(use.Kind)}"));
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

    // One lock is taken and another given back, or the same in another mode: a slip of the pen, unless other code takes and gives back the rest.
    private void CheckPairs(ImmutableArray<LockUse> uses, TypeModel type, Action<Diagnostic> report)
    {
        var kept = uses.Where(use => use is { Acquires: [{ Via: null }], Releases.IsEmpty: true }).ToList();
        var given = uses.Where(use => use is { Acquires.IsEmpty: true, Releases: [{ Via: null }, ..] }).ToList();
        if (kept is not [var taken] || given is not [var release] || taken.Acquires[0].Operation.Syntax.SpanStart > release.Releases[0].Operation.Syntax.SpanStart || IsHandedOver(taken, type) || IsHandedOver(release, type))
        {
            return;
        }

        bool isMode = taken.Lock.Equals(release.Lock) && taken.Kind is LockKind.Reader or LockKind.Writer or LockKind.UpgradeableReader && release.Kind is LockKind.Reader or LockKind.Writer or LockKind.UpgradeableReader;
        bool isOther = taken.Kind == release.Kind && taken.Kind != LockKind.Semaphore && taken.Lock is { Owner: { Symbol: null }, Symbol: IFieldSymbol { DeclaredAccessibility: Accessibility.Private } } && release.Lock is { Owner: { Symbol: null }, Symbol: IFieldSymbol { DeclaredAccessibility: Accessibility.Private } };
        if (isMode || isOther)
        {
            var fact = release.Releases[0];
            string what = isMode ? $"line {taken.Acquires[0].Line} took '{taken.Lock}' {ModeOf(taken.Kind)}, and this gives it back {ModeOf(release.Kind)}" : $"line {taken.Acquires[0].Line} took '{taken.Lock}', and this gives back '{release.Lock}'";
            report(Diagnostic.Create(Descriptor, fact.Operation.Syntax.GetLocation(), [taken.Acquires[0].Operation.Syntax.GetLocation()], null, $"{what}: {Harm(release.Kind)}, and '{taken.Lock}' stays taken"));
        }
    }

    private static string ModeOf(LockKind kind) => kind switch
    {
        LockKind.Reader => "for reading",
        LockKind.Writer => "for writing",
        _ => "as upgradeable",
    };

    // Other bodies of the type take it for this one, or give it back.
    private static bool IsHandedOver(LockUse use, TypeModel type) => type.BodiesThatMention(Mentions.Lock).Where(body => body != use.Body).SelectMany(body => LockUse.In(body))
        .Any(other => other.Kind == use.Kind && SymbolEqualityComparer.Default.Equals(other.Lock.Symbol, use.Lock.Symbol) && other.Acquires.IsEmpty != other.Releases.IsEmpty);

    private static string Harm(LockKind kind) => kind == LockKind.Semaphore ? "from then on it lets two in at once, or throws SemaphoreFullException" : "that throws, and hides the first failure";

    private static (int Line, Location Location) LineOf(Fact fact) => (fact.Line, fact.Operation.Syntax.GetLocation());

    // What keeps the lock from being taken and still leads to the release.
    private static string? Failed(Flow flow, HashSet<FlowNode> acquires, HashSet<FlowNode> releases, Paths paths, TryStatementSyntax? attempt)
    {
        foreach (var acquire in acquires)
        {
            var taken = new HashSet<FlowNode>(acquire.Next.Where(edge => edge.Kind != FlowEdgeKind.Throw).Select(edge => edge.To));
            if (taken.Overlaps(releases))
            {
                continue;
            }

            // A wait that is cancelled ends without the lock.
            if (((acquire.Operation as IAwaitOperation)?.Awaited().PassesToken() == true || acquire.Operation!.PassesToken()) && !IsToldApart(attempt, releases) && paths.Find(flow.Entry, releases.Contains, taken.Contains, throws: acquires.Contains) is not null)
            {
                return "the wait is cancelled";
            }

            // What stands before it in the try may fail as well.
            if (attempt is not null && paths.Find(flow.Entry, releases.Contains, node => acquires.Contains(node) || taken.Contains(node), throws: node => node.Operation is { } before && attempt.Block.Span.Contains(before.Syntax.Span) && before.Syntax.SpanStart < acquire.Operation!.Syntax.SpanStart)?.Thrower is { } thrower)
            {
                return $"line {thrower.Line()} throws";
            }
        }

        return null;
    }

    // A handler in front of the one that releases takes the cancellation, or the one that releases asks for it first.
    private static bool IsToldApart(TryStatementSyntax? attempt, HashSet<FlowNode> releases)
    {
        foreach (var handler in attempt?.Catches ?? default)
        {
            if (releases.FirstOrDefault(release => handler.Span.Contains(release.Operation!.Syntax.Span)) is { } inside)
            {
                return handler.DescendantTokens().Any(token => token.SpanStart < inside.Operation!.Syntax.SpanStart && token.ValueText is "IsCancellationRequested" or "OperationCanceledException");
            }

            if (handler is { Filter: null, Declaration.Type: var caught } && caught.ToString().EndsWith("CanceledException", StringComparison.Ordinal))
            {
                return !releases.Any(release => attempt!.Finally?.Span.Contains(release.Operation!.Syntax.Span) == true);
            }
        }

        return false;
    }

    private static bool AsksWhetherHeld(LockUse use) => use.Body.Operations.Any(operation => operation is IPropertyReferenceOperation { Property.Name: "CurrentCount" or "IsReadLockHeld" or "IsWriteLockHeld" or "IsUpgradeableReadLockHeld" or "IsHeldByCurrentThread" });

    private static TryStatementSyntax? TryAround(IOperation acquire) => acquire.Syntax.Ancestors().OfType<TryStatementSyntax>().FirstOrDefault(attempt => attempt.Block.Span.Contains(acquire.Syntax.Span));

    // The object is private, this body does not lock it, and nobody calls this body with the object locked.
    private static bool IsNeverHeld(LockStep step, Place locked, LockTrace trace, TypeModel type)
    {
        if (locked is not { Symbol: IFieldSymbol { DeclaredAccessibility: Accessibility.Private } field, Owner.Symbol: null })
        {
            return false;
        }

        var pulsed = new LockRef(type.Compilation.Locks.Origins.FirstNameOf(field, type.Cancellation), null);
        if (step.State.Held.Any(held => held.Lock.IsSameClass(pulsed)) || step.State.Released.Any(released => released.IsSameClass(pulsed)))
        {
            return false;
        }

        // Handed on as a delegate, or a lambda: who calls it is not known.
        if (trace.Node != trace.Member || trace.Symbol is not IMethodSymbol { MethodKind: MethodKind.Ordinary } method || trace.Steps.Any(other => other is AcquireStep acquire && acquire.Taken.Lock.IsSameClass(pulsed) && acquire.Syntax.SpanStart < step.Syntax.SpanStart && acquire.Syntax is not LockStatementSyntax))
        {
            return false;
        }

        var sources = new Sources(type.Compilation, type.Cancellation);
        return !type.Bodies.SelectMany(body => type.Compilation.Locks.TracesOf(body.Declaration, type.Cancellation)).SelectMany(other => other.Steps).Any(other => other is CallStep call && SymbolEqualityComparer.Default.Equals(call.Callee.Method, method.OriginalDefinition))
            && sources.UsesOf(field).All(token => token.Parent is not ExpressionSyntax { Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: not MemberAccessExpressionSyntax { Expression: SimpleNameSyntax { Identifier.ValueText: "Monitor" } } } } });
    }

    /// <summary>Attempts to take a lock, which may fail.</summary>
    private static class Attempts
    {
        public static bool WaitsForEver(LockFact acquire) => CallOf(acquire).Arguments.Any(argument => argument.Value.Bare() is IFieldReferenceOperation { Field.Name: "Infinite" or "InfiniteTimeSpan" } || argument.Value.ConstantValue is { HasValue: true, Value: -1 });

        public static bool IsDropped(LockFact acquire) => acquire is { Taken: null, Operation.Parent: IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation } };

        /// <summary>The release that is reached though the attempt failed.</summary>
        public static IOperation? ReleasedInVain(LockFact acquire, HashSet<FlowNode> acquires, HashSet<FlowNode> releases, Paths paths)
        {
            bool isDropped = IsDropped(acquire);
            if ((isDropped && IsPoll(acquire)) || !(isDropped || acquire.Taken is not null || IsTested(acquire.Operation)))
            {
                return null;
            }

            var given = acquire.Taken is { } flag ? Assumptions.None.Assign(flag, Known.False) : null;
            return acquires.Select(node => paths.Find(node, releases.Contains, acquires.Contains, given, static _ => false, no: acquire.Taken is null && !isDropped)?.Node.Operation).FirstOrDefault(release => release is not null);
        }

        private static IInvocationOperation CallOf(LockFact acquire) => (IInvocationOperation)(acquire.Operation is IAwaitOperation awaiting ? awaiting.Awaited() : acquire.Operation);

        // `Wait(0)` whose answer nobody asks for drains a signal.
        private static bool IsPoll(LockFact acquire) => CallOf(acquire).Arguments.Any(argument => argument.Value.ConstantValue is { HasValue: true, Value: 0 } || argument.Value.Bare() is IFieldReferenceOperation { Field.Name: "Zero" });

        private static bool IsTested(IOperation attempt)
        {
            var value = attempt;
            while (value.Parent is IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } or IParenthesizedOperation or IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr })
            {
                value = value.Parent;
            }

            return value.Parent is IConditionalOperation choice ? choice.Condition == value
                : value == attempt && (value.Parent is IVariableInitializerOperation or ISimpleAssignmentOperation { Target: ILocalReferenceOperation, Parent: IExpressionStatementOperation });
        }
    }
}
