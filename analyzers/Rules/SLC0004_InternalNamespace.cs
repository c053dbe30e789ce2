using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Sluice.Model.Imports;

namespace Sluice.Rules;

/// <summary>A namespace with a segment `Internal` is imported from outside the namespace that holds the segment. Go refuses to compile it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class InternalNamespace() : FileRule(Descriptor)
{
    private const string Id = "SLC0004";
    private const string Segment = "Internal";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Internal namespace used from outside",
        "'{0}' is internal to '{1}', and this code is not part of it: it may change or go without notice; use what '{1}' offers to others",
        Family.Discipline,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Who names a namespace Internal says that only the code beside and below its parent may use it, whatever the access modifiers must be. Go's compiler refuses every other import of a package named internal.",
        helpLinkUri: Page.Of(Id));

    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context) => context.RegisterSemanticModelAction(Vet);

    // As in Go it is the import that is refused. A file that does not have the word is not looked at.
    private static void Vet(SemanticModelAnalysisContext context)
    {
        var model = context.SemanticModel;
        string text = model.SyntaxTree.GetText(context.CancellationToken).ToString();
        SyntaxNode? root = null;
        for (int at = text.IndexOf(Segment, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Segment, at + Segment.Length, StringComparison.Ordinal))
        {
            root ??= model.SyntaxTree.GetRoot(context.CancellationToken);
            var token = root.FindToken(at);
            if (token.SpanStart == at && token.ValueText == Segment && token.Parent is IdentifierNameSyntax name && !IsDeclaration(name)
                && model.GetSymbolInfo(name, context.CancellationToken).Symbol is INamespaceSymbol { ContainingNamespace: { IsGlobalNamespace: false } parent } space
                && !IsPartOf(name, parent.ToDisplayString(), space, model))
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptor, Import(name).GetLocation(), space.ToDisplayString(), parent.ToDisplayString()));
            }
        }
    }

    private static bool IsDeclaration(SyntaxNode name) => Outermost(name).Parent is BaseNamespaceDeclarationSyntax;

    private static SyntaxNode Outermost(SyntaxNode name)
    {
        while (name.Parent is QualifiedNameSyntax or AliasQualifiedNameSyntax || (name.Parent is MemberAccessExpressionSyntax access && access.Name == name))
        {
            name = name.Parent;
        }

        return name;
    }

    // The whole directive, or the name as far as the type.
    private static SyntaxNode Import(SyntaxNode name) => Outermost(name) switch
    {
        { Parent: UsingDirectiveSyntax directive } => directive,
        { Parent: MemberAccessExpressionSyntax type } => type,
        var whole => whole,
    };

    private static bool IsPartOf(SyntaxNode name, string parent, INamespaceSymbol space, SemanticModel model)
    {
        if (IsFriend(space, model.Compilation))
        {
            return true;
        }

        var around = name.AncestorsAndSelf().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault();
        if (around is not null)
        {
            return IsWithin(around.FullName(), parent);
        }

        // A using at the top serves every namespace of its file; code in no namespace counts as its assembly.
        var declared = name.SyntaxTree.GetRoot().DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<BaseNamespaceDeclarationSyntax>().Select(NamespaceName.FullName).ToList();
        return declared.Any(user => IsWithin(user, parent) && !IsWithin(user, space.ToDisplayString()))
            || (declared.Count > 0 && declared.TrueForAll(user => IsWithin(user, parent)))
            || (declared.Count == 0 && (IsWithin(model.Compilation.AssemblyName ?? string.Empty, parent) || IsOwn(space, model.Compilation)));
    }

    // InternalsVisibleTo: its owner made this assembly part of itself.
    private static bool IsFriend(INamespaceSymbol space, Compilation compilation) => space.ConstituentNamespaces.Any(part =>
        part.ContainingAssembly is { } owner && !SymbolEqualityComparer.Default.Equals(owner, compilation.Assembly) && owner.GivesAccessTo(compilation.Assembly));

    private static bool IsOwn(INamespaceSymbol space, Compilation compilation) => space.ConstituentNamespaces.Any(part => SymbolEqualityComparer.Default.Equals(part.ContainingAssembly, compilation.Assembly));

    private static bool IsWithin(string user, string parent) => user == parent || user.StartsWith(parent + ".", StringComparison.Ordinal);
}
