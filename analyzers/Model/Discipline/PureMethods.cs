using System.Linq;
using Microsoft.CodeAnalysis;

namespace Sluice.Model.Discipline;

/// <summary>Which methods do nothing but give their result.</summary>
internal static class PureMethods
{
    /// <summary>Whether the result does its work only when somebody goes through it.</summary>
    public static bool IsLazy(IMethodSymbol method, KnownTypes known) =>
        (known[method.ContainingType] is KnownType.Enumerable or KnownType.ParallelEnumerable || method.ContainingType is { Name: "Queryable" or "AsyncEnumerable", ContainingNamespace.Name: "Linq" })
        && method.ReturnType is INamedTypeSymbol { Name: "IEnumerable" or "IOrderedEnumerable" or "IQueryable" or "IOrderedQueryable" or "ParallelQuery" or "OrderedParallelQuery" or "IAsyncEnumerable" or "IOrderedAsyncEnumerable" };

    /// <summary>Whether the call changes nothing, as far as its type or an attribute says so.</summary>
    public static bool IsPure(IMethodSymbol method)
    {
        var type = (method.ReducedFrom ?? method).ContainingType;
        return !method.Parameters.Any(parameter => parameter.RefKind is RefKind.Ref or RefKind.Out)
            && (IsMarked(method) || IsOfValue(method, type) || IsOfImmutableCollection(type) || IsWither(method, type));
    }

    private static bool IsMarked(IMethodSymbol method) => method.OriginalDefinition.GetAttributes().Concat(method.GetReturnTypeAttributes()).Concat(method.ContainingType.GetAttributes())
        .Any(attribute => MustUseNames.IsAttribute(attribute.AttributeClass?.Name));

    private static bool IsOfValue(IMethodSymbol method, INamedTypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_String => method.Name is not ("CopyTo" or "TryCopyTo" or "Intern" or "IsInterned" or "GetEnumerator"),
        SpecialType.System_DateTime => IsArithmetic(method),
        >= SpecialType.System_Boolean and <= SpecialType.System_Double => method.Name is "ToString" or "CompareTo",
        _ when type.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true } => type.Name switch
        {
            "DateTimeOffset" or "TimeSpan" or "DateOnly" or "TimeOnly" => IsArithmetic(method),
            "Math" or "MathF" => true,
            _ => false,
        },
        _ => type is { Name: "Path", ContainingNamespace.Name: "IO" } && method.Name is "Combine" or "Join" or "ChangeExtension" or "GetExtension" or "GetFileName" or "GetFileNameWithoutExtension" or "GetDirectoryName",
    };

    // Parse may be called for its exception.
    private static bool IsArithmetic(IMethodSymbol method) => !method.IsStatic || method.Name.StartsWith("From", System.StringComparison.Ordinal);

    private static bool IsOfImmutableCollection(INamedTypeSymbol type) => type is { ContainingType: null, ContainingNamespace: { Name: "Immutable", ContainingNamespace.Name: "Collections" } }
        && (type.Name.StartsWith("Immutable", System.StringComparison.Ordinal) || type.Name.StartsWith("IImmutable", System.StringComparison.Ordinal)) && type.Name != "ImmutableInterlocked";

    // A method of a value that cannot change gives another one.
    private static bool IsWither(IMethodSymbol method, INamedTypeSymbol type) => !method.IsStatic && !method.IsExtensionMethod && !method.IsAsync
        && SymbolEqualityComparer.Default.Equals(method.ReturnType, type)
        && !method.Parameters.Any(parameter => parameter.Type.TypeKind == TypeKind.Delegate)
        && (type.IsRecord || type is { TypeKind: TypeKind.Struct, IsReadOnly: true } || (type is { TypeKind: TypeKind.Class, DeclaringSyntaxReferences.IsEmpty: false } && type.GetMembers().Any(member => member is IFieldSymbol { IsStatic: false }))) && CannotChange(type);

    // Nothing to write, and nothing mutable within that a method may write instead.
    private static bool CannotChange(INamedTypeSymbol type) => type.GetMembers().OfType<IFieldSymbol>().All(field => field.IsStatic || field.IsConst || (field.IsReadOnly && IsPlain(field.Type)))
        && (type.BaseType is null or { SpecialType: SpecialType.System_Object or SpecialType.System_ValueType } || CannotChange(type.BaseType));

    private static bool IsPlain(ITypeSymbol type) => type.IsValueType || type.SpecialType == SpecialType.System_String || type is INamedTypeSymbol { IsRecord: true }
        || type.ContainingNamespace is { Name: "Immutable", ContainingNamespace.Name: "Collections" } || type is { Name: "Uri" or "Type" or "Version" };
}
