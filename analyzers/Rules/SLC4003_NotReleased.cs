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

/// <summary>
/// A lock is taken and, in the same body, given back on some path but not on every path that leaves. A body that gives it back nowhere hands it
/// over on purpose, so nothing is said of it.
/// </summary>
internal sealed class NotReleased : Rule
{
    // What the fix must know.
    private static readonly ImmutableDictionary<string, string?> OnlyRelease = ImmutableDictionary<string, string?>.Empty.Add("OnlyRelease", null);

    /// <inheritdoc/>
    public override DiagnosticDescriptor Descriptor { get; } = new(
        "SLC4003",
        "Lock is not released on every path",
        "'{0}' stays taken {1}: whoever asks for it next waits for ever",
        Family.Deadlocks,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A lock that an exception or an early return leaves behind is never released, and every later taker waits for ever.",
        helpLinkUri: Page.Of("SLC4003"));

    /// <inheritdoc/>
    public override Mentions Needs => Mentions.Lock;

    /// <inheritdoc/>
    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        var mentioning = type.Bodies.Where(member => (member.Mentions & Mentions.Lock) != 0).SelectMany(member => member.All).ToList();
        foreach (var scope in mentioning.SelectMany(body => body.FactsWithCalls).OfType<LockFact>().Where(IsDroppedScope))
        {
            report(Diagnostic.Create(Descriptor, scope.Operation.Syntax.GetLocation(), NameOf(scope), $"because the scope that '{scope.Via?.Name ?? "EnterScope"}' returns is never disposed"));
        }

