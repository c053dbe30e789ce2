using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Explore;

/// <summary>
/// The locals and parameters of one member and who captures them. One that is written once is captured by its value; one that is written again lives in a box of the heap,
/// which all that capture it share.
/// </summary>
internal sealed class Variables
{
    /// <summary>Stands for <c>this</c> among what is captured.</summary>
    public static readonly object This = new();

    public static readonly Variables None = new(null);

    private readonly HashSet<ISymbol> _boxed = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<SyntaxNode, Inner> _functions = [];
    private readonly Dictionary<ISymbol, Inner> _localFunctions = new(SymbolEqualityComparer.Default);

    public Variables(IOperation? root)
    {
        if (root is null)
        {
            return;
        }

        var writes = new Dictionary<ISymbol, int>(SymbolEqualityComparer.Default);
        var captured = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        Collect(root, null, writes, captured);
        foreach (var symbol in captured)
        {
            if ((writes.TryGetValue(symbol, out var count) ? count : 0) + (symbol is IParameterSymbol ? 1 : 0) > 1)
            {
                _boxed.Add(symbol);
            }
        }
    }

    public bool IsBoxed(ISymbol symbol) => symbol is IParameterSymbol { RefKind: RefKind.Ref or RefKind.Out } || _boxed.Contains(symbol);

    public Inner? FunctionAt(SyntaxNode syntax) => _functions.TryGetValue(syntax, out var function) ? function : null;

    public Inner? LocalFunction(IMethodSymbol symbol) => _localFunctions.TryGetValue(symbol.OriginalDefinition, out var function) ? function : null;

    /// <summary>What a lambda or local function takes from the code around it, through the local functions that it calls as well.</summary>
    public ImmutableArray<object> CapturedBy(Inner function)
    {
        if (function.Captured.IsDefault)
        {
            var found = new List<object>();
            var seen = new HashSet<Inner> { function };
            var open = new Queue<Inner>();
            open.Enqueue(function);
            while (open.Count > 0)
            {
                var next = open.Dequeue();
                foreach (var used in next.Uses)
                {
                    // What is declared within the function itself, in code that it stands around, is its own.
                    if (used is not ISymbol symbol || !IsDeclaredWithin(symbol, function))
                    {
                        if (!found.Contains(used))
                        {
                            found.Add(used);
                        }
                    }
                }

                foreach (var called in next.Calls.Select(LocalFunction).OfType<Inner>().Concat(_functions.Values.Where(inner => inner.Outer == next)))
                {
                    if (seen.Add(called))
                    {
                        open.Enqueue(called);
                    }
                }
            }

            function.Captured = found.OrderBy(item => item == This ? 0 : 1).ToImmutableArray();
        }

        return function.Captured;
    }

    public static bool IsOfPrimaryConstructor(ISymbol symbol) => symbol is IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } constructor } && IsPrimary(constructor);

    public static bool IsPrimary(IMethodSymbol constructor) => constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is TypeDeclarationSyntax;

    private static bool IsDeclaredWithin(ISymbol symbol, Inner function)
    {
        foreach (var reference in symbol.DeclaringSyntaxReferences)
        {
            if (reference.SyntaxTree == function.Syntax.SyntaxTree && function.Syntax.Span.Contains(reference.Span))
            {
                return true;
            }
        }

        // Parameters without syntax: of the function itself.
        return symbol is IParameterSymbol && SymbolEqualityComparer.Default.Equals(symbol.ContainingSymbol, function.Symbol);
    }

    private void Collect(IOperation root, Inner? around, Dictionary<ISymbol, int> writes, HashSet<ISymbol> captured)
    {
        // Deep code is walked without recursion: what is open is kept with the function that it stands in.
        var open = new Stack<(IOperation Operation, Inner? Function)>();
        open.Push((root, around));
        while (open.Count > 0)
        {
            var (operation, function) = open.Pop();
            switch (operation)
            {
                case IAnonymousFunctionOperation lambda:
                    function = _functions[lambda.Syntax] = new Inner(lambda, lambda.Symbol, function, this);
                    break;
                case ILocalFunctionOperation local when local != root:
                    function = _functions[local.Syntax] = _localFunctions[local.Symbol] = new Inner(local, local.Symbol, function, this);
                    break;
                case ILocalReferenceOperation reference:
                    Use(reference.Local, operation, function, writes, captured, reference.IsDeclaration);
                    break;
                case IParameterReferenceOperation reference:
                    Use(reference.Parameter, operation, function, writes, captured, isDeclaration: false);
                    break;
                case IVariableDeclaratorOperation declarator when declarator.Initializer is not null || declarator.Parent is IVariableDeclarationOperation { Initializer: not null } || declarator.Parent is IForEachLoopOperation or ICatchClauseOperation:
                    Write(declarator.Symbol, writes);
                    break;
                case IDeclarationPatternOperation { DeclaredSymbol: { } declared }:
                    Write(declared, writes);
                    break;
                case IRecursivePatternOperation { DeclaredSymbol: { } declared }:
                    Write(declared, writes);
                    break;
                case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                    function?.Uses.Add(This);
                    break;
                case IInvocationOperation { TargetMethod.MethodKind: MethodKind.LocalFunction } call:
                    function?.Calls.Add(call.TargetMethod);
                    break;
                case IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction } named:
                    function?.Calls.Add(named.Method);
                    break;
            }

            foreach (var child in operation.ChildOperations)
            {
                open.Push((child, function));
            }
        }
    }

    private static void Write(ISymbol symbol, Dictionary<ISymbol, int> writes) => writes[symbol] = (writes.TryGetValue(symbol, out var count) ? count : 0) + 1;

    private static void Use(ISymbol symbol, IOperation operation, Inner? function, Dictionary<ISymbol, int> writes, HashSet<ISymbol> captured, bool isDeclaration)
    {
        if (isDeclaration || IsWritten(operation))
        {
            Write(symbol, writes);
        }

        if (function is null)
        {
            return;
        }

        // A parameter of a primary constructor is a field of the object.
        if (IsOfPrimaryConstructor(symbol))
        {
            function.Uses.Add(This);
            return;
        }

        function.Uses.Add(symbol);
        if (!IsDeclaredWithin(symbol, function))
        {
            captured.Add(symbol);
        }
    }

    private static bool IsWritten(IOperation operation) => operation.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == operation,
        IIncrementOrDecrementOperation => true,
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } => true,
        ITupleOperation { Parent: IDeconstructionAssignmentOperation deconstruction } tuple => deconstruction.Target == tuple,
        ITupleOperation { Parent: ITupleOperation or IDeclarationExpressionOperation } => true,
        _ => false,
    };

    /// <summary>A lambda or local function, as the key of its procedure.</summary>
    internal sealed class Inner(IOperation operation, IMethodSymbol symbol, Inner? outer, Variables variables)
    {
        public SyntaxNode Syntax { get; } = operation.Syntax;

        /// <summary>Gets the code; null when its procedure is made. It holds on to all that is bound of the member.</summary>
        public IOperation? Operation { get; private set; } = operation;

        public IMethodSymbol Symbol { get; } = symbol;

        public Inner? Outer { get; } = outer;

        public Variables Variables { get; } = variables;

        public List<object> Uses { get; } = [];

        public List<IMethodSymbol> Calls { get; } = [];

        public void LetGo() => Operation = null;

        public ImmutableArray<object> Captured { get; set; }
    }
}
