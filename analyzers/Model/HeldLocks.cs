using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model;

/// <summary>Whether some lock is held at an operation, as far as its own body tells: a `lock`, a `using` of one, or one that is taken before it and given back after it.</summary>
internal static class HeldLocks
{
    public static bool IsLocked(this IOperation operation, Body body) => operation.IsUnderLock()
        || body.FactsWithCalls.OfType<LockFact>().Any(fact => fact.Action != LockAction.Release && IsBefore(fact, operation)
            && (fact.IsScoped ? IsInScope(fact, operation) : body.FactsWithCalls.OfType<LockFact>().Any(back => back.Action == LockAction.Release && Equals(back.Lock, fact.Lock) && IsBefore(operation, back))));

    private static bool IsBefore(LockFact fact, IOperation operation) => fact.Operation.Syntax.SpanStart < operation.Syntax.SpanStart;

    private static bool IsBefore(IOperation operation, LockFact fact) => operation.Syntax.SpanStart < fact.Operation.Syntax.SpanStart;

    private static bool IsInScope(LockFact fact, IOperation operation) => fact.Operation.Syntax.Ancestors().FirstOrDefault(node => node is UsingStatementSyntax or LocalDeclarationStatementSyntax) switch
    {
        UsingStatementSyntax statement => statement.Statement.Span.Contains(operation.Syntax.Span),
        LocalDeclarationStatementSyntax { Parent: { } block } => block.Span.Contains(operation.Syntax.Span),
        _ => false,
    };
}
