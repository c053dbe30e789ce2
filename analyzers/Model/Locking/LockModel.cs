using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Locking;

/// <summary>One stop on the way from a call to the lock that is taken in the end.</summary>
internal sealed record Trail(SyntaxNode At, Trail? Next)
{
    public IEnumerable<SyntaxNode> Stops => Next is null ? [At] : Next.Stops.Prepend(At);

    public Trail Then(Trail more) => new(At, Next is null ? more : Next.Then(more));
}

/// <summary>A lock that a body waits for, itself or through what it calls.</summary>
/// <param name="Lock">Which lock, in the words of the body.</param>
/// <param name="Kind">What sort, and in which mode.</param>
/// <param name="Inside">What is held there, taken on the way.</param>
/// <param name="Released">What the caller may hold and the way gives back before.</param>
/// <param name="Beside">Whether another thread takes it while the body waits for that thread.</param>
/// <param name="Trail">The way there.</param>
internal sealed record Wanted(LockRef Lock, LockKind Kind, ImmutableArray<Held> Inside, ImmutableArray<LockRef> Released, bool Beside, Trail Trail)
{
    /// <summary>Gets a value indicating whether it comes after an await, where another thread may go on.</summary>
    public bool IsLater { get; init; }

    /// <summary>Gets what the callee holds when it runs the code that the step passes to it, and that waits for the lock.</summary>
    public ImmutableArray<Held> Around { get; init; } = ImmutableArray<Held>.Empty;
}

/// <summary>A method runs code that it was given as an argument.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Inside">What is held then.</param>
/// <param name="Released">What the caller may hold and the way gives back before.</param>
/// <param name="Beside">Whether another thread runs it while the method waits for that thread.</param>
/// <param name="Trail">The way there.</param>
internal sealed record Invoked(IParameterSymbol Parameter, ImmutableArray<Held> Inside, ImmutableArray<LockRef> Released, bool Beside, Trail Trail);

/// <summary>Code that a call may run, and how its places are named by the caller.</summary>
internal sealed record Target(LockTrace Trace, ImmutableArray<(Place From, LockRef To)> Roots, bool IsInner)
{
    /// <summary>The same lock in the words of the caller.</summary>
    public LockRef Up(LockRef inner)
    {
        if (inner.Place is not { } place)
        {
            return inner.OfOwner is { } pattern && Roots.FirstOrDefault(root => root.From.Equals(Place.This)).To?.Place is { } part && OwnerOf(part, pattern.Part) is { } owner
                ? inner with { Place = pattern.Whole.Rebase(Place.This, owner), OfOwner = null }
                : inner with { OfOwner = null };
        }

        foreach (var (from, to) in Roots)
        {
            if (place.Equals(from))
            {
                return inner.IsParameter ? to with { IsArgument = true } : inner with { Place = to.Place, IsFresh = to.IsFresh, OwnerOf = to.IsElement ? to.Class : null };
            }
        }

        foreach (var (from, to) in Roots)
        {
            if (place.StartsWith(from))
            {
                foreach (var (member, value) in to.Parts)
                {
                    if (place.StartsWith(from.Member(member)) && !place.Equals(from.Member(member)))
                    {
                        return inner with { Place = place.Rebase(from.Member(member), value), IsFresh = false, OwnerOf = null };
                    }
                }

                return inner with { Place = to.Place is { } known ? place.Rebase(from, known) : null, Through = to.Place is null ? place.Owner?.Symbol : null, OfOwner = to.OfOwner is { } whole ? (whole.Part, place.Rebase(from, whole.Whole)) : null, IsFresh = to.IsFresh || inner.IsFresh, OwnerOf = to.OwnerOf ?? (to.IsElement ? to.Class : null) };
            }
        }

        return IsInner || LockRef.IsGlobal(place) ? inner : inner with { Place = null, Through = place.Owner?.Symbol, OfOwner = PartOf(place) is { } mine ? (mine, place) : null };
    }

    // The code is of an object that has the caller's own object in one of its fields.
    private Place? PartOf(Place place) => place.Root.Symbol is null
        ? Roots.Where(root => root.From.Owner is not null && root.From.Root.Symbol is null && Place.This.Equals(root.To.Place)).Select(root => root.From).FirstOrDefault()
        : null;

