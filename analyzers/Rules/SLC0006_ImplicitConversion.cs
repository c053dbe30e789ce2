using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Discipline;

namespace Sluice.Rules;

/// <summary>A number becomes one of another type and nobody wrote so. By default only where digits are lost; with the option of the strict preset wherever the type changes.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ImplicitConversion() : FileRule(Descriptor)
{
    internal const string Id = "SLC0006";

    /// <summary>The type that the fix writes.</summary>
    internal const string To = "To";

    // In .editorconfig or a preset: `sluice_implicit_conversions = all`, otherwise those that lose digits.
    private const string Option = "sluice_implicit_conversions";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Number converted without a word",
        "'{0}' becomes {1} from {2}{3}; write '({1})' where that is meant",
        Family.Discipline,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "C# turns whole numbers into floating point by itself, although a long has more digits than a double can hold. Go converts nothing by itself.",
        helpLinkUri: Page.Of(Id));

    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context) => context.RegisterSemanticModelAction(Vet);

    private static void Vet(SemanticModelAnalysisContext context)
    {
        var tree = context.SemanticModel.SyntaxTree;
        bool all = IsAll(context.Options.AnalyzerConfigOptionsProvider.GetOptions(tree)) || IsAll(context.Options.AnalyzerConfigOptionsProvider.GlobalOptions);
        if (!all && !FloatingPoint.IsMentioned(tree.GetText(context.CancellationToken).ToString()))
        {
            return;
        }

        var root = tree.GetRoot(context.CancellationToken);
        var parts = root.DescendantNodesAndSelf(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
            .Where(node => node is TypeDeclarationSyntax || (node is CompilationUnitSyntax unit && unit.Members.Any(member => member is GlobalStatementSyntax)));
        foreach (var body in parts.SelectMany(MemberBodies.In))
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            foreach (var conversion in context.SemanticModel.GetOperation(body, context.CancellationToken)?.Descendants().OfType<IConversionOperation>() ?? [])
            {
                Vet(conversion, all, context);
            }
        }
    }

    private static bool IsAll(AnalyzerConfigOptions options) => options.TryGetValue(Option, out string? value) && string.Equals(value.Trim(), "all", StringComparison.OrdinalIgnoreCase);

    private static void Vet(IConversionOperation conversion, bool all, SemanticModelAnalysisContext context)
    {
        if (!conversion.IsImplicit || conversion is not { Conversion: { IsNumeric: true, IsUserDefined: false }, Operand: { Type: { } from, ConstantValue.HasValue: false } operand, Type: { } to } || operand.IsImplicit || operand.Syntax is not ExpressionSyntax source)
        {
            return;
        }

        bool isLossy = FloatingPoint.LosesDigits(from, to) && !FloatingPoint.IsHarmless(conversion);
        if (isLossy || (all && !IsUnavoidable(conversion, from, to)))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptor,
                source.GetLocation(),
                ImmutableDictionary<string, string?>.Empty.Add(To, to.ToDisplayString()),
                operand.InOneLine(),
                to.ToDisplayString(),
                from.ToDisplayString(),
                isLossy ? $", and above {FloatingPoint.Limit(to)} that loses its last digits" : string.Empty));
        }
    }

    // C# calculates with nothing smaller than an int, and an index or a shift is one by nature.
    private static bool IsUnavoidable(IConversionOperation conversion, ITypeSymbol from, ITypeSymbol to) =>
        conversion.Parent is IArrayElementReferenceOperation
        || (conversion.Parent is IBinaryOperation or IUnaryOperation or ICompoundAssignmentOperation && to.SpecialType == SpecialType.System_Int32 && from.SpecialType is >= SpecialType.System_Char and <= SpecialType.System_UInt16)
        || conversion.Parent is IBinaryOperation { OperatorKind: BinaryOperatorKind.LeftShift or BinaryOperatorKind.RightShift };
}
