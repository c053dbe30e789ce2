using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Imports;

/// <summary>
/// Which imports one file uses. Binding is what costs, so the cheapest proof comes first: no word of the file is a name of the import; a word
/// that stands where only a type can, looked up without binding the body around it; and only then an expression, bound. In doubt, used.
/// </summary>
internal sealed class FileUses(SemanticModel model, ImportCatalogue catalogue, CancellationToken cancellation)
{
    private static readonly Regex Cref = new("""cref\s*=\s*("[^"]*"|'[^']*')""", RegexOptions.CultureInvariant);

    private readonly SyntaxNode _root = model.SyntaxTree.GetRoot(cancellation);
    private readonly Words _words = Words.Of(model.SyntaxTree.GetText(cancellation));

    public bool Uses(Import import) => import.Alias is { } alias ? UsesAlias(import, alias) : UsesNames(import, catalogue.NamesOf(import.Target!));

    private bool UsesAlias(Import import, string alias)
    {
        const string Attribute = "Attribute";
        var words = alias.EndsWith(Attribute, StringComparison.Ordinal) ? [alias, alias.Substring(0, alias.Length - Attribute.Length)] : new[] { alias };
        return words.SelectMany(word => _words[word]).Any(position => NameAt(position, import, out bool isMentioned) is { } name ? IsLeftmost(name) : isMentioned);
    }

    private bool UsesNames(Import import, ImportedNames names)
    {
        var expressions = new List<SimpleNameSyntax>();
        var declared = new HashSet<string>(StringComparer.Ordinal);
        foreach (string word in _words.All.Where(names.Contains))
        {
            foreach (int position in _words[word])
            {
                cancellation.ThrowIfCancellationRequested();
                if (NameAt(position, import, out bool isMentioned) is not { } name)
                {
                    if (isMentioned)
                    {
                        return true;
                    }

                    declared.Add(word);
                }
                else if (names.IsBlockMember(word) || (IsTypeOnly(name) && names.IsType(word) && ResolvesTo(import, name)))
                {
                    return true;
                }
                else if (MayBeExpression(name, names))
                {
                    expressions.Add(name);
                }
            }
        }

        return expressions.Any(name => names.IsType(name.Identifier.ValueText) && IsLeftmost(name) && !declared.Contains(name.Identifier.ValueText) && LooksUpTo(import, name))
            || expressions.OrderBy(BindingCost).Any(name => BindsTo(import, name))
            || names.MayBeUsedUnnamed(_root);
    }

    // The name at a position if the import can be what makes it known. What comments and disabled code say is not looked up: it is a mention.
    private SimpleNameSyntax? NameAt(int position, Import import, out bool isMentioned)
    {
        var token = _root.FindToken(position);
        bool isCode = token.Span.Contains(position);
        isMentioned = !isCode && IsReachedBy(import, token.Parent!, position) && IsMention(_root.FindTrivia(position), position);
        return isCode && token.Parent is SimpleNameSyntax name && token.IsKind(SyntaxKind.IdentifierToken) && IsReachedBy(import, name, position) ? name : null;
    }

    // Names in documentation count whether or not the build reads it, and so does code that is compiled for another target.
    private static bool IsMention(SyntaxTrivia trivia, int position)
    {
        if (trivia.IsKind(SyntaxKind.DisabledTextTrivia))
        {
            return true;
        }

        string text = trivia.ToFullString();
        int offset = position - trivia.FullSpan.Start;
        return Cref.Matches(text).Cast<Match>().Any(cref => cref.Index <= offset && offset < cref.Index + cref.Length);
    }

    private bool IsReachedBy(Import import, SyntaxNode node, int position)
    {
        var scope = import.Directive.Parent!;
        if (scope is BaseNamespaceDeclarationSyntax && !(scope.SyntaxTree == node.SyntaxTree && scope.FullSpan.Contains(position)))
        {
            return false;
        }

        // Using directives side by side do not see each other; they see extern aliases, and what is imported around their namespace.
        return (import.IsExtern || node.FirstAncestorOrSelf<UsingDirectiveSyntax>() is not { } directive || !(directive.Parent == scope || directive.Parent is CompilationUnitSyntax))
            && !IsInside(import.Target as INamespaceSymbol, node, scope as BaseNamespaceDeclarationSyntax);
    }

