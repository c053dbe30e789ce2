using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <content>Calls: what runs when, and in which strand.</content>
internal sealed partial class Rehearsal
{
    private const int MostTargets = 3;

    private ImmutableArray<Thing> Call(IInvocationOperation call, bool awaited)
    {
        var method = call.TargetMethod;
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            return LocalFunction(method) is { } function ? Run(function, ArgumentsOf(call.Arguments), call.Syntax, awaited, call.Arguments) : ImmutableArray<Thing>.Empty;
        }

        if (method.MethodKind == MethodKind.DelegateInvoke || (method.Name == "Invoke" && method.ContainingType.TypeKind == TypeKind.Delegate))
        {
            var functions = Eval(call.Instance);
            var passed = ArgumentsOf(call.Arguments);
            return functions.Where(thing => thing.Closure is not null).Take(MostTargets).Aggregate(ImmutableArray<Thing>.Empty, (all, thing) => Cell.Union(all, Run(thing.Closure!, passed, call.Syntax, awaited, call.Arguments)));
        }

        var known = _compilation.Known[method.ContainingType];
        if (known is KnownType.Interlocked or KnownType.Volatile)
        {
            return Atomic(call);
        }

        if (method.MethodKind == MethodKind.Constructor)
        {
            // `: base(…)` and `: this(…)`.
            var given = ArgumentsOf(call.Arguments);
            foreach (var self in _frame.This)
            {
                Construct(self, method, given, call.Syntax);
            }

            return ImmutableArray<Thing>.Empty;
        }

        var receiver = Eval(call.Instance);
        var arguments = ArgumentsOf(call.Arguments);
        if (IsEnter(call) && method.ContainingType.Name.Contains("Lock"))
        {
            Hold(receiver, isShared: method.Name.StartsWith("Read", StringComparison.Ordinal));
            return receiver;
        }

