using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Counts and adds in one atomic step, where work of which several run at the same time counts or adds.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class CountInOneStep : AtomicFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(SharedVariable.Id);
}