    // Whose part it is: of `x._job` and `this._job` it is `x`.
    private static Place? OwnerOf(Place? part, Place? pattern)
    {
        while (part?.Owner is not null && pattern?.Owner is not null && SymbolEqualityComparer.Default.Equals(part.Symbol, pattern.Symbol))
        {
            (part, pattern) = (part.Owner, pattern.Owner);
        }

        return pattern is { Owner: null, Symbol: null } ? part : null;
    }

    public Held Up(Held held) => held with { Lock = Up(held.Lock) };
}

/// <summary>
/// What the bodies of a compilation do about locks: each is walked once, when it is first asked for, and calls are followed to a fixed depth, so
/// that the answer never depends on who asks first. Thread-safe.
/// </summary>
internal sealed class LockModel(CompilationModel compilation)
{
    private const int Deepest = 6;
    private const int MostWanted = 64;

    private object? _gate;
    private LockHolders? _holders;
    private bool _hasHolders;
    private LockOrder? _order;
    private readonly ConcurrentDictionary<SyntaxNode, ImmutableArray<LockTrace>> _members = new();
    private readonly ConcurrentDictionary<(SyntaxNode Body, int Depth), ImmutableArray<Wanted>> _wanted = new();
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<(Source Source, Callee Callee)>> _delegates = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<SyntaxNode, ImmutableArray<Held>> _entries = new();
    private readonly ConcurrentDictionary<(SyntaxNode Body, int Depth), ImmutableArray<Invoked>> _invoked = new();
    private readonly ConcurrentDictionary<ISymbol, LockMake> _makes = new(SymbolEqualityComparer.Default);

    /// <summary>Gets the order in which the locks of the compilation are taken.</summary>
    public LockOrder Order => LazyInitializer.EnsureInitialized(ref _order, () => new(this))!;

    /// <summary>The members that can hold a lock of the class.</summary>
    public IEnumerable<SyntaxNode> HoldersOf(ISymbol lockClass, CancellationToken cancellation) => Holders(cancellation).Of(lockClass, Origins.OtherNamesOf(lockClass, cancellation), cancellation);

    /// <summary>Gets who else has which lock under another name.</summary>
    public LockOrigins Origins { get; } = new(compilation);

    /// <summary>The bodies of a member: its own first, then its lambdas and local functions.</summary>
    public ImmutableArray<LockTrace> TracesOf(SyntaxNode member, CancellationToken cancellation) =>
        _members.TryGetValue(member, out var known) ? known : _members.GetOrAdd(member, Body.Of(member, compilation, cancellation).All.Select(body => LockWalk.Of(body, cancellation)).ToImmutableArray());

    /// <summary>The traces of the bodies of <paramref name="type"/> that mention locks.</summary>
    public IEnumerable<LockTrace> TracesOf(TypeModel type) =>
        type.Bodies.Where(body => (body.Mentions & Mentions.Lock) != 0 || Holders(type.Cancellation).CallsTaker(body.Declaration, type.Cancellation)).SelectMany(body => TracesOf(body.Declaration, type.Cancellation));

    /// <summary>The locks that <paramref name="trace"/> waits for, through calls as well.</summary>
    public ImmutableArray<Wanted> WantedBy(LockTrace trace, CancellationToken cancellation) => WantedBy(trace, Deepest, cancellation);

    /// <summary>The locks that one step waits for.</summary>
    public IEnumerable<Wanted> WantedBy(LockStep step, LockTrace trace, CancellationToken cancellation) => WantedBy(step, trace, Deepest, cancellation);

    /// <summary>How the locks of a class are made, as far as that is known.</summary>
    public LockMake MakeOf(LockRef locked, CancellationToken cancellation) =>
        _makes.TryGetValue(locked.Made ?? locked.Class, out var known) ? known : _makes.GetOrAdd(locked.Made ?? locked.Class, LockMake.Of(locked, new Sources(compilation, cancellation)));

    /// <summary>Whether only one at a time can hold it: a semaphore may let in several, or be no lock at all.</summary>
    public bool IsExclusive(LockRef locked, LockKind kind, CancellationToken cancellation) => kind != LockKind.Semaphore || MakeOf(locked, cancellation).Count == 1;

