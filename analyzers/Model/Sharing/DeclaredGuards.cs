using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <summary>Where the code of a type does not keep to what [GuardedBy] and [Holds] declare, be it of this type or of another.</summary>
internal static class DeclaredGuards
{
    /// <summary>The uses without the lock, in the order of the source.</summary>
    public static IEnumerable<DeclaredUse> NotHeld(TypeModel type)
    {
        var names = type.Compilation.Annotations.GuardedNames;
        if (names.Count == 0 || !type.Parts.Any(part => part.DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && names.Contains(token.ValueText))))
        {
            return [];
        }

        var uses = type.Bodies.Where(body => Guard.IsEntry(body, type)).Select(body => body.Rehearsal).OfType<Rehearsal>().SelectMany(rehearsal => rehearsal.DeclaredUses).ToList();
        var seen = new HashSet<SyntaxNode>(uses.Select(use => use.Syntax));
        return uses.Where(use => !use.IsHeld)
            .Concat(InUnknownCallbacks(type, seen))
            .Where(use => use.Syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } owner && type.Parts.Contains(owner))
            .GroupBy(use => use.Syntax)
            .Select(group => group.First())
            .OrderBy(use => use.Syntax.SpanStart);
    }

    // A lambda that somebody else runs, who knows when: it has only the locks that it takes itself.
    private static IEnumerable<DeclaredUse> InUnknownCallbacks(TypeModel type, HashSet<SyntaxNode> seen) =>
        from body in type.Bodies
        where body.Rehearsal is null or { IsOver: false }
        from inner in body.All
        where inner.Root is IAnonymousFunctionOperation && (inner.Mentions & Mentions.Lock) == 0
        from member in inner.Operations.OfType<IMemberReferenceOperation>()
        where !seen.Contains(member.Syntax) && member.Parent is not (INameOfOperation or IArgumentOperation { Parameter.RefKind: not RefKind.None }) && !member.IsUnderLock()
        let guard = type.Compilation.Annotations.GuardOf(member.Member)
        where guard is not null && !IsAssumed(body, guard, type)
        select new DeclaredUse(member.Member, guard, member.Syntax, member.Parent is IAssignmentOperation assignment && assignment.Target == member, false);

    private static bool IsAssumed(Body body, NamedLock guard, TypeModel type) => body.Symbol is not IMethodSymbol method
        || type.Compilation.Annotations.HeldBy(method).Any(held => held.Name == guard.Name);
}
