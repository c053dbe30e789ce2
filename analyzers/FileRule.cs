using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Sluice;

/// <summary>
/// One rule about what stands in a file, whatever type it is in: the Go compiler's refusals. Unlike a <see cref="Rule"/> it asks no model of a type, so it registers for itself what
/// it looks at. It holds no state.
/// </summary>
public abstract class FileRule : DiagnosticAnalyzer
{
    private protected FileRule(params DiagnosticDescriptor[] descriptors) => SupportedDiagnostics = ImmutableArray.Create(descriptors);

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; }

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        Register(context);
    }

    /// <summary>Says what the rule looks at.</summary>
    private protected abstract void Register(AnalysisContext context);
}
