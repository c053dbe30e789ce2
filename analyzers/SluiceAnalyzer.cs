using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Sluice.Model;

namespace Sluice;

/// <summary>
/// The host of every rule that looks at the model of a type. It asks, for each type whose text mentions something concurrent,
/// the rules that are switched on and that need what is mentioned. The model fills itself as the rules ask, so a type that no rule
/// cares for is never bound.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SluiceAnalyzer : DiagnosticAnalyzer
{
    /// <summary>Said instead of an exception: the rule is skipped for this type and every other goes on.</summary>
    internal static readonly DiagnosticDescriptor RuleFailed = new(
        "SLC0000",
        "A Sluice rule failed",
        "Rule {0} failed on '{1}' and was skipped: {2}",
        Family.Host,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A defect of Sluice, not of this code. The other rules are not affected. Please report it with the message.",
        helpLinkUri: Page.Of("SLC0000"));

    /// <summary>Gets the rules in the order of their ids.</summary>
    internal static ImmutableArray<Rule> Rules { get; } = RuleCatalogue.Of<Rule>(rule => rule.Descriptor);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        Rules.Select(rule => rule.Descriptor).Append(RuleFailed).ToImmutableArray();

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            var compilation = new CompilationModel(start.Compilation, start.Options.AnalyzerConfigOptionsProvider);
            var switches = new RuleSwitches(start.Compilation.Options, Rules);
            start.RegisterSymbolAction(symbol => Vet((INamedTypeSymbol)symbol.Symbol, compilation, switches, symbol), SymbolKind.NamedType);
        });
    }

    private static void Vet(INamedTypeSymbol symbol, CompilationModel compilation, RuleSwitches switches, SymbolAnalysisContext context)
    {
        var type = TypeModel.Of(symbol, compilation, context.CancellationToken);
        if (type.Mentions == Mentions.None)
        {
            return;
        }

        foreach (var rule in switches.OnIn(type, context.CancellationToken))
        {
            if ((rule.Needs & type.Mentions) != 0)
            {
                Ask(rule, type, context);
            }
        }
    }

    private static void Ask(Rule rule, TypeModel type, SymbolAnalysisContext context)
    {
        try
        {
            rule.Check(type, context.ReportDiagnostic);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever a rule throws must not take the other rules down.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            context.ReportDiagnostic(Diagnostic.Create(RuleFailed, type.Symbol.Locations[0], rule.Descriptor.Id, type.Symbol.Name, exception.ToString().Replace("\r", string.Empty).Replace("\n", " ")));
        }
    }
}
