using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Sluice.Model;

namespace Sluice;

/// <summary>Which rules are on in which file, so that a rule whose severity is none costs nothing. The driver filters what is left.</summary>
internal sealed class RuleSwitches(CompilationOptions options, ImmutableArray<Rule> rules)
{
    private readonly ConcurrentDictionary<SyntaxTree, ImmutableArray<Rule>> _byTree = new();

    /// <summary>The rules that are on in at least one file of <paramref name="type"/>, in the order of their ids.</summary>
    public ImmutableArray<Rule> OnIn(TypeModel type, CancellationToken cancellation)
    {
        var trees = type.Trees;
        return trees.Length == 1
            ? OnIn(trees[0], cancellation)
            : rules.Where(rule => trees.Any(tree => OnIn(tree, cancellation).Contains(rule))).ToImmutableArray();
    }

    private ImmutableArray<Rule> OnIn(SyntaxTree tree, CancellationToken cancellation) =>
        _byTree.GetOrAdd(tree, _ => rules.RemoveAll(rule => Severity(rule.Descriptor, tree, cancellation) == ReportDiagnostic.Suppress));

    // The compiler's own order: the file's .editorconfig, then global configuration, then the command line, then the default.
    private ReportDiagnostic Severity(DiagnosticDescriptor descriptor, SyntaxTree tree, CancellationToken cancellation)
    {
        if (options.SyntaxTreeOptionsProvider is { } provider
            && (provider.TryGetDiagnosticValue(tree, descriptor.Id, cancellation, out var severity)
                || provider.TryGetGlobalDiagnosticValue(descriptor.Id, cancellation, out severity)))
        {
            return severity;
        }

        return descriptor.GetEffectiveSeverity(options);
    }
}
