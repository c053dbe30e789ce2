using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using Sluice.Rules;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Sluice.CodeFixes;

/// <summary>Makes an AsyncLocal, which follows the flow of the code, of a private [ThreadStatic] field, and uses its value wherever the field was used.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class UseAsyncLocal : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC3014");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(async (context, document, diagnostics) =>
    {
        // One field at a time: two reports may be about the same one.
        foreach (var diagnostic in diagnostics)
        {
            document = await Change(document, diagnostic, context.CancellationToken).ConfigureAwait(false);
        }

        return document;
    });

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root || await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } semantics)
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics.Where(diagnostic => FieldAt(root, diagnostic, semantics) is not null))
        {
            context.RegisterCodeFix(CodeAction.Create("Use AsyncLocal", cancellation => Change(context.Document, diagnostic, cancellation), "SLC3014"), diagnostic);
        }
    }

    private static async Task<Document> Change(Document document, Diagnostic diagnostic, CancellationToken cancellation) =>
        await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is { } root && await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is { } semantics
        && FieldAt(root, diagnostic, semantics) is { } field
            ? document.WithSyntaxRoot(Changed(root, field))
            : document;

    private static FieldDeclarationSyntax? FieldAt(SyntaxNode root, Diagnostic diagnostic, SemanticModel semantics) => NameAt(diagnostic) is { } name ? Named(root, name, semantics) : null;

    // An object of the thread is no better off in the flow of the code.
    private static string? NameAt(Diagnostic diagnostic) => !diagnostic.Properties.ContainsKey(ThreadOwnAcrossAwait.IsObject) && diagnostic.Location.SourceTree?.GetRoot().FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is IdentifierNameSyntax use ? use.Identifier.ValueText : null;

    // Of a type in one part, which nobody else can name, with nothing in it that takes the variable itself.
    private static FieldDeclarationSyntax? Named(SyntaxNode root, string name, SemanticModel semantics)
    {
        var field = root.DescendantNodes().OfType<FieldDeclarationSyntax>().FirstOrDefault(declaration => declaration.Declaration.Variables is [{ Initializer: null } variable] && variable.Identifier.ValueText == name);
        bool canChange = field is { Parent: TypeDeclarationSyntax type }
            && semantics.GetDeclaredSymbol(type) is { DeclaringSyntaxReferences.Length: 1 }
            && !field.Modifiers.Any(modifier => modifier.RawKind is (int)SyntaxKind.PublicKeyword or (int)SyntaxKind.InternalKeyword or (int)SyntaxKind.ProtectedKeyword)
            && field.AttributeLists is [{ Attributes: [{ Name: IdentifierNameSyntax { Identifier.ValueText: "ThreadStatic" or "ThreadStaticAttribute" } }] }]
            && type.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => use.Identifier.ValueText == name)
                .All(use => use.Parent is not (ArgumentSyntax { RefKindKeyword.RawKind: not 0 } or RefExpressionSyntax or MemberAccessExpressionSyntax { Expression: not IdentifierNameSyntax } or NameColonSyntax or NameEqualsSyntax));
        return canChange ? field : null;
    }

    private static SyntaxNode Changed(SyntaxNode root, FieldDeclarationSyntax field)
    {
        var variable = field.Declaration.Variables[0];
        string name = variable.Identifier.ValueText;
        var uses = field.Parent!.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => use.Identifier.ValueText == name && !(use.Parent is MemberAccessExpressionSyntax access && access.Name == use));
        var qualified = field.Parent!.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Where(access => access.Name.Identifier.ValueText == name && access.Expression is IdentifierNameSyntax);
        return root.ReplaceNodes(uses.Cast<SyntaxNode>().Concat(qualified).Append(field), (original, _) => original == field ? Declared(field, variable) : ValueOf((ExpressionSyntax)original));
    }

    private static MemberAccessExpressionSyntax ValueOf(ExpressionSyntax use) => MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, use.WithoutTrivia(), IdentifierName("Value")).WithTriviaFrom(use);

    private static FieldDeclarationSyntax Declared(FieldDeclarationSyntax field, VariableDeclaratorSyntax variable)
    {
        string modifiers = field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword) ? field.Modifiers.ToString() : $"{field.Modifiers} readonly";
        var declaration = (FieldDeclarationSyntax)ParseMemberDeclaration($"{modifiers} global::System.Threading.AsyncLocal<{field.Declaration.Type.WithoutTrivia()}> {variable.Identifier.ValueText} = new();")!;
        return declaration.ReplaceNode(declaration.Declaration.Type, declaration.Declaration.Type.WithAdditionalAnnotations(Simplifier.Annotation)).WithTriviaFrom(field);
    }
}