    /// <summary>The code that a task or thread runs that <paramref name="join"/> waits for, named as <paramref name="trace"/> does.</summary>
    public IEnumerable<Target> TargetsOf(JoinStep join, LockTrace trace, CancellationToken cancellation)
    {
        if (join.Work.Symbol is not { } variable)
        {
            return [];
        }

        var body = variable is ILocalSymbol ? Body.Of(trace.Member, compilation, cancellation) : null;
        var sources = body is not null && variable is ILocalSymbol local && LockRef.CollectionOfLoop(local, body) is { } many
            ? new Sources(compilation, cancellation).Of(many)
            : new Sources(compilation, cancellation).Of(variable);
        return sources.SelectMany(source => Works.In(source.Value, source.Body).Select(work => (source, work)))
            .SelectMany(pair => TargetsOf(pair.work, pair.source, join.Work.Owner ?? Place.This, trace, cancellation));
    }

    /// <summary>
    /// What is held whenever <paramref name="trace"/> begins, because all who call it hold it: known of private methods that are only called, never handed on.
    /// </summary>
    public ImmutableArray<Held> HeldOnEntry(LockTrace trace, CancellationToken cancellation) =>
        _entries.TryGetValue(trace.Node, out var known) ? known : _entries.GetOrAdd(trace.Node, HeldOnEntry(trace, 3, cancellation) ?? ImmutableArray<Held>.Empty);

    private LockHolders Holders(CancellationToken cancellation) => LazyInitializer.EnsureInitialized(ref _holders, ref _hasHolders, ref _gate, () => new(this, new(compilation.Compilation, cancellation)))!;

    // Null: nobody calls it.
    private ImmutableArray<Held>? HeldOnEntry(LockTrace trace, int depth, CancellationToken cancellation)
    {
        if (depth == 0 || trace.Symbol is not IMethodSymbol { DeclaredAccessibility: Accessibility.Private, MethodKind: MethodKind.Ordinary, ContainingType: not null } method || trace.Node != trace.Member)
        {
            return ImmutableArray<Held>.Empty;
        }

        var sources = new Sources(compilation, cancellation);
        ImmutableArray<Held>? common = null;
        foreach (var group in sources.UsesOf(method).Where(token => token.Parent != trace.Node).GroupBy(token => token.Parent is { } node ? sources.MemberOf(node)?.Declaration : null))
        {
            var traces = group.Key is null ? ImmutableArray<LockTrace>.Empty : TracesOf(group.Key, cancellation);
            var calls = traces.SelectMany(caller => caller.Steps.OfType<CallStep>().Where(call => SymbolEqualityComparer.Default.Equals(call.Callee.Method, method)).Select(call => (caller, call))).ToList();
            if (calls.Count < group.Count() || calls.Exists(pair => pair.call.Callee.Inner is not null))
            {
                return ImmutableArray<Held>.Empty;
            }

            foreach (var (caller, call) in calls.Where(pair => pair.caller.Node != trace.Node))
            {
                var there = call.State.Held.AddRange(HeldOnEntry(caller, depth - 1, cancellation) ?? ImmutableArray<Held>.Empty)
                    .Select(held => Down(held, call.Callee))
                    .OfType<Held>()
                    .ToImmutableArray();
                common = common is { } before ? before.RemoveAll(held => !there.Any(other => other.Kind == held.Kind && other.Lock.IsSameObject(held.Lock))) : there;
            }
        }

        return common;
    }

    // The lock in the words of what is called, where it can name it.
    private static Held? Down(Held held, Callee callee)
    {
        if (held.Lock.Place is not { } place)
        {
            return null;
        }

        if (LockRef.IsGlobal(place))
        {
            return held;
        }

        if (callee.Receiver?.Place is { } receiver && place.StartsWith(receiver))
        {
            return held with { Lock = held.Lock with { Place = place.Rebase(receiver, Place.This) } };
        }

        return callee.Arguments.Where(argument => argument.Value.Place is { } passed && place.StartsWith(passed))
            .Select(argument => held with { Lock = held.Lock with { Place = place.Rebase(argument.Value.Place!, Place.Of(argument.Parameter)) } })
            .FirstOrDefault();
    }

