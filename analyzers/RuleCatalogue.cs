using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>Finds the rules of one host by themselves, so that to add one is to add its file.</summary>
internal static class RuleCatalogue
{
    /// <summary>Every rule that is a <typeparamref name="TRule"/>, in the order of the ids.</summary>
    public static ImmutableArray<TRule> Of<TRule>(Func<TRule, DiagnosticDescriptor> descriptor) => typeof(TRule).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(TRule)) && !type.IsAbstract)
        .Select(type => (TRule)Activator.CreateInstance(type))
        .OrderBy(rule => descriptor(rule).Id, StringComparer.Ordinal)
        .ToImmutableArray();
}
