using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model;
using Sluice.Model.Sharing;

namespace Sluice.Rules;

/// <summary>A field that is used under one lock nearly everywhere, and without it here.</summary>
internal sealed class NotGuarded : Rule
{
    internal const string Id = "SLC3004";

    /// <summary>The property that names the object to lock, where the place can lock it as it is.</summary>
    internal const string Gate = nameof(Gate);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Field is used without the lock that guards it",
        "'{0}' is {1}",
        Family.Sharing,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A lock protects a field only when everybody who uses the field holds it. The code that does not hold it sees half of what others do under the lock, or undoes it. "
            + "Which lock guards a field is told by most of its accesses, or by [GuardedBy], and then it is an error.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Lock | Mentions.Annotation | Mentions.Spawn | Mentions.Async;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var use in DeclaredGuards.NotHeld(type))
        {
            report(Declared(use));
        }

        foreach (var (member, named) in (type.Mentions & Mentions.Annotation) == 0 ? [] : Misspelt(type))
        {
            report(Error(named.At, null, member, $"declared to need the lock '{named.Name}', but '{type.Symbol.Name}' has nothing of that name, so it protects nothing: name the field or property that is the lock{Meant(named, type)}"));
        }

        foreach (var guard in (type.Mentions & Mentions.Lock) == 0 ? [] : type.Guards.Where(guard => type.Compilation.Annotations.GuardOf(guard.Field) is null))
        {
            int all = guard.With.Length + guard.Without.Length;
            bool isClear = IsClear(guard);

            // Who reads under the lock counts on it that nobody writes meanwhile.
            bool hasReaders = guard.With.Any(access => !access.Access.IsWrite);
            foreach (var access in guard.Without.Where(access => (isClear || (hasReaders && access.ReadLocks.Contains(guard.Lock))) && type.Contains(access.Access.Syntax) && !IsInnocent(access, guard)))
            {
                string verb = access.Access.IsWrite ? access.IsContent ? "changed" : "written" : "read";
                string without = access.ReadLocks.Contains(guard.Lock) ? $"while '{guard.Lock.Name}' is held for reading only" : $"without '{guard.Lock.Name}'";
                report(Diagnostic.Create(
                    Descriptor,
                    access.Access.Syntax.GetLocation(),
                    guard.With.Select(other => other.Access.Syntax.GetLocation()),
                    GateAt(access.Access.Syntax, guard.Field.Name, guard.Lock.Name, guard.Lock),
                    guard.Field.Name,
                    $"{verb} here {without}, but {guard.With.Length} of {all} accesses hold '{guard.Lock.Name}', and what they do can come between: take the lock here too"));
            }
        }
    }

    private Diagnostic Declared(DeclaredUse use)
    {
        if (use.Member is IMethodSymbol method)
        {
            return Error(use.Syntax, GateAt(use.Syntax, method.Name, use.Lock.Name, use.Lock.Member), method.AssociatedSymbol ?? method, $"called here without '{use.Lock.Name}', which whoever calls it has to hold: take the lock around the call, or say [Holds(\"{use.Lock.Name}\")] here too and let the callers take it");
        }

        string verb = use.IsWrite ? "written" : "used";
        return Error(use.Syntax, GateAt(use.Syntax, use.Member.Name, use.Lock.Name, use.Lock.Member), use.Member, $"{verb} here without '{use.Lock.Name}', though it is declared as guarded by it: take the lock, or say [Holds(\"{use.Lock.Name}\")] here and let the callers take it");
    }

    private Diagnostic Error(SyntaxNode at, ImmutableDictionary<string, string?>? properties, ISymbol member, string what) => Diagnostic.Create(Descriptor, at.GetLocation(), DiagnosticSeverity.Error, null, properties, member.Name, what);

    // The lock goes by its own name where what it guards does; a semaphore or a lock for readers is not taken by `lock`.
    private static ImmutableDictionary<string, string?>? GateAt(SyntaxNode use, string guarded, string gate, ISymbol? member)
    {
        string text = use.ToString();
        bool isOwn = text.StartsWith(guarded, StringComparison.Ordinal) || text.StartsWith("this." + guarded, StringComparison.Ordinal);
        bool canLock = member is null ? gate == "this" : ((member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type) is { IsReferenceType: true, Name: not ("SemaphoreSlim" or "Semaphore" or "Mutex" or "ReaderWriterLockSlim" or "ReaderWriterLock" or "AsyncLock") };
        return isOwn && canLock ? ImmutableDictionary<string, string?>.Empty.Add(Gate, gate) : null;
    }

    private static IEnumerable<(ISymbol Member, NamedLock Lock)> Misspelt(TypeModel type) =>
        from member in type.Symbol.GetMembers()
        from named in member switch
        {
            IFieldSymbol or IPropertySymbol => type.Compilation.Annotations.GuardOf(member) is { } guard ? ImmutableArray.Create(guard) : ImmutableArray<NamedLock>.Empty,
            IMethodSymbol { AssociatedSymbol: null } method => type.Compilation.Annotations.HeldBy(method),
            _ => ImmutableArray<NamedLock>.Empty,
        }
        where named.IsMisspelt
        select (member, named);

    // What differs in a letter or two, and else the only lock that there is.
    private static string Meant(NamedLock named, TypeModel type)
    {
        var fields = type.Symbol.GetMembers().Where(member => member is IFieldSymbol { IsImplicitlyDeclared: false }).ToList();
        var near = fields.Find(field => field.Name.TrimStart('_').Equals(named.Name.TrimStart('_'), StringComparison.OrdinalIgnoreCase)
            || field.Name.StartsWith(named.Name, StringComparison.Ordinal) || named.Name.StartsWith(field.Name, StringComparison.Ordinal))
            ?? (fields.Where(field => field is IFieldSymbol { Type.Name: "Object" or "Lock" or "SemaphoreSlim" or "ReaderWriterLockSlim" }).ToList() is [var only] ? only : null);
        return near is null ? string.Empty : $", '{near.Name}' perhaps";
    }

    // Half of all at least, two in three of those that matter, and more than one; what is changed atomically where the lock is not held is kept by that.
    private static bool IsClear(Guard guard) => guard.With.Length >= 2 && guard.With.Concat(guard.Without).Any(access => access.Access is { IsWrite: true, IsAtomic: false }) && guard.With.Length >= guard.Without.Length && !guard.Without.Any(access => access.Access is { IsWrite: true, IsAtomic: true }) && guard.With.Length >= 2 * guard.Without.Count(access => !IsInnocent(access, guard));

    private static bool IsInnocent(GuardedAccess access, Guard guard) => access.Access.IsAtomic
        || access.Access.Syntax.IsAsserted()
        || (!access.Access.IsWrite && IsReadByAll(guard.Field))
        || access.IsAtEnd
        || guard.IsTakenAway(access)
        || guard.IsBeforeWork(access)
        || IsFenced(access.Access)
        || IsForEyes(access.Access.Syntax)
        || IsForTheLock(access.Access.Syntax, guard.Lock)
        || (!access.Access.IsWrite && (IsMadeOnce(guard) || access.Access.Syntax.IsShown()))
        || IsSameFlag(access, guard)
        || IsHint(access.Access)
        || IsSnapshot(access, guard)
        || IsAskedAgain(access, guard);

    // `public int Count { get; private set; }`: everybody may read it without the lock.
    private static bool IsReadByAll(ISymbol field) => field is IPropertySymbol { DeclaredAccessibility: not Accessibility.Private, GetMethod.DeclaredAccessibility: not Accessibility.Private };

    // `var result = _status; Volatile.ReadBarrier();`: whoever sets a barrier knows what he does.
    private static bool IsFenced(Access access) => access.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.DescendantNodes()
        .Any(node => node is SimpleNameSyntax { Identifier.ValueText: "MemoryBarrier" or "ReadBarrier" or "WriteBarrier" or "MemoryBarrierProcessWide", Parent.Parent: InvocationExpressionSyntax }) == true;

    // `await _lock.WaitAsync(_token)`: it is needed to take the lock.
    private static bool IsForTheLock(SyntaxNode node, ISymbol gate) => node.FirstAncestorOrSelf<ArgumentSyntax>() is { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var owner } } }
        && owner.ToString() is var name && (name == gate.Name || name == "this." + gate.Name);

    // What is replaced as a whole and never changed can be read as it is.
    private static bool IsSnapshot(GuardedAccess access, Guard guard) => access is { Access.IsWrite: false }
        && IsOneWord(TypeOf(guard.Field))
        && !guard.With.Concat(guard.Without).Any(other => other is { IsContent: true, Access.IsWrite: true });

    // A reference; a type that is not known is taken for one.
    private static bool IsOneWord(ITypeSymbol? type) => type is not { IsValueType: true } or { Name: "ImmutableArray" } or { TypeKind: TypeKind.Error } or INamedTypeSymbol { TypeArguments: [{ TypeKind: TypeKind.Error }], OriginalDefinition.SpecialType: SpecialType.System_Nullable_T };

    // For the debugger, who has stopped the world, or for a reader.
    private static bool IsForEyes(SyntaxNode node) => node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member
        && member.AttributeLists.Any(list => list.Attributes.Any(attribute => attribute.Name.ToString().Split('.').Last().StartsWith("Debugger", StringComparison.Ordinal)));

    // Made under the lock by the one member that makes it, and never taken away: who has called that member sees it for good.
    private static bool IsMadeOnce(Guard guard) => IsOneWord(TypeOf(guard.Field))
        && guard.With.Concat(guard.Without).Where(access => access is { IsContent: false, Access.IsWrite: true }).ToList() is { Count: > 0 } writes
        && writes.All(write => write.Locks.Contains(guard.Lock) && write.Access.Syntax.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is { Right: var made } && !made.DescendantNodesAndSelf().Any(part => part is LiteralExpressionSyntax { RawKind: (int)SyntaxKind.NullLiteralExpression or (int)SyntaxKind.DefaultLiteralExpression }))
        && writes.Select(write => write.Access.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>()).Distinct().Count() == 1
        && !guard.With.Concat(guard.Without).Any(other => other is { IsContent: true, Access.IsWrite: true });

    // `if (_connection is not null)`: with the lock it would be as old by the time that somebody acts on it.
    private static bool IsHint(Access access) => !access.IsWrite && access.Syntax.Ancestors().TakeWhile(node => node is ExpressionSyntax).OfType<ExpressionSyntax>().Prepend(access.Syntax as ExpressionSyntax).Any(part => part switch
    {
        { Parent: IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax or UnaryPatternSyntax { Pattern: ConstantPatternSyntax } } test } => test.Expression == part && test.ToString().EndsWith("null", StringComparison.Ordinal),
        { Parent: BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression } test } => test.Left == part && test.Right.IsKind(SyntaxKind.NullLiteralExpression),
        _ => false,
    });

    // `_failed = true`, as everybody writes it.
    private static bool IsSameFlag(GuardedAccess access, Guard guard) => access.Access.IsWrite && access.Access.Constant() is { } value
        && guard.With.Concat(guard.Without).All(other => !other.Access.IsWrite || Equals(other.Access.Constant(), value));

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
