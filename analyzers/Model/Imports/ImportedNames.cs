using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Sluice.Model.Imports;

/// <summary>The names that a using directive brings into a file. More than it really brings is harmless: each use is looked up.</summary>
internal sealed class ImportedNames
{
    private const string Attribute = "Attribute";

    // The syntax that makes the compiler look for an extension method that the code does not name.
    private static readonly (string Method, SyntaxKind[] CalledBy)[] CalledUnnamed =
    [
        ("GetAwaiter", [SyntaxKind.AwaitKeyword]),
        ("GetEnumerator", [SyntaxKind.ForEachKeyword, SyntaxKind.CollectionExpression]),
        ("GetAsyncEnumerator", [SyntaxKind.ForEachKeyword]),
        ("GetPinnableReference", [SyntaxKind.FixedKeyword]),
        ("Add", [SyntaxKind.CollectionInitializerExpression, SyntaxKind.CollectionExpression]),
        ("Deconstruct", [SyntaxKind.TupleExpression, SyntaxKind.ParenthesizedVariableDesignation, SyntaxKind.PositionalPatternClause]),
        ("Cast", [SyntaxKind.QueryExpression]),
        ("Select", [SyntaxKind.QueryExpression]),
        ("SelectMany", [SyntaxKind.QueryExpression]),
        ("Where", [SyntaxKind.QueryExpression]),
        ("Join", [SyntaxKind.QueryExpression]),
        ("GroupJoin", [SyntaxKind.QueryExpression]),
        ("GroupBy", [SyntaxKind.QueryExpression]),
        ("OrderBy", [SyntaxKind.QueryExpression]),
        ("OrderByDescending", [SyntaxKind.QueryExpression]),
    ];

    private readonly HashSet<string> _types = new(StringComparer.Ordinal);
    private readonly HashSet<string> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _extensions = new(StringComparer.Ordinal);

    // Names of C# 14 extension blocks, which this compiler version may not know how to look up.
    private readonly HashSet<string> _blockMembers = new(StringComparer.Ordinal);

    private ImportedNames()
    {
    }

    /// <summary>What <c>using Namespace;</c> brings: its types and their extension methods.</summary>
    public static ImportedNames Of(INamespaceSymbol space)
    {
        var names = new ImportedNames();
        foreach (var type in space.GetTypeMembers())
        {
            names.AddType(type);
            names.AddExtensions(type);
        }

        return names;
    }

    /// <summary>What <c>using static Type;</c> brings: its own static members and nested types, not the inherited ones.</summary>
    public static ImportedNames Of(INamedTypeSymbol type)
    {
        var names = new ImportedNames();
        names._members.UnionWith(type.GetMembers().Where(member => member.IsStatic).Select(member => member.Name));
        foreach (var nested in type.GetTypeMembers())
        {
            names.AddType(nested);
        }

        names.AddExtensions(type);
        return names;
    }

    public bool IsType(string word) => _types.Contains(word);

    public bool IsMember(string word) => _members.Contains(word);

    public bool IsExtension(string word) => _extensions.Contains(word);

    public bool IsBlockMember(string word) => _blockMembers.Contains(word);

    public bool Contains(string word) => IsType(word) || IsExtension(word) || IsMember(word) || IsBlockMember(word);

    /// <summary>Whether code may call what is imported without naming it: in a query, a loop, an initializer, by an operator.</summary>
    public bool MayBeUsedUnnamed(SyntaxNode code)
    {
        var callers = CalledUnnamed.Where(call => IsExtension(call.Method)).SelectMany(call => call.CalledBy).ToImmutableHashSet();
        return _blockMembers.Any(name => name.StartsWith("op_", StringComparison.Ordinal))
            || (!callers.IsEmpty && code.DescendantNodesAndTokens().Any(part => callers.Contains(part.Kind())));
    }

    private void AddType(INamedTypeSymbol type)
    {
        _types.Add(type.Name);
        if (type.Name.EndsWith(Attribute, StringComparison.Ordinal))
        {
            _types.Add(type.Name.Substring(0, type.Name.Length - Attribute.Length));
        }
    }

    private void AddExtensions(INamedTypeSymbol type)
    {
        if (!type.IsStatic)
        {
            return;
        }

        if (type.MightContainExtensionMethods)
        {
            _extensions.UnionWith(type.GetMembers().Where(member => member is IMethodSymbol { IsExtensionMethod: true }).Select(method => method.Name));
        }

        foreach (var nested in type.GetTypeMembers().Where(IsExtensionBlock))
        {
            AddBlock(nested);
        }
    }

    private void AddBlock(INamedTypeSymbol block)
    {
        foreach (var member in block.GetMembers())
        {
            if (member is INamedTypeSymbol nested)
            {
                AddBlock(nested);
            }
            else if (member is IPropertySymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.UserDefinedOperator })
            {
                _blockMembers.Add(member.Name);
                _extensions.Add(member.Name);
            }
        }
    }

    // The compiler of C# 14 gives extension blocks a kind of their own; an older one sees nested types with names that cannot be written.
    private static bool IsExtensionBlock(INamedTypeSymbol type) => type.TypeKind > TypeKind.FunctionPointer || !SyntaxFacts.IsValidIdentifier(type.Name);
}
