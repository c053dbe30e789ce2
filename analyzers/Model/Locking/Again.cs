using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Locking;

/// <summary>A lock is wanted while it is held: by the same flow, or by one that the holder waits for.</summary>
/// <param name="Trace">The body that holds it.</param>
/// <param name="Step">The step at which the body waits.</param>
/// <param name="Held">How it is held.</param>
/// <param name="Wanted">How it is wanted.</param>
internal sealed record Again(LockTrace Trace, LockStep Step, Held Held, Wanted Wanted)
{
    // What the code asks before it takes the lock, it knows better than any path does.
    private static readonly string[] WordsOfOwnership = ["held", "locked", "owned", "owns", "entered", "taken", "reentran", "recurs", "acquired"];

    /// <summary>Gets the lock, by the name that tells most.</summary>
    public LockRef Lock => Held.Lock.IsParameter ? Wanted.Lock : Held.Lock;

    /// <summary>All in the bodies of <paramref name="type"/> that mention a lock.</summary>
    public static IEnumerable<Again> In(TypeModel type)
    {
        var locks = type.Compilation.Locks;
        foreach (var trace in locks.TracesOf(type))
        {
            foreach (var step in trace.Steps)
            {
                if (step is not (AcquireStep or CallStep or JoinStep) || (step.State.Held.IsEmpty && step is not CallStep { Callee.Delegates.IsEmpty: false }))
                {
                    continue;
                }

                foreach (var wanted in locks.WantedBy(step, trace, type.Cancellation))
                {
                    if (step.State.Held.AddRange(wanted.Around).FirstOrDefault(held => IsSame(held.Lock, wanted.Lock) || IsOfOnlyObject(held.Lock, wanted.Lock, type)) is { } held && !IsGivenBack(held, wanted) && !IsAsked(wanted))
                    {
                        yield return new(trace, step, held, wanted);
                    }
                }
            }
        }
    }

    /// <summary>Whether both are one object, or one of them is reached through the back reference of a part to its owner.</summary>
    public static bool IsSame(LockRef held, LockRef wanted) => !held.IsFresh && (held.IsSameObject(wanted)
        || (held.IsSameClass(wanted) && held.Place is { Owner: { Symbol: null } } && (wanted.Place is null ? wanted.Through : wanted.Place.Owner?.Symbol) is { } member && IsBackReference(member, held.Class)));

    // `this._gate`, and `Hub.Instance._gate` where that is the only Hub.
    private static bool IsOfOnlyObject(LockRef held, LockRef wanted, TypeModel type) => held.IsSameClass(wanted) && !held.IsFresh
        && (held.Place, wanted.Place) is ({ Owner: { } one }, { Owner: { } other }) && (one.Owner ?? other.Owner) is null && one.Symbol is null != other.Symbol is null
        && (one.Symbol ?? other.Symbol) is { IsStatic: true } only && type.Compilation.Locks.Origins.IsOnlyObject(only, type.Cancellation);

    /// <summary>The way to the lock, for a message: empty where the step itself takes it.</summary>
    public string Way() => Wanted.Trail.Next is null ? string.Empty
        : $" (through line {string.Join(", ", Wanted.Trail.Stops.Skip(1).Select(stop => stop.Line()))})";

    public IEnumerable<Location> Places() => Wanted.Trail.Stops.Skip(1).Prepend(Held.At).Distinct().Select(LockSpan.Of);

    private static bool IsGivenBack(Held held, Wanted wanted) => wanted.Released.Any(released => released.IsSameClass(held.Lock));

    private static bool IsBackReference(ISymbol member, ISymbol locked) =>
        !SymbolEqualityComparer.Default.Equals(member.ContainingType?.OriginalDefinition, locked.ContainingType?.OriginalDefinition)
        && TypeOf(member) is { } type && SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, locked.ContainingType?.OriginalDefinition)
        && member is IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null } or IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } };

    private static ITypeSymbol? TypeOf(ISymbol member) => member switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IParameterSymbol parameter => parameter.Type,
        _ => null,
    };

    // Where a condition on a parameter, or on who holds the lock, stands around the acquire or a call on the way, callers can differ.
    private static bool IsAsked(Wanted wanted) => wanted.Trail.Stops.Any((node, isFirst) => (!isFirst || wanted.Trail.Next is null) && Conditions(node).Any(condition => condition.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(name =>
        WordsOfOwnership.Any(word => name.Identifier.ValueText.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0) || (!isFirst && IsParameter(name)))));

    private static IEnumerable<SyntaxNode> Conditions(SyntaxNode node)
    {
        foreach (var outer in node.Ancestors().TakeWhile(outer => outer is not (MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
        {
            switch (outer)
            {
                case IfStatementSyntax choice when !choice.Condition.Span.Contains(node.Span):
                    yield return choice.Condition;
                    break;
                case ConditionalExpressionSyntax choice when !choice.Condition.Span.Contains(node.Span):
                    yield return choice.Condition;
                    break;
                case BlockSyntax block:
                    // `if (held) return;` before it is a condition as well.
                    foreach (var guard in block.Statements.TakeWhile(statement => statement.Span.End <= node.SpanStart).OfType<IfStatementSyntax>().Where(guard => guard.Statement.DescendantNodesAndSelf().Any(inner => inner is ReturnStatementSyntax)))
                    {
                        yield return guard.Condition;
                    }

                    break;
            }
        }
    }

    private static bool IsParameter(SimpleNameSyntax name) => name.Ancestors().OfType<BaseMethodDeclarationSyntax>().FirstOrDefault()?.ParameterList.Parameters
        .Any(parameter => parameter.Identifier.ValueText == name.Identifier.ValueText && parameter.Type is PredefinedTypeSyntax { Keyword.RawKind: (int)Microsoft.CodeAnalysis.CSharp.SyntaxKind.BoolKeyword }) == true;
}

/// <summary>Questions about the stops of a way.</summary>
internal static class Stops
{
    /// <summary>Whether one of the stops is such; the predicate is told whether it is the first.</summary>
    public static bool Any(this IEnumerable<SyntaxNode> stops, Func<SyntaxNode, bool, bool> isSuch)
    {
        bool isFirst = true;
        foreach (var stop in stops)
        {
            if (isSuch(stop, isFirst))
            {
                return true;
            }

            isFirst = false;
        }

        return false;
    }
}
