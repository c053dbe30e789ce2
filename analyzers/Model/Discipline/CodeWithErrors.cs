using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Discipline;

/// <summary>Code that does not compile is still being typed. Only where there is a finding is it worth to ask.</summary>
internal static class CodeWithErrors
{
    /// <summary>Whether the member around <paramref name="node"/> has an error.</summary>
    public static bool HasErrorsAround(this SemanticModel model, SyntaxNode node, CancellationToken cancellation) =>
        model.GetDiagnostics((node.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? node).Span, cancellation).Any(diagnostic => diagnostic.DefaultSeverity == DiagnosticSeverity.Error);
}
