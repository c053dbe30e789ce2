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
using Microsoft.CodeAnalysis.Formatting;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Passes one argument more: a token. The rule says which, and where it is written.</summary>
public abstract class ArgumentFix(string id, string key) : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() =>
        FixAllProvider.Create(async (context, document, diagnostics) => await Forward(document, diagnostics, context.CancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (ArgumentOf(diagnostic) is { } argument)
            {
                context.RegisterCodeFix(
                    CodeAction.Create($"Pass '{argument}'", cancellation => Forward(context.Document, ImmutableArray.Create(diagnostic), cancellation), equivalenceKey: key),
                    diagnostic);
            }
        }

        return Task.CompletedTask;
    }

    private static string? ArgumentOf(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue(ForwardToken.Argument, out var argument) ? argument : null;

    // All at once: calls stand in the arguments of each other.
    private static async Task<Document> Forward(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        var root = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        var changes = diagnostics.Where(diagnostic => ArgumentOf(diagnostic) is not null).ToDictionary(diagnostic => ListOf(diagnostic, root));
        return document.WithSyntaxRoot(root.ReplaceNodes(changes.Keys, (node, rewritten) => Changed(rewritten, changes[node])));
    }

    private static ArgumentListSyntax ListOf(Diagnostic diagnostic, SyntaxNode root) =>
        root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<InvocationExpressionSyntax>()!.ArgumentList;

    private static ArgumentListSyntax Changed(ArgumentListSyntax list, Diagnostic diagnostic) =>
        With(list, ArgumentOf(diagnostic)!, int.Parse(diagnostic.Properties[ForwardToken.Index]!, CultureInfo.InvariantCulture));

    /// <summary>The list with one argument more.</summary>
    internal static ArgumentListSyntax With(ArgumentListSyntax list, string argument, int index)
    {
        var added = SyntaxFactory.ParseArgumentList($"({argument})").Arguments[0];
        var arguments = list.Arguments;
        if (arguments.Count == 0)
        {
            return list.WithArguments(arguments.Add(added));
        }

        // A list that stands one argument a line goes on so.
        var neighbour = arguments[index == 0 ? 0 : index - 1];
        if (index == arguments.Count && neighbour.GetLeadingTrivia() is { Count: > 0 } indent && arguments.Count > 1 && arguments.GetSeparator(arguments.Count - 2).TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia))
        {
            var comma = SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(arguments.GetSeparator(arguments.Count - 2).TrailingTrivia);
            return list.WithArguments(SyntaxFactory.SeparatedList<ArgumentSyntax>(arguments.GetWithSeparators().Add(comma).Add(added.WithLeadingTrivia(indent))));
        }

        return list.WithArguments(arguments.Insert(index, added.WithAdditionalAnnotations(Formatter.Annotation)));
    }
}