    // Code inside a namespace sees it without a using, unless the using stands further in.
    private bool IsInside(INamespaceSymbol? imported, SyntaxNode node, BaseNamespaceDeclarationSyntax? scope)
    {
        if (imported is null || node.FirstAncestorOrSelf<BaseNamespaceDeclarationSyntax>() is not { } innermost)
        {
            return false;
        }

        var outermost = scope is null ? null : Declared(scope);
        for (var space = Declared(innermost); space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            if (Import.Same(space, imported))
            {
                return true;
            }

            if (outermost is not null && Import.Same(space, outermost))
            {
                return false;
            }
        }

        return false;
    }

    private INamespaceSymbol? Declared(BaseNamespaceDeclarationSyntax space) => model.GetDeclaredSymbol(space, cancellation) as INamespaceSymbol;

    private static bool IsTypeOnly(SimpleNameSyntax name) =>
        IsLeftmost(name) && (SyntaxFacts.IsInTypeOnlyContext(name) || name.Parent is QualifiedNameSyntax) && TypeAround(name) is not null;

    private static bool MayBeExpression(SimpleNameSyntax name, ImportedNames names)
    {
        string word = name.Identifier.ValueText;
        return !IsLeftmost(name)
            ? names.IsExtension(word) && name.Parent is MemberAccessExpressionSyntax or MemberBindingExpressionSyntax
            : names.IsMember(word) || (names.IsType(word) && name.Parent is not InvocationExpressionSyntax && !(SyntaxFacts.IsInTypeOnlyContext(name) && TypeAround(name) is not null));
    }

    private static bool IsLeftmost(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Name != name,
        QualifiedNameSyntax qualified => qualified.Right != name,
        AliasQualifiedNameSyntax qualified => qualified.Name != name,
        MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax or GotoStatementSyntax => false,
        _ => true,
    };

    // The declaration whose scope stands for a body's: names in it resolve the same but for the body's own, and nothing is bound.
    private static SyntaxNode? TypeAround(SimpleNameSyntax name) =>
        name.FirstAncestorOrSelf<SyntaxNode>(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or AttributeListSyntax { Parent: CompilationUnitSyntax } or UsingDirectiveSyntax);

    private static int ScopeOf(SimpleNameSyntax name) =>
        TypeAround(name) is BaseTypeDeclarationSyntax type && type.OpenBraceToken.SpanStart < name.SpanStart && !type.OpenBraceToken.IsKind(SyntaxKind.None)
            ? type.OpenBraceToken.Span.End
            : name.SpanStart;

    private bool ResolvesTo(Import import, SimpleNameSyntax name)
    {
        int scope = ScopeOf(name);
        var found = Found(model.GetSpeculativeSymbolInfo(scope, name, SpeculativeBindingOption.BindAsTypeOrNamespace));
        if (name.Parent is AttributeSyntax)
        {
            var attribute = SyntaxFactory.IdentifierName(name.Identifier.ValueText + "Attribute");
            found = found.AddRange(Found(model.GetSpeculativeSymbolInfo(scope, attribute, SpeculativeBindingOption.BindAsTypeOrNamespace)));
        }

        return IsBrought(import, found);
    }

    private bool LooksUpTo(Import import, SimpleNameSyntax name) =>
        TypeAround(name) is not null
        && model.LookupSymbols(ScopeOf(name), name: name.Identifier.ValueText) is { IsEmpty: false } found
        && found.All(import.Brings);

    private bool BindsTo(Import import, SimpleNameSyntax name) => IsBrought(import, Found(model.GetSymbolInfo(name, cancellation)));

    private static ImmutableArray<ISymbol> Found(SymbolInfo info) => info.Symbol is { } symbol ? ImmutableArray.Create(symbol) : info.CandidateSymbols;

    // A name that does not resolve may come from anywhere.
    private static bool IsBrought(Import import, ImmutableArray<ISymbol> found) => found.IsEmpty || found.Any(import.Brings);

    private static int BindingCost(SimpleNameSyntax name) => name.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.Span.Length ?? 0;
}
