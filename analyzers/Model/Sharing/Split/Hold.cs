using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.Model.Sharing.Split;

/// <summary>Code of one body that runs while a lock is held.</summary>
/// <param name="Lock">The lock.</param>
/// <param name="Taken">What takes it.</param>
/// <param name="Span">The code, from where the lock is taken to where it is first given back.</param>
internal sealed record Hold(Place Lock, LockFact Taken, TextSpan Span)
{
    /// <summary>All in the body, in order of the source; what cannot be told is left out.</summary>
    public static ImmutableArray<Hold> In(Body body)
    {
        var facts = body.FactsWithCalls.OfType<LockFact>().ToList();
        return facts.Where(fact => fact is { Action: not LockAction.Release, Lock: not null })
            .Select(fact => (Fact: fact, Span: ScopeOf(fact) ?? FromTo(fact, facts.Find(back => back.Action == LockAction.Release && Equals(back.Lock, fact.Lock) && back.Operation.Syntax.SpanStart >= fact.Operation.Syntax.Span.End))))
            .Where(pair => pair.Span is not null)
            .Select(pair => new Hold(pair.Fact.Lock!, pair.Fact, pair.Span!.Value))
            .ToImmutableArray();
    }

    /// <summary>Gets a value indicating whether it is sure that nobody else is let in: a semaphore may let in more than one.</summary>
    public bool IsForOne => Taken.Kind != LockKind.Semaphore || IsMadeForOne(Lock);

    public bool Contains(IOperation operation) => Span.Contains(operation.Syntax.Span);

    private static TextSpan? ScopeOf(LockFact fact) => fact.Operation switch
    {
        ILockOperation { Syntax: LockStatementSyntax statement } => statement.Statement.Span,
        var resource when fact.IsScoped || resource.IsUsingResource() => resource.Syntax.Ancestors().FirstOrDefault(node => node is UsingStatementSyntax or LocalDeclarationStatementSyntax) switch
        {
            UsingStatementSyntax use => use.Statement.Span,
            LocalDeclarationStatementSyntax { Parent: { } block } declaration => TextSpan.FromBounds(declaration.Span.End, block.Span.End),
            _ => null,
        },
        _ => null,
    };

    private static TextSpan? FromTo(LockFact taken, LockFact? back) => back is null ? null : TextSpan.FromBounds(taken.Operation.Syntax.Span.End, back.Operation.Syntax.SpanStart);

    // A semaphore that lets in one: `new(1, 1)`.
    private static bool IsMadeForOne(Place gate) => gate.Symbol?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
    {
        VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax made } => IsMadeForOne(made),
        PropertyDeclarationSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax made } => IsMadeForOne(made),
        _ => false,
    };

    private static bool IsMadeForOne(BaseObjectCreationExpressionSyntax made) => made.ArgumentList?.Arguments.FirstOrDefault()?.Expression is LiteralExpressionSyntax { Token.Value: 1 };
}
