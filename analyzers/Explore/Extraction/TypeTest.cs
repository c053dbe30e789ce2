using Microsoft.CodeAnalysis;

namespace Sluice.Explore;

/// <summary>The key of a type test. It is called like a virtual method: the type of the object decides.</summary>
internal sealed record TypeTest(INamedTypeSymbol Type);
