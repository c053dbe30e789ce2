using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <summary>Whether the objects of a type may be used by several threads at once. What is not known may. Thread-safe.</summary>
internal sealed class Sendability(CompilationModel compilation)
{
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<(ISymbol Member, string Why)>> _states = new(SymbolEqualityComparer.Default);

    /// <summary>Why an object of the type may not be shared; null where it may, or where that is not known.</summary>
    public string? WhyNot(ITypeSymbol? type, CancellationToken cancellation) => WhyNot(type, ImmutableHashSet.Create<ISymbol>(SymbolEqualityComparer.Default), cancellation);

    /// <summary>The state of the objects of a class that can change, and that nothing protects.</summary>
    public ImmutableArray<(ISymbol Member, string Why)> UnprotectedIn(TypeModel type) => UnprotectedIn(type, ImmutableHashSet.Create<ISymbol>(SymbolEqualityComparer.Default, type.Symbol));

    private ImmutableArray<(ISymbol Member, string Why)> UnprotectedIn(TypeModel type, ImmutableHashSet<ISymbol> asked)
    {
        if (!_states.TryGetValue(type.Symbol, out var state))
        {
            Once<ImmutableArray<Guard>?> guards = default;
            state = StateOf(type.Symbol).Select(member => (member, Why: Unprotected(member, type, asked, ref guards))).Where(pair => pair.Why is not null).Select(pair => (pair.member, pair.Why!)).ToImmutableArray();
            state = _states.GetOrAdd(type.Symbol, state);
        }

        return state;
    }

    private string? WhyNot(ITypeSymbol? type, ImmutableHashSet<ISymbol> asked, CancellationToken cancellation)
    {
        switch (type)
        {
            case IArrayTypeSymbol:
                return "an array can be changed by whoever has it";
            case not INamedTypeSymbol or { TypeKind: TypeKind.Enum or TypeKind.Delegate or TypeKind.Error } or { IsAbstract: true } or { SpecialType: not (SpecialType.None or SpecialType.System_Nullable_T) }:
                return null;
        }

        var named = (INamedTypeSymbol)type!;
        if (Annotations.IsConfined(named))
        {
            return $"'{named.Name}' is [Confined] to the code that made it";
        }

        if (asked.Contains(named.OriginalDefinition) || Annotations.IsSendable(named))
        {
            return null;
        }

        if (Collections.IsUnsafe(named) || IsKnownUnsafe(named))
        {
            return $"'{named.Name}' is not thread-safe";
        }

        var within = asked.Add(named.OriginalDefinition);
        if (!compilation.IsWrittenHere(named))
        {
            bool isTransparent = named.IsTupleType || named.Name is "Nullable" or "KeyValuePair" or "ReadOnlyMemory" or "Lazy" || named.ContainingNamespace?.ToDisplayString() is "System.Collections.Immutable" or "System.Collections.Frozen" or "System.Collections.Concurrent";
            return isTransparent ? named.TypeArguments.Select(argument => WhyNot(argument, within, cancellation)).FirstOrDefault(why => why is not null) : null;
        }

        if (named.IsValueType)
        {
            return named.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic).Select(field => WhyNot(field.Type, within, cancellation)).FirstOrDefault(why => why is not null);
        }

        for (var above = named.OriginalDefinition; above is not null && compilation.IsWrittenHere(above); above = above.BaseType?.OriginalDefinition)
        {
            if (UnprotectedIn(TypeModel.Of(above, compilation, cancellation), within) is [var (member, _), ..])
            {
                return $"'{member.Name}' of '{above.Name}' can change, and nothing protects it";
            }
        }

