using System.Collections.Immutable;
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

/// <summary>Gives work that only reads a variable a copy of it from before the work is started, where the variable gets its next value afterwards.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class CopyBeforeStart : CodeFixProvider
{
    private const string Key = SharedVariable.Id + ".copy";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(SharedVariable.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix(Key);

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics.Where(diagnostic => diagnostic.Properties.ContainsKey(SharedVariable.CanCopy)))
        {
            context.RegisterCodeFix(CodeAction.Create("Give the work its own copy", cancellation => Copy(context.Document, diagnostic, cancellation), Key), diagnostic);
        }

        return Task.CompletedTask;
    }

    private static async Task<Document> Copy(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        if (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is not { } root
            || root.FindNode(diagnostic.AdditionalLocations[1].SourceSpan, getInnermostNodeForTie: true) is not IdentifierNameSyntax read
            || SharedVariable.WorkThatReads(read, root.FindNode(diagnostic.AdditionalLocations[0].SourceSpan)) is not { Start: var start, Work: var work })
        {
            return document;
        }

        string variable = read.Identifier.ValueText;
        string copy = LocalCopy.NameOf(variable, start);
        var names = work.DescendantNodes().OfType<IdentifierNameSyntax>().Where(name => name.Identifier.ValueText == variable && SharedVariable.IsVariable(name)).ToDictionary(name => name, _ => copy);
        var renamed = start.ReplaceNodes(LocalCopy.NodesToChange(names.Keys), (original, rewritten) => LocalCopy.Renamed(original, rewritten, names));
        var end = start.GetTrailingTrivia().FirstOrDefault(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        var made = SyntaxFactory.ParseStatement($"var {copy} = {variable};").WithTrailingTrivia(end == default ? SyntaxFactory.Space : end).WithAdditionalAnnotations(Formatter.Annotation);
        bool isOnItsLine = start.GetLeadingTrivia().Any(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));
        return document.WithSyntaxRoot(root.ReplaceNode(start, isOnItsLine ? [made.WithLeadingTrivia(start.GetLeadingTrivia()), renamed.WithLeadingTrivia(start.GetLeadingTrivia().Reverse().TakeWhile(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)))] : [made, renamed]));
    }
}
