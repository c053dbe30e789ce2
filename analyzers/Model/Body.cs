using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model.Files;
using Sluice.Model.Sharing;

namespace Sluice.Model;

/// <summary>
/// Code that runs from an entry to an exit: a method, accessor, initializer, lambda or local function. Everything about it is made when it is
/// first asked for. Used by one thread.
/// </summary>
internal sealed class Body
{
    private readonly CancellationToken _cancellation;
    private Once<IOperation?> _root;
    private Once<ISymbol?> _symbol;
    private Once<Locals> _locals;
    private Once<Places> _places;
    private Once<ImmutableArray<IOperation>> _operations;
    private Once<ImmutableArray<IVariableDeclaratorOperation>> _declarators;
    private Once<ImmutableArray<Body>> _inner;
    private Once<Body[]> _all;
    private Once<ImmutableArray<Fact>> _facts;
    private Once<ImmutableArray<Fact>> _factsWithCalls;
    private Once<ControlFlowGraph?> _graph;
    private Once<Flow?> _flow;
    private Once<Paths?> _paths;
    private Once<FactReader> _reader;
    private Once<Rehearsal?> _rehearsal;

    private Body(SyntaxNode declaration, CompilationModel compilation, Body? outer, IOperation? root, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        Declaration = declaration;
        Compilation = compilation;
        Outer = outer;
        Mentions = SourceFile.Of(declaration.SyntaxTree).Mentions(cancellation).In(declaration.Span);
        if (root is not null)
        {
            _root = new(root);
        }
    }

    public CompilationModel Compilation { get; }

    /// <summary>Gets the syntax: of the member or initializer, or of the lambda or local function.</summary>
    public SyntaxNode Declaration { get; }

    public Mentions Mentions { get; }

    public SemanticModel Semantics => Compilation.SemanticModel(Declaration.SyntaxTree);

    /// <summary>Gets the body around a lambda or local function.</summary>
    public Body? Outer { get; }

    /// <summary>Gets the body of the whole member.</summary>
    public Body Outermost => Outer?.Outermost ?? this;

    /// <summary>Gets the bound code; null where there is nothing to bind.</summary>
    public IOperation? Root => _root.Get(this, static body => body.Semantics.GetOperation(body.Declaration, body._cancellation));

    /// <summary>Gets the method, lambda or local function; for an initializer the field or property.</summary>
    public ISymbol? Symbol => _symbol.Get(this, static body => body.FindSymbol());

    /// <summary>Gets a value indicating whether it is a lambda that a library runs once for each of many items, or a local function that is handed over as one.</summary>
    public bool RunsPerItem => Root switch
    {
        IAnonymousFunctionOperation lambda => IsRunPerItem(lambda),
        ILocalFunctionOperation { Symbol: var function } => Outermost.All.SelectMany(static body => body.Operations).OfType<IMethodReferenceOperation>()
            .Any(reference => SymbolEqualityComparer.Default.Equals(reference.Method.OriginalDefinition, function) && IsRunPerItem(reference)),
        _ => false,
    };

    /// <summary>Gets what starts this lambda or local function beside the code around it.</summary>
    public IEnumerable<SpawnFact> Spawns => Outer?.Facts.OfType<SpawnFact>().Where(spawn => spawn.Works.Any(work => Outermost.InnerOf(work.Bare()) == this)) ?? [];

    /// <summary>Gets how the locals of the whole member are written.</summary>
    public Locals Locals => _locals.Get(this, static body => body.Outer?.Locals ?? new Locals(body.Root!));

    public Places Places => _places.Get(this, static body => new(body.Compilation.Known, body.Locals));

    /// <summary>Gets the operations in order of the source, those of lambdas and local functions left out.</summary>
    public ImmutableArray<IOperation> Operations => _operations.Get(this, static body => body.Root?.Own().ToImmutableArray() ?? ImmutableArray<IOperation>.Empty);

    /// <summary>Gets the locals that are declared among <see cref="Operations"/>.</summary>
    public ImmutableArray<IVariableDeclaratorOperation> Declarators => _declarators.Get(this, static body => body.Operations.OfType<IVariableDeclaratorOperation>().ToImmutableArray());