    /// <summary>The code that the call may run.</summary>
    public IEnumerable<Target> TargetsOf(CallStep call, LockTrace trace, CancellationToken cancellation) => TargetsOf(call.Callee, trace, cancellation);

    private ImmutableArray<Wanted> WantedBy(LockTrace trace, int depth, CancellationToken cancellation)
    {
        if (depth == 0 || trace.Steps.IsEmpty)
        {
            return ImmutableArray<Wanted>.Empty;
        }

        var key = (trace.Node, depth);
        return _wanted.TryGetValue(key, out var known) ? known : _wanted.GetOrAdd(key, Compute());

        ImmutableArray<Wanted> Compute()
        {
            cancellation.ThrowIfCancellationRequested();
            var found = new Dictionary<(ISymbol, Place?, LockKind, bool, int), Wanted>(KeyComparer.Instance);
            var firstAwait = trace.Steps.Select((step, i) => step is AwaitStep ? i : trace.Steps.Length).Min();
            foreach (var wanted in trace.Steps.SelectMany((step, i) => WantedBy(step, trace, depth, cancellation).Select(wanted => i > firstAwait ? wanted with { IsLater = true } : wanted)))
            {
                var same = (wanted.Lock.Class, wanted.Lock.Place, wanted.Kind, wanted.Beside, (wanted.Released.Length * 2) + (wanted.IsLater ? 1 : 0));
                if (!found.ContainsKey(same))
                {
                    found.Add(same, wanted);
                    if (found.Count == MostWanted)
                    {
                        break;
                    }
                }
            }

            return found.Values.ToImmutableArray();
        }
    }

    private IEnumerable<Wanted> WantedBy(LockStep step, LockTrace trace, int depth, CancellationToken cancellation)
    {
        switch (step)
        {
            case AcquireStep { Blocks: true, Taken: var taken }:
                yield return new(taken.Lock, taken.Kind, step.State.Held, step.State.Released, false, new(step.Syntax, null));
                break;
            // What it was given runs on behalf of the caller, who knows what that is.
            case CallStep { Callee.IsParameter: true }:
                break;
            case CallStep call:
                foreach (var wanted in WantedBy(TargetsOf(call, trace, cancellation), step, depth, cancellation).Concat(WantedByPassed(call, trace, depth, cancellation)))
                {
                    yield return wanted with { Beside = wanted.Beside || call.Beside || (call.IsBlocking && wanted.IsLater && wanted.Kind != LockKind.Semaphore) };
                }

                break;
            case JoinStep join:
                foreach (var wanted in WantedBy(TargetsOf(join, trace, cancellation), step, depth, cancellation))
                {
                    yield return wanted with { Beside = true };
                }

                break;
        }
    }

    private IEnumerable<Wanted> WantedBy(IEnumerable<Target> targets, LockStep step, int depth, CancellationToken cancellation)
    {
        foreach (var target in targets)
        {
            foreach (var wanted in WantedBy(target.Trace, depth - 1, cancellation))
            {
                yield return wanted with
                {
                    Lock = target.Up(wanted.Lock),
                    Inside = wanted.Inside.IsEmpty ? step.State.Held : step.State.Held.AddRange(wanted.Inside.Select(target.Up)),
                    Released = wanted.Released.IsEmpty ? step.State.Released : step.State.Released.AddRange(wanted.Released.Select(target.Up)),
                    Trail = new(step.Syntax, wanted.Trail),
                    Around = ImmutableArray<Held>.Empty,
                };
            }
        }
    }

