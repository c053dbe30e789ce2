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

namespace Sluice.CodeFixes;

/// <summary>Puts the producer into a try whose catch closes the channel with the exception, so that the reader ends and sees why.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC2004_CloseOnFailure : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC2004");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC2004");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);

        // A Chan has no close with an exception; a channel in an expression other than a plain name could be another one in the catch.
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true) is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Complete" or "TryComplete", Expression: var writer } } close
            && close.Parent is ExpressionStatementSyntax
            && IsPlainName(writer)
            && BlockOf(close) is { } block
            && model is not null)
        {
            int first = FirstStatementAfterDeclarations(block, writer, model, context.CancellationToken);
            if (!TryAround.CanHold(block.Statements.Skip(first).ToList()))
            {
                return;
            }

            context.RegisterCodeFix(
                CodeAction.Create(
                    "Close with the exception when the producer fails",
                    _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(block, Guard(block, first, writer, FreeName(model, close.SpanStart))))),
                    equivalenceKey: "SLC2004"),
                context.Diagnostics);
        }
    }

    // An iterator may not yield within a try that has a catch.
    private static BlockSyntax? BlockOf(SyntaxNode close)
    {
        var function = close.Ancestors().First(node => node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or AccessorDeclarationSyntax or CompilationUnitSyntax);
        var block = function switch
        {
            BaseMethodDeclarationSyntax method => method.Body,
            LocalFunctionStatementSyntax local => local.Body,
            AnonymousFunctionExpressionSyntax lambda => lambda.Block,
            AccessorDeclarationSyntax accessor => accessor.Body,
            _ => null,
        };
        return block is not null && !block.DescendantNodes().OfType<YieldStatementSyntax>().Any() ? block : null;
    }

    private static bool IsPlainName(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax or ThisExpressionSyntax => true,
        MemberAccessExpressionSyntax access => IsPlainName(access.Expression),
        _ => false,
    };

    private static int FirstStatementAfterDeclarations(BlockSyntax block, ExpressionSyntax writer, SemanticModel model, CancellationToken cancellation)
    {
        var names = writer.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Select(name => model.GetSymbolInfo(name, cancellation).Symbol).OfType<ILocalSymbol>();
        return names.SelectMany(local => local.DeclaringSyntaxReferences)
            .Select(reference => block.Statements.IndexOf(statement => statement.Span.Contains(reference.Span)) + 1)
            .DefaultIfEmpty(0)
            .Max();
    }

    private static BlockSyntax Guard(BlockSyntax block, int first, ExpressionSyntax writer, string exception)
    {
        var guarded = TryAround.Of(block.Statements.Skip(first).ToList(), $"catch (global::System.Exception {exception})", "{", $"{Indentation.Step}{writer.WithoutTrivia()}.TryComplete({exception});", Indentation.Step + "throw;", "}");
        var type = guarded.Catches[0].Declaration!.Type;
        guarded = guarded.ReplaceNode(type, type.WithAdditionalAnnotations(Simplifier.Annotation));
        return block.WithStatements(SyntaxFactory.List(block.Statements.Take(first).Append(guarded)));
    }

    private static string FreeName(SemanticModel model, int position)
    {
        string name = "exception";
        for (int i = 2; !model.LookupSymbols(position, name: name).IsEmpty; i++)
        {
            name = "exception" + i;
        }

        return name;
    }
}