    /// <summary>Gets the lambdas and local functions that stand directly in this body.</summary>
    public ImmutableArray<Body> Inner => _inner.Get(this, static body => body.Operations
        .Where(operation => operation != body.Root && IsInner(operation))
        .Select(inner => new Body(inner.Syntax, body.Compilation, body, inner, body._cancellation))
        .ToImmutableArray());

    /// <summary>Gets this body and all that stand in it, in order of the source.</summary>
    public IEnumerable<Body> All => _all.Get(this, static body => body.Inner.IsEmpty ? [body] : body.Inner.SelectMany(inner => inner.All).Prepend(body).ToArray());

    /// <summary>Gets what this body itself does, in order of the source.</summary>
    public ImmutableArray<Fact> Facts => _facts.Get(this, static body => body.Operations.Select(operation => body.Reader.Read(operation)).OfType<Fact>().ToImmutableArray());

    /// <summary>Gets what this body does, through the code of its callees as well, in order of the source.</summary>
    public ImmutableArray<Fact> FactsWithCalls => _factsWithCalls.Get(this, static body => body.Operations.SelectMany(operation => body.FactsAt(operation)).ToImmutableArray());

    /// <summary>Gets the control flow; null where it cannot be told (broken code, or too much of it).</summary>
    public Flow? Flow => _flow.Get(this, static body => body.Graph is { } graph ? Flow.Of(body, graph, body._cancellation) : null);

    /// <summary>Gets the path questions over <see cref="Flow"/>; null where there is none.</summary>
    public Paths? Paths => _paths.Get(this, static body => body.Flow is { } flow ? new(body, flow) : null);

    /// <summary>Gets what happens when the member runs, and beside it, with all that it calls; null where that cannot be told.</summary>
    public Rehearsal? Rehearsal => _rehearsal.Get(this, static body => Sharing.Rehearsal.Of(body, body._cancellation));

    internal ControlFlowGraph? Graph => _graph.Get(this, static body => body.MakeGraph());

    private FactReader Reader => _reader.Get(this, static body => new(body.Compilation.Known, body.Places));

    public static Body Of(SyntaxNode declaration, CompilationModel compilation, CancellationToken cancellation) =>
        new(declaration, compilation, outer: null, root: null, cancellation);

    /// <summary>What <paramref name="operation"/> does, through the code of its callee as well.</summary>
    public ImmutableArray<Fact> FactsAt(IOperation operation) => FactReader.MayRead(operation)
        ? FactsAt(operation, call => Compilation.Summaries.Of(call, this, _cancellation))
        : ImmutableArray<Fact>.Empty;

    /// <summary>What <paramref name="operation"/> sets going that is done at some time, now or later: see <see cref="Summaries.StartedBy"/>.</summary>
    public IEnumerable<Fact> StartedBy(IOperation operation) => operation is not (IInvocationOperation or IObjectCreationOperation) ? [] : Compilation.Summaries.StartedBy(operation, this, _cancellation);

    /// <summary>What <paramref name="operation"/> does, with what calls do told by <paramref name="callee"/>.</summary>
    internal ImmutableArray<Fact> FactsAt(IOperation operation, System.Func<IInvocationOperation, ImmutableArray<Fact>> callee)
    {
        if (Reader.Read(operation, _flow.IsMade ? Flow?.Captures : null) is { } own)
        {
            return ImmutableArray.Create(own);
        }

        // What an async method does is done when its await ends, not when the call returns.
        return operation switch
        {
            IAwaitOperation awaiting when awaiting.Awaited() is IInvocationOperation { TargetMethod.IsAsync: true } call => callee(call).Select(fact => fact with { Operation = awaiting }).ToImmutableArray(),
            IInvocationOperation call when !(call.TargetMethod.IsAsync && Joins.IsAwaited(call)) => callee(call),
            _ => ImmutableArray<Fact>.Empty,
        };
    }

