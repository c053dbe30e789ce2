using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Sluice.Model.Plumbing;

namespace Sluice.Rules;

/// <summary>A file that asks for channels in a project whose language or framework cannot carry them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PlumbingTooOld : DiagnosticAnalyzer
{
    private const string Id = "SLC9006";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Project is too old for channels",
        "Channels and select need {0}: {1}",
        Family.Plumbing,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "The channels that Sluice emits are written in C# 12 and use what .NET 8 brought. In a project below that nothing is emitted.",
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
            // A project with types of its own in that namespace means those.
            if (start.Compilation.SyntaxTrees.FirstOrDefault()?.Options is { } options && !TargetPlatform.IsEnough(options) && Mention.HasOnlyAttributes(start.Compilation))
            {
                start.RegisterSyntaxTreeAction(Vet);
            }
        });
    }

    private static void Vet(SyntaxTreeAnalysisContext context)
    {
        if (Mention.FirstIn(context.Tree.GetRoot(context.CancellationToken)) is { } mention)
        {
            var (needed, advice) = TargetPlatform.HasFramework(context.Tree.Options)
                ? ("C# 12", "set LangVersion to 12 or newer, or remove it")
                : (".NET 8 or newer", "set TargetFramework to net8.0 or newer");
            context.ReportDiagnostic(Diagnostic.Create(Descriptor, mention.GetLocation(), needed, advice));
        }
    }
}
