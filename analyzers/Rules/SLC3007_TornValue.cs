using System;
using Microsoft.CodeAnalysis;
using Sluice.Model;
using Sluice.Model.Sharing;

namespace Sluice.Rules;

/// <summary>A value of several words that one strand of work replaces while another reads it: half old, half new.</summary>
internal sealed class TornValue : Rule
{
    internal const string Id = "SLC3007";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Value of several words is shared without a lock",
        "'{0}' is {1}: a value of this size is written in several steps, so the reader can get half of the old value and half of the new one. Hold one lock at both places, or publish an immutable object.",
        Family.Sharing,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "decimal, Guid, DateTimeOffset, nullable values, tuples and structs of several fields are not written in one step. Who reads one while another thread writes it can get a value that nobody ever wrote.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Spawn | Mentions.Async;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var race in Race.Of(RaceKind.Torn, type))
        {
            report(race.As(Descriptor));
        }
    }
}
