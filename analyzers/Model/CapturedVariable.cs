using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.Model;

/// <summary>A local that detached code captured: whether the code around may change it while the detached code still runs.</summary>
/// <param name="owner">The body that declares the variable, or where it is changed.</param>
/// <param name="variable">The variable.</param>
/// <param name="detached">The code, started by the owner or by something that stands in it.</param>
internal sealed class CapturedVariable(Body owner, ILocalSymbol variable, Detached detached)
{
    /// <summary>Whether there is a way from the start of the detached code to a change of the variable that waits for nothing.</summary>
    public bool MayChange()
    {
        if (owner.Flow is not { } flow)
        {
            return false;
        }

        var paths = new Paths(owner, flow);
        var waits = Waits().ToList();
        return Starts().SelectMany(paths.NodesOf).Any(start => !IsIn(start, waits)
            && paths.Find(start, Changes, node => IsIn(node, waits) || IsDeclaration(node), throws: static _ => false) is not null);
    }

    private static bool IsIn(FlowNode node, List<TextSpan> spans) => node.Operation is { } operation && spans.Any(span => span.Contains(operation.Syntax.Span));

    private bool Changes(FlowNode node) => node.Operation is { } operation && !IsDeclaration(node)
        && Locals.WritesOf(operation).Any(write => write.Target is ILocalReferenceOperation target && SymbolEqualityComparer.Default.Equals(target.Local, variable));

