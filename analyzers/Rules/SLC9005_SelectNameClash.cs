using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Sluice.Model.Plumbing;

namespace Sluice.Rules;

/// <summary>A member of a select class whose name is taken by what is generated.</summary>
internal sealed class SelectNameClash : SelectRule
{
    private const string Id = "SLC9005";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Name belongs to the select",
        "A select has its own '{0}': choose another name",
        Family.Plumbing,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "Each case of a select is also a value of its enumeration Case, beside Default, and the class has members of its own: Case, Awaiter, GetAwaiter, Try and what it inherits.",
        helpLinkUri: Page.Of(Id));

    public override void Check(SelectClass select, Action<Diagnostic> report)
    {
        foreach (var member in select.Clashes.Union(select.Cases.Where(Hides), SymbolEqualityComparer.Default))
        {
            report(Diagnostic.Create(Descriptor, member!.Locations[0], member.Name));
        }
    }

    private static bool Hides(ISymbol field) => field.ContainingType.BaseType is { } @base && SelectClass.IsPlumbing(@base, "Selector")
        && @base.GetMembers(field.Name).Any(member => member.DeclaredAccessibility != Accessibility.Private);
}
