using System.Linq;
using Microsoft.CodeAnalysis;

namespace Sluice.Generators;

/// <summary>
/// Emits what Go has in its runtime: the attributes always, as they are small; channels, select and their kin only into a compilation that
/// names Sluice; the attributes about sharing only into one that uses them. It reports nothing: where it cannot emit, the rules of the family Plumbing say why.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class PlumbingGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        context.RegisterPostInitializationOutput(static output =>
        {
            foreach (var source in RuntimeSource.Attributes)
            {
                output.AddSource(source.HintName, source.AsInternal());
            }
        });
        context.RegisterSourceOutput(context.Annotations(), static (output, missing) =>
        {
            foreach (var source in RuntimeSource.Annotations.Where(source => missing.Contains(source.Name)))
            {
                output.AddSource(source.HintName, source.AsInternal());
            }
        });
        context.RegisterSourceOutput(context.Plumbing(), static (output, plumbing) =>
        {
            if (plumbing is Plumbing.Internal or Plumbing.Public)
            {
                foreach (var source in RuntimeSource.Types)
                {
                    output.AddSource(source.HintName, plumbing == Plumbing.Public ? source.AsPublic() : source.AsInternal());
                }
            }
        });
    }
}