        return null;
    }

    private static bool IsKnownUnsafe(INamedTypeSymbol type) => type is { Name: "MemoryStream" or "FileStream" or "StreamReader" or "StreamWriter" or "BinaryReader" or "BinaryWriter" or "StringWriter" or "StringReader", ContainingNamespace.Name: "IO" };

    // Fields and automatic properties; what declares how it is protected is left out.
    private static IEnumerable<ISymbol> StateOf(INamedTypeSymbol type) => type.GetMembers().OfType<IFieldSymbol>()
        .Where(field => field is { IsStatic: false, IsConst: false, IsVolatile: false, AssociatedSymbol: not IEventSymbol })
        .Select(field => field.AssociatedSymbol ?? field)
        .Where(member => member.Locations.Any(place => place.IsInSource) && Annotations.Find(member, Plumbing.Annotation.GuardedBy) is null && Annotations.Find(member, Plumbing.Annotation.Confined) is null);

    private string? Unprotected(ISymbol member, TypeModel type, ImmutableHashSet<ISymbol> asked, ref Once<ImmutableArray<Guard>?> guards)
    {
        bool isPrivate = member.DeclaredAccessibility == Accessibility.Private;
        bool isFixed = member switch
        {
            IFieldSymbol field => field.IsReadOnly || (isPrivate && FieldWrites.Of(field, compilation, type.Cancellation) is { Replaced: null, IsSetOnce: false, IsOpen: false } && !IsStepped(field, type)),
            IPropertySymbol property => property.SetMethod is null or { IsInitOnly: true },
            _ => true,
        };
        bool isClosed = isPrivate || (!isFixed && member is IPropertySymbol { SetMethod.DeclaredAccessibility: Accessibility.Private });
        var held = member is IFieldSymbol { Type: var one } ? one : ((IPropertySymbol)member).Type;
        string? why = !isFixed ? isClosed ? "it is written without a lock that all hold" : "anybody may set it"
            : isPrivate && member is IFieldSymbol && !IsChangedInside(member, held, type) ? null : WhyNot(held, asked, type.Cancellation);
        if (why is null || !isClosed)
        {
            return why;
        }

        if (type.Bodies.SelectMany(body => body.All).SelectMany(body => body.Operations).Where(operation => Names(operation, member)).All(operation => IsAtomic(operation, type)))
        {
            return null;
        }

        // Where not all of the type can be followed, nothing is claimed.
        var known = guards.Get(type, static type => type.Bodies.Where(body => Guard.IsEntry(body, type)).Any(body => body.Rehearsal is not { IsOver: false }) ? null : type.Guards);
        return known is not { } all || all.Any(guard => SymbolEqualityComparer.Default.Equals(guard.Field, member) && guard.Without.All(access => access.Access.IsAtomic)) ? null : why;
    }

    private static bool IsStepped(ISymbol member, TypeModel type) => type.Bodies.SelectMany(body => body.All).SelectMany(body => body.Operations)
        .Any(operation => Names(operation, member) && operation.Parent is IIncrementOrDecrementOperation or ICompoundAssignmentOperation or IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out });

    // A table that is filled in the constructor and only read from then on is as good as an immutable one.
    private static bool IsChangedInside(ISymbol member, ITypeSymbol held, TypeModel type) => !(Collections.IsUnsafe(held) || held is IArrayTypeSymbol)
        || type.Bodies.Where(body => body.Symbol is IMethodSymbol { MethodKind: not MethodKind.Constructor }).SelectMany(body => body.All).SelectMany(body => body.Operations).Where(operation => Names(operation, member)).Any(use => use.Parent switch
        {
            IInvocationOperation call => call.Instance == use && Collections.IsChange(call.TargetMethod.Name),
            IPropertyReferenceOperation { Property.IsIndexer: true } item => item.Parent is IAssignmentOperation or IIncrementOrDecrementOperation,
            IArrayElementReferenceOperation element => element.Parent is IAssignmentOperation or IIncrementOrDecrementOperation,
            IPropertyReferenceOperation => false,
            IConversionOperation { Parent: IForEachLoopOperation } or IForEachLoopOperation => false,
            _ => true,
        });

    private static bool Names(IOperation operation, ISymbol member) => operation is IMemberReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Member.OriginalDefinition, member);

    private static bool IsAtomic(IOperation use, TypeModel type) => use.Parent is IArgumentOperation { Parent: IInvocationOperation call } && type.Known[call.TargetMethod.ContainingType] is KnownType.Interlocked or KnownType.Volatile;
}