    // `_guard.Run(() => …)`: what the lambda waits for, under what `Run` holds when it runs the lambda.
    private IEnumerable<Wanted> WantedByPassed(CallStep call, LockTrace trace, int depth, CancellationToken cancellation)
    {
        foreach (var (parameter, code) in call.Callee.Delegates.Where(passed => !passed.Code.IsParameter))
        {
            foreach (var (invoked, target) in InvokedBy(call, parameter, trace, depth, cancellation))
            {
                var around = ImmutableArray.CreateRange(invoked.Inside, target.Up);
                foreach (var inner in TargetsOf(code, trace, cancellation))
                {
                    foreach (var wanted in WantedBy(inner.Trace, depth - 1, cancellation))
                    {
                        yield return wanted with
                        {
                            Lock = inner.Up(wanted.Lock),
                            Inside = call.State.Held.AddRange(around).AddRange(wanted.Inside.Select(inner.Up)),
                            Released = call.State.Released.AddRange(invoked.Released.Select(target.Up)).AddRange(wanted.Released.Select(inner.Up)),
                            Beside = wanted.Beside || invoked.Beside,
                            Trail = new(call.Syntax, invoked.Trail.Then(wanted.Trail)),
                            Around = around,
                        };
                    }
                }
            }
        }
    }

    // Where what is called runs the code that it gets for the parameter.
    private IEnumerable<(Invoked Invoked, Target Target)> InvokedBy(CallStep call, IParameterSymbol parameter, LockTrace trace, int depth, CancellationToken cancellation) =>
        TargetsOf(call, trace, cancellation).SelectMany(target => InvokedBy(target.Trace, depth - 1, cancellation)
            .Where(invoked => invoked.Parameter.Ordinal == parameter.Ordinal && SymbolEqualityComparer.Default.Equals(invoked.Parameter.ContainingSymbol, target.Trace.Symbol))
            .Select(invoked => (invoked, target)));

    private ImmutableArray<Invoked> InvokedBy(LockTrace trace, int depth, CancellationToken cancellation)
    {
        if (depth <= 0 || trace.Steps.IsEmpty)
        {
            return ImmutableArray<Invoked>.Empty;
        }

        var key = (trace.Node, depth);
        return _invoked.TryGetValue(key, out var known) ? known : _invoked.GetOrAdd(key, trace.Steps.OfType<CallStep>().SelectMany(Of).ToImmutableArray());

        IEnumerable<Invoked> Of(CallStep call)
        {
            cancellation.ThrowIfCancellationRequested();
            if (call.Callee is { IsParameter: true, Variable: IParameterSymbol own })
            {
                return [new(own, call.State.Held, call.State.Released, call.Beside, new(call.Syntax, null))];
            }

            // From a lambda or local function of the method, or handed on to another.
            var inner = call.Callee.Inner is null ? [] : TargetsOf(call, trace, cancellation)
                .SelectMany(target => InvokedBy(target.Trace, depth - 1, cancellation).Where(invoked => !SymbolEqualityComparer.Default.Equals(invoked.Parameter.ContainingSymbol, target.Trace.Symbol)).Select(invoked => (invoked, target, invoked.Parameter)));
            return call.Callee.Delegates.Where(passed => passed.Code.IsParameter)
                .SelectMany(passed => InvokedBy(call, passed.Parameter, trace, depth, cancellation).Select(pair => (pair.Invoked, pair.Target, (IParameterSymbol)passed.Code.Variable!)))
                .Concat(inner)
                .Select(found => new Invoked(
                    found.Item3,
                    call.State.Held.AddRange(found.Item1.Inside.Select(found.Item2.Up)),
                    call.State.Released.AddRange(found.Item1.Released.Select(found.Item2.Up)),
                    found.Item1.Beside || call.Beside,
                    new(call.Syntax, found.Item1.Trail)));
        }
    }

    private IEnumerable<Target> TargetsOf(Callee callee, LockTrace trace, CancellationToken cancellation)
    {
        if (callee.Inner is { } inner)
        {
            var roots = callee.Arguments.Select(argument => (Place.Of(argument.Parameter), argument.Value)).ToImmutableArray();
            return TracesOf(trace.Member, cancellation).Where(other => other.Node == inner).Select(other => new Target(other, roots, IsInner: true));
        }

        if (callee.Method is { } method)
        {
            return TargetsOf(method, callee, cancellation);
        }

        return callee.Variable is { } variable
            ? DelegatesIn(variable, cancellation).SelectMany(pair => TargetsOf(pair.Callee, pair.Source, variable is IParameterSymbol ? Place.This : callee.Receiver?.Place, trace, cancellation))
            : [];
    }

