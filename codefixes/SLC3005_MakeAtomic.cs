using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Makes a plain access atomic, as the others are.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class MakeAtomic : AtomicFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(PlainAndAtomic.Id);
}
