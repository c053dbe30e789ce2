using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Removes `readonly` from the field that holds a lock which is a value.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class NotReadonly : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(LockCopied.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix(LockCopied.Id);

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics.Where(diagnostic => diagnostic.Properties.ContainsKey(LockCopied.CanBeWritable)))
        {
            context.RegisterCodeFix(CodeAction.Create("Remove 'readonly'", cancellation => Change(context.Document, diagnostic, cancellation), LockCopied.Id), diagnostic);
        }

        return Task.CompletedTask;
    }

    private static async Task<Document> Change(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        if (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is not { } root
            || root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<FieldDeclarationSyntax>() is not { } field)
        {
            return document;
        }

        var modifiers = SyntaxFactory.TokenList(field.Modifiers.Where(modifier => !modifier.IsKind(SyntaxKind.ReadOnlyKeyword)));
        var changed = modifiers.Count > 0 ? field.WithModifiers(modifiers) : field.WithModifiers(default).WithLeadingTrivia(field.GetLeadingTrivia());
        return document.WithSyntaxRoot(root.ReplaceNode(field, changed));
    }
}
