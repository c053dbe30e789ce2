using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Sluice.Model;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Closes the channel where its only sender ends, in a finally.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC2003_CloseInFinally : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(NeverClosed.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix(NeverClosed.Id);

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is not null && diagnostic.Properties.TryGetValue(NeverClosed.Close, out var close) && close is not null
            && diagnostic.AdditionalLocations[0] is { SourceTree: var tree, SourceSpan: var sender } && tree == root.SyntaxTree
            && await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is { } semantics
            && (root.FindNode(sender, getInnermostNodeForTie: true) is ExpressionSyntax { Span: var span } expression && span == sender ? OfExpression(root, expression, close, semantics) : OfStatements(root, sender, close)) is { } changed)
        {
            context.RegisterCodeFix(CodeAction.Create("Close in a finally", _ => Task.FromResult(context.Document.WithSyntaxRoot(changed)), NeverClosed.Id), diagnostic);
        }
    }

    private static SyntaxNode? OfStatements(SyntaxNode root, TextSpan sender, string close)
    {
        var first = StatementList.Of(root.FindToken(sender.Start).Parent!);
        while (first is not null && first.Span.End < sender.End && !StatementList.Around(first).Any(statement => statement.Span.End == sender.End))
        {
            first = first.Parent is null ? null : StatementList.Of(first.Parent);
        }

        var statements = first is null ? [] : StatementList.Around(first).Where(statement => sender.Contains(statement.Span)).ToList();
        return statements.Count > 0 && TryAround.CanHold(statements) ? root.Changed(statements[0], statement => statement == statements[0] ? [TryAround.Of(statements, Finally(close))] : statements.Contains(statement) ? [] : [statement]) : null;
    }

    private static string[] Finally(string close) => ["finally", "{", $"{Indentation.Step}{close};", "}"];

    private static SyntaxNode? OfExpression(SyntaxNode root, ExpressionSyntax expression, string close, SemanticModel semantics)
    {
        var function = expression.Parent is ArrowExpressionClauseSyntax arrow ? arrow.Parent! : expression.Parent!;
        var symbol = (function is LambdaExpressionSyntax ? semantics.GetSymbolInfo(function).Symbol : semantics.GetDeclaredSymbol(function)) as IMethodSymbol;
        bool givesNothing = symbol is null or { ReturnsVoid: true } or { IsAsync: true, ReturnType: INamedTypeSymbol { Arity: 0 } };
        if (expression.ContainsDirectives || (expression.Parent is ArrowExpressionClauseSyntax && (IsCommented(expression.GetFirstToken().GetPreviousToken().GetAllTrivia()) || IsCommented(expression.GetLeadingTrivia()) || IsCommented(expression.GetTrailingTrivia()))))
        {
            return null;
        }

        // The lines of an expression that begins a line have come in by one step already.
        var moved = expression.GetFirstToken().BeginsLine() ? expression.Indented() : expression.Indented().Indented();
        string line = root.SyntaxTree.GetText().Lines.GetLineFromPosition(function.SpanStart).ToString();
        var (end, indent) = (function.LineEnd(), line.Substring(0, line.Length - line.TrimStart().Length));
        string step = Indentation.StepLike(indent);
        string[] lines = ["{", step + "try", step + "{", $"{step}{step}{(givesNothing ? string.Empty : "return ")}{moved.WithoutTrivia()};", step + "}", .. Finally(close).Select(part => step + part.Replace(Indentation.Step, step)), "}"];
        var block = ((BlockSyntax)SyntaxFactory.ParseStatement(string.Join(end + indent, lines))).WithLeadingTrivia(SyntaxFactory.EndOfLine(end), SyntaxFactory.Whitespace(indent));
        return function switch
        {
            LambdaExpressionSyntax lambda => root.ReplaceNode(lambda, lambda.WithArrowToken(WithoutSpace(lambda.ArrowToken)).WithBody(block.WithTrailingTrivia(expression.GetTrailingTrivia()))),
            MethodDeclarationSyntax method => root.ReplaceNode(method, method.WithParameterList(method.ParameterList.WithoutTrailingTrivia()).WithExpressionBody(null).WithSemicolonToken(default).WithBody(block.WithTrailingTrivia(method.GetTrailingTrivia()))),
            LocalFunctionStatementSyntax local => root.ReplaceNode(local, local.WithParameterList(local.ParameterList.WithoutTrailingTrivia()).WithExpressionBody(null).WithSemicolonToken(default).WithBody(block.WithTrailingTrivia(local.GetTrailingTrivia()))),
            _ => null,
        };
    }

    private static bool IsCommented(IEnumerable<SyntaxTrivia> between) => between.Any(trivia => trivia.Kind() is not (SyntaxKind.WhitespaceTrivia or SyntaxKind.EndOfLineTrivia));

    // A comment behind the arrow stays there.
    private static SyntaxToken WithoutSpace(SyntaxToken arrow) => !IsCommented(arrow.TrailingTrivia)
        ? arrow.WithTrailingTrivia()
        : arrow.WithTrailingTrivia(arrow.TrailingTrivia.Reverse().SkipWhile(trivia => trivia.Kind() is SyntaxKind.WhitespaceTrivia or SyntaxKind.EndOfLineTrivia).Reverse());
}
