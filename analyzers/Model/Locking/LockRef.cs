using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Locking;

/// <summary>A lock as code names it.</summary>
/// <param name="Class">What it has in common with every lock that may be the same object: its field or property, the collection that it is an element of, or the type of the locked object.</param>
/// <param name="Place">The object itself, in the words of one body; null when not known.</param>
internal sealed record LockRef(ISymbol Class, Place? Place)
{
    /// <summary>Gets a value indicating whether it is one of many in a collection.</summary>
    public bool IsElement { get; init; }

    /// <summary>Gets a value indicating whether it belongs to an object that nobody else has yet.</summary>
    public bool IsFresh { get; init; }

    /// <summary>Gets the collection or method that gave the object which owns the lock, when a local names that object.</summary>
    public ISymbol? OwnerOf { get; init; }

    /// <summary>Gets, when the place is not known, what is known of it nevertheless: the lock of an object that has <c>this</c> as a part.</summary>
    public (Place Part, Place Whole)? OfOwner { get; init; }

    /// <summary>Gets a value indicating whether a callee named it by a parameter: only the caller knows which lock it is.</summary>
    public bool IsArgument { get; init; }

    /// <summary>Gets, of an object that is made here, the members that its constructor sets to objects known here.</summary>
    public ImmutableArray<(ISymbol Member, Place Value)> Parts { get; init; } = ImmutableArray<(ISymbol, Place)>.Empty;

    /// <summary>Gets the field within a lock type of the program, where <see cref="Class"/> is who owns the object of that type.</summary>
    public ISymbol? Made { get; init; }

    /// <summary>Gets the member through which the lock's owner was reached, when the place is not known.</summary>
    public ISymbol? Through { get; init; }

    /// <summary>Gets a value indicating whether it is what the method got as an argument. A parameter of a primary constructor is a field of the object.</summary>
    public bool IsParameter => Class is IParameterSymbol { ContainingSymbol: not IMethodSymbol { MethodKind: MethodKind.Constructor } };

    /// <summary>Gets a value indicating whether it is a ReaderWriterLock, which waits where ReaderWriterLockSlim throws.</summary>
    public bool IsOldReaderWriter => Class switch { IFieldSymbol member => member.Type, ILocalSymbol local => local.Type, IParameterSymbol parameter => parameter.Type, IPropertySymbol property => property.Type, _ => null } is { Name: "ReaderWriterLock" };

    /// <summary>Gets the name that a person would use for it.</summary>
    public string Name => Class is IArrayTypeSymbol of ? $"typeof({of.ElementType.Name})" : Place is not null && !(Place.Symbol is null && Class is ITypeSymbol) ? Place.ToString() : Class is ITypeSymbol type ? $"this ({type.Name})" : Class.Name;

    /// <summary>The name with the type that owns it, so that two types can be told apart.</summary>
    public string FullName => Class switch
    {
        IArrayTypeSymbol of => $"typeof({of.ElementType.Name})",
        ITypeSymbol type => type.Name,
        ILocalSymbol or IParameterSymbol => Class.Name,
        _ when IsElement => $"an element of {Class.ContainingType?.Name}.{Class.Name}",
        _ => $"{Class.ContainingType?.Name}.{Class.Name}",
    };

    /// <summary>Whether both are the same object for sure.</summary>
    public bool IsSameObject(LockRef other) => Place is { } place && place.Equals(other.Place);

    public bool IsSameClass(LockRef other) => SymbolEqualityComparer.Default.Equals(Class, other.Class);

    /// <summary>The lock that <paramref name="target"/> denotes in <paramref name="body"/>; null when nothing is known of it.</summary>
    public static LockRef? Of(IOperation? target, Body body)
    {
        var bare = target?.Bare();
        if (bare is null)
        {
            return null;
        }

        if (bare is ITypeOfOperation { TypeOperand: INamedTypeSymbol named })
        {
            return OfType(named, body);
        }

        var place = body.Places.Of(bare);
        if (place?.Symbol is ILocalSymbol local && place.Owner is null)
        {
            return OfLocal(local, place, body);
        }

        if (place is not null)
        {
            return new(ClassOf(place.Symbol, bare.Type, body), place)
            {
                IsFresh = place.Root.Symbol is ILocalSymbol owner && IsNew(owner, body),
                OwnerOf = place.Root is { Symbol: ILocalSymbol one } root ? OfLocal(one, root, body) is { IsElement: true, Class: var many } ? many : null : null,
            };
        }

        return bare is IObjectCreationOperation { Type: { } made }
            ? new(made, null) { IsFresh = true }
            : OneOfMany(bare, body) is { } elements ? new(elements, null) { IsElement = true } : null;
    }

    /// <summary>The Type object of a type. An array type stands for it, since the type itself stands for its own objects.</summary>
    public static LockRef OfType(INamedTypeSymbol type, Body body)
    {
        var symbol = body.Compilation.Compilation.CreateArrayTypeSymbol(type.OriginalDefinition);
        return new(symbol, Place.Of(symbol));
    }

    /// <summary>Whether the place means the same in every body.</summary>
    public static bool IsGlobal(Place place) => place.Root.Symbol is { IsStatic: true } or IArrayTypeSymbol;

