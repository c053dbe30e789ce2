using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model.Sharing;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Adds in one step what is added only when it is missing, and counts in one step what is counted.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class TryAdd : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(CheckThenAct.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix(CheckThenAct.Id);

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics.Where(diagnostic => diagnostic.Properties.ContainsKey(CheckThenAct.CanTryAdd)))
        {
            context.RegisterCodeFix(CodeAction.Create("Add with TryAdd", cancellation => Change(context.Document, diagnostic, cancellation), CheckThenAct.Id), diagnostic);
        }

        foreach (var diagnostic in context.Diagnostics.Where(diagnostic => diagnostic.Properties.ContainsKey(CheckThenAct.CanGetOrAdd)))
        {
            context.RegisterCodeFix(CodeAction.Create("Get or add with GetOrAdd", cancellation => Get(context.Document, diagnostic, cancellation), CheckThenAct.Id), diagnostic);
        }

        foreach (var diagnostic in context.Diagnostics.Where(diagnostic => diagnostic.Properties.ContainsKey(CheckThenAct.InOneStep)))
        {
            context.RegisterCodeFix(CodeAction.Create("Count with AddOrUpdate", cancellation => Update(context.Document, diagnostic, cancellation), CheckThenAct.Id), diagnostic);
        }

        return Task.CompletedTask;
    }

    private static async Task<Document> Update(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        if (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is not { } root
            || root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { Expression: AssignmentExpressionSyntax { Right: var value } } statement)
        {
            return document;
        }

        // What `? :` asks, it asks in the statement itself.
        var read = value is ConditionalExpressionSyntax ? null : WriteBack.ReadBefore(statement);
        var step = SyntaxFactory.ExpressionStatement(SyntaxFactory.ParseExpression(diagnostic.Properties[CheckThenAct.InOneStep]!)).WithTriviaFrom(statement);
        return document.WithSyntaxRoot(root.Changed(statement, one => one == read ? [] : one == statement ? [read is null ? step : step.WithLeadingTrivia(read.GetLeadingTrivia())] : [one]));
    }

    private static async Task<Document> Get(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        if (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is not { } root
            || root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<IfStatementSyntax>() is not { Condition: PrefixUnaryExpressionSyntax { Operand: InvocationExpressionSyntax test } } statement
            || test is not { Expression: MemberAccessExpressionSyntax { Expression: var collection }, ArgumentList.Arguments: [{ Expression: var key }, { Expression: DeclarationExpressionSyntax { Designation: var value } }] }
            || statement.Statement is not BlockSyntax { Statements: [ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Right: var made } }, ..] })
        {
            return document;
        }

        string factory = made is ObjectCreationExpressionSyntax or InvocationExpressionSyntax or ArrayCreationExpressionSyntax ? $"_ => {made.WithoutTrivia()}" : made.WithoutTrivia().ToString();
        return document.WithSyntaxRoot(root.ReplaceNode(statement, SyntaxFactory.ParseStatement($"var {value} = {collection}.GetOrAdd({key}, {factory});").WithTriviaFrom(statement)));
    }

    private static async Task<Document> Change(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        if (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is not { } root
            || root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax act
            || act.FirstAncestorOrSelf<IfStatementSyntax>() is not { } statement)
        {
            return document;
        }

        var added = act is AssignmentExpressionSyntax { Left: ElementAccessExpressionSyntax item, Right: var value }
            ? SyntaxFactory.ParseExpression($"{item.Expression.WithoutTrivia()}.TryAdd({item.ArgumentList.Arguments[0]}, {value.WithoutTrivia()})")
            : act.WithoutTrivia();
        return document.WithSyntaxRoot(root.ReplaceNode(statement, SyntaxFactory.ExpressionStatement(added).WithTriviaFrom(statement)));
    }
}
