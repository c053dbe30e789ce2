using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Plumbing;

/// <summary>
/// A class that says <c>[Select]</c>, as its author wrote it: what the generator added is left out. The generator completes it when
/// <see cref="CanBeCompleted"/>; the rules say what keeps it from that. It must do without the types of the cases, which the generator does not see yet.
/// </summary>
internal sealed class SelectClass
{
    public const string Attribute = "Sluice.SelectAttribute";

    /// <summary>How the names of the files end that complete select classes.</summary>
    public const string FileEnd = ".Select.g.cs";

    private static readonly ImmutableHashSet<string> CaseTypes = ImmutableHashSet.Create("Receive", "Send", "After", "Done", "When", "Tick");

    // What the generator adds, and what a case would hide of the base class.
    private static readonly ImmutableHashSet<string> Added = ImmutableHashSet.Create("Case", "Awaiter", "GetAwaiter", "Try", "Cases", "ConfigureAwait");
    private static readonly ImmutableHashSet<string> NoNameOfACase = Added.Union(ImmutableHashSet.Create("Default", "Wait", "Poll", "Dispose", "value__"));

    private SelectClass(INamedTypeSymbol symbol, ImmutableArray<TypeDeclarationSyntax> parts)
    {
        Symbol = symbol;
        Parts = parts;
        Written = symbol.GetMembers().Where(IsWritten).ToImmutableArray();
        Cases = Written.OfType<IFieldSymbol>().Where(field => field is { IsStatic: false, AssociatedSymbol: null } && IsCase(field.Type)).ToImmutableArray();
    }

    public INamedTypeSymbol Symbol { get; }

    public ImmutableArray<TypeDeclarationSyntax> Parts { get; }

    /// <summary>Gets the members that the author wrote.</summary>
    public ImmutableArray<ISymbol> Written { get; }

    /// <summary>Gets the cases in the order of their declaration.</summary>
    public ImmutableArray<IFieldSymbol> Cases { get; }

    /// <summary>Gets the types that must be partial and are not: the class or types that it stands in.</summary>
    public IEnumerable<INamedTypeSymbol> NotPartial
    {
        get
        {
            for (var type = Symbol; type is not null; type = type.ContainingType)
            {
                if (!PartsOf(type).Any(part => part.Modifiers.Any(SyntaxKind.PartialKeyword)))
                {
                    yield return type;
                }
            }
        }
    }

    /// <summary>Gets why nothing of this kind can be a select, or null.</summary>
    public string? WrongKind => Symbol switch
    {
        { IsStatic: true } => "is static, and a select is an object: one for each loop that waits",
        { IsRecord: true } => "is a record, and a select is no value to copy or compare",
        { IsFileLocal: true } => "is local to its file, and the rest of a select stands in another",
        { BaseType: { SpecialType: not SpecialType.System_Object } @base } when !MayBeSelector(@base) => $"has the base class '{@base.Name}', and a select has one already",
        _ => null,
    };

    /// <summary>Gets the members whose names belong to what is generated.</summary>
    public IEnumerable<ISymbol> Clashes => Written.Where(IsClash);

    /// <summary>Gets a value indicating whether other assemblies see the class.</summary>
    public bool IsVisibleOutside
    {
        get
        {
            for (var type = Symbol; type is not null; type = type.ContainingType)
            {
                if (type.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal))
                {
                    return false;
                }
            }

            return true;
        }
    }

    public bool CanBeCompleted => WrongKind is null && !NotPartial.Any() && !Clashes.Any();

    /// <summary>The class, if <paramref name="symbol"/> is one that says [Select].</summary>
    public static SelectClass? Of(INamedTypeSymbol symbol)
    {
        if (symbol.TypeKind != TypeKind.Class || !IsNamed(symbol))
        {
            return null;
        }

        // Syntax first: attributes are bound only where one of that name stands.
        var parts = PartsOf(symbol).ToImmutableArray();
        return parts.Any(SaysSelect) && symbol.GetAttributes().Any(attribute => attribute.AttributeClass is { } type && IsPlumbing(type, "SelectAttribute"))
            ? new(symbol, parts)
            : null;
    }

    /// <summary>Whether a field of this type is a case. While the generator runs the type may not be there yet: then its name decides.</summary>
    public static bool IsCase(ITypeSymbol type) =>
        type is INamedTypeSymbol && CaseTypes.Contains(type.Name) && (type.TypeKind == TypeKind.Error || IsPlumbing(type, type.Name));

    public static bool IsPlumbing(ITypeSymbol type, string name) =>
        type.Name == name && type.ContainingType is null && type.ContainingNamespace is { Name: Mention.Namespace, ContainingNamespace.IsGlobalNamespace: true };

    // Code that is still being typed may lack the name of a type.
    private static bool IsNamed(INamedTypeSymbol? type) => type is null || (type.Name.Length > 0 && IsNamed(type.ContainingType));

    private static IEnumerable<TypeDeclarationSyntax> PartsOf(INamedTypeSymbol type) => type.DeclaringSyntaxReferences
        .Where(reference => !IsGenerated(reference))
        .Select(reference => reference.GetSyntax())
        .OfType<TypeDeclarationSyntax>();

    private static bool SaysSelect(TypeDeclarationSyntax part) => part.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => NameOf(attribute.Name) is "Select" or "SelectAttribute");

    private static string? NameOf(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax aliased => aliased.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => null,
    };

    private static bool IsWritten(ISymbol member) => !member.IsImplicitlyDeclared && !member.DeclaringSyntaxReferences.All(IsGenerated);

    private static bool IsGenerated(SyntaxReference reference) => reference.SyntaxTree.FilePath.EndsWith(FileEnd, StringComparison.Ordinal);

    // While the generator runs, neither Selector nor what other generators make is there: a name decides, as it does for people.
    private static bool MayBeSelector(INamedTypeSymbol @base) => @base.TypeKind == TypeKind.Error
        ? @base.Name == "Selector" || (@base.Name.Length > 1 && @base.Name[0] == 'I' && char.IsUpper(@base.Name[1]))
        : IsPlumbing(@base, "Selector");

    private bool IsClash(ISymbol member) => member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Ordinary } method => Added.Contains(method.Name) && method.Parameters.Length == (method.Name == "ConfigureAwait" ? 1 : 0) && method.Arity == 0,
        IFieldSymbol field when Cases.Contains(field, SymbolEqualityComparer.Default) => NoNameOfACase.Contains(field.Name),
        IMethodSymbol => false,
        _ => Added.Contains(member.Name),
    };
}
