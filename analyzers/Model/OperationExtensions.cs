using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>Small questions about operations that Roslyn leaves to its users.</summary>
internal static class OperationExtensions
{
    // Newer than the oldest Roslyn that Sluice runs in.
    private const OperationKind CollectionExpression = (OperationKind)0x7f;
    private const OperationKind Spread = (OperationKind)0x80;

    public static bool IsBoxingOf(this ITypeSymbol? to, ITypeSymbol? from) => from is { IsValueType: true } && to is { IsReferenceType: true };

    /// <summary>The operations below <paramref name="root"/> and itself, in order of the source. Lambdas and local functions are given but not entered.</summary>
    public static IEnumerable<IOperation> Own(this IOperation root)
    {
        var stack = new Stack<IOperation>();
        stack.Push(root);
        while (stack.Count > 0)
        {
            var operation = stack.Pop();
            yield return operation;
            if (operation is IAnonymousFunctionOperation or ILocalFunctionOperation && operation != root)
            {
                continue;
            }

            foreach (var child in operation.ChildOperations.Reverse())
            {
                stack.Push(child);
            }
        }
    }

    /// <summary>The nearest operation of this kind around <paramref name="operation"/>, within its lambda or local function.</summary>
    public static T? FirstOuter<T>(this IOperation operation)
        where T : class, IOperation
    {
        var outer = operation.Parent;
        while (outer is not (null or T or IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            outer = outer.Parent;
        }

        return outer as T;
    }

    /// <summary>Whether <paramref name="code"/> ends by going out of <paramref name="what"/>.</summary>
    public static bool Leaves(this IOperation? code, Leaving what) => code switch
    {
        IBlockOperation { Operations: [.., var last] } => last.Leaves(what),
        IBranchOperation { BranchKind: var kind } => what == Leaving.Block || (what == Leaving.Loop && kind == BranchKind.Break),
        IReturnOperation { Kind: OperationKind.Return } or IThrowOperation or IExpressionStatementOperation { Operation: IThrowOperation } => true,
        _ => false,
    };

    /// <summary>What is left when conversions, parentheses, delegate creations and the words of a query are taken off.</summary>
    public static IOperation Bare(this IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation conversion:
                    operation = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                case IDelegateCreationOperation creation:
                    operation = creation.Target;
                    break;
                case ITranslatedQueryOperation query:
                    operation = query.Operation;
                    break;
                default:
                    return operation;
            }
        }
    }

    /// <summary>
    /// Whether the operation only puts its operands side by side: an array, a collection expression, or what the compiler makes of the arguments for a <c>params</c> parameter of
    /// any kind.
    /// </summary>
    public static bool IsListing(this IOperation operation) => operation is IArrayInitializerOperation or IArrayCreationOperation || operation.IsCollectionExpression();

    /// <summary>Whether it is a collection expression, which the oldest Roslyn that Sluice runs in has no interface for.</summary>
    public static bool IsCollectionExpression(this IOperation operation) => operation.Kind == CollectionExpression || operation is { Kind: OperationKind.None, Syntax: CollectionExpressionSyntax };

    /// <summary>Whether it is a spread element of a collection expression.</summary>
    public static bool IsSpread(this IOperation operation) => operation.Kind == Spread || operation is { Kind: OperationKind.None, Syntax: SpreadElementSyntax };

    /// <summary>What an argument lists, one by one; the value itself when it lists nothing.</summary>
    public static IEnumerable<IOperation> Items(this IOperation value) => value.Bare() switch
    {
        IArrayCreationOperation { Initializer: { } elements } => elements.ElementValues,
        var list when list.IsCollectionExpression() => list.ChildOperations,
        _ => [value],
    };

    /// <summary>The receiver of a call, also when it is written as an extension method.</summary>
    public static IOperation? Receiver(this IInvocationOperation call) =>
        call.Instance ?? (call.TargetMethod.IsExtensionMethod && call.Arguments.Length > 0 ? call.Arguments[0].Value : null);

    /// <summary>The argument that is passed for the parameter of this name.</summary>
    public static IOperation? Argument(this IInvocationOperation call, string parameter)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Name == parameter)
            {
                return argument.Value;
            }
        }

        return null;
    }

    /// <summary>Whether a using disposes what the operation gives: <c>using (Enter())</c>, <c>using var held = await EnterAsync()</c>.</summary>
    public static bool IsUsingResource(this IOperation resource)
    {
        while (resource.Parent is IVariableInitializerOperation or IVariableDeclaratorOperation or IVariableDeclarationOperation or IVariableDeclarationGroupOperation or IParenthesizedOperation or IConversionOperation or IAwaitOperation
            || resource.Parent is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" })
        {
            resource = resource.Parent;
        }

        return resource.Parent is IUsingOperation or IUsingDeclarationOperation;
    }

    /// <summary>The call whose task an await waits for, seen through ConfigureAwait, AsTask and the like.</summary>
    public static IOperation Awaited(this IAwaitOperation awaiting) => awaiting.Operation.Bare().ThroughTaskAdapters();

    public static IOperation ThroughTaskAdapters(this IOperation operation)
    {
        while (operation is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" or "Preserve" or "Unwrap" or "GetAwaiter" } adapter && adapter.Receiver() is { } task)
        {
            operation = task.Bare();
        }

        return operation;
    }

    /// <summary>Whether the call is given a cancellation token that may be cancelled.</summary>
    public static bool PassesToken(this IOperation operation) => operation is IInvocationOperation call && call.Arguments.Any(argument =>
        argument is { IsImplicit: false, Parameter.Type: { Name: "CancellationToken", ContainingNamespace.Name: "Threading" } }
        && !Tokens.IsNone(argument.Value));

    /// <summary>Whether the compiler keeps a field for the property: it is automatic, or its accessors use <c>field</c>.</summary>
    public static bool HasField(this IPropertySymbol property) => property.ContainingType.GetMembers().Any(member => member is IFieldSymbol field && SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    /// <summary>The line of an operation as an editor counts it, for messages.</summary>
    public static int Line(this IOperation operation) => operation.Syntax.Line();

    /// <summary>The line of a piece of source as an editor counts it, for messages.</summary>
    public static int Line(this SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    /// <summary>Whether the operation is a throw that somebody wrote, or what that throws.</summary>
    public static bool IsWrittenThrow(this IOperation operation) =>
        operation.Syntax is ThrowStatementSyntax or ThrowExpressionSyntax || operation.Syntax.Parent is ThrowStatementSyntax or ThrowExpressionSyntax;

    /// <summary>Whether the operation calls <paramref name="method"/> by its name.</summary>
    public static bool IsCallOf(this IOperation operation, ISymbol? method) => operation is IInvocationOperation call && SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method);

    /// <summary>Whether a catch around the operation takes an exception of one of these names, or whatever comes.</summary>
    public static bool IsCaught(this IOperation operation, params string[] exceptions)
    {
        for (var attempt = operation.FirstOuter<ITryOperation>(); attempt is not null; attempt = attempt.FirstOuter<ITryOperation>())
        {
            if (attempt.Body.Syntax.Span.Contains(operation.Syntax.Span) && attempt.Catches.Any(handler => handler.ExceptionType is null or { Name: "Exception" or "Object" } || exceptions.Contains(handler.ExceptionType.Name)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a lock statement stands around the operation.</summary>
    public static bool IsInLockStatement(this IOperation operation) => operation.Syntax.Ancestors().Any(node => node is LockStatementSyntax);

    /// <summary>Whether the expression stands in the condition of an <c>if</c> or <c>while</c>.</summary>
    public static bool IsTested(this SyntaxNode expression) => expression.FirstAncestorOrSelf<StatementSyntax>() switch
    {
        IfStatementSyntax choice => choice.Condition.Span.Contains(expression.Span),
        WhileStatementSyntax loop => loop.Condition.Span.Contains(expression.Span),
        _ => false,
    };

    /// <summary>Whether the value is only asserted: <c>Debug.Assert(_count >= 0)</c>.</summary>
    public static bool IsAsserted(this SyntaxNode node) => node.Ancestors().TakeWhile(outer => outer is not StatementSyntax).Any(outer => outer is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "Debug" or "Contract" or "Trace" } or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Debug" or "Contract" or "Trace" } } });

    /// <summary>Whether the value goes to a log or a text, where it may be a little old.</summary>
    public static bool IsShown(this SyntaxNode node) => node.Ancestors().TakeWhile(outer => outer is not StatementSyntax and not AnonymousFunctionExpressionSyntax).Any(outer => outer is InterpolatedStringExpressionSyntax
        || (outer is InvocationExpressionSyntax { Expression: var called } && called.ToString().Split('.', '?').Any(part => part.StartsWith("Log", System.StringComparison.Ordinal) || part is "_logger" or "_log" or "logger" or "Logger" or "Console")));

    /// <summary>Whether a lock is held: the operation stands in a lock statement, or its member says that its caller took one, with <c>Debug.Assert(Monitor.IsEntered(_gate))</c>.</summary>
    public static bool IsUnderLock(this IOperation operation) => operation.IsInLockStatement() || (operation.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member
        && member.DescendantNodes().Any(node => node.SpanStart < operation.Syntax.SpanStart && node is InvocationExpressionSyntax { ArgumentList.Arguments: [{ Expression: var asserted }, ..], Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Assert" } }
            && asserted.DescendantNodesAndSelf().Any(part => part is SimpleNameSyntax { Identifier.ValueText: "IsEntered" or "IsHeldByCurrentThread" or "IsWriteLockHeld" })));

    /// <summary>The source of an operation, short enough for a message.</summary>
    public static string InOneLine(this IOperation operation)
    {
        var text = string.Join(" ", operation.Syntax.ToString().Split(default(char[]), System.StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= 60 ? text : text.Substring(0, 57) + "...";
    }
}
