using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>
/// An object that starts work of its own when it is made, work that goes on until somebody tells it to end; and whose maker has nothing left of it when waiting for it fails.
/// </summary>
/// <param name="Made">The creation.</param>
/// <param name="Wait">The wait that may fail.</param>
/// <param name="End">The method that would end the work.</param>
internal sealed record AbandonedObject(IObjectCreationOperation Made, IAwaitOperation Wait, string End)
{
    /// <summary>Those that <paramref name="body"/> makes.</summary>
    public static IEnumerable<AbandonedObject> In(Body body, CancellationToken cancellation)
    {
        foreach (var local in body.Declarators.Select(declarator => declarator.Symbol))
        {
            if (body.Locals.OnlyValue(local)?.Bare() is IObjectCreationOperation { Type: INamedTypeSymbol type } made
                && body.Compilation.IsWrittenHere(type)
                && !made.IsUsingResource()
                && WaitForNew(local, body) is { } wait
                && EndOf(TypeModel.Of(type, body.Compilation, cancellation), cancellation) is { } end)
            {
                yield return new(made, wait, end);
            }
        }
    }

    // The first thing that is done with the object is a wait; what comes later keeps or ends it; and no catch or finally of that wait knows it.
    private static IAwaitOperation? WaitForNew(ILocalSymbol local, Body body)
    {
        var uses = body.UsesOf(local).ToList();
        if (uses.Count < 2 || uses.Any(use => use.In != body))
        {
            return null;
        }

        var places = uses.Select(use => use.Use.Syntax).OrderBy(place => place.SpanStart).ToList();
        var wait = body.Operations.OfType<IAwaitOperation>().FirstOrDefault(wait => wait.Syntax.Span.Contains(places[0].Span));
        return wait is not null && places[0].Parent is MemberAccessExpressionSyntax && !Answers(wait.Syntax, places) ? wait : null;
    }

    private static bool Answers(SyntaxNode wait, List<SyntaxNode> places) => wait.Ancestors().OfType<TryStatementSyntax>().Any(attempt => attempt.Block.Span.Contains(wait.Span)
        && places.Any(place => attempt.Span.Contains(place.Span) && !attempt.Block.Span.Contains(place.Span)));

    // The method that cancels what the work listens to, which the type starts when it is made.
    private static string? EndOf(TypeModel type, CancellationToken cancellation)
    {
        var sources = type.Symbol.GetMembers().OfType<IFieldSymbol>().Where(field => type.Known[field.Type] == KnownType.CancellationTokenSource && !field.IsStatic).ToList();
        if (sources.Count == 0 || !type.Bodies.Any(body => body.Declaration is ConstructorDeclarationSyntax && type.Compilation.Starters.MayStart(body, cancellation)))
        {
            return null;
        }

        return type.Bodies.Where(body => body.Symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary }).FirstOrDefault(body => body.Operations.OfType<IInvocationOperation>().Any(call =>
            call is { TargetMethod.Name: "Cancel" or "CancelAsync", Instance: IFieldReferenceOperation { Field: var cancelled } } && sources.Contains(cancelled, SymbolEqualityComparer.Default)))?.Symbol?.Name;
    }
}
