using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>How the locals and parameters of one member are written, its lambdas and local functions included.</summary>
internal sealed class Locals
{
    private readonly Dictionary<ISymbol, Writes> _writes = new(SymbolEqualityComparer.Default);

    public Locals(IOperation root) => Read(root, depth: 0);

    /// <summary>The one value that <paramref name="local"/> ever gets, when there is just one and it is known.</summary>
    public IOperation? OnlyValue(ILocalSymbol local) => _writes.TryGetValue(local, out var writes) && writes.Count == 1 ? writes.Value : null;

    /// <summary>How often the source assigns <paramref name="symbol"/>, its declaration included.</summary>
    public int CountOf(ISymbol symbol) => _writes.TryGetValue(symbol, out var writes) ? writes.Count : 0;

    /// <summary>Whether a lambda or local function assigns <paramref name="symbol"/>, so that it may change at any time.</summary>
    public bool IsWrittenByInner(ISymbol symbol) => _writes.TryGetValue(symbol, out var writes) && writes.ByInner;

    /// <summary>The locals and parameters that <paramref name="operation"/> itself assigns, and the value when it is known.</summary>
    public static IEnumerable<(IOperation Target, IOperation? Value)> WritesOf(IOperation operation) => operation switch
    {
        ISimpleAssignmentOperation assignment => [(assignment.Target, assignment.Value)],
        IDeconstructionAssignmentOperation deconstruction => TargetsOf(deconstruction.Target).Select(target => (target, default(IOperation))),
        IAssignmentOperation assignment => [(assignment.Target, null)],
        IIncrementOrDecrementOperation step => [(step.Target, null)],
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => [(argument.Value, null)],
        IAddressOfOperation address => [(address.Reference, null)],
        _ => [],
    };

    private static IEnumerable<IOperation> TargetsOf(IOperation target)
    {
        switch (target)
        {
            case IDeclarationExpressionOperation declaration:
                return TargetsOf(declaration.Expression);
            case ITupleOperation tuple:
                var all = new List<IOperation>();
                foreach (var element in tuple.Elements)
                {
                    all.AddRange(TargetsOf(element));
                }

                return all;
            default:
                return [target];
        }
    }

    private void Read(IOperation operation, int depth)
    {
        if (operation is IAnonymousFunctionOperation or ILocalFunctionOperation)
        {
            depth++;
        }

        switch (operation)
        {
            case IVariableDeclaratorOperation declarator when InitializerOf(declarator) is { } initializer:
                // `ref var x = ref y` is another name, not a value.
                Add(declarator.Symbol, declarator.Symbol.RefKind == RefKind.None ? initializer.Value : null, depth);
                break;
            case IVariableDeclaratorOperation { Parent: IForEachLoopOperation or ICatchClauseOperation } declarator:
                Add(declarator.Symbol, null, depth);
                break;
            case IDeclarationPatternOperation { DeclaredSymbol: { } declared }:
                Add(declared, null, depth);
                break;
            case IRecursivePatternOperation { DeclaredSymbol: { } declared }:
                Add(declared, null, depth);
                break;
            case IListPatternOperation { DeclaredSymbol: { } declared }:
                Add(declared, null, depth);
                break;
        }

        foreach (var (target, value) in WritesOf(operation))
        {
            var written = target is IDeclarationExpressionOperation declaration ? declaration.Expression : target;
            if (written is ILocalReferenceOperation local)
            {
                Add(local.Local, value, depth);
            }
            else if (written is IParameterReferenceOperation parameter)
            {
                Add(parameter.Parameter, value, depth);
            }
        }

        foreach (var child in operation.ChildOperations)
        {
            Read(child, depth);
        }
    }

    private static IVariableInitializerOperation? InitializerOf(IVariableDeclaratorOperation declarator) =>
        declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer;

    private void Add(ISymbol symbol, IOperation? value, int depth)
    {
        _writes.TryGetValue(symbol, out var before);

        // What is made of the variable itself, as in `node = node.Next`, says nothing of it, and asking on would never end.
        bool isOfItself = value is not null && value.DescendantsAndSelf().Any(part => part is ILocalReferenceOperation { Local: var local } && SymbolEqualityComparer.Default.Equals(local, symbol));
        _writes[symbol] = new(before.Count + 1, isOfItself ? null : value, before.ByInner || (depth > 0 && !IsOwn(symbol, depth)));
    }

    // A lambda may write its own locals; what counts is what it writes of the code around it.
    private static bool IsOwn(ISymbol symbol, int depth) =>
        depth > 0 && symbol.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction };

    private readonly record struct Writes(int Count, IOperation? Value, bool ByInner);
}
