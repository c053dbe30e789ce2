using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Takes the lock that guards the field.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class TakeLock : LockFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(NotGuarded.Id);
}
