using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Moves the token to the end of the parameters, and of the arguments of all callers, where these stand in the same file.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class MoveToEnd : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC1010");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC1010");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var semantics = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || !diagnostic.Properties.ContainsKey(TokenParameter.ToEnd) || root.FindNode(context.Span) is not ParameterSyntax { Parent: ParameterListSyntax list } parameter
            || semantics?.GetDeclaredSymbol(list.Parent!, context.CancellationToken) is not IMethodSymbol { IsExtensionMethod: false } method)
        {
            return;
        }

        int index = list.Parameters.IndexOf(parameter);
        if (method.Parameters.Skip(index + 1).All(later => !later.IsParams && !later.IsOptional && later.RefKind == RefKind.None)
            && await CallsOf(method, context.Document, root, context.CancellationToken).ConfigureAwait(false) is { } calls)
        {
            var changed = root.ReplaceNodes(
                calls.Append<SyntaxNode>(list),
                (_, node) => node is ParameterListSyntax parameters ? parameters.WithParameters(Moved(parameters.Parameters, index)) : ((ArgumentListSyntax)node).WithArguments(Moved(((ArgumentListSyntax)node).Arguments, index)));
            context.RegisterCodeFix(CodeAction.Create($"Move '{parameter.Identifier.ValueText}' to the end", _ => Task.FromResult(context.Document.WithSyntaxRoot(changed)), equivalenceKey: "SLC1010"), diagnostic);
        }
    }

    // The arguments of every call; null when something else refers to the method, or from another file.
    private static async Task<IReadOnlyList<ArgumentListSyntax>?> CallsOf(IMethodSymbol method, Document document, SyntaxNode root, CancellationToken cancellation)
    {
        var calls = new List<ArgumentListSyntax>();
        foreach (var location in (await SymbolFinder.FindReferencesAsync(method, document.Project.Solution, cancellation).ConfigureAwait(false)).SelectMany(reference => reference.Locations))
        {
            if (location.Document.Id != document.Id
                || root.FindNode(location.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call
                || !call.Expression.Span.Contains(location.Location.SourceSpan)
                || call.ArgumentList.Arguments.Count != method.Parameters.Length
                || call.ArgumentList.Arguments.Any(argument => argument.NameColon is not null))
            {
                return null;
            }

            calls.Add(call.ArgumentList);
        }

        return method.DeclaredAccessibility is Accessibility.Private or Accessibility.NotApplicable || calls.Count > 0 ? calls : null;
    }

    // The places keep their trivia: only what stands in them moves.
    private static SeparatedSyntaxList<T> Moved<T>(SeparatedSyntaxList<T> list, int index)
        where T : SyntaxNode
    {
        var nodes = list.ToList();
        var token = nodes[index];
        nodes.RemoveAt(index);
        nodes.Add(token);
        return SyntaxFactory.SeparatedList(nodes.Select((node, place) => node.WithTriviaFrom(list[place])), list.GetSeparators());
    }
}
