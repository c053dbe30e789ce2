using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;
using Microsoft.CodeAnalysis.Simplification;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Adds an optional token parameter and passes it on, where nothing uses the method as a delegate.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class AddToken : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC1001");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC1001");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is not null && diagnostic.Properties.TryGetValue(NoTokenParameter.Parameter, out string? name) && name is not null
            && root.FindNode(context.Span).FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } method
            && await IsOnlyCalled(method, context.Document, context.CancellationToken).ConfigureAwait(false))
        {
            context.RegisterCodeFix(CodeAction.Create($"Add '{name}' and pass it on", _ => Task.FromResult(context.Document.WithSyntaxRoot(Changed(root, method, name, diagnostic))), equivalenceKey: "SLC1001"), diagnostic);
        }
    }

    private static async Task<bool> IsOnlyCalled(MethodDeclarationSyntax method, Document document, CancellationToken cancellation)
    {
        var semantics = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        if (semantics?.GetDeclaredSymbol(method, cancellation) is not { } symbol)
        {
            return false;
        }

        foreach (var location in (await SymbolFinder.FindReferencesAsync(symbol, document.Project.Solution, cancellation).ConfigureAwait(false)).SelectMany(reference => reference.Locations))
        {
            var root = await location.Document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
            if (root?.FindNode(location.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call || !call.Expression.Span.Contains(location.Location.SourceSpan))
            {
                return false;
            }
        }

        return true;
    }

    private static SyntaxNode Changed(SyntaxNode root, MethodDeclarationSyntax method, string name, Diagnostic diagnostic)
    {
        var calls = diagnostic.AdditionalLocations
            .Select((location, number) => (List: ((InvocationExpressionSyntax)root.FindNode(location.SourceSpan, getInnermostNodeForTie: true)).ArgumentList, Property: diagnostic.Properties[number.ToString(CultureInfo.InvariantCulture)]!))
            .ToDictionary(call => call.List, call => call.Property);
        return root.ReplaceNodes(
            calls.Keys.Append<SyntaxNode>(method.ParameterList),
            (original, node) => original is ArgumentListSyntax list ? With((ArgumentListSyntax)node, calls[list]) : With((ParameterListSyntax)node, name));
    }

    private static ParameterListSyntax With(ParameterListSyntax list, string name)
    {
        var parameter = SyntaxFactory.Parameter(SyntaxFactory.Identifier(name))
            .WithType(SyntaxFactory.ParseTypeName("global::System.Threading.CancellationToken").WithAdditionalAnnotations(Simplifier.Annotation).WithTrailingTrivia(SyntaxFactory.Space))
            .WithDefault(SyntaxFactory.EqualsValueClause(SyntaxFactory.LiteralExpression(SyntaxKind.DefaultLiteralExpression).WithLeadingTrivia(SyntaxFactory.Space)).WithLeadingTrivia(SyntaxFactory.Space));
        return list.WithParameters(Inserted(list.Parameters, list.Parameters.Count, parameter));
    }

    private static ArgumentListSyntax With(ArgumentListSyntax list, string property)
    {
        int space = property.IndexOf(' ');
        int index = int.Parse(property.Substring(0, space), CultureInfo.InvariantCulture);
        return list.WithArguments(Inserted(list.Arguments, index, SyntaxFactory.ParseArgumentList($"({property.Substring(space + 1)})").Arguments[0]));
    }

    // One a line where the others stand so.
    private static SeparatedSyntaxList<T> Inserted<T>(SeparatedSyntaxList<T> list, int index, T item)
        where T : SyntaxNode
    {
        if (list.Count == 0)
        {
            return list.Add(item);
        }

        var between = list.Count > 1 ? list.GetSeparator(list.SeparatorCount - 1) : SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space);
        var nodes = list.ToList();
        nodes.Insert(index, index == list.Count && list.Count > 1 ? item.WithLeadingTrivia(list[list.Count - 1].GetLeadingTrivia()) : item);
        return SyntaxFactory.SeparatedList(nodes, list.GetSeparators().Append(between));
    }
}