        return _compilation.IsWrittenHere(method)
            ? RunTargets(method, receiver, arguments, call.Syntax, call.Instance, awaited, call.Arguments)
            : Library(call, known, receiver, arguments, awaited);
    }

    private List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> ArgumentsOf(ImmutableArray<IArgumentOperation> arguments) => arguments
        .Where(argument => argument.Parameter is not null)
        .Select(argument => (argument.Parameter!.OriginalDefinition, argument.Parameter!.RefKind == RefKind.Out ? ImmutableArray<Thing>.Empty : argument.Parameter!.RefKind == RefKind.Ref ? Silently(argument.Value) : Eval(argument.Value)))
        .ToList();

    // Who is given the variable itself may use it in any way.
    private ImmutableArray<Thing> Silently(IOperation variable)
    {
        bool isMuted = _isMuted;
        _isMuted = true;
        var value = Eval(variable);
        _isMuted = isMuted;
        return value;
    }

    private Closure? LocalFunction(IMethodSymbol function)
    {
        if (function.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(_cancellation) is not { } syntax)
        {
            return null;
        }

        for (var around = _frame; around is not null; around = around.Around)
        {
            if (around.Declaration.SyntaxTree == syntax.SyntaxTree && around.Declaration.Span.Contains(syntax.Span) && around.Declaration != syntax)
            {
                return new(function.OriginalDefinition, _compilation.SemanticModel(syntax.SyntaxTree).GetOperation(syntax, _cancellation), around.Capture(), around.This);
            }
        }

        return null;
    }

    private ImmutableArray<Thing> RunTargets(IMethodSymbol method, ImmutableArray<Thing> receiver, List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> arguments, SyntaxNode site, IOperation? instance, bool awaited, ImmutableArray<IArgumentOperation> passed = default)
    {
        var result = ImmutableArray<Thing>.Empty;
        bool isExact = method.IsStatic || instance?.Syntax is BaseExpressionSyntax || !(method.IsVirtual || method.IsAbstract || method.IsOverride || method.ContainingType.TypeKind == TypeKind.Interface);
        foreach (var group in method.IsStatic || receiver.IsEmpty ? [(Code: method.OriginalDefinition, Self: receiver)] : receiver.SelectMany(thing => isExact ? [(Code: method.OriginalDefinition, Self: One(thing))] : TargetsOf(method, thing).Select(code => (Code: code, Self: One(thing)))).Take(MostTargets))
        {
            result = Cell.Union(result, Run(new(group.Code, null, null, group.Self), arguments, site, awaited, passed));
        }

        return result;
    }

    // `$"picker: {picker}"`
    private void Show(ImmutableArray<Thing> values)
    {
        var own = values.Where(thing => thing is { IsKnown: true, Type: { } type } && _compilation.IsWrittenHere(type)).ToList();
        if (own.Count == 0 || _compilation.Compilation.ObjectType.GetMembers(WellKnownMemberNames.ObjectToString).OfType<IMethodSymbol>().FirstOrDefault() is not { } toString)
        {
            return;
        }

        foreach (var thing in own)
        {
            RunTargets(toString, One(thing), [], _frame.Declaration, null, awaited: false);
        }
    }

    private IEnumerable<IMethodSymbol> TargetsOf(IMethodSymbol method, Thing thing)
    {
        if (!thing.IsKnown)
        {
            return _compilation.Overrides.Of(method.OriginalDefinition, thing.Type, _cancellation);
        }

        var definition = method.OriginalDefinition;
        if (definition.ContainingType.TypeKind == TypeKind.Interface)
        {
            return thing.Type?.OriginalDefinition is INamedTypeSymbol real && Overrides.ImplementationIn(real, definition) is { } code ? [code.OriginalDefinition] : [];
        }

        for (var type = thing.Type?.OriginalDefinition as INamedTypeSymbol; type is not null; type = type.BaseType?.OriginalDefinition)
        {
            foreach (var candidate in type.GetMembers(definition.Name).OfType<IMethodSymbol>())
            {
                for (var above = candidate; above is not null; above = above.OverriddenMethod)
                {
                    if (SymbolEqualityComparer.Default.Equals(above.OriginalDefinition, definition))
                    {
                        return candidate.IsAbstract ? [] : [candidate];
                    }
                }
            }
        }

        return [];
    }

    /// <summary>Runs code in place; what is async and not awaited goes on beside what follows.</summary>
    private ImmutableArray<Thing> Run(Closure closure, List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> arguments, SyntaxNode site, bool awaited, ImmutableArray<IArgumentOperation> passed = default)
    {
        // An async iterator goes on where it is enumerated, and nowhere else.
        if (!awaited && closure.Function.IsAsync && !_isMuted && !_hasOneThread && closure.Function.ReturnType.Name is not ("IAsyncEnumerable" or "IAsyncEnumerator") && HasAwait(closure))
        {
            return Start(closure, arguments, site, isCalled: true);
        }

        return RunHere(closure, arguments, site, awaited, passed);
    }

    private bool HasAwait(Closure closure) => (closure.Code?.Syntax ?? DeclarationOf(closure.Function))?.DescendantNodes().Any(node => node is AwaitExpressionSyntax || (node is CommonForEachStatementSyntax loop && loop.AwaitKeyword != default)) == true;

    private SyntaxNode? DeclarationOf(IMethodSymbol method) => _compilation.DeclarationOf(method.OriginalDefinition, _cancellation) is { } declaration
        && declaration is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or ArrowExpressionClauseSyntax ? declaration : null;

    private ImmutableArray<Thing> RunHere(Closure closure, List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> arguments, SyntaxNode site, bool awaited, ImmutableArray<IArgumentOperation> passed = default)
    {
        var declaration = closure.Code?.Syntax ?? DeclarationOf(closure.Function);
        if (declaration is null || _frame.Depth >= Deepest || IsTired() || _frame.Chain.Count(frame => frame.Declaration == declaration) > 1)
        {
            return ImmutableArray<Thing>.Empty;
        }

        var root = closure.Code ?? _compilation.SemanticModel(declaration.SyntaxTree).GetOperation(declaration, _cancellation);
        if (root is null)
        {
            return ImmutableArray<Thing>.Empty;
        }

        var (frame, path, locks) = (_frame, _path, _locks);
        HoldDeclared(closure.Function, closure.Receiver, site);
        int held = _locks.Length - locks.Length;
        _frame = new(frame, site, closure.Around, closure.Receiver, declaration) { IsAwaited = awaited };
        var code = closure.Code is null ? closure.Function.PartialImplementationPart ?? closure.Function : closure.Function;
        foreach (var parameter in code.OriginalDefinition.Parameters)
        {
            var cell = _frame.Declare(parameter, parameter.Type);
            cell.Store(arguments.Where(argument => argument.Parameter.Ordinal == parameter.Ordinal).Select(argument => argument.Value).FirstOrDefault() is { IsDefault: false } value ? value : ImmutableArray<Thing>.Empty);
        }

        EvalAll(root.ChildOperations);
        var callee = _frame;
        (_frame, _path) = (frame, path);
        _locks = held > 0 ? locks : _locks;
        foreach (var argument in passed.IsDefault ? [] : passed.Where(argument => argument.Parameter?.RefKind is RefKind.Out or RefKind.Ref))
        {
            var given = code.OriginalDefinition.Parameters.FirstOrDefault(parameter => parameter.Ordinal == argument.Parameter!.Ordinal);
            Write(argument.Value, given is not null && callee.Find(given, out _) is { } cell ? cell.Values : ImmutableArray<Thing>.Empty, argument.Parameter!.RefKind == RefKind.Ref ? Writing.Unseen : Writing.Plain);
        }

        return callee.Returned;
    }

    /// <summary>Starts work beside what follows; gives its task.</summary>
    private ImmutableArray<Thing> Start(Closure closure, List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> arguments, SyntaxNode site, bool isCalled = false, IEnumerable<Strand>? after = null)
    {
        if (_isMuted || _strands.Count >= MostStrands)
        {
            return ImmutableArray<Thing>.Empty;
        }

        _syncs++;
        var strand = new Strand(_strand, site);
        var task = new Thing(null, isKnown: true);
        task.Strands.Add(strand);
        _strands.Add(strand);
        _edges.Add((_strand.Next(), strand.First));
        _edges.AddRange((after ?? []).Select(first => (first.Last, strand.First)));
        if (isCalled)
        {
            // An async method runs in its caller until it waits for the first time.
            _begins[strand] = _strand.Next();
        }

        var (frame, path) = (_frame, _path);
        bool isServing = _frame.Chain.Any(around => around.Declaration is ConstructorDeclarationSyntax or EqualsValueClauseSyntax && around.Caller is not null);
        (isServing ? _serving : _open).Enqueue(() =>
        {
            (_frame, _path, _strand, _locks) = (frame, path, strand, ImmutableArray<HeldThing>.Empty);
            task.Result = RunHere(closure, arguments, site, awaited: true);
            Begun(strand.Last);
        });
        return One(task);
    }

    private void Begun(Moment at)
    {
        if (_begins.TryGetValue(at.Strand, out var goesOn))
        {
            _begins.Remove(at.Strand);
            _edges.Add((at, goesOn));
        }
    }

    private void Suspend()
    {
        _syncs++;
        Begun(_strand.Next());
    }

    private ImmutableArray<Thing> EvalAwait(IAwaitOperation awaiting)
    {
        var awaited = awaiting.Awaited();
        var value = awaited is IInvocationOperation call ? Call(call, awaited: true) : Eval(awaiting.Operation);
        Suspend();
        Join(value);
        var results = value.Where(thing => thing.Strands.Count > 0).Aggregate(ImmutableArray<Thing>.Empty, (all, thing) => Cell.Union(all, thing.Result));
        return value.Any(thing => thing.Strands.Count > 0) ? results : value;
    }

    private ImmutableArray<Thing> Atomic(IInvocationOperation call)
    {
        bool isRead = call.TargetMethod.Name is "Read" or "MemoryBarrier";
        foreach (var argument in call.Arguments.Skip(1))
        {
            var value = Eval(argument.Value);
            foreach (var (cell, _) in call.Arguments[0].Value is ILocalReferenceOperation or IFieldReferenceOperation or IParameterReferenceOperation ? CellsOf(call.Arguments[0].Value) : [])
            {
                Store(cell, value);
            }
        }

        if (call.Arguments.IsEmpty)
        {
            return ImmutableArray<Thing>.Empty;
        }

        if (isRead)
        {
            return Read(call.Arguments[0].Value, isAtomic: true);
        }

        var before = call.TargetMethod.Name == "Write" ? ImmutableArray<Thing>.Empty : CellsOf(call.Arguments[0].Value).Aggregate(ImmutableArray<Thing>.Empty, (all, pair) => Cell.Union(all, Load(pair.Cell)));
        foreach (var (cell, _) in CellsOf(call.Arguments[0].Value))
        {
            Wait(cell);
        }

        Write(call.Arguments[0].Value, ImmutableArray<Thing>.Empty, Writing.Atomic);
        return before;
    }

    private void Subscribe(IEventAssignmentOperation handler)
    {
        var value = Eval(handler.HandlerValue);
        if (handler.EventReference is not IEventReferenceOperation { Event: var raised } reference)
        {
            return;
        }

        if (handler.Adds && IsRaisedOnPool(raised, _compilation.Known))
        {
            var timers = Eval(reference.Instance);
            foreach (var work in value.Where(thing => thing.Closure is not null))
            {
                var task = Start(work.Closure!, [], handler.Syntax);
                foreach (var strand in task.SelectMany(thing => thing.Strands))
                {
                    strand.IsHandler = true;
                }

                foreach (var timer in timers)
                {
                    timer.Strands.AddRange(task.SelectMany(thing => thing.Strands));
                }
            }

            return;
        }

        foreach (var handlers in HandlersOf(reference))
        {
            handlers.Store(value);
        }
    }

    /// <summary>Whether the library raises the event on a thread of the pool: of timers, of files that change, of processes that write.</summary>
    internal static bool IsRaisedOnPool(IEventSymbol raised, KnownTypes known) => known[raised.ContainingType] == KnownType.TimersTimer
        || raised.ContainingType is { Name: "FileSystemWatcher", ContainingNamespace.Name: "IO" } or { Name: "Process", ContainingNamespace.Name: "Diagnostics" };

    private IEnumerable<Cell> HandlersOf(IEventReferenceOperation raised) => raised.Instance is null ? [Static(raised.Event)] : Eval(raised.Instance).Select(thing => thing.Field(EventOf(raised.Event, thing.Type)));

    // Who subscribes through an interface is called by the class that raises its own event.
    private static IEventSymbol EventOf(IEventSymbol named, ITypeSymbol? type) =>
        named.ContainingType.TypeKind == TypeKind.Interface && type is INamedTypeSymbol { TypeKind: TypeKind.Class } && type.FindImplementationForInterfaceMember(named) is IEventSymbol own ? own : named;

    private void DisposeOf(ImmutableArray<Thing> things, bool isAsynchronous, IOperation resources)
    {
        foreach (var thing in things)
        {
            if (thing.Type is INamedTypeSymbol type && _compilation.IsWrittenHere(type))
            {
                string name = isAsynchronous ? "DisposeAsync" : "Dispose";
                for (var above = type; above is not null; above = above.BaseType)
                {
                    if (above.GetMembers(name).OfType<IMethodSymbol>().FirstOrDefault(method => method.Parameters.IsEmpty) is { } dispose)
                    {
                        RunHere(new(dispose.OriginalDefinition, null, null, One(thing)), [], resources.Syntax, awaited: true);
                        break;
                    }
                }
            }

            Join(One(thing));
        }
    }
}
