using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model.Sharing;

namespace Sluice.Model.Locking;

/// <summary>A lock that keeps nobody out, though its object is fine.</summary>
/// <param name="Syntax">What is locked, or made to be locked.</param>
/// <param name="Name">What a message calls it.</param>
/// <param name="Why">What is wrong with it.</param>
internal sealed record Gate(SyntaxNode Syntax, string Name, string Why)
{
    private static readonly HashSet<string> Changes = ["Add", "AddRange", "Insert", "Remove", "RemoveAt", "RemoveAll", "Clear", "Enqueue", "Dequeue", "Push", "Pop", "TryAdd", "TryDequeue", "TryPop", "AddFirst", "AddLast", "RemoveFirst", "RemoveLast"];

    /// <summary>Asked of the syntax, before anything is bound: there is a static field to guard, a Lock, or a lock that is made here.</summary>
    public static bool MayBeWrong(Body member, INamedTypeSymbol type) =>
        type.GetMembers().Any(field => field is IFieldSymbol { IsConst: false } && (field.IsStatic || IsOrMakesLock((IFieldSymbol)field)))
        || member.Declaration.DescendantNodes().Any(node => node is VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax } or VariableDeclaratorSyntax { Initializer.Value: IdentifierNameSyntax });

    private static bool IsOrMakesLock(IFieldSymbol field) => field.Type.Name == "Lock"
        || (field.Type.SpecialType == SpecialType.System_Object && field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: ObjectCreationExpressionSyntax { Type: var made } } && made.ToString().EndsWith("Lock", StringComparison.Ordinal));

    /// <summary>All in the bodies of <paramref name="member"/>.</summary>
    public static IEnumerable<Gate> In(Body member, TypeModel type)
    {
        foreach (var body in member.All)
        {
            foreach (var operation in body.Operations)
            {
                if (Of(operation, body, type) is { } gate)
                {
                    yield return gate;
                }
            }
        }
    }

    private static Gate? Of(IOperation operation, Body body, TypeModel type) => operation switch
    {
        ILockOperation region => OfEachObject(region, body, type) ?? (type.Known[region.LockedValue.Type] != KnownType.Lock && IsLockAsObject(region.LockedValue, body, type) ? AsObject(region.LockedValue.Syntax) : null),
        IInvocationOperation { TargetMethod: { Name: "Enter" or "TryEnter", ContainingType: var monitor }, Arguments: [{ Value: var locked }, ..] } when type.Known[monitor] == KnownType.Monitor && IsLockAsObject(locked, body, type) => AsObject(locked.Syntax),
        IVariableDeclaratorOperation { Symbol: var local } when MadeLock(local, body) is { } made && IsOfOneCall(local, body) =>
            new(made.Syntax, $"a new {made.Type!.Name}", "each call makes its own, so nobody is kept out; keep it in a private readonly field"),
        _ => null,
    };

    private static Gate AsObject(SyntaxNode locked) =>
        new(locked, $"'{locked}' as a plain object", "it is a System.Threading.Lock, and whoever enters it as one is not kept out; give the variable the type Lock");

    private static bool IsLockAsObject(IOperation locked, Body body, TypeModel type)
    {
        var bare = locked.Bare();
        if (bare is ILocalReferenceOperation { Local: var local } && body.Locals.OnlyValue(local) is { } only)
        {
            bare = only.Bare();
        }

        return type.Known[bare.Type] == KnownType.Lock
            || (bare is IFieldReferenceOperation { Field: { Type.SpecialType: SpecialType.System_Object } field } && type.Compilation.Owns(field)
                && field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: ObjectCreationExpressionSyntax { Type: var made } value } && made.ToString().EndsWith("Lock", StringComparison.Ordinal)
                && type.Known[type.Compilation.SemanticModel(value.SyntaxTree).GetTypeInfo(value, type.Cancellation).Type] == KnownType.Lock);
    }

    // The lock of one object around what all objects share.
    private static Gate? OfEachObject(ILockOperation region, Body body, TypeModel type)
    {
        if (body.Places.Of(region.LockedValue) is not { Owner: { Owner: null, Symbol: null }, Symbol: IFieldSymbol { IsStatic: false } field } || body.Outermost.Symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } or IFieldSymbol || IsUnderStatic(region, body))
        {
            return null;
        }

        return region.Body.Own().Select(operation => ChangedBy(operation, type)).FirstOrDefault(shared => shared is not null) is { } changed && !HasOneObject(type) && !type.Bodies.SelectMany(other => other.All).Any(other => LocksStatic(other, changed))
            ? new(region.LockedValue.Syntax, $"'{field.Name}'", $"each object has its own, and '{changed.Name}' belongs to all of them, so two objects change it at the same time; lock a private static readonly object")
            : null;
    }

    private static ISymbol? ChangedBy(IOperation operation, TypeModel type)
    {
        var target = operation switch
        {
            IInvocationOperation { Instance: IFieldReferenceOperation { Field.Type.ContainingNamespace: { Name: "Generic", ContainingNamespace.Name: "Collections" } } collection } call when Changes.Contains(call.TargetMethod.Name) => collection,
            ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.IsIndexer: true, Instance: IFieldReferenceOperation { Field.Type.ContainingNamespace: { Name: "Generic", ContainingNamespace.Name: "Collections" } } collection } } => collection,
            IAssignmentOperation { Target: IFieldReferenceOperation assigned } => assigned,
            IIncrementOrDecrementOperation { Target: IFieldReferenceOperation counted } => counted,
            _ => null,
        };
        return target is { Field: { IsStatic: true } field } && SymbolEqualityComparer.Default.Equals(field.ContainingType, type.Symbol) && !ThreadOwn.IsThreadStatic(field) ? field : null;
    }

    private static bool IsUnderStatic(IOperation region, Body body)
    {
        for (var outer = region.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is ILockOperation { LockedValue: var locked } && (locked.Bare() is ITypeOfOperation || body.Places.Of(locked) is not { } place || LockRef.IsGlobal(place)))
            {
                return true;
            }
        }

        return false;
    }

    // Somewhere the type does guard the field for all: the lock of the object is there for something else.
    private static bool LocksStatic(Body body, ISymbol field) => body.Operations.OfType<ILockOperation>().Any(region => region.LockedValue.Bare() is IFieldReferenceOperation { Field.IsStatic: true } or ITypeOfOperation
        && region.Body.Own().Any(operation => operation is IFieldReferenceOperation used && SymbolEqualityComparer.Default.Equals(used.Field, field)));

    private static bool HasOneObject(TypeModel type) => type.Symbol.GetMembers().Any(member => member.IsStatic && member switch { IFieldSymbol field => field.Type, IPropertySymbol property => property.Type, _ => null } is { } held
        && (SymbolEqualityComparer.Default.Equals(held, type.Symbol) || (held is INamedTypeSymbol { Name: "Lazy", TypeArguments: [var lazy] } && SymbolEqualityComparer.Default.Equals(lazy, type.Symbol))));

    private static IObjectCreationOperation? MadeLock(ILocalSymbol local, Body body) => body.Locals.OnlyValue(local)?.Bare() is IObjectCreationOperation { Type: { Name: "SemaphoreSlim" or "Semaphore" or "Mutex" or "ReaderWriterLockSlim", ContainingNamespace: { Name: "Threading", ContainingNamespace.Name: "System" } } } made
        && made.Arguments.All(argument => argument.Value.ConstantValue is not { HasValue: true, Value: string }) && (made.Type!.Name is not ("SemaphoreSlim" or "Semaphore") || made.Arguments.FirstOrDefault()?.Value.ConstantValue is { HasValue: true, Value: 1 }) && made.Arguments.Length <= 2 ? made : null;

    // It is taken here, and no lambda, no callee and no other body gets it.
    private static bool IsOfOneCall(ILocalSymbol local, Body body)
    {
        var uses = body.UsesOf(local).ToList();
        return uses.TrueForAll(use => use.In == body && use.Use.Parent is IInvocationOperation call && call.Instance == use.Use)
            && uses.Exists(use => ((IInvocationOperation)use.Use.Parent!).TargetMethod.Name is "Wait" or "WaitAsync" or "WaitOne" or "EnterReadLock" or "EnterWriteLock")
            && uses.Exists(use => ((IInvocationOperation)use.Use.Parent!).TargetMethod.Name is "Release" or "ReleaseMutex" or "ExitReadLock" or "ExitWriteLock");
    }
}
