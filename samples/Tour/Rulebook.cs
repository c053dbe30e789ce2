using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Sluice.Tour;

/// <summary>Every analyzer and fix of Sluice, found as the compiler and the editor find them: by their attributes.</summary>
internal static class Rulebook
{
    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } =
        [.. Exported<DiagnosticAnalyzer, DiagnosticAnalyzerAttribute>("Sluice.Analyzers")];

    private static readonly ILookup<string, CodeFixProvider> Fixes =
        Exported<CodeFixProvider, ExportCodeFixProviderAttribute>("Sluice.CodeFixes")
            .SelectMany(fix => fix.FixableDiagnosticIds, (fix, id) => (fix, id))
            .ToLookup(pair => pair.id, pair => pair.fix);

    public static IEnumerable<CodeFixProvider> FixesOf(string id) => Fixes[id];

    private static IEnumerable<T> Exported<T, TAttribute>(string assembly)
        where TAttribute : Attribute =>
        Assembly.Load(assembly).GetTypes()
            .Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract && type.GetCustomAttribute<TAttribute>() is not null)
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(type => (T)Activator.CreateInstance(type, nonPublic: true)!);
}
