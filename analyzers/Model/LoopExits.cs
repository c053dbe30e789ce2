using System;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>
/// Whether somebody can end an endless loop: code in it that leaves, a token that it looks at, or a wait that fails when what it waits for is closed. That a call may fail
/// for another reason is no way to end it.
/// </summary>
internal sealed class LoopExits(Body body, CancellationToken cancellation)
{
    private const int Deepest = 3;

    // With a token at hand that the loop does not look at, what is unknown has no token either.
    private bool _unknownEnds = true;

    /// <summary>Whether nothing can end <paramref name="loop"/>. Where a token <paramref name="isAtHand"/>, or the loop sleeps between its rounds, calls into unknown code do not count as ways out.</summary>
    public bool AreMissing(ILoopOperation loop, bool isAtHand)
    {
        var inside = loop.Descendants().ToList();
        _unknownEnds = !isAtHand && !inside.Any(IsPause);
        if (inside.Any(LooksAtToken) || inside.Any(Leaves) || inside.OfType<IThrowOperation>().Any(thrown => !IsCaught(thrown, loop)) || body.Flow is not { } flow || body.Paths is not { } paths)
        {
            return false;
        }

        bool IsIn(FlowNode node) => node.Operation is { } operation && loop.Syntax.Span.Contains(operation.Syntax.Span);
        bool IsOut(FlowNode node) => node == flow.Exit || node == flow.Raise || (node.Operation is not null && !IsIn(node));
        return paths.Find(flow.Entry, IsIn) is { Node: var first } && paths.Find(first, IsOut, throws: node => CanEnd(node.Operation!, body, Deepest)) is null;
    }

    // Who sleeps between two rounds means to go round for ever: what it calls is its work, and no way out.
    private static bool IsPause(IOperation operation) => operation is IInvocationOperation { TargetMethod: { Name: "Delay" or "Sleep", ContainingType: { Name: "Task" or "Thread", ContainingNamespace: { Name: "Tasks" or "Threading" } } } };

    private static bool Leaves(IOperation operation) => operation is IReturnOperation { Kind: OperationKind.YieldReturn or OperationKind.YieldBreak } || Throws.EndsThere(operation);

    private bool LooksAtToken(IOperation operation)
    {
        var known = body.Compilation.Known;
        return operation.Type is { } type
            && !operation.IsImplicit
            && (known[type] == KnownType.CancellationTokenSource
                || (Tokens.IsToken(type, known) && !Tokens.IsNone(operation))
                || (operation.Parent is IArgumentOperation && body.Compilation.TokenCarriedBy(type) is not null));
    }

    // A catch of everything within the loop keeps the exception in it.
    private static bool IsCaught(IOperation thrown, IOperation? loop)
    {
        for (var inner = thrown; inner.Parent is { } outer && outer != loop; inner = outer)
        {
            if (outer is IAnonymousFunctionOperation or ILocalFunctionOperation
                || (outer is ITryOperation attempt && attempt.Body == inner && attempt.Catches.Any(handler => handler.Filter is null && handler.ExceptionType is { Name: "Exception" or "Object" })))
            {
                return true;
            }
        }

        return false;
    }

    private bool CanEnd(IOperation operation, Body within, int depth)
    {
        switch (operation)
        {
            case IAwaitOperation awaiting:
                return awaiting.Awaited() switch
                {
                    IInvocationOperation call => CanEnd(call, within, depth, awaited: true),
                    IPropertyReferenceOperation { Property.Name: "CompletedTask" } => false,
                    _ => true,
                };
            case IInvocationOperation call:
                return !Joins.IsAwaited(call) && CanEnd(call, within, depth, awaited: false);
            case IDynamicInvocationOperation:
                return true;
            default:
                return false;
        }
    }

    private bool CanEnd(IInvocationOperation call, Body within, int depth, bool awaited)
    {
        var method = call.TargetMethod;
        if (method.MethodKind == MethodKind.DelegateInvoke)
        {
            return _unknownEnds;
        }

        if (CodeOf(method, within) is { } callee)
        {
            return (awaited || !method.IsAsync) && (depth == 0 || callee.Operations.Any(operation => EndsCaller(operation, callee, depth - 1)));
        }

        return (IsClosed(method) && !StaysOpen(call)) || (!IsOfFramework(method) && _unknownEnds);
    }

    private bool EndsCaller(IOperation operation, Body callee, int depth) =>
        LooksAtToken(operation)
        || Throws.EndsThere(operation)
        || (operation is IThrowOperation thrown && thrown.Exception?.Bare().Type is not { Name: "ArgumentException" or "ArgumentNullException" or "ArgumentOutOfRangeException" } && !IsCaught(thrown, null))
        || (operation is IInvocationOperation or IAwaitOperation && CanEnd(operation, callee, depth) && !IsCaught(operation, null));

    private Body? CodeOf(IMethodSymbol method, Body within)
    {
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            return within.Outermost.InnerOf(method);
        }

        return method.IsAbstract || method.IsVirtual || method.IsOverride || method.IsExtern || within.Compilation.DeclarationOf(method.OriginalDefinition, cancellation) is not { } declaration || declaration is TypeDeclarationSyntax
            ? null
            : Body.Of(declaration, within.Compilation, cancellation);
    }

    // What waits for input fails, or says so, when the input is closed: that is how such loops are ended.
    private static bool IsClosed(IMethodSymbol method)
    {
        string space = method.ContainingNamespace?.ToDisplayString() ?? string.Empty;
        return !method.IsStatic
            && (space is "System.Threading.Channels" or "System.IO" or "System.Threading.Tasks.Dataflow"
                || (space.StartsWith("System.Net", StringComparison.Ordinal) && method.ContainingType.Name != "HttpClient")
                || space.StartsWith("System.IO.", StringComparison.Ordinal)
                || method.ContainingType.Name is "BlockingCollection" or "PeriodicTimer" or "Process" or "IAsyncEnumerator" or "Chan" or "Reader" or "Writer"
                || method.Name is "MoveNextAsync");
    }

    // A queue of the type's own, which only items are put into and taken from: nobody ever completes it.
    private static bool StaysOpen(IInvocationOperation call) =>
        call is { TargetMethod.ContainingType.Name: "BlockingCollection", Instance: IFieldReferenceOperation { Field: { DeclaredAccessibility: Accessibility.Private, DeclaringSyntaxReferences: [var declared] } field } }
        && declared.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax }
        && field.ContainingType.DeclaringSyntaxReferences.SelectMany(part => part.GetSyntax().DescendantNodes()).OfType<IdentifierNameSyntax>().Where(name => name.Identifier.ValueText == field.Name).All(IsPutOrTake);

    private static bool IsPutOrTake(IdentifierNameSyntax name)
    {
        ExpressionSyntax queue = name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } own ? own : name;
        return queue.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Add" or "TryAdd" or "Take" or "TryTake" or "Count" } access && access.Expression == queue;
    }

    private static bool IsOfFramework(IMethodSymbol method) =>
        method.Name.StartsWith("Log", StringComparison.Ordinal)
        || (method.ContainingNamespace?.ToDisplayString() is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal) || space.StartsWith("Microsoft.Extensions.Logging", StringComparison.Ordinal)));
}
