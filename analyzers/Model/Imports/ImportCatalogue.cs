using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace Sluice.Model.Imports;

/// <summary>The names of each namespace and type that is imported somewhere in a compilation, made once.</summary>
internal sealed class ImportCatalogue
{
    private readonly ConcurrentDictionary<INamespaceOrTypeSymbol, ImportedNames> _names = new(SymbolEqualityComparer.Default);

    public ImportedNames NamesOf(INamespaceOrTypeSymbol target) =>
        _names.GetOrAdd(target, static symbol => symbol is INamespaceSymbol space ? ImportedNames.Of(space) : ImportedNames.Of((INamedTypeSymbol)symbol));
}
