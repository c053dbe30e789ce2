using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Sluice.Model.Plumbing;

namespace Sluice.Rules;

/// <summary>A select class that has no place for its other part: it, or a type that it stands in, is not partial.</summary>
internal sealed class SelectNotPartial : SelectRule
{
    private const string Id = "SLC9001";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Select class is not partial",
        "'{0}' has no 'await' and no 'Case': Sluice writes them into another part of the class, and {1} not partial",
        Family.Plumbing,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "The part of a select class that is generated is another part of the same class. C# allows that only where the class, and every type that it stands in, is partial.",
        helpLinkUri: Page.Of(Id));

    public override void Check(SelectClass select, Action<Diagnostic> report)
    {
        var missing = select.NotPartial.ToList();
        if (missing.Count > 0 && select.WrongKind is null)
        {
            var names = string.Join(" and ", missing.Select(type => $"'{type.Name}'"));
            report(Diagnostic.Create(Descriptor, select.Parts[0].Identifier.GetLocation(), select.Symbol.Name, names + (missing.Count == 1 ? " is" : " are")));
        }
    }
}
