using System;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Discipline;

/// <summary>Whether the answer of a Try-method that nobody looked at was needed.</summary>
internal static class TryResult
{
    /// <summary>Why it was needed; null when it was not, or when that is not known.</summary>
    public static string? WhyLooked(InvocationExpressionSyntax call, IMethodSymbol method, SemanticModel model, CancellationToken cancellation)
    {
        if (!method.Name.StartsWith("Try", StringComparison.Ordinal) || method.ReturnType.SpecialType != SpecialType.System_Boolean || method.ContainingType.ContainingNamespace?.Name is "Channels" or "Sluice")
        {
            return null;
        }

        if (method is { Name: "TryUpdate" or "TryAdd", ContainingType: { Name: "ConcurrentDictionary", ContainingNamespace.Name: "Concurrent" } })
        {
            return method.Name == "TryUpdate" ? "when somebody else was faster the update is lost" : WhyAdded(call, model, cancellation);
        }

        if (method is { Name: "TryAdd", ContainingType: { Name: "BlockingCollection", ContainingNamespace.Name: "Concurrent" } })
        {
            return MayBeFull(call, model, cancellation) ? "when the collection is full, the item is lost" : null;
        }

        return WhyOut(call, method, model, cancellation);
    }

    // A time to wait is given, or the collection is made with a bound.
    private static bool MayBeFull(InvocationExpressionSyntax call, SemanticModel model, CancellationToken cancellation) => call.ArgumentList.Arguments.Count > 1
        || (call.Expression is MemberAccessExpressionSyntax { Expression: var collection } && model.GetSymbolInfo(collection, cancellation).Symbol?.DeclaringSyntaxReferences is [var declared]
            && declared.GetSyntax(cancellation) is VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } });

    // What was made for the dictionary and goes on being used, although another may stand there.
    private static string? WhyAdded(InvocationExpressionSyntax call, SemanticModel model, CancellationToken cancellation) =>
        call.ArgumentList.Arguments is [_, { Expression: IdentifierNameSyntax added }]
        && model.GetSymbolInfo(added, cancellation).Symbol is ILocalSymbol { Type: { IsReferenceType: true, SpecialType: not SpecialType.System_String }, DeclaringSyntaxReferences: [var declared] }
        && declared.GetSyntax(cancellation) is VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax }
        && Uses(call, added.Identifier.ValueText).Any()
            ? $"when another is there already, '{added.Identifier.ValueText}' is not the one in the dictionary" : null;

    private static string? WhyOut(InvocationExpressionSyntax call, IMethodSymbol method, SemanticModel model, CancellationToken cancellation)
    {
        var given = call.ArgumentList.Arguments.Where(argument => argument.RefKindKeyword.IsKind(SyntaxKind.OutKeyword)).ToList();
        if (given.Count != 1 || NameOf(given[0].Expression) is not { } name || Uses(call, name).FirstOrDefault() is not { } first
            || model.GetSymbolInfo(first, cancellation).Symbol is not ILocalSymbol local || IsTest(first) || IsWritten(first))
        {
            return null;
        }

        // `or null` and, in a dictionary, `or zero` are what many want.
        bool matters = local.Type.IsReferenceType ? IsDereferenced(first) : method.Name != "TryGetValue" && !IsNullable(local.Type) && local.Type.SpecialType != SpecialType.System_Boolean && local.Type.TypeKind != TypeKind.TypeParameter;
        return matters ? $"when it fails, '{name}' holds a default value, and line {first.Line()} uses it" : null;
    }

    private static bool IsNullable(ITypeSymbol type) => type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;

    private static string? NameOf(ExpressionSyntax variable) => variable switch
    {
        DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax designation } => designation.Identifier.ValueText,
        IdentifierNameSyntax { Identifier.ValueText: not "_" } name => name.Identifier.ValueText,
        _ => null,
    };

    // In the order of the source, within the block that the variable may be seen in.
    private static System.Collections.Generic.IEnumerable<IdentifierNameSyntax> Uses(InvocationExpressionSyntax call, string name)
    {
        var scope = call.FirstAncestorOrSelf<SyntaxNode>(static node => node is BlockSyntax or SwitchSectionSyntax or MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax);
        return scope?.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => use.SpanStart > call.Span.End && use.Identifier.ValueText == name
            && use.Parent is not (NameColonSyntax or NameEqualsSyntax or MemberBindingExpressionSyntax) && !(use.Parent is MemberAccessExpressionSyntax access && access.Name == use)) ?? [];
    }

    private static bool IsTest(IdentifierNameSyntax use) => use.Parent switch
    {
        IsPatternExpressionSyntax or ConditionalAccessExpressionSyntax or SwitchExpressionSyntax or SwitchStatementSyntax or IfStatementSyntax => true,
        BinaryExpressionSyntax binary => binary.RawKind is (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression or (int)SyntaxKind.CoalesceExpression or (int)SyntaxKind.IsExpression
            or (int)SyntaxKind.GreaterThanExpression or (int)SyntaxKind.LessThanExpression or (int)SyntaxKind.GreaterThanOrEqualExpression or (int)SyntaxKind.LessThanOrEqualExpression,
        AssignmentExpressionSyntax assignment => assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression),
        ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: var callee } } => callee.ToString() is var text && (text.Contains("IsNullOr") || text.Contains("Assert") || text.Contains("Equals")),
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "HasValue" or "IsEmpty" or "IsDefault" or "Should" } => true,
        _ => false,
    };

    private static bool IsWritten(IdentifierNameSyntax use) => use.Parent is AssignmentExpressionSyntax assignment ? assignment.Left == use : use.Parent is ArgumentSyntax { RefKindKeyword.RawKind: not (int)SyntaxKind.None };

    private static bool IsDereferenced(IdentifierNameSyntax use) => use.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression == use,
        ElementAccessExpressionSyntax element => element.Expression == use,
        InvocationExpressionSyntax call => call.Expression == use,
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression, Parent: MemberAccessExpressionSyntax or ElementAccessExpressionSyntax } => true,
        CommonForEachStatementSyntax or AwaitExpressionSyntax => true,
        _ => false,
    };
}
