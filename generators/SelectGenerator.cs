using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model.Plumbing;

namespace Sluice.Generators;

/// <summary>Completes each class that says <c>[Select]</c>. It reports nothing and leaves alone what it cannot complete: the rules of the family Plumbing say why.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class SelectGenerator : IIncrementalGenerator
{
    internal const string SelectStep = "Select";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var selects = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                SelectClass.Attribute,
                static (node, _) => node is ClassDeclarationSyntax,
                static (target, _) => SelectParser.Parse((INamedTypeSymbol)target.TargetSymbol))
            .WithTrackingName(SelectStep);
        context.RegisterSourceOutput(selects.Combine(context.Plumbing()), static (output, pair) =>
        {
            if (pair is ({ } select, not Plumbing.Absent and var plumbing) && !(select.IsVisibleOutside && plumbing == Plumbing.Internal))
            {
                output.AddSource(select.HintName, SelectEmitter.Emit(select));
            }
        });
    }
}
