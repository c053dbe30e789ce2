using System;
using Microsoft.CodeAnalysis;
using Sluice.Model.Plumbing;

namespace Sluice.Rules;

/// <summary>Something of a kind that cannot be a select: static, a record, local to a file, or with a base class of its own.</summary>
internal sealed class SelectKind : SelectRule
{
    private const string Id = "SLC9002";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Not a class that can be a select",
        "'{0}' cannot be a select: it {1}",
        Family.Plumbing,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A select is an object of a class that derives from Sluice.Selector: nothing static, no record, no other base class, and not local to a file.",
        helpLinkUri: Page.Of(Id));

    public override void Check(SelectClass select, Action<Diagnostic> report)
    {
        if (select.WrongKind is { } reason)
        {
            report(Diagnostic.Create(Descriptor, select.Parts[0].Identifier.GetLocation(), select.Symbol.Name, reason));
        }
    }
}
