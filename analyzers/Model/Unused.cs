using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model.Files;

namespace Sluice.Model;

/// <summary>Whether a member is used nowhere, and nobody outside the compilation can. It reads all its texts, so ask it last.</summary>
internal static class Unused
{
    // So many places that have the name and are something else are looked at.
    private const int MostLooks = 64;

    /// <summary>Whether nobody calls or names <paramref name="member"/> of <paramref name="type"/>, a method or the getter of a property.</summary>
    public static bool Is(ISymbol? member, TypeModel type) =>
        member is IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.PropertyGet } method && (method.AssociatedSymbol ?? method) is var named
        && !IsOpen(named, type) && !IsNamed(named, type);

    // Others see it, or it is called by what it implements, by the language or by reflection.
    private static bool IsOpen(ISymbol member, TypeModel type) =>
        member.IsVirtual || member.IsAbstract || member.IsOverride || member.IsExtern
        || member.Name is "Dispose" or "DisposeAsync" or "GetAwaiter" or "MoveNextAsync" or "Main" or "Invoke" or "InvokeAsync"
        || !IsHidden(member)
        || !member.GetAttributes().IsEmpty || !type.Symbol.GetAttributes().IsEmpty
        || type.Symbol.AllInterfaces.Any(face => face.Name == "INotifyPropertyChanged" || face.GetMembers(member.Name).Any() || face.GetMembers().Any(asked => SymbolEqualityComparer.Default.Equals(type.Symbol.FindImplementationForInterfaceMember(asked), member)))
        || type.Compilation.Compilation.Assembly.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "InternalsVisibleToAttribute")
        || (!type.Symbol.IsSealed && type.Compilation.Compilation.SyntaxTrees.Any(tree => SourceFile.Of(tree).Derived(type.Cancellation).Any(derived => derived.Bases.Contains(type.Symbol.Name))));

    private static bool IsHidden(ISymbol member)
    {
        for (var part = member; part is not null; part = part.ContainingType)
        {
            if (part.DeclaredAccessibility is Accessibility.Private or Accessibility.Internal or Accessibility.ProtectedAndInternal)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNamed(ISymbol member, TypeModel type)
    {
        int looks = 0;
        foreach (var tree in type.Compilation.Compilation.SyntaxTrees)
        {
            string text = type.Compilation.Text(tree, type.Cancellation);
            for (int at = 0; (at = text.IndexOf(member.Name, at, StringComparison.Ordinal)) >= 0; at += member.Name.Length)
            {
                if (Word.IsAt(text, at, member.Name.Length) && (++looks > MostLooks || IsUse(tree, at, member, type)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // Where it is not known what the name stands for, it may be the member: in a text, in code for another target, in code with errors.
    private static bool IsUse(SyntaxTree tree, int at, ISymbol member, TypeModel type)
    {
        var root = tree.GetRoot(type.Cancellation);
        var token = root.FindToken(at);
        if (!token.Span.Contains(at))
        {
            return root.FindTrivia(at).IsKind(SyntaxKind.DisabledTextTrivia);
        }

        if (!token.IsKind(SyntaxKind.IdentifierToken) || token.Parent is not SimpleNameSyntax name)
        {
            return !token.IsKind(SyntaxKind.IdentifierToken);
        }

        var meant = type.Compilation.SemanticModel(tree).GetSymbolInfo(name, type.Cancellation);
        return meant.Symbol is { } symbol
            ? SymbolEqualityComparer.Default.Equals(symbol.OriginalDefinition, member)
            : meant.CandidateSymbols.IsEmpty || meant.CandidateSymbols.Any(candidate => SymbolEqualityComparer.Default.Equals(candidate.OriginalDefinition, member));
    }
}
