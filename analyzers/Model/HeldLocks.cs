using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>Whether some lock is held at an operation, as far as its own body tells: a `lock`, a `using` of one, or one that is taken before it and given back after it.</summary>
internal static class HeldLocks
{
    // What people call the methods that are to be called with the lock held.
    private static readonly string[] Endings = ["Locked", "NoLock", "UnderLock", "InLock", "InsideLock", "WithinLock", "HoldingLock", "WithLock", "WithoutLock"];

    public static bool IsLocked(this IOperation operation, Body body) => operation.IsUnderLock() || IsInScopeOfLock(operation)
        || body.FactsWithCalls.OfType<LockFact>().Any(fact => fact.Action != LockAction.Release && IsBefore(fact, operation)
            && (fact.IsScoped ? IsInScope(fact, operation) : body.FactsWithCalls.OfType<LockFact>().Any(back => back.Action == LockAction.Release && Equals(back.Lock, fact.Lock) && IsBefore(operation, back))));

    /// <summary>Whether some lock is held at <paramref name="operation"/>, by its own body or by whoever calls the member that it stands in.</summary>
    public static bool IsHeld(this IOperation operation, Body body, TypeModel type) => operation.IsLocked(body) || operation.IsLockedByCallers(body, type);

    /// <summary>Whether the member that <paramref name="operation"/> stands in is private, and whoever calls it in <paramref name="type"/> holds a lock or has the object to itself; or whether it says itself that its callers hold one.</summary>
    public static bool IsLockedByCallers(this IOperation operation, Body body, TypeModel type) => IsLockedByCallers(body.Outermost, type, depth: 3);

    private static bool IsLockedByCallers(Body member, TypeModel type, int depth)
    {
        if (member.Symbol is not IMethodSymbol { MethodKind: MethodKind.Ordinary } method)
        {
            return false;
        }

        if (!type.Compilation.Annotations.HeldBy(method).IsEmpty || Endings.Any(ending => method.Name.EndsWith(ending, StringComparison.Ordinal)))
        {
            return true;
        }

        if (depth == 0 || method.DeclaredAccessibility != Accessibility.Private)
        {
            return false;
        }

        var calls = type.Bodies.SelectMany(body => body.All).SelectMany(body => body.Operations.Where(part => IsUseOf(part, method)).Select(call => (Call: call, Body: body))).ToList();
        return calls.Count > 0 && calls.TrueForAll(use => use.Call is IInvocationOperation
            && (use.Call.IsLocked(use.Body) || IsConstruction(use.Body) || (use.Body.Outermost != member && IsLockedByCallers(use.Body.Outermost, type, depth - 1))));
    }

    private static bool IsUseOf(IOperation part, IMethodSymbol method) => part switch
    {
        IInvocationOperation call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method),
        IMethodReferenceOperation reference => SymbolEqualityComparer.Default.Equals(reference.Method.OriginalDefinition, method),
        _ => false,
    };

    private static bool IsConstruction(Body body) => body is { Outer: null, Symbol: IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } };

    private static bool IsBefore(LockFact fact, IOperation operation) => fact.Operation.Syntax.SpanStart < operation.Syntax.SpanStart;

    private static bool IsBefore(IOperation operation, LockFact fact) => operation.Syntax.SpanStart < fact.Operation.Syntax.SpanStart;

    // `using (await _streams.LockAsync())`, of whatever type the lock is.
    private static bool IsInScopeOfLock(IOperation operation) => operation.Syntax.Ancestors().OfType<UsingStatementSyntax>().Any(scope => scope.Statement.Span.Contains(operation.Syntax.Span) && NamesLock((SyntaxNode?)scope.Expression ?? scope.Declaration))
        || operation.Syntax.Ancestors().OfType<BlockSyntax>().SelectMany(block => block.Statements.TakeWhile(statement => statement.Span.End <= operation.Syntax.SpanStart)).OfType<LocalDeclarationStatementSyntax>().Any(scope => !scope.UsingKeyword.IsKind(SyntaxKind.None) && NamesLock(scope.Declaration));

    private static bool NamesLock(SyntaxNode? scope) => scope?.DescendantNodesAndSelf().Any(node => node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Lock" or "LockAsync" or "AcquireLockAsync" or "EnterAsync" or "AcquireAsync" or "Acquire" or "WriterLock" or "WriterLockAsync" } }) == true;

    private static bool IsInScope(LockFact fact, IOperation operation) => fact.Operation.Syntax.Ancestors().FirstOrDefault(node => node is UsingStatementSyntax or LocalDeclarationStatementSyntax) switch
    {
        UsingStatementSyntax statement => statement.Statement.Span.Contains(operation.Syntax.Span),
        LocalDeclarationStatementSyntax { Parent: { } block } => block.Span.Contains(operation.Syntax.Span),
        _ => false,
    };
}
