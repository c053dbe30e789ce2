using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Sluice.CodeFixes;

/// <summary>
/// Roslyn's batch fixer, made to work in <c>dotnet format</c>. That asks for the equivalence key with the first diagnostic of the analyzer, and
/// as one analyzer hosts many rules it is often that of another rule, for which the fix has nothing to offer and no key.
/// </summary>
internal sealed class BatchFix(string key) : FixAllProvider
{
    /// <inheritdoc/>
    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => WellKnownFixAllProviders.BatchFixer.GetSupportedFixAllScopes();

    /// <inheritdoc/>
    public override Task<CodeAction?> GetFixAsync(FixAllContext context) =>
        WellKnownFixAllProviders.BatchFixer.GetFixAsync(context.CodeActionEquivalenceKey is null ? WithKey(context) : context);

    private FixAllContext WithKey(FixAllContext context) => context.Document is { } document
        ? new(document, context.CodeFixProvider, context.Scope, key, context.DiagnosticIds, new Diagnostics(context), context.CancellationToken)
        : new(context.Project, context.CodeFixProvider, context.Scope, key, context.DiagnosticIds, new Diagnostics(context), context.CancellationToken);

    private sealed class Diagnostics(FixAllContext context) : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false);

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) =>
            await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false);

        public override async Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            await context.GetProjectDiagnosticsAsync(project).ConfigureAwait(false);
    }
}
