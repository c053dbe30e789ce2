using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Sluice.Tests;

/// <summary>What a project file tells analyzers and generators: the properties SluicePlumbing and SluicePackages.</summary>
internal sealed class Properties(string? plumbing, string? packages = null) : AnalyzerConfigOptionsProvider
{
    public override AnalyzerConfigOptions GlobalOptions { get; } = new Global(plumbing, packages);

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

    private sealed class Global(string? plumbing, string? packages) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = key switch
            {
                "build_property.SluicePlumbing" => plumbing,
                "build_property.SluicePackages" => packages,
                _ => null,
            };
            return value is not null;
        }
    }
}
