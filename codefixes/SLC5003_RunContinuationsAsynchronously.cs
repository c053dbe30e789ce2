using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Passes RunContinuationsAsynchronously to a TaskCompletionSource.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class RunContinuationsAsynchronously : CodeFixProvider
{
    private const string Option = "System.Threading.Tasks.TaskCreationOptions.RunContinuationsAsynchronously";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC5003");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC5003");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true) is BaseObjectCreationExpressionSyntax creation && diagnostic.Properties.ContainsKey(CompletionSource.ToAsynchronous))
        {
            context.RegisterCodeFix(
                CodeAction.Create(
                    "Run who waits on the thread pool",
                    _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(creation, creation.WithArgumentList(Arguments(creation.ArgumentList)).WithAdditionalAnnotations(Formatter.Annotation)))),
                    equivalenceKey: "SLC5003"),
                diagnostic);
        }
    }

    private static ArgumentListSyntax Arguments(ArgumentListSyntax? given)
    {
        var option = SyntaxFactory.ParseExpression(Option).WithAdditionalAnnotations(Simplifier.Annotation);
        if (given is null)
        {
            return SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(option)));
        }

        // Options that are passed already are kept, if they say anything.
        return given.Arguments.FirstOrDefault(argument => argument.ToString().Contains(nameof(TaskCreationOptions))) is { } options
            ? given.ReplaceNode(options.Expression, options.Expression.ToString().EndsWith(".None")
                ? option.WithTriviaFrom(options.Expression)
                : SyntaxFactory.BinaryExpression(SyntaxKind.BitwiseOrExpression, options.Expression, option))
            : given.AddArguments(SyntaxFactory.Argument(option));
    }
}
