using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.CodeFixes;

/// <summary>Removes unused usings as text, line by line, so that comments and preprocessor directives around them stay as they are.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class RemoveUsing : CodeFixProvider
{
    private const string Title = "Remove the unused using";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC0001");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(static async (context, document, diagnostics) =>
        await Remove(document, diagnostics, context.CancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        context.RegisterCodeFix(CodeAction.Create(Title, cancellation => Remove(context.Document, context.Diagnostics, cancellation), nameof(RemoveUsing)), context.Diagnostics);
        return Task.CompletedTask;
    }

    private static async Task<Document> Remove(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        var directives = diagnostics.Select(diagnostic => Cut.WithRest(text, diagnostic.Location.SourceSpan)).Distinct().OrderBy(span => span.Start);
        var cuts = Joined(Joined(directives).Select(cut => Cut.WholeLines(text, cut))).Select(cut => WithBlankLines(text, cut));
        return document.WithText(text.WithChanges(cuts.Select(cut => new TextChange(cut, string.Empty))));
    }

    private static IEnumerable<TextSpan> Joined(IEnumerable<TextSpan> cuts)
    {
        TextSpan? open = null;
        foreach (var cut in cuts)
        {
            if (open is { } before && before.End != cut.Start)
            {
                yield return before;
                open = null;
            }

            open = TextSpan.FromBounds(open?.Start ?? cut.Start, cut.End);
        }

        if (open is { } last)
        {
            yield return last;
        }
    }

    // Where a whole block of usings goes, so does the blank line that set it off.
    private static TextSpan WithBlankLines(SourceText text, TextSpan cut)
    {
        int line = text.Lines.GetLineFromPosition(cut.Start).LineNumber;
        if (cut.Start != text.Lines[line].Start || !(line == 0 || OpensBlock(text, text.Lines[line - 1].Span)))
        {
            return cut;
        }

        int end = cut.End;
        while (end < text.Length && text.Lines.GetLineFromPosition(end) is var next && IsBlank(text, next.Span))
        {
            end = next.EndIncludingLineBreak;
        }

        return TextSpan.FromBounds(cut.Start, end);
    }

    private static bool OpensBlock(SourceText text, TextSpan line) => text.ToString(line).Trim() is "" or "{";

    private static bool IsBlank(SourceText text, TextSpan span) => string.IsNullOrWhiteSpace(text.ToString(span));
}