    // Made here, and no code that may run beside this body names it.
    private static bool IsNew(ILocalSymbol local, Body body) => body.Locals.OnlyValue(local)?.Bare() is IObjectCreationOperation
        && !body.Outermost.All.Any(part => part.Outer is not null && part.Operations.Any(operation => operation is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, local)));

    /// <summary>The lock at a place that a callee named.</summary>
    public static LockRef Of(Place place, Body body, IMethodSymbol? via)
    {
        // A type that is a lock for its users: what matters is which of its objects is locked, not the field within.
        bool isWrapped = via is not null && place is { Owner.Symbol: { } } && place.Symbol is { DeclaredAccessibility: Accessibility.Private }
            && SymbolEqualityComparer.Default.Equals(place.Symbol.ContainingType?.OriginalDefinition, via.ContainingType?.OriginalDefinition)
            && !SymbolEqualityComparer.Default.Equals(via.ContainingType?.OriginalDefinition, TypeOf(body));
        return isWrapped ? new(place.Owner!.Symbol!, place) { Made = place.Symbol } : new(ClassOf(place.Symbol, null, body), place);
    }

    private static INamedTypeSymbol? TypeOf(Body body) => (body.Outermost.Symbol as ITypeSymbol ?? body.Outermost.Symbol?.ContainingType)?.OriginalDefinition as INamedTypeSymbol;

    private static LockRef OfLocal(ILocalSymbol local, Place place, Body body)
    {
        var value = body.Locals.OnlyValue(local)?.Bare();
        if (value is IAwaitOperation awaiting)
        {
            value = awaiting.Awaited();
        }

        if (value is not null && OneOfMany(value, body) is { } many)
        {
            return new(many, place) { IsElement = true };
        }

        return CollectionOfLoop(local, body) is { } collection
            ? new(collection, place) { IsElement = true }
            : new(ClassOf(local, local.Type, body), place) { Parts = value is IObjectCreationOperation creation ? PartsOf(creation, body) : ImmutableArray<(ISymbol, Place)>.Empty, IsFresh = local.Type.SpecialType != SpecialType.System_Object && body.Compilation.Owns(local.Type) && IsNew(local, body) };
    }

    // `new Members(this)`: the parameters of a primary constructor, and the fields that a constructor assigns its parameters to.
    private static ImmutableArray<(ISymbol Member, Place Value)> PartsOf(IObjectCreationOperation creation, Body body)
    {
        if (creation.Constructor?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not { } declaration || !body.Compilation.Owns(creation.Constructor))
        {
            return ImmutableArray<(ISymbol, Place)>.Empty;
        }

        var parts = ImmutableArray.CreateBuilder<(ISymbol, Place)>();
        foreach (var argument in creation.Arguments)
        {
            if (argument.Parameter?.OriginalDefinition is not { } parameter || body.Places.Of(argument.Value) is not { } value)
            {
                continue;
            }

            if (declaration is TypeDeclarationSyntax)
            {
                parts.Add((parameter, value));
            }

            var assigned = declaration is ConstructorDeclarationSyntax ? declaration.DescendantNodes().OfType<AssignmentExpressionSyntax>().Select(assignment => (assignment.Left, assignment.Right))
                : declaration.ChildNodes().OfType<FieldDeclarationSyntax>().SelectMany(field => field.Declaration.Variables).Where(variable => variable.Initializer is not null).Select(variable => ((ExpressionSyntax)SyntaxFactory.IdentifierName(variable.Identifier), variable.Initializer!.Value));
            foreach (var (left, right) in assigned)
            {
                string? name = (left is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } own ? own.Name : left) is IdentifierNameSyntax target ? target.Identifier.ValueText : null;
                if (name is not null && right is IdentifierNameSyntax source && source.Identifier.ValueText == parameter.Name && creation.Constructor.ContainingType.OriginalDefinition.GetMembers(name).FirstOrDefault() is { } member)
                {
                    parts.Add((member, value));
                }
            }
        }

        return parts.ToImmutable();
    }

    // `_locks[key]`, `_locks.GetOrAdd(key, …)`, `LockFor(key)`.
    internal static ISymbol? OneOfMany(IOperation value, Body body) => value switch
    {
        IArrayElementReferenceOperation element => SymbolOf(element.ArrayReference, body),
        IPropertyReferenceOperation { Arguments.IsEmpty: false } indexer => SymbolOf(indexer.Instance, body),
        IInvocationOperation { TargetMethod.Name: "GetOrAdd" or "GetOrCreateValue" or "GetValue" or "GetValueOrDefault" or "ElementAt" or "First" or "Single" or "Find" } call => SymbolOf(call.Receiver(), body),
        IInvocationOperation { TargetMethod: { DeclaringSyntaxReferences.IsEmpty: false, Parameters.IsEmpty: false } method } => method.OriginalDefinition,
        ICoalesceOperation either => OneOfMany(either.Value.Bare(), body),
        _ => null,
    };

    /// <summary>The collection that a loop takes the local from.</summary>
    public static ISymbol? CollectionOfLoop(ILocalSymbol local, Body body) => body.Outermost.All
        .SelectMany(part => part.Operations)
        .OfType<IForEachLoopOperation>()
        .Where(loop => loop.Locals.Any(variable => SymbolEqualityComparer.Default.Equals(variable, local)))
        .Select(loop => SymbolOf(loop.Collection, body))
        .FirstOrDefault();

    private static ISymbol? SymbolOf(IOperation? collection, Body body) => collection is null ? null : body.Places.Of(collection.Bare())?.Symbol;

    // Where the object is a thing of the program and no mere lock, every variable of its type may hold it.
    private static ISymbol ClassOf(ISymbol? symbol, ITypeSymbol? type, Body body) => symbol switch
    {
        null => (ISymbol?)TypeOf(body) ?? body.Compilation.Compilation.Assembly,
        ILocalSymbol or IParameterSymbol when type is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Interface } named && body.Compilation.Owns(named) => named.OriginalDefinition,
        _ => symbol,
    };
}