    // Each time that the declaration is reached, there is a new variable.
    private bool IsDeclaration(FlowNode node) => node.Operation?.Syntax is VariableDeclaratorSyntax declarator
        && variable.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == declarator.SyntaxTree && reference.Span == declarator.Span);

    // What in the owner's own code starts it: the operation itself, the expression that holds the lambda it stands in, or the calls of the local function.
    private IEnumerable<IOperation> Starts() => OwnersOf(detached.Start, detached.StartedIn);

    private IEnumerable<IOperation> OwnersOf(IOperation operation, Body standsIn)
    {
        if (standsIn == owner)
        {
            return [operation];
        }

        if (standsIn is not { Outer: { } outer, Root: { } root })
        {
            return [];
        }

        return root is ILocalFunctionOperation function
            ? CallsOf(function.Symbol).SelectMany(call => OwnersOf(call.Call, call.Body))
            : OwnersOf(ExpressionAround(root), outer);
    }

    private IEnumerable<(IOperation Call, Body Body)> CallsOf(IMethodSymbol function) => owner.All
        .Where(body => !IsDetached(body.Declaration.Span))
        .SelectMany(body => body.Operations.OfType<IInvocationOperation>().Where(call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, function)).Select(call => ((IOperation)call, body)));

    private static IOperation ExpressionAround(IOperation lambda)
    {
        var around = lambda;
        while (around.Parent is { } parent and not (IBlockOperation or IExpressionStatementOperation or IAnonymousFunctionOperation))
        {
            around = parent;
            if (around is IInvocationOperation or IObjectCreationOperation)
            {
                break;
            }
        }

        return around;
    }

    private bool IsDetached(TextSpan span) => detached.Work.Declaration.Span.Contains(span);

    /// <summary>The expressions in which the owner waits, or may wait, for the detached code.</summary>
    private IEnumerable<TextSpan> Waits()
    {
        var holders = Holders();
        var shared = SymbolsOf(detached.Work);
        foreach (var body in owner.All.Where(body => !IsDetached(body.Declaration.Span)))
        {
            foreach (var operation in body.Operations.Where(operation => IsWaiting(operation, body, holders) || IsSignal(operation, shared)))
            {
                foreach (var place in OwnersOf(operation, body))
                {
                    yield return WholeExpression(place.Syntax);
                }
            }
        }
    }

    // The local or field that got the task, and what it was put into from there.
    private HashSet<Place> Holders()
    {
        var holders = new HashSet<Place>();
        if (detached.Fate.Holder is not { } first)
        {
            return holders;
        }

        holders.Add(first);
        foreach (var call in detached.StartedIn.Operations.OfType<IInvocationOperation>().Where(Fate.IsAdding))
        {
            if (call.Arguments.Any(argument => detached.StartedIn.Places.Of(argument.Value) is { } added && holders.Contains(added))
                && detached.StartedIn.Places.Of(call.Instance) is { } collection)
            {
                holders.Add(collection);
            }
        }

        return holders;
    }

    // Whatever else is done with what holds the task may wait for it. A method of the same type may, where a field holds it.
    private bool IsWaiting(IOperation operation, Body body, HashSet<Place> holders) => operation switch
    {
        ILocalReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation or IParameterReferenceOperation =>
            holders.Count > 0 && body.Places.Of(operation) is { } place && holders.Contains(place) && !IsHarmless(operation),
        IInvocationOperation { Instance: IInstanceReferenceOperation, TargetMethod.MethodKind: not MethodKind.Constructor } => !detached.IsCallback && holders.Any(holder => holder.Root.Symbol is null or IFieldSymbol),
        _ => false,
    };

    private static bool IsHarmless(IOperation holder)
    {
        var value = holder;
        while (value.Parent is IArrayElementReferenceOperation or IConversionOperation or IParenthesizedOperation or IPropertyReferenceOperation { Arguments.IsEmpty: false })
        {
            value = value.Parent;
        }

        return value.Parent switch
        {
            ISimpleAssignmentOperation assignment => assignment.Target == value,
            IPropertyReferenceOperation { Property.Name: "Count" or "Length" or "IsBackground" or "Name" or "Priority" or "CurrentCulture" or "CurrentUICulture" or "Id" or "ManagedThreadId" } => true,
            IInvocationOperation { TargetMethod.Name: "Start" or "UnsafeStart" or "SetApartmentState" or "Clear" } call => call.Instance == value,
            IInvocationOperation { TargetMethod.Name: "ContinueWith", Parent: IExpressionStatementOperation } call => call.Instance == value,
            IInvocationOperation call => call.Instance == value && Fate.IsAdding(call),
            IArgumentOperation { Parent: IInvocationOperation call } argument => argument.Parameter?.RefKind == RefKind.None && Fate.IsAdding(call),
            INameOfOperation => true,
            _ => false,
        };
    }

    // An event, semaphore, countdown, channel or the like that both sides name, and that the owner waits on.
    private static bool IsSignal(IOperation operation, HashSet<ISymbol> shared) => operation switch
    {
        IAwaitOperation awaiting => awaiting.Operation.DescendantsAndSelf().Any(inner => SymbolOf(inner) is { } symbol && shared.Contains(symbol) && IsOfThreading(inner.Type)),
        IInvocationOperation call when IsWaitingName(call.TargetMethod.Name) =>
            call.DescendantsAndSelf().Any(inner => SymbolOf(inner) is { } symbol && shared.Contains(symbol) && (call.Instance == inner || IsOfThreading(inner.Type) || call.TargetMethod.ContainingType.Name == "Monitor")),
        _ => false,
    };

    private static bool IsWaitingName(string name) =>
        name.StartsWith("Wait", StringComparison.Ordinal) || name is "SignalAndWait" or "Join" or "Take" or "Receive" or "SpinUntil";

    private static bool IsOfThreading(ITypeSymbol? type) => type is not null && type.Name is not ("CancellationToken" or "CancellationTokenSource")
        && (type.ContainingNamespace?.ToDisplayString().StartsWith("System.Threading", StringComparison.Ordinal) == true || type.Name == "BlockingCollection");

    private HashSet<ISymbol> SymbolsOf(Body work) => new(
        work.All.SelectMany(body => body.Operations).Select(SymbolOf).OfType<ISymbol>().Where(symbol => !SymbolEqualityComparer.Default.Equals(symbol, variable)),
        SymbolEqualityComparer.Default);

    private static ISymbol? SymbolOf(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation property => property.Property,
        _ => null,
    };

    // Up to the statement; of a statement with a body only its own expression.
    private static TextSpan WholeExpression(SyntaxNode node)
    {
        while (node.Parent is { } parent and not (StatementSyntax or AnonymousFunctionExpressionSyntax or ArrowExpressionClauseSyntax))
        {
            node = parent;
        }

        return node.Span;
    }
}
