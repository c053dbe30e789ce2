using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Makes one atomic step of a read that is written back.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class OneStep : AtomicFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(NotAtomic.Id);
}
