using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Sluice.Model.Plumbing;

namespace Sluice;

/// <summary>The cases of a <c>[Select]</c> class are its public fields by design: what other analyzers say against public fields is not meant for them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SelectSuppressor : DiagnosticSuppressor
{
    private static readonly SuppressionDescriptor Style = Of("SLC9101", "SA1401");
    private static readonly SuppressionDescriptor Design = Of("SLC9102", "CA1051");

    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } = ImmutableArray.Create(Style, Design);

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (var diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is { } tree
                && tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<VariableDeclaratorSyntax>() is { } declarator
                && context.GetSemanticModel(tree).GetDeclaredSymbol(declarator, context.CancellationToken) is IFieldSymbol field
                && SelectClass.IsCase(field.Type)
                && SelectClass.Of(field.ContainingType) is not null)
            {
                context.ReportSuppression(Suppression.Create(diagnostic.Id == Style.SuppressedDiagnosticId ? Style : Design, diagnostic));
            }
        }
    }

    private static SuppressionDescriptor Of(string id, string suppressed) => new(id, suppressed, "The cases of a select are public fields by design");
}
