using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Sluice.Model.Plumbing;

namespace Sluice.Rules;

/// <summary>A property SluicePlumbing that says nothing known, or that there be no channels where a file asks for them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WrongPlumbingSetting : DiagnosticAnalyzer
{
    private const string Id = "SLC9007";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "SluicePlumbing does not fit",
        "SluicePlumbing is '{0}'{1}",
        Family.Plumbing,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "The property SluicePlumbing of a project says who sees the channels that are emitted into it: internal (the default), public or none.",
        helpLinkUri: Page.Of(Id));

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptor);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterCompilationStartAction(start =>
        {
            string setting = PlumbingSetting.Of(start.Options.AnalyzerConfigOptionsProvider.GlobalOptions);
            if (Problem(setting, start.Compilation) is { } problem)
            {
                start.RegisterSyntaxTreeAction(file => Vet(file, setting, problem));
            }
        });
    }

    private static string? Problem(string setting, Compilation compilation) => setting switch
    {
        PlumbingSetting.None when Mention.HasOnlyAttributes(compilation) => ", so this project has no channels of its own, and no project that it references offers them: set it to internal or public, or reference one where it is public",
        _ when !PlumbingSetting.IsKnown(setting) => ". It can be internal (the default), public or none",
        _ => null,
    };

    private static void Vet(SyntaxTreeAnalysisContext context, string setting, string problem)
    {
        if (Mention.FirstIn(context.Tree.GetRoot(context.CancellationToken)) is { } mention)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptor, mention.GetLocation(), setting, problem));
        }
    }
}
