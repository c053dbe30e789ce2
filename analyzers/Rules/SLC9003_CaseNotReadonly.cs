using System;
using Microsoft.CodeAnalysis;
using Sluice.Model;
using Sluice.Model.Plumbing;

namespace Sluice.Rules;

/// <summary>Something of the type of a case in a select class that is no readonly field of the object.</summary>
internal sealed class CaseNotReadonly : SelectRule
{
    private const string Id = "SLC9003";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Case of a select is not a readonly field",
        "'{0}' {1}: write 'readonly {2} {0} = new();'",
        Family.Plumbing,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A select looks at its cases once, at the first wait. They are its readonly fields; what changes from wait to wait is what a case is set to.",
        helpLinkUri: Page.Of(Id));

    public override void Check(SelectClass select, Action<Diagnostic> report)
    {
        foreach (var member in select.Written)
        {
            if (Reason(member) is { } reason)
            {
                var type = member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;
                report(Diagnostic.Create(Descriptor, member.Locations[0], member.Name, reason, type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)));
            }
        }
    }

    private static string? Reason(ISymbol member) => member switch
    {
        IFieldSymbol { IsStatic: true } field when SelectClass.IsCase(field.Type) => "is static and so no case of any select, and all of them would share it",
        IFieldSymbol { IsReadOnly: false } field when SelectClass.IsCase(field.Type) => "can be replaced, and the select would go on waiting for the old one",
        // A property that computes its value hands out a case that is a field.
        IPropertySymbol { IsIndexer: false, ExplicitInterfaceImplementations.IsEmpty: true } property when SelectClass.IsCase(property.Type) && property.HasField() => "is a property, and the select does not wait for it",
        _ => null,
    };
}