        foreach (var use in UsesIn(type, mentioning))
        {
            foreach (var leak in Leaks.Of(use, type))
            {
                report(Diagnostic.Create(
                    Descriptor,
                    leak.Acquire.Operation.Syntax.GetLocation(),
                    leak.Release is null ? [leak.Leaving.GetLocation()] : [leak.Leaving.GetLocation(), leak.Release.GetLocation()],
                    leak.Release is not null && use is { Acquires.Length: 1, Releases: [{ Via: null }] } ? OnlyRelease : null,
                    NameOf(leak.Acquire),
                    leak.IsForGood ? leak.How : leak.Release is null ? $"{leak.How}, and the caller never learns that he is to release it" : $"{leak.How}, which skips the release at line {LineOf(leak.Release)}"));
            }
        }
    }

    // A body that mentions no lock takes one only through a helper, which leaves it taken: where there is none, the rest need not be bound.
    private static IEnumerable<LockUse> UsesIn(TypeModel type, IReadOnlyCollection<Body> mentioning)
    {
        var uses = mentioning.SelectMany(body => LockUse.In(body)).ToList();
        return uses.Any(use => use.Releases.IsEmpty)
            ? uses.Concat(type.Bodies.SelectMany(member => member.All).Except(mentioning).SelectMany(body => LockUse.In(body)))
            : uses;
    }

    private static string NameOf(LockFact acquire) => acquire.Lock!.ToString();

    // `_lock.EnterScope();`, `await EnterAsync();`: what would give it back is thrown away.
    private static bool IsDroppedScope(LockFact fact) => fact is { IsScoped: false, Lock: not null, Action: LockAction.Acquire, Operation: { Parent: IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation } } scope }
        && (fact.Via is null ? scope is IInvocationOperation { TargetMethod.Name: "EnterScope" } : HandOver.IsDisposable(scope.Type));

    private static int LineOf(SyntaxNode node) => node.Line();

    /// <summary>A way out with the lock still held.</summary>
    private sealed record Leak(LockFact Acquire, SyntaxNode Leaving, string How, SyntaxNode? Release)
    {
        /// <summary>Gets a value indicating whether it is never given back.</summary>
        public bool IsForGood { get; init; }
    }

    /// <summary>Looks for the leaks of one lock in one body.</summary>
    private sealed class Leaks
    {
        private readonly LockUse _use;
        private readonly TypeModel _type;
        private readonly Flow _flow;
        private readonly Paths _paths;
        private readonly HashSet<FlowNode> _acquires;
        private readonly HashSet<FlowNode> _releases;
        private readonly Lazy<bool> _isExclusive;

        private Leaks(LockUse use, TypeModel type, Flow flow)
        {
            (_use, _type, _flow) = (use, type, flow);
            _isExclusive = new(() => type.Compilation.Locks.IsExclusive(new(use.Lock.Symbol ?? type.Symbol, use.Lock), use.Kind, type.Cancellation), System.Threading.LazyThreadSafetyMode.None);
            _paths = new(use.Body, flow, steady: true);
            _acquires = new(use.Acquires.SelectMany(fact => _paths.NodesOf(fact.Operation)));
            _releases = new(use.Releases.SelectMany(fact => _paths.NodesOf(fact.Operation)));
        }

        public static IEnumerable<Leak> Of(LockUse use, TypeModel type)
        {
            if (use is { Releases.IsEmpty: true, Acquires: [{ Via: null, Action: LockAction.Acquire, Target: not null } only] } && IsGivenBackNowhere(use, type))
            {
                return [new(only, only.Operation.Syntax, "because no code gives it back", null) { IsForGood = true }];
            }

            if (use.Acquires.IsEmpty || (use.Releases.IsEmpty && !HandOver.FromMethod(use, type)) || HandOver.ToLater(use, type) || IsForProcess(use) || AsksWhetherHeld(use) || use.Body.Flow is not { } flow)
            {
                return [];
            }

            var leaks = new Leaks(use, type, flow);
            return leaks.GivesBackOnlyWhatItTook() ? use.Acquires.Where(acquire => acquire.Always).Select(leaks.After).OfType<Leak>() : [];
        }

        // Whoever gives back what he did not take serves a caller who holds it, or uses a semaphore as a signal.
        private bool GivesBackOnlyWhatItTook() => _paths.Find(_flow.Entry, _releases.Contains, _acquires.Contains) is null;

        // A private lock, and all the code that names it takes it or makes it.
        private static bool IsGivenBackNowhere(LockUse use, TypeModel type) =>
            use.Kind != LockKind.Mutex && use.Lock is { Symbol: IFieldSymbol { DeclaredAccessibility: Accessibility.Private } field, Owner.Symbol: null }
            && type.Compilation.Locks.IsExclusive(new(field, use.Lock), use.Kind, type.Cancellation) && !AsksWhetherHeld(use) && Uses.AllTake(field, type)
            && !LockUse.In(use.Body).Any(other => other.Acquires.IsEmpty && other.Kind == use.Kind);

        // A mutex that the program holds from its start to its end: the system gives it back.
        private static bool IsForProcess(LockUse use) => use.Kind == LockKind.Mutex && use.Body.Symbol is IMethodSymbol { IsStatic: true, Name: "Main" or "<Main>$" };

        // `if (_lock.IsReadLockHeld) _lock.ExitReadLock();` knows better than any path does.
        private static bool AsksWhetherHeld(LockUse use) => use.Body.Operations.Any(operation => operation switch
        {
            IPropertyReferenceOperation { Property.Name: "IsReadLockHeld" or "IsWriteLockHeld" or "IsUpgradeableReadLockHeld" or "IsHeldByCurrentThread" or "IsHeld" or "CurrentCount", Instance: var held } => use.Lock.Equals(use.Body.Places.Of(held)),
            IInvocationOperation { TargetMethod: { Name: "IsEntered", ContainingType.Name: "Monitor" } } call => use.Lock.Equals(use.Body.Places.Of(call.Arguments[0].Value)),
            _ => false,
        });

        private Leak? After(LockFact acquire) => _paths.NodesOf(acquire.Operation).Select(node => After(acquire, node)).FirstOrDefault(leak => leak is not null);

        private Leak? After(LockFact acquire, FlowNode node)
        {
            bool tried = acquire is { Action: LockAction.TryAcquire, Taken: null };
            if (tried && (acquire.Via is not null || !IsAnswerTested(acquire.Operation)))
            {
                return null;
            }

            var given = acquire.Taken is { } flag ? Assumptions.None.Assign(flag, Known.True) : null;
            FlowPath? Find(FlowNode start, Func<FlowNode, bool> goal, Func<FlowNode, bool> avoid, bool thrown) =>
                _paths.Find(start, goal, avoid, given, thrown ? null : Nothing, yes: tried);

            // A lock that is given back only when something fails is kept on purpose.
            if (Find(node, _releases.Contains, IsAnother, thrown: false)?.Node.Operation is not { } release)
            {
                return _use.Releases.IsEmpty ? WhenRefused(acquire, node, given, tried) : null;
            }

            var left = Find(node, end => end == _flow.Exit, IsOver, thrown: false);
            if (left is not null && IsKeptOnPurpose(left))
            {
                return WhenRefused(acquire, node, given, tried);
            }

            if (left is not null)
            {
                var (way, how) = WayOf(left);
                return new(acquire, way, how, release.Syntax);
            }

            // Round a loop the lock is asked for again.
            if (_isExclusive.Value && _use.Acquires.Length == 1 && Find(node, _acquires.Contains, GivenBack, thrown: false) is { } again)
            {
                var (way, how) = WayOf(again);
                return new(acquire, way, how, release.Syntax);
            }

            var thrown = Find(node, end => end == _flow.Raise, IsOver, thrown: true) ?? Find(node, end => end == _flow.Exit, IsOver, thrown: true) ?? (_isExclusive.Value && _use.Acquires.Length == 1 ? Find(node, _acquires.Contains, GivenBack, thrown: true) : null);
            return thrown?.Thrower is { } thrower ? new(acquire, thrower.Syntax, WayOut.Thrown(thrower), release.Syntax) : null;
        }

        // Who returns with the lock held hands it to the caller; who throws has no one to hand it to.
        private Leak? WhenRefused(LockFact acquire, FlowNode node, Assumptions? given, bool tried) =>
            _isExclusive.Value && HandOver.FromMethod(_use, _type) && _paths.Find(node, end => end == _flow.Raise, IsOver, given, IsThrowStatement, yes: tried)?.Thrower is { } thrower
                ? new(acquire, thrower.Syntax, WayOut.Thrown(thrower), null)
                : null;

        private static bool IsThrowStatement(FlowNode node) => node.Operation?.Syntax.FirstAncestorOrSelf<SyntaxNode>(outer => outer is StatementSyntax or ThrowExpressionSyntax) is ThrowStatementSyntax or ThrowExpressionSyntax;

        private static bool Nothing(FlowNode node) => false;

        private bool IsOver(FlowNode node) => _acquires.Contains(node) || GivenBack(node);

        private bool GivenBack(FlowNode node) => _releases.Contains(node) || _paths.Reassigns(node, _use.Lock) || HandOver.IsAt(node.Operation, _use);

        // From here on the same words may denote another lock, or the same one taken anew.
        private bool IsAnother(FlowNode node) => _acquires.Contains(node) || _paths.Reassigns(node, _use.Lock);

        private bool IsKeptOnPurpose(FlowPath left)
        {
            var (way, _) = WayOf(left);
            return HandOver.IsReturned(way, _use.Body) || HandOver.FromMethod(_use, _type) || (_use.Lock.Symbol is not IFieldSymbol { DeclaredAccessibility: Accessibility.Private } && IsLast(way));
        }

        private bool IsLast(SyntaxNode way) => !_use.Body.Declaration.DescendantNodes().Any(node => node is ReturnStatementSyntax && node.SpanStart > way.SpanStart);

        // The last turning on the way: before it a release lay ahead.
        private (SyntaxNode Syntax, string How) WayOf(FlowPath left)
        {
            var next = left;
            for (var here = left.Previous; here is not null; (next, here) = (here, here.Previous))
            {
                if (next.By is { Kind: FlowEdgeKind.Branch, Condition: { } condition } && _paths.Find(here.Node, _releases.Contains, IsAnother, here.Known, Nothing) is not null)
                {
                    return WayOut.Turned(condition, next.By.Holds);
                }
            }

            return (_use.Acquires[0].Operation.Syntax, "on some path");
        }

        private static bool IsAnswerTested(IOperation operation)
        {
            var value = operation;
            while (value.Parent is IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } or IParenthesizedOperation or IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr })
            {
                value = value.Parent;
            }

            return value.Parent switch
            {
                IConditionalOperation conditional => conditional.Condition == value,
                IWhileLoopOperation loop => loop.Condition == value,
                IForLoopOperation loop => loop.Condition == value,
                ISimpleAssignmentOperation or IVariableInitializerOperation => value == operation,
                _ => false,
            };
        }
    }

    /// <summary>Ways to give away a held lock, so that somebody else releases it.</summary>
    private static class HandOver
    {
        /// <summary>To code that may run later: a lambda, what goes on beside this body, or the release itself as a delegate (<c>scope.OnEnd(_gate.Release)</c>).</summary>
        public static bool ToLater(LockUse use, TypeModel type)
        {
            var member = use.Body.Outermost;
            var references = member.All.SelectMany(body => body.Operations).OfType<IMethodReferenceOperation>().ToList();
            if (references.Any(reference => reference.Instance is { } target && use.Lock.Equals(member.Places.Of(target))))
            {
                return true;
            }

            var later = new HashSet<ISymbol>(references.Select(reference => reference.Method.OriginalDefinition).Concat(StartedIn(member)), SymbolEqualityComparer.Default);
            return member.All.Any(inner => inner != use.Body && (inner.Root is IAnonymousFunctionOperation || IsLater(inner)) && Releases(inner, use) && !Takes(inner, use))
                || (later.Count > 0 && type.Bodies.Any(body => IsLater(body) && Releases(body, use)));

            bool IsLater(Body body) => body.Symbol is { } symbol && later.Contains(symbol);
        }

        private static IEnumerable<IMethodSymbol> StartedIn(Body member) => member.All
            .SelectMany(body => body.Operations)
            .OfType<IInvocationOperation>()
            .Where(call => call.TargetMethod.IsAsync && !Joins.InPlace(call))
            .Select(call => call.TargetMethod.OriginalDefinition);

        /// <summary>To a caller who calls another method of the type (or of one around or within it), which releases it.</summary>
        public static bool FromMethod(LockUse use, TypeModel type) =>
            Relatives(type).SelectMany(relative => relative.Bodies).SelectMany(body => body.All).Any(body => body.Outermost.Declaration != use.Body.Outermost.Declaration && Releases(body, use) && !Takes(body, use) && !use.Releases.Any(release => SymbolEqualityComparer.Default.Equals(release.Via?.OriginalDefinition, body.Symbol)));

        /// <summary>To what the operation calls: the lock itself, or its owner to something disposable.</summary>
        public static bool IsAt(IOperation? operation, LockUse use) => operation switch
        {
            IInvocationOperation { TargetMethod.ContainingType.Name: "Monitor" or "Debug" or "Interlocked" or "Volatile" } => false,
            IInvocationOperation call => call.Arguments.Any(argument => use.Lock.Equals(use.Body.Places.Of(argument.Value))),
            IObjectCreationOperation creation => creation.Arguments.Any(argument => use.Body.Places.Of(argument.Value) is { } place && (use.Lock.Equals(place) || (IsDisposable(creation.Type) && use.Lock.StartsWith(place)))),
            ISimpleAssignmentOperation assignment => use.Lock.Equals(use.Body.Places.Of(assignment.Value)) && assignment.Target is IMemberReferenceOperation,
            _ => false,
        };

        /// <summary>To the caller, who gets something to dispose, or learns that the lock is his.</summary>
        public static bool IsReturned(SyntaxNode way, Body body) => way is ReturnStatementSyntax { Expression: { } value }
            && (IsDisposable(body.Semantics.GetTypeInfo(value).Type)
                || (value.IsKind(Microsoft.CodeAnalysis.CSharp.SyntaxKind.TrueLiteralExpression) && body.Declaration.DescendantNodes().Any(node => node is ReturnStatementSyntax { Expression: LiteralExpressionSyntax { Token.Text: "false" } })));

        public static bool IsDisposable(ITypeSymbol? type) => type is not null && type.AllInterfaces.Append(type).Any(one => one is { Name: "IDisposable" or "IAsyncDisposable" });

        private static bool Releases(Body body, LockUse use) => body.Facts.OfType<LockFact>().Any(fact => fact.Action == LockAction.Release && IsOf(fact, use));

        private static bool Takes(Body body, LockUse use) => body.Facts.OfType<LockFact>().Any(fact => fact.Action != LockAction.Release && IsOf(fact, use));

        private static bool IsOf(LockFact fact, LockUse use) => fact.Kind == use.Kind && fact.Lock is { } place && SymbolEqualityComparer.Default.Equals(place.Symbol, use.Lock.Symbol);

        private static IEnumerable<TypeModel> Relatives(TypeModel type)
        {
            var top = type.Symbol;
            while (top.ContainingType is { } outer)
            {
                top = outer;
            }

            return WithNested(top).Select(symbol => SymbolEqualityComparer.Default.Equals(symbol, type.Symbol) ? type : TypeModel.Of(symbol, type.Compilation, type.Cancellation));
        }

        private static IEnumerable<INamedTypeSymbol> WithNested(INamedTypeSymbol type) => type.GetTypeMembers().SelectMany(WithNested).Prepend(type);
    }

    /// <summary>What the code of a type does with a lock, as far as its text tells.</summary>
    private static class Uses
    {
        public static bool AllTake(IFieldSymbol field, TypeModel type) => new Sources(type.Compilation, type.Cancellation).UsesOf(field).All(token => token.Parent is VariableDeclaratorSyntax || Takes(token.Parent!));

        private static bool Takes(SyntaxNode name)
        {
            var target = name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } own && own.Name == name ? own : name;
            return target.Parent switch
            {
                LockStatementSyntax => true,
                AssignmentExpressionSyntax assignment => assignment.Left == target,
                MemberAccessExpressionSyntax access when access.Expression == target => access.Name.Identifier.ValueText is "Wait" or "WaitAsync" or "Enter" or "EnterReadLock" or "EnterWriteLock" or "EnterUpgradeableReadLock",
                ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: SimpleNameSyntax { Identifier.ValueText: "Monitor" }, Name.Identifier.ValueText: "Enter" } } } => true,
                _ => false,
            };
        }
    }
}
