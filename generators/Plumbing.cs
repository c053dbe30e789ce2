using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Sluice.Model.Plumbing;

namespace Sluice.Generators;

/// <summary>Where the channels of a compilation come from.</summary>
internal enum Plumbing
{
    /// <summary>Nobody asks for them, or they cannot be had.</summary>
    Absent,

    /// <summary>A referenced assembly offers them.</summary>
    Referenced,

    /// <summary>They are emitted, for this assembly alone.</summary>
    Internal,

    /// <summary>They are emitted for everybody who references this assembly.</summary>
    Public,
}

/// <summary>Answers what every generator asks: is there plumbing, and whose.</summary>
internal static class PlumbingProvider
{
    public const string AskedStep = "Asked";
    public const string PlumbingStep = "Plumbing";
    public const string AnnotationsStep = "Annotations";

    public static IncrementalValueProvider<Plumbing> Plumbing(this IncrementalGeneratorInitializationContext context)
    {
        var isAsked = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => Mention.Is(node), static (_, _) => true)
            .Collect()
            .Select(static (mentions, _) => !mentions.IsEmpty)
            .WithTrackingName(AskedStep);
        var isPossible = context.ParseOptionsProvider.Select(static (options, _) => TargetPlatform.IsEnough(options));
        var setting = context.AnalyzerConfigOptionsProvider.Select(static (options, _) => PlumbingSetting.Of(options.GlobalOptions));
        var isOffered = context.CompilationProvider.Select(static (compilation, _) => IsOffered(compilation));
        return isAsked.Combine(isPossible).Combine(setting).Combine(isOffered)
            .Select(static (all, _) => all switch
            {
                (((false, _), _), _) or (((_, false), _), _) => Generators.Plumbing.Absent,
                (_, true) => Generators.Plumbing.Referenced,
                ((_, PlumbingSetting.None), _) => Generators.Plumbing.Absent,
                ((_, PlumbingSetting.Public), _) => Generators.Plumbing.Public,
                _ => Generators.Plumbing.Internal,
            })
            .WithTrackingName(PlumbingStep);
    }

    /// <summary>The attributes about sharing that are to be emitted: all when one of them is named, but for those that the program has itself.</summary>
    public static IncrementalValueProvider<EquatableArray<string>> Annotations(this IncrementalGeneratorInitializationContext context)
    {
        var isAsked = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => Annotation.Is(node), static (_, _) => true)
            .Collect()
            .Select(static (uses, _) => !uses.IsEmpty);
        var missing = context.CompilationProvider.Select(static (compilation, _) => new EquatableArray<string>(
            RuntimeSource.Annotations.Select(source => source.Name).Where(name => compilation.Assembly.GetTypeByMetadataName("Sluice." + name) is null).ToImmutableArray()));
        return isAsked.Combine(missing).Select(static (both, _) => both.Left ? both.Right : new EquatableArray<string>(ImmutableArray<string>.Empty)).WithTrackingName(AnnotationsStep);
    }

    private static bool IsOffered(Compilation compilation) => compilation.GetTypesByMetadataName("Sluice.Chan`1")
        .Any(type => type.DeclaredAccessibility == Accessibility.Public && !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly));
}
