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

/// <summary>Passes the token: as an argument, or by WithCancellation to what a loop awaits.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ForwardTokenFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(ForwardToken.Id);

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
                    CodeAction.Create($"Pass '{argument}'", cancellation => Forward(context.Document, ImmutableArray.Create(diagnostic), cancellation), equivalenceKey: ForwardToken.Id),
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
        var changes = diagnostics.Where(diagnostic => ArgumentOf(diagnostic) is not null).ToDictionary(diagnostic => NodeOf(diagnostic, root));
        return document.WithSyntaxRoot(root.ReplaceNodes(changes.Keys, (node, rewritten) => Changed(rewritten, changes[node])));
    }

    private static SyntaxNode NodeOf(Diagnostic diagnostic, SyntaxNode root)
    {
        var node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        return diagnostic.Properties[ForwardToken.Index] is null ? node : node.FirstAncestorOrSelf<InvocationExpressionSyntax>()!.ArgumentList;
    }

    private static SyntaxNode Changed(SyntaxNode node, Diagnostic diagnostic) => node is ArgumentListSyntax list && diagnostic.Properties[ForwardToken.Index] is { } index
        ? With(list, ArgumentOf(diagnostic)!, int.Parse(index, CultureInfo.InvariantCulture))
        : Listening((ExpressionSyntax)node, ArgumentOf(diagnostic)!);

    private static ArgumentListSyntax With(ArgumentListSyntax list, string argument, int index)
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

    private static InvocationExpressionSyntax Listening(ExpressionSyntax stream, string token)
    {
        var bare = stream.WithoutTrivia();
        var receiver = bare is IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax or ParenthesizedExpressionSyntax or ThisExpressionSyntax ? bare : SyntaxFactory.ParenthesizedExpression(bare);
        return SyntaxFactory.InvocationExpression(
                SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, receiver, SyntaxFactory.IdentifierName("WithCancellation")),
                SyntaxFactory.ParseArgumentList($"({token})"))
            .WithTriviaFrom(stream);
    }
}
