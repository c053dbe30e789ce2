using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model.Imports;

namespace Sluice.Model.Supply;

/// <summary>
/// Which assemblies the code of a compilation names, generated code included. A word of the code that is none of an assembly's names rules it out; only the others are bound, and
/// none after the first that is meant.
/// </summary>
internal sealed class NamedAssemblies(Compilation compilation, CancellationToken cancellation)
{
    private const string Attribute = "Attribute";

    private readonly List<(SyntaxTree Tree, Words Words)> _files = compilation.SyntaxTrees.Select(tree => (tree, Words.Of(tree.GetText(cancellation)))).ToList();

    public bool Names(IAssemblySymbol assembly)
    {
        var names = NamesOf(assembly);
        foreach (var (tree, words) in _files)
        {
            var positions = words.All.Where(names.Contains).SelectMany(word => words[word]).ToList();
            if (positions.Count > 0 && Names(assembly, tree, positions))
            {
                return true;
            }
        }

        return false;
    }

    private static HashSet<string> NamesOf(IAssemblySymbol assembly)
    {
        var names = new HashSet<string>(assembly.TypeNames.Concat(assembly.NamespaceNames.SelectMany(name => name.Split('.'))), StringComparer.Ordinal);
        names.UnionWith(assembly.TypeNames.Where(name => name.EndsWith(Attribute, StringComparison.Ordinal)).Select(name => name.Substring(0, name.Length - Attribute.Length)));
        if (assembly.MightContainExtensionMethods)
        {
            AddExtensions(assembly.GlobalNamespace, names);
        }

        return names;
    }

    private static void AddExtensions(INamespaceSymbol space, HashSet<string> names)
    {
        foreach (var type in space.GetTypeMembers().Where(type => type.MightContainExtensionMethods))
        {
            names.UnionWith(type.GetMembers().Where(member => member is IMethodSymbol { IsExtensionMethod: true }).Select(method => method.Name));
        }

        foreach (var inner in space.GetNamespaceMembers())
        {
            AddExtensions(inner, names);
        }
    }

#pragma warning disable RS1030 // Whether a package is used is known when every file has been seen; the driver makes these the models that all analyzers share.
    private bool Names(IAssemblySymbol assembly, SyntaxTree tree, IEnumerable<int> positions)
    {
        var model = compilation.GetSemanticModel(tree);
        var root = tree.GetRoot(cancellation);
        return positions.Select(position => root.FindToken(position).Parent).OfType<SimpleNameSyntax>().Distinct().Any(name => Means(model.GetSymbolInfo(name, cancellation), name, assembly));
    }

#pragma warning restore RS1030

    // What does not resolve may come from anywhere. A namespace is of the assembly where nothing else declares it: without the assembly the using would not compile.
    private static bool Means(SymbolInfo found, SimpleNameSyntax name, IAssemblySymbol assembly) => found.Symbol switch
    {
        null => found.CandidateSymbols.Any(candidate => IsOf(candidate, assembly)),
        INamespaceSymbol space => name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is not null && space.ConstituentNamespaces.All(part => IsOf(part, assembly)),
        var symbol => IsOf(symbol, assembly) || IsOf((symbol as IMethodSymbol)?.ReducedFrom, assembly),
    };

    private static bool IsOf(ISymbol? symbol, IAssemblySymbol assembly) => SymbolEqualityComparer.Default.Equals(symbol?.ContainingAssembly, assembly);
}
