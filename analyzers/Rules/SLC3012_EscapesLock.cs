using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Sharing;

namespace Sluice.Rules;

/// <summary>A lock guards a collection only as long as nobody has the collection outside of it.</summary>
internal sealed class EscapesLock : Rule
{
    internal const string Id = "SLC3012";

    /// <summary>Set when a copy of the expression can be returned.</summary>
    internal const string CanCopy = nameof(CanCopy);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Guarded collection leaves its lock",
        "'{0}' is changed under '{1}', but {2}, so it is read without the lock while others change it: {3}",
        Family.Sharing,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A lock that guards a collection is of no use to whoever got the collection, a lazy query over it or its enumerator: he reads without the lock while others change it, and gets an exception or half of the changes. "
            + "Give away a copy that is made under the lock.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Lock;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var guard in type.Guards.Where(guard => guard.With.Any(access => access is { IsContent: true, Access.IsWrite: true })))
        {
            foreach (var body in type.Bodies.SelectMany(body => body.All))
            {
                CheckReturns(body, guard, type, report);
            }

            foreach (var access in guard.Without.Where(access => type.Contains(access.Access.Syntax) && access is { IsContent: true, Access: { IsWrite: false, IsAtomic: false } } && IsEnumeration(access.Access.Syntax) && !IsOnField(access) && !guard.IsTakenAway(access) && !access.IsAtEnd))
            {
                Report(access.Access.Syntax, guard, "it is enumerated here after the lock was given back", "copy it under the lock, or enumerate it there", false, report);
            }
        }
    }

    private void CheckReturns(Body body, Guard guard, TypeModel type, Action<Diagnostic> report)
    {
        if (body.Symbol is not IMethodSymbol { DeclaredAccessibility: not Accessibility.Private, MethodKind: not MethodKind.Constructor } method || body.Outer is not null)
        {
            return;
        }

        foreach (var end in body.Operations.OfType<IReturnOperation>())
        {
            if (end.Kind == OperationKind.YieldReturn)
            {
                if (LoopOver(end, guard) is { } loop)
                {
                    // That it is gone through when all is over, one use under the lock does not rule out.
                    bool isInLock = loop.Syntax.Ancestors().Any(node => node is LockStatementSyntax);
                    if (!isInLock && guard.With.Length < 2)
                    {
                        continue;
                    }

                    Report(loop.Collection.Syntax, guard, isInLock ? "the caller decides how long this enumeration, and the lock with it, is held" : "it is enumerated while the caller runs", "return a list that is made under the lock", false, report);
                }
            }
            else if (end.ReturnedValue is { } value && (Escape(value, guard, body) ?? EscapeOfItem(value, guard, body, type)) is { } how && !IsReplaced(body, guard))
            {
                Report(value.Syntax, guard, how, "return a copy that is made under the lock", method.ReturnType is not INamedTypeSymbol { Name: "IReadOnlyDictionary" or "Dictionary" or "IDictionary" } && IsSequence(method.ReturnType), report);
            }
        }
    }

    private void Report(SyntaxNode node, Guard guard, string how, string what, bool canCopy, Action<Diagnostic> report) => report(Diagnostic.Create(
        Descriptor,
        node.GetLocation(),
        guard.With.Select(access => access.Access.Syntax.GetLocation()),
        canCopy ? ImmutableDictionary<string, string?>.Empty.Add(CanCopy, "true") : null,
        guard.Field.Name,
        guard.Lock.Name,
        how,
        what));

    // Whoever takes the collection and leaves another one in its place has it for himself.
    private static bool IsReplaced(Body body, Guard guard) => body.Operations.OfType<ISimpleAssignmentOperation>().Any(assignment => assignment.Target is IMemberReferenceOperation field && Is(field, guard));

    private static bool IsSequence(ITypeSymbol type) => type is INamedTypeSymbol { Name: "IEnumerable" or "IReadOnlyList" or "IReadOnlyCollection" or "IList" or "ICollection" or "List" };

    private static string? Escape(IOperation value, Guard guard, Body body)
    {
        var bare = value.Bare();
        if (bare is ILocalReferenceOperation { Local: var local } && body.Locals.OnlyValue(local)?.Bare() is { } only)
        {
            bare = only;
        }

        return bare switch
        {
            IMemberReferenceOperation field when Is(field, guard) => "the caller gets the collection itself",
            IPropertyReferenceOperation { Property.Name: "Values" or "Keys", Instance: IMemberReferenceOperation owner } when Is(owner, guard) => "the caller gets a view of it",
            IInvocationOperation { TargetMethod.Name: "AsReadOnly" or "AsEnumerable" or "GetEnumerator" } call when call.Receiver()?.Bare() is IMemberReferenceOperation field && Is(field, guard) => "the caller gets a view of it",
            IInvocationOperation { TargetMethod.ContainingType.Name: "Enumerable" } query when IsLazy(query, guard) => "the query runs when the caller enumerates it",
            _ => null,
        };
    }

    // `return _lists[key];`, `return _lists.TryGetValue(key, out var list) ? list : [];`, where the lists in it are changed under the lock too.
    private static string? EscapeOfItem(IOperation value, Guard guard, Body body, TypeModel type)
    {
        var bare = value.Bare();
        if (bare is IConditionalOperation choice)
        {
            return EscapeOfItem(choice.WhenTrue, guard, body, type) ?? (choice.WhenFalse is { } other ? EscapeOfItem(other, guard, body, type) : null);
        }

        bool isItem = bare switch
        {
            IPropertyReferenceOperation { Property.IsIndexer: true, Instance: IMemberReferenceOperation owner } => Is(owner, guard),
            ILocalReferenceOperation { Local: var local } => body.Operations.OfType<IInvocationOperation>().Any(call => call is { TargetMethod.Name: "TryGetValue", Instance: IMemberReferenceOperation owner } && Is(owner, guard)
                && call.Arguments.Any(argument => argument.Parameter?.RefKind == RefKind.Out && argument.Value.DescendantsAndSelf().Any(part => part is ILocalReferenceOperation given && SymbolEqualityComparer.Default.Equals(given.Local, local)))),
            _ => false,
        };
        return isItem && Collections.IsUnsafe(bare.Type) && type.Bodies.SelectMany(member => member.All).Any(member => member.Operations.OfType<IInvocationOperation>().Any(call =>
                Collections.IsChange(call.TargetMethod.Name) && call.Instance?.Bare() is ILocalReferenceOperation or IPropertyReferenceOperation { Property.IsIndexer: true }
                && SymbolEqualityComparer.Default.Equals(call.Instance!.Type, bare.Type) && call.IsLocked(member)))
            ? "the caller gets a collection in it, which is changed under the lock as well" : null;
    }

    // `_items.Where(…).Select(…)`, with nothing that runs it.
    private static bool IsLazy(IInvocationOperation query, Guard guard)
    {
        IOperation source = query;
        while (source is IInvocationOperation { TargetMethod: { ContainingType.Name: "Enumerable", ReturnType: { Name: "IEnumerable" or "IOrderedEnumerable" } } } step && step.Receiver() is { } inner)
        {
            source = inner.Bare();
        }

        return source is IMemberReferenceOperation field && (Is(field, guard) || (field is IPropertyReferenceOperation { Property.Name: "Values" or "Keys", Instance: IMemberReferenceOperation owner } && Is(owner, guard)));
    }

    private static bool Is(IMemberReferenceOperation member, Guard guard) => SymbolEqualityComparer.Default.Equals(member.Member.OriginalDefinition, guard.Field.OriginalDefinition);

    private static IForEachLoopOperation? LoopOver(IOperation inner, Guard guard)
    {
        for (var outer = inner.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IForEachLoopOperation loop && loop.Collection.Bare() is IMemberReferenceOperation field && Is(field, guard))
            {
                return loop;
            }
        }

        return null;
    }

    private static bool IsEnumeration(SyntaxNode node) => node.Parent is CommonForEachStatementSyntax loop && loop.Expression == node;

    private static bool IsOnField(GuardedAccess access) => access.Access.Syntax is IdentifierNameSyntax name && name.Identifier.ValueText == access.Field.Name;
}
