using System;
using Microsoft.CodeAnalysis;
using Sluice.Model.Plumbing;

namespace Sluice.Rules;

/// <summary>A select class that other assemblies see, on plumbing that they do not.</summary>
internal sealed class SelectTooVisible : SelectRule
{
    private const string Id = "SLC9008";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Select class is public and its channels are not",
        "Other projects see '{0}' but not the channels that it is made of: make it internal, or set SluicePlumbing to public in this project",
        Family.Plumbing,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "Channels and select are emitted as internal types, and a public class cannot derive from one. Where projects share them, one of them sets SluicePlumbing to public and the others reference it.",
        helpLinkUri: Page.Of(Id));

    public override void Check(SelectClass select, Action<Diagnostic> report)
    {
        if (select.IsVisibleOutside && select.WrongKind is null && HasInternalPlumbing(select.Symbol.ContainingModule.GlobalNamespace))
        {
            report(Diagnostic.Create(Descriptor, select.Parts[0].Identifier.GetLocation(), select.Symbol.Name));
        }
    }

    private static bool HasInternalPlumbing(INamespaceSymbol ownTypes)
    {
        foreach (var space in ownTypes.GetNamespaceMembers())
        {
            if (space.Name == Mention.Namespace)
            {
                return space.GetTypeMembers("Selector", 0) is [{ DeclaredAccessibility: Accessibility.Internal }];
            }
        }

        return false;
    }
}
