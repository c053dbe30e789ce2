using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.CodeFixes;

/// <summary>Makes a case a readonly field: of a field that is none, where its class never replaces it, and of a property that is only read.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC9003_MakeReadonly : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC9003");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC9003");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span).FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member && ReadonlyField(member) is { } field)
        {
            context.RegisterCodeFix(
                CodeAction.Create("Make it a readonly field", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(member, field))), equivalenceKey: "SLC9003"),
                context.Diagnostics);
        }
    }

    private static FieldDeclarationSyntax? ReadonlyField(MemberDeclarationSyntax member) => member switch
    {
        FieldDeclarationSyntax field when !field.Modifiers.Any(SyntaxKind.StaticKeyword) && !field.Declaration.Variables.Any(variable => IsReplaced(variable.Identifier.ValueText, field)) =>
            Readonly(field),
        PropertyDeclarationSyntax { AccessorList.Accessors: [{ RawKind: (int)SyntaxKind.GetAccessorDeclaration, Body: null, ExpressionBody: null }], Initializer: { } initializer } property
            when !property.Modifiers.Any(modifier => modifier.Kind() is SyntaxKind.StaticKeyword or SyntaxKind.VirtualKeyword or SyntaxKind.OverrideKeyword) =>
            Readonly(SyntaxFactory.FieldDeclaration(
                property.AttributeLists,
                property.Modifiers,
                SyntaxFactory.VariableDeclaration(
                    property.Type,
                    SyntaxFactory.SingletonSeparatedList(SyntaxFactory.VariableDeclarator(property.Identifier, null, initializer))),
                property.SemicolonToken)),
        _ => null,
    };

    private static FieldDeclarationSyntax Readonly(FieldDeclarationSyntax field)
    {
        var @readonly = SyntaxFactory.Token(SyntaxKind.ReadOnlyKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        return field.Modifiers.Any()
            ? field.AddModifiers(@readonly)
            : field.WithDeclaration(field.Declaration.WithoutLeadingTrivia()).AddModifiers(@readonly.WithLeadingTrivia(field.Declaration.GetLeadingTrivia()));
    }

    // Outside of constructors, or through another object of the class: then readonly would not compile.
    private static bool IsReplaced(string name, FieldDeclarationSyntax field) => field.SyntaxTree.GetRoot().DescendantNodes().Any(node => node switch
    {
        AssignmentExpressionSyntax assignment => Names(assignment.Left, name) && !IsInConstructor(assignment),
        ArgumentSyntax { RefKindKeyword.RawKind: not 0 } argument => Names(argument.Expression, name),
        RefExpressionSyntax reference => Names(reference.Expression, name),
        _ => false,
    });

    private static bool Names(ExpressionSyntax expression, string name) => expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(written => written.Identifier.ValueText == name);

    private static bool IsInConstructor(AssignmentExpressionSyntax assignment) =>
        assignment.FirstAncestorOrSelf<MemberDeclarationSyntax>() is ConstructorDeclarationSyntax
        && assignment.Left is IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax }
        && !assignment.Ancestors().Any(node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);
}
