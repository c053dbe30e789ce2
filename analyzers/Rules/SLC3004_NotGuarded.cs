using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model;
using Sluice.Model.Sharing;

namespace Sluice.Rules;

/// <summary>A field that is used under one lock nearly everywhere, and without it here.</summary>
internal sealed class NotGuarded : Rule
{
    internal const string Id = "SLC3004";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Field is used without the lock that guards it",
        "'{0}' is {1} here without '{2}', but {3} of {4} accesses hold '{2}', and what they do can come between: take the lock here too",
        Family.Sharing,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A lock protects a field only when everybody who uses the field holds it. The code that does not hold it sees half of what others do under the lock, or undoes it.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Lock;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var guard in type.Guards.Where(IsClear))
        {
            int all = guard.With.Length + guard.Without.Length;
            foreach (var access in guard.Without.Where(access => !IsInnocent(access, guard)))
            {
                report(Diagnostic.Create(
                    Descriptor,
                    access.Access.Syntax.GetLocation(),
                    guard.With.Select(other => other.Access.Syntax.GetLocation()),
                    guard.Field.Name,
                    access.Access.IsWrite ? (access.IsContent ? "changed" : "written") : "read",
                    guard.Lock.Name,
                    guard.With.Length,
                    all));
            }
        }
    }

    // Two in three at least, and more than one.
    private static bool IsClear(Guard guard) => guard.With.Length >= 2 && guard.With.Length >= 2 * guard.Without.Count(access => !IsInnocent(access, guard));

    private static bool IsInnocent(GuardedAccess access, Guard guard) => access.Access.IsAtomic
        || IsEnd(access.Access.Syntax)
        || IsSnapshot(access, guard)
        || IsAskedAgain(access, guard);

    // Nobody else has an object that is taken down.
    private static bool IsEnd(SyntaxNode node) => node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { Identifier.ValueText: "Dispose" or "DisposeAsync" or "DisposeAsyncCore" or "ToString" or "Finalize" };

    // What is replaced as a whole and never changed can be read as it is.
    private static bool IsSnapshot(GuardedAccess access, Guard guard) => access is { IsContent: false, Access.IsWrite: false }
        && TypeOf(guard.Field) is { IsReferenceType: true }
        && !guard.With.Concat(guard.Without).Any(other => other is { IsContent: true, Access.IsWrite: true });

    // `if (_x == null) { lock (_gate) { if (_x == null) … } }`: it is looked at again under the lock.
    private static bool IsAskedAgain(GuardedAccess access, Guard guard)
    {
        if (access.Access.IsWrite)
        {
            return false;
        }

        var member = access.Access.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        return access.Access.Syntax.IsTested() && guard.With.Any(other => other.Access.Syntax.SpanStart > access.Access.Syntax.SpanStart && other.Access.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>() == member);
    }

    private static ITypeSymbol? TypeOf(ISymbol field) => (field as IFieldSymbol)?.Type ?? (field as IPropertySymbol)?.Type;
}
