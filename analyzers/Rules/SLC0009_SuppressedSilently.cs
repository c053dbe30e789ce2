using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.Rules;

/// <summary>A report is suppressed and nobody says why: a policy.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SuppressedSilently() : FileRule(Descriptor)
{
    private const string Id = "SLC0009";
    private const string Ours = "SLC";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Suppressed without a reason",
        "{0} is suppressed and nobody says why: {1}",
        Family.Discipline,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: false,
        description: "Who suppresses a report knows why it does not hold here. Who reads the code later must know it as well, or cannot tell when the reason is gone.",
        helpLinkUri: Page.Of(Id));

    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context)
    {
        context.RegisterSyntaxTreeAction(VetPragmas);
        context.RegisterSyntaxNodeAction(VetAttribute, SyntaxKind.Attribute);
    }

    private static void VetPragmas(SyntaxTreeAnalysisContext context)
    {
        var root = (CSharpSyntaxNode)context.Tree.GetRoot(context.CancellationToken);
        for (var directive = root.ContainsDirectives ? root.GetFirstDirective() : null; directive is not null; directive = directive.GetNextDirective())
        {
            if (directive is PragmaWarningDirectiveTriviaSyntax { IsActive: true, DisableOrRestoreKeyword.RawKind: (int)SyntaxKind.DisableKeyword } pragma
                && pragma.ErrorCodes.Select(code => code.ToString()).FirstOrDefault(IsOurs) is { } id
                && !HasComment(pragma, context.Tree.GetText(context.CancellationToken)))
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptor, pragma.GetLocation(), id, "add a comment behind it, or above"));
            }
        }
    }

    // Who suppresses this rule need not say why.
    private static bool IsOurs(string id) => id.StartsWith(Ours, StringComparison.Ordinal) && !id.StartsWith(Id, StringComparison.Ordinal);

    // Behind the ids, or on the line above the first of several pragmas.
    private static bool HasComment(PragmaWarningDirectiveTriviaSyntax pragma, SourceText text)
    {
        int line = text.Lines.GetLineFromPosition(pragma.SpanStart).LineNumber;
        if (Comments(text.ToString(text.Lines[line].Span)))
        {
            return true;
        }

        while (line > 0)
        {
            string above = text.ToString(text.Lines[--line].Span).Trim();
            if (!above.StartsWith("#pragma", StringComparison.Ordinal))
            {
                return above.StartsWith("//", StringComparison.Ordinal) ? Comments(above) : above.EndsWith("*/", StringComparison.Ordinal);
            }

            if (Comments(above))
            {
                return true;
            }
        }

        return false;
    }

    // With a word in it.
    private static bool Comments(string line) => line.IndexOf("//", StringComparison.Ordinal) is >= 0 and var at && line.Skip(at).Any(char.IsLetter);

    private static void VetAttribute(SyntaxNodeAnalysisContext context)
    {
        var attribute = (AttributeSyntax)context.Node;
        var name = attribute.Name is QualifiedNameSyntax qualified ? qualified.Right : attribute.Name as SimpleNameSyntax;
        if (name?.Identifier.ValueText is "SuppressMessage" or "SuppressMessageAttribute" && attribute.ArgumentList is { Arguments: var arguments }
            && arguments.Where(argument => argument.NameEquals is null).Skip(1).FirstOrDefault()?.Expression is LiteralExpressionSyntax { Token.ValueText: var id } && IsOurs(id)
            && !arguments.Any(argument => argument.NameEquals?.Name.Identifier.ValueText == "Justification" && !IsEmpty(argument.Expression)))
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptor, attribute.GetLocation(), id, "add a Justification"));
        }
    }

    // What tools put there until somebody says something.
    private static bool IsEmpty(ExpressionSyntax justification) => justification is LiteralExpressionSyntax { Token.ValueText: var text } && (string.IsNullOrWhiteSpace(text) || text is "<Pending>" or "TODO");
}
