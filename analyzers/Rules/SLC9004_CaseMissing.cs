using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model.Plumbing;

namespace Sluice.Rules;

/// <summary>A case that stays null: the first wait throws.</summary>
internal sealed class CaseMissing : SelectRule
{
    private const string Id = "SLC9004";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Case of a select is never made",
        "'{0}' stays null, and the first 'await' throws a NullReferenceException: write '= new()'",
        Family.Plumbing,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A case is an object that lives as long as its select. To switch a case off, set it to null with From, To, In or On; the case itself is never null.",
        helpLinkUri: Page.Of(Id));

    public override void Check(SelectClass select, Action<Diagnostic> report)
    {
        foreach (var field in select.Cases)
        {
            if (field.DeclaringSyntaxReferences[0].GetSyntax() is VariableDeclaratorSyntax declarator && IsNull(declarator.Initializer?.Value) && !IsAssigned(field.Name, select))
            {
                report(Diagnostic.Create(Descriptor, declarator.Identifier.GetLocation(), field.Name));
            }
        }
    }

    private static bool IsNull(ExpressionSyntax? value) => value switch
    {
        null => true,
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } forgiven => IsNull(forgiven.Operand),
        _ => value.IsKind(SyntaxKind.NullLiteralExpression) || value.IsKind(SyntaxKind.DefaultLiteralExpression) || value is DefaultExpressionSyntax,
    };

    // Anywhere in the class: a constructor, or what it hands the field to by ref.
    private static bool IsAssigned(string name, SelectClass select) => select.Parts.SelectMany(part => part.DescendantNodes()).Any(node => node switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(written => written.Identifier.ValueText == name),
        ArgumentSyntax { RefKindKeyword.RawKind: not 0 } argument => argument.DescendantNodes().OfType<IdentifierNameSyntax>().Any(written => written.Identifier.ValueText == name),
        _ => false,
    });
}
