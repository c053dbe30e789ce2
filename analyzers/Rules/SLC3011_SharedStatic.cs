using System;
using Microsoft.CodeAnalysis;
using Sluice.Model;
using Sluice.Model.Sharing;

namespace Sluice.Rules;

/// <summary>A static variable that one strand of work writes while another uses it.</summary>
internal sealed class SharedStatic : Rule
{
    internal const string Id = "SLC3011";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Static state is written from several strands of work without protection",
        "'{0}' is static and {1}: all share this one variable. Guard it with one lock, make it atomic, or pass the value to those who need it.",
        Family.Sharing,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A static variable is one for the whole process. One that is written while others read it, or written by several, without a lock or an atomic operation, gives them values from another's work; "
            + "overriding it for a while and restoring it is the usual form.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Spawn | Mentions.Async;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var race in Race.Of(RaceKind.Static, type))
        {
            report(race.As(Descriptor));
        }
    }
}
