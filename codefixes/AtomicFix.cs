using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Makes one atomic step of a plain access, or of a read that is written back.</summary>
public abstract class AtomicFix : CodeFixProvider
{
    /// <summary>All of one document at once.</summary>
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(async (context, document, diagnostics) =>
        await Change(document, diagnostics, context.CancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics.Where(diagnostic => MethodOf(diagnostic) is not null))
        {
            context.RegisterCodeFix(
                CodeAction.Create($"Use {TypeOf(MethodOf(diagnostic)!)}.{MethodOf(diagnostic)}", cancellation => Change(context.Document, ImmutableArray.Create(diagnostic), cancellation), diagnostic.Id),
                diagnostic);
        }

        return Task.CompletedTask;
    }

    private static string? MethodOf(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue(PlainAndAtomic.Fix, out string? method) ? method : null;

    private static string TypeOf(string method) => method is "Read" or "Write" ? "Volatile" : "Interlocked";

    private static async Task<Document> Change(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        if (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is not { } root)
        {
            return document;
        }

        var changes = diagnostics.Where(diagnostic => MethodOf(diagnostic) is not null)
            .Select(diagnostic => (Node: StepOf(root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true), MethodOf(diagnostic)!), Method: MethodOf(diagnostic)!))
            .GroupBy(change => change.Node)
            .ToDictionary(group => group.Key, group => group.First().Method);
        return document.WithSyntaxRoot(root.ReplaceNodes(changes.Keys, (original, _) => Atomic(original, changes[original])));
    }

    // Where the variable alone is reported, the step around it is what changes.
    private static SyntaxNode StepOf(SyntaxNode node, string method) => method is not ("Read" or "Write") && node.Parent is PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax or AssignmentExpressionSyntax ? node.Parent : node;

    private static SyntaxNode Atomic(SyntaxNode node, string method)
    {
        var (target, value) = node switch
        {
            PostfixUnaryExpressionSyntax step => (step.Operand, null),
            PrefixUnaryExpressionSyntax step => (step.Operand, null),
            AssignmentExpressionSyntax assignment => (assignment.Left, assignment.Right),
            InvocationExpressionSyntax call => (call.ArgumentList.Arguments[0].Expression, null),
            ExpressionSyntax read => (read, (ExpressionSyntax?)null),
            _ => (null, null),
        };
        if (target is null)
        {
            return node;
        }

        var arguments = SyntaxFactory.SeparatedList(new[] { SyntaxFactory.Argument(target.WithoutTrivia()).WithRefKindKeyword(SyntaxFactory.Token(SyntaxKind.RefKeyword).WithTrailingTrivia(SyntaxFactory.Space)) });
        if (value is not null && method is "Add" or "Write")
        {
            arguments = arguments.Add(SyntaxFactory.Argument(value!.WithoutTrivia().WithLeadingTrivia(SyntaxFactory.Space)));
        }

        var called = SyntaxFactory.ParseExpression($"global::System.Threading.{TypeOf(method)}.{method}").WithAdditionalAnnotations(Simplifier.Annotation);
        return SyntaxFactory.InvocationExpression(called, SyntaxFactory.ArgumentList(arguments)).WithTriviaFrom(node);
    }
}
