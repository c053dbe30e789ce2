using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Locking;

/// <summary>
/// Locks that go by more than one name: what an owner passes to the constructor of a part, the part keeps in a field of its own. Asked of each field once. Thread-safe.
/// </summary>
internal sealed class LockOrigins(CompilationModel compilation)
{
    private const int Deepest = 3;

    private readonly ConcurrentDictionary<ISymbol, ISymbol?> _givers = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, ISymbol?> _collections = new(SymbolEqualityComparer.Default);

    /// <summary>The field that had the lock first; the field itself when it makes its own, or when that is not known.</summary>
    public ISymbol FirstNameOf(ISymbol field, CancellationToken cancellation)
    {
        var first = field;
        for (int hops = 0; hops < Deepest && GiverOf(first, cancellation) is { } giver; hops++)
        {
            first = giver;
        }

        return first;
    }

    /// <summary>The collection that the object of the field is one of, when just one piece of code gives the field its object.</summary>
    public ISymbol? CollectionOf(ISymbol field, CancellationToken cancellation)
    {
        if (!IsGiven(field))
        {
            return null;
        }

        return _collections.TryGetValue(field, out var known) ? known : _collections.GetOrAdd(
            field,
            new Sources(compilation, cancellation).Of(field).Take(2).ToList() is [{ Value: var value, Body: var body }] && LockRef.OneOfMany(value.Bare(), body) is { } collection && !LockOrder.IsSorted(body.Declaration) ? collection : null);
    }

    /// <summary>The fields of other objects that hold a lock of <paramref name="field"/>.</summary>
    public IEnumerable<ISymbol> OtherNamesOf(ISymbol field, CancellationToken cancellation) => OtherNamesOf(field, Deepest, cancellation);

    /// <summary>Whether the static member has the only object of its type that is ever made.</summary>
    public bool IsOnlyObject(ISymbol member, CancellationToken cancellation) =>
        member switch { IFieldSymbol { IsReadOnly: true } field => field.Type, IPropertySymbol { SetMethod: null } property => property.Type, _ => null } is INamedTypeSymbol { TypeKind: TypeKind.Class } type
        && new Sources(compilation, cancellation) is var sources && sources.Of(member).Select(source => source.Value.Bare()).ToList() is [IObjectCreationOperation made]
        && SymbolEqualityComparer.Default.Equals(made.Type, type) && sources.CreationsOf(type).TrueForAll(creation => creation == made.Syntax);

    private IEnumerable<ISymbol> OtherNamesOf(ISymbol field, int hops, CancellationToken cancellation)
    {
        if (hops == 0 || field is not (IFieldSymbol or IPropertySymbol or IParameterSymbol) || !compilation.Owns(field))
        {
            return [];
        }

        return new Sources(compilation, cancellation).UsesOf(field)
            .Select(token => CreationAround(token.Parent))
            .OfType<BaseObjectCreationExpressionSyntax>()
            .Select(creation => (compilation.SemanticModel(creation.SyntaxTree).GetSymbolInfo(creation, cancellation).Symbol as IMethodSymbol)?.ContainingType.OriginalDefinition)
            .Where(type => type is not null && compilation.Owns(type))
            .Distinct<INamedTypeSymbol?>(SymbolEqualityComparer.Default)
            .SelectMany(type => type!.GetMembers().Concat(type.InstanceConstructors.SelectMany(constructor => constructor.Parameters)))
            .Where(member => SymbolEqualityComparer.Default.Equals(GiverOf(member, cancellation), field))
            .SelectMany(member => OtherNamesOf(member, hops - 1, cancellation).Prepend(member));
    }

    private ISymbol? GiverOf(ISymbol field, CancellationToken cancellation)
    {
        if (!IsGiven(field))
        {
            return null;
        }

        if (_givers.TryGetValue(field, out var known))
        {
            return known;
        }

        var givers = new Sources(compilation, cancellation).Of(field).Select(source => NameOf(source.Value, source.Body)).Distinct<ISymbol?>(SymbolEqualityComparer.Default).Take(2).ToList();
        return _givers.GetOrAdd(field, givers is [{ } giver] && !SymbolEqualityComparer.Default.Equals(giver, field) ? giver : null);
    }

    // A readonly field without a value of its own, or a parameter of a primary constructor.
    private bool IsGiven(ISymbol symbol) => compilation.Owns(symbol) && symbol switch
    {
        IFieldSymbol { IsReadOnly: true, IsStatic: false, Type.IsReferenceType: true } field => field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is VariableDeclaratorSyntax { Initializer: null or { Value: IdentifierNameSyntax } },
        IParameterSymbol { Type.IsReferenceType: true, ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } constructor } => constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is TypeDeclarationSyntax,
        _ => false,
    };

    private static ISymbol? NameOf(IOperation value, Body body) => body.Places.Of(value.Bare()) is { Symbol: IFieldSymbol or IPropertySymbol or IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } } place ? place.Symbol : null;

    private static BaseObjectCreationExpressionSyntax? CreationAround(SyntaxNode? name)
    {
        var value = name?.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        return value?.Parent is ArgumentSyntax { Parent.Parent: BaseObjectCreationExpressionSyntax creation } ? creation : null;
    }
}
