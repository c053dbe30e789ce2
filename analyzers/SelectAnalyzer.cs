using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Sluice.Model.Plumbing;

namespace Sluice;

/// <summary>The host of the rules about classes that say <c>[Select]</c>. The generator says nothing of its own: where it cannot complete a class, one of these does.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SelectAnalyzer : DiagnosticAnalyzer
{
    private static readonly ImmutableArray<SelectRule> Rules = RuleCatalogue.Of<SelectRule>(rule => rule.Descriptor);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = Rules.Select(rule => rule.Descriptor).ToImmutableArray();

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(Vet, SymbolKind.NamedType);
    }

    private static void Vet(SymbolAnalysisContext context)
    {
        if (SelectClass.Of((INamedTypeSymbol)context.Symbol) is { } select)
        {
            foreach (var rule in Rules)
            {
                rule.Check(select, context.ReportDiagnostic);
            }
        }
    }
}