    /// <summary>The body within this member whose code is <paramref name="work"/>: a lambda, or a local function that is referred to.</summary>
    public Body? InnerOf(IOperation work) => work switch
    {
        IAnonymousFunctionOperation lambda => All.FirstOrDefault(body => body.Root is IAnonymousFunctionOperation && body.Declaration == lambda.Syntax),
        IFlowAnonymousFunctionOperation lambda => All.FirstOrDefault(body => body.Root is IAnonymousFunctionOperation && body.Declaration == lambda.Syntax),
        IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction } reference => InnerOf(reference.Method),
        _ => null,
    };

    /// <summary>The local function of this member that is <paramref name="function"/>.</summary>
    public Body? InnerOf(IMethodSymbol function) => All.FirstOrDefault(body => body.Root is ILocalFunctionOperation local && SymbolEqualityComparer.Default.Equals(local.Symbol, function.OriginalDefinition));

    /// <summary>Where the whole member uses <paramref name="local"/>, its lambdas and local functions included, each with the body that does.</summary>
    public IEnumerable<(Body In, ILocalReferenceOperation Use)> UsesOf(ILocalSymbol local) => Outermost.All.SelectMany(body => body.Operations.OfType<ILocalReferenceOperation>()
        .Where(use => SymbolEqualityComparer.Default.Equals(use.Local, local))
        .Select(use => (body, use)));

    private bool IsRunPerItem(IOperation function) => function is { Parent: IDelegateCreationOperation { Parent: IArgumentOperation { Parent: IInvocationOperation { TargetMethod: var runner } } } }
        && (Compilation.Known[runner.ContainingType], runner.Name) is
            (KnownType.Enumerable or KnownType.ParallelEnumerable, "Select" or "SelectMany" or "ForAll")
            or (KnownType.Parallel, "For" or "ForEach" or "ForAsync" or "ForEachAsync")
            or (KnownType.ListOfT or KnownType.Array, "ForEach");

    private static bool IsInner(IOperation operation) => operation is IAnonymousFunctionOperation or ILocalFunctionOperation;

    private ISymbol? FindSymbol() => Outer is null && Declaration is not EqualsValueClauseSyntax ? DeclaredSymbol() : Root switch
    {
        IAnonymousFunctionOperation lambda => lambda.Symbol,
        ILocalFunctionOperation function => function.Symbol,
        IFieldInitializerOperation initializer => initializer.InitializedFields.FirstOrDefault(),
        IPropertyInitializerOperation initializer => initializer.InitializedProperties.FirstOrDefault(),
        _ => null,
    };

    // Known without binding the code.
    private ISymbol? DeclaredSymbol() => Declaration is ArrowExpressionClauseSyntax { Parent: { } property }
        ? (Semantics.GetDeclaredSymbol(property, _cancellation) as IPropertySymbol)?.GetMethod
        : Semantics.GetDeclaredSymbol(Declaration, _cancellation);

    private ControlFlowGraph? MakeGraph()
    {
        if (Outer is not null)
        {
            return Outer.Graph is { } outer ? MakeInnerGraph(outer) : null;
        }

        return Root switch
        {
            { Parent: not null } or null => null,
            IMethodBodyOperation method => ControlFlowGraph.Create(method, _cancellation),
            IConstructorBodyOperation constructor => ControlFlowGraph.Create(constructor, _cancellation),
            IBlockOperation block => ControlFlowGraph.Create(block, _cancellation),
            IFieldInitializerOperation field => ControlFlowGraph.Create(field, _cancellation),
            IPropertyInitializerOperation property => ControlFlowGraph.Create(property, _cancellation),
            _ => null,
        };
    }

    private ControlFlowGraph? MakeInnerGraph(ControlFlowGraph outer)
    {
        if (Root is ILocalFunctionOperation function)
        {
            return outer.LocalFunctions.Contains(function.Symbol) ? outer.GetLocalFunctionControlFlowGraph(function.Symbol, _cancellation) : null;
        }

        var lambda = outer.Blocks
            .SelectMany(block => block.BranchValue is { } value ? block.Operations.Append(value) : block.Operations)
            .SelectMany(operation => operation.DescendantsAndSelf())
            .OfType<IFlowAnonymousFunctionOperation>()
            .FirstOrDefault(candidate => candidate.Syntax == Declaration);
        return lambda is null ? null : outer.GetAnonymousFunctionControlFlowGraph(lambda, _cancellation);
    }
}