    // What a delegate runs, seen from where it is called: places of its own world are known only where the two worlds share an object.
    private IEnumerable<Target> TargetsOf(Callee callee, Source source, Place? owner, LockTrace trace, CancellationToken cancellation)
    {
        bool isHere = source.Body.Declaration == trace.Member;
        var shared = source.Roots
            .Where(_ => owner is not null)
            .Select(root => (root.From, To: root.To.Rebase(Place.This, owner!)))
            .Select(root => (root.From, new LockRef(root.To.Symbol ?? root.From.Symbol ?? trace.Symbol ?? compilation.Compilation.Assembly, root.To)))
            .ToImmutableArray();
        var world = new Target(trace, shared, isHere);
        if (callee.Inner is { } inner)
        {
            return TracesOf(source.Body.Declaration, cancellation).Where(other => other.Node == inner).Select(other => world with { Trace = other });
        }

        if (callee.Method is not { } method)
        {
            return [];
        }

        var receiver = callee.Receiver is { } known ? world.Up(known) : null;
        return TargetsOf(method, callee with { Receiver = receiver, Arguments = ImmutableArray<(IParameterSymbol, LockRef)>.Empty }, cancellation);
    }

    private IEnumerable<Target> TargetsOf(IMethodSymbol method, Callee callee, CancellationToken cancellation)
    {
        foreach (var code in callee.IsVirtual ? compilation.Overrides.Of(method, callee.ReceiverType, cancellation) : [method])
        {
            if (DeclarationOf(code, cancellation) is not { } declaration || !MayCall(declaration))
            {
                continue;
            }

            var roots = ImmutableArray.CreateBuilder<(Place, LockRef)>();
            roots.Add((Place.This, callee.Receiver ?? new(method, null)));
            foreach (var (parameter, value) in callee.Arguments)
            {
                if (parameter.Ordinal < code.Parameters.Length)
                {
                    roots.Add((Place.Of(code.Parameters[parameter.Ordinal]), value));
                }
            }

            yield return new(TracesOf(declaration, cancellation)[0], roots.ToImmutable(), IsInner: false);
        }
    }

    private ImmutableArray<(Source Source, Callee Callee)> DelegatesIn(ISymbol variable, CancellationToken cancellation) =>
        _delegates.TryGetValue(variable, out var known) ? known : _delegates.GetOrAdd(variable, new Sources(compilation, cancellation).Of(variable)
            .Select(source => (source, Works.DelegateOf(source.Value, source.Body)!))
            .Where(pair => pair.Item2 is not null)
            .ToImmutableArray());

    private SyntaxNode? DeclarationOf(IMethodSymbol method, CancellationToken cancellation) =>
        compilation.DeclarationOf(method, cancellation) is { } declaration && declaration is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or ArrowExpressionClauseSyntax ? declaration : null;

    // Without a call or a lock in its text a body has nothing to say, and need not be bound.
    private static bool MayCall(SyntaxNode declaration)
    {
        if (declaration is AccessorDeclarationSyntax { Body: null, ExpressionBody: null } or BaseMethodDeclarationSyntax { Body: null, ExpressionBody: null })
        {
            return false;
        }

        return declaration.DescendantNodes().Any(node => node is InvocationExpressionSyntax or LockStatementSyntax or ObjectCreationExpressionSyntax or InterpolationSyntax or MemberAccessExpressionSyntax or ConditionalAccessExpressionSyntax);
    }

    private sealed class KeyComparer : IEqualityComparer<(ISymbol Class, Place? Place, LockKind Kind, bool Beside, int Released)>
    {
        public static KeyComparer Instance { get; } = new();

        public bool Equals((ISymbol Class, Place? Place, LockKind Kind, bool Beside, int Released) x, (ISymbol Class, Place? Place, LockKind Kind, bool Beside, int Released) y) =>
            x.Kind == y.Kind && x.Beside == y.Beside && x.Released == y.Released && SymbolEqualityComparer.Default.Equals(x.Class, y.Class) && Equals(x.Place, y.Place);

        public int GetHashCode((ISymbol Class, Place? Place, LockKind Kind, bool Beside, int Released) key) =>
            unchecked((SymbolEqualityComparer.Default.GetHashCode(key.Class) * 31) + (key.Place?.GetHashCode() ?? 0) + (int)key.Kind);
    }
}
