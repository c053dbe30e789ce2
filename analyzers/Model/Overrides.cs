using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Sluice.Model.Files;

namespace Sluice.Model;

/// <summary>What may run when a virtual or abstract method, or one of an interface, is called. Thread-safe.</summary>
internal sealed class Overrides(CompilationModel compilation)
{
    private const int MostTargets = 2;

    private readonly ConcurrentDictionary<INamedTypeSymbol, List<INamedTypeSymbol>> _below = new(SymbolEqualityComparer.Default);
    private ILookup<string, DerivedType>? _derived;

    /// <summary>The method itself where it has code, and the few bodies that override or implement it. None when there are many.</summary>
    public IReadOnlyCollection<IMethodSymbol> Of(IMethodSymbol method, ITypeSymbol? receiver, CancellationToken cancellation)
    {
        var found = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default);
        if (!method.IsAbstract && method.ContainingType.TypeKind != TypeKind.Interface)
        {
            found.Add(method);
        }

        if (receiver?.OriginalDefinition is INamedTypeSymbol { IsSealed: true } real)
        {
            return Exactly(real, method) is { } only ? [only] : found;
        }

        foreach (var type in Below(method.ContainingType.OriginalDefinition, cancellation))
        {
            if (In(type, method) is { IsAbstract: false } code)
            {
                found.Add(code.OriginalDefinition);
                if (found.Count > MostTargets)
                {
                    return [];
                }
            }
        }

        return found;
    }

    private static IMethodSymbol? Exactly(INamedTypeSymbol real, IMethodSymbol method)
    {
        for (var type = real; type is not null; type = type.BaseType?.OriginalDefinition)
        {
            if (In(type, method) is { IsAbstract: false } code)
            {
                return code.OriginalDefinition;
            }
        }

        return null;
    }

    /// <summary>The method by which <paramref name="type"/> implements <paramref name="method"/> of an interface.</summary>
    public static IMethodSymbol? ImplementationIn(INamedTypeSymbol type, IMethodSymbol method) => type.AllInterfaces
        .Where(one => SymbolEqualityComparer.Default.Equals(one.OriginalDefinition, method.ContainingType.OriginalDefinition))
        .SelectMany(one => one.GetMembers(method.Name))
        .Where(member => SymbolEqualityComparer.Default.Equals(member.OriginalDefinition, method))
        .Select(member => type.FindImplementationForInterfaceMember(member) as IMethodSymbol)
        .Where(code => code is not null)
        .Select(code => Overriding(type, code!))
        .FirstOrDefault();

    // A base that implements the interface may leave the code to who derives from it.
    private static IMethodSymbol Overriding(INamedTypeSymbol type, IMethodSymbol code)
    {
        for (var above = type; above is not null && (code.IsVirtual || code.IsAbstract || code.IsOverride); above = above.BaseType)
        {
            foreach (var candidate in above.GetMembers(code.Name).OfType<IMethodSymbol>().Where(candidate => candidate.IsOverride))
            {
                for (var overridden = candidate.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
                {
                    if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, code.OriginalDefinition))
                    {
                        return candidate;
                    }
                }
            }
        }

        return code;
    }

    private static IMethodSymbol? In(INamedTypeSymbol type, IMethodSymbol method) => method.ContainingType.TypeKind == TypeKind.Interface
        ? ImplementationIn(type, method)
        : type.GetMembers(method.Name).OfType<IMethodSymbol>().FirstOrDefault(member => member.IsOverride && SymbolEqualityComparer.Default.Equals(member.OverriddenMethod?.OriginalDefinition, method));

    // The classes and structs that derive from the type, also through others. Who may be one is told by the names in base lists.
    private List<INamedTypeSymbol> Below(INamedTypeSymbol above, CancellationToken cancellation) => _below.TryGetValue(above, out var known) ? known : _below.GetOrAdd(above, FindBelow(above, cancellation));

    private List<INamedTypeSymbol> FindBelow(INamedTypeSymbol above, CancellationToken cancellation)
    {
        var derived = LazyInitializer.EnsureInitialized(ref _derived, () => compilation.Compilation.SyntaxTrees
            .SelectMany(tree => SourceFile.Of(tree).Derived(cancellation))
            .SelectMany(type => type.Bases.Select(name => (Name: name, Type: type)))
            .ToLookup(pair => pair.Name, pair => pair.Type))!;
        var names = new HashSet<string> { above.Name };
        var open = new Queue<string>(names);
        var below = new List<INamedTypeSymbol>();
        var seen = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        while (open.Count > 0)
        {
            foreach (var declaration in derived[open.Dequeue()].Select(type => type.Declaration))
            {
                if (compilation.SemanticModel(declaration.SyntaxTree).GetDeclaredSymbol(declaration, cancellation) is not INamedTypeSymbol type || !seen.Add(type))
                {
                    continue;
                }

                if (names.Add(type.Name))
                {
                    open.Enqueue(type.Name);
                }

                if (type.TypeKind != TypeKind.Interface && IsBelow(type, above))
                {
                    below.Add(type);
                }
            }
        }

        return below;
    }

    private static bool IsBelow(INamedTypeSymbol type, INamedTypeSymbol above)
    {
        if (above.TypeKind == TypeKind.Interface)
        {
            return type.AllInterfaces.Any(one => SymbolEqualityComparer.Default.Equals(one.OriginalDefinition, above));
        }

        var @base = type.BaseType;
        while (@base is not null && !SymbolEqualityComparer.Default.Equals(@base.OriginalDefinition, above))
        {
            @base = @base.BaseType;
        }

        return @base is not null;
    }
}
