using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Sluice.Model.Supply;

/// <summary>A package that the project has, with the assemblies that it gives to the compiler.</summary>
/// <param name="Id">Its id.</param>
/// <param name="IsAsked">Whether the project file asks for it; any other comes along with one that is asked for.</param>
/// <param name="MayGo">Whether nothing but the use of its assemblies speaks for it.</param>
/// <param name="Assemblies">Their names.</param>
internal sealed record Package(string Id, bool IsAsked, bool MayGo, ImmutableArray<string> Assemblies);

/// <summary>What the build tells of packages, in the property <c>SluicePackages</c>: see Sluice.targets.</summary>
internal static class PackageList
{
    private const string Key = "build_property.SluicePackages";

    /// <summary>The packages in the order of their names; none where the build says nothing.</summary>
    public static ImmutableArray<Package> Of(AnalyzerConfigOptions options) => options.TryGetValue(Key, out string? list)
        ? list.Split(['|'], StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Trim())
            .Where(entry => entry.Length > 1 && entry.IndexOf('/') > 1)
            .GroupBy(entry => entry.Substring(1, entry.IndexOf('/') - 1), StringComparer.OrdinalIgnoreCase)
            .OrderBy(group => group.Key, StringComparer.OrdinalIgnoreCase)
            .Select(group => new Package(group.Key, group.First()[0] != '-', group.All(entry => entry[0] == '?'), group.Select(entry => entry.Substring(entry.IndexOf('/') + 1)).ToImmutableArray()))
            .ToImmutableArray()
        : ImmutableArray<Package>.Empty;
}
