using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Locks the collection where work of which several run at the same time changes it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class LockWhereChanged : LockFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(SharedCollection.Id);
}
