using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Sluice.Model.Discipline;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Removes a local with all that is assigned to it. What the values do is kept: calls stay as statements, the rest becomes a discard.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC0002_RemoveLocal : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(UnusedLocal.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(static async (context, document, diagnostics) =>
    {
        var removals = new List<TextChange>();
        if (await Removal.Of(document, context.CancellationToken).ConfigureAwait(false) is { } removal)
        {
            foreach (var changes in diagnostics.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).Select(removal.Changes).OfType<List<TextChange>>())
            {
                // What stands within another removal is for the next round.
                if (!changes.Any(change => removals.Any(other => other.Span.OverlapsWith(change.Span))))
                {
                    removals.AddRange(changes);
                }
            }
        }

        return await Changed(document, removals, context.CancellationToken).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await Removal.Of(context.Document, context.CancellationToken).ConfigureAwait(false) is not { } removal)
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics)
        {
            if (removal.Changes(diagnostic) is { } changes)
            {
                context.RegisterCodeFix(CodeAction.Create("Remove the unused variable", cancellation => Changed(context.Document, changes, cancellation), UnusedLocal.Id), diagnostic);
            }
        }
    }

    private static async Task<Document> Changed(Document document, List<TextChange> changes, CancellationToken cancellation)
    {
        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        return document.WithText(text.WithChanges(changes.OrderBy(change => change.Span)));
    }

    /// <summary>What is left of the places where one local stands. Null where something would be lost.</summary>
    private sealed class Removal(SourceText text, SyntaxNode root, SemanticModel model, CancellationToken cancellation)
    {
        public static async Task<Removal?> Of(Document document, CancellationToken cancellation) =>
            await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is { } root && await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is { } model
                ? new(await document.GetTextAsync(cancellation).ConfigureAwait(false), root, model, cancellation)
                : null;

        public List<TextChange>? Changes(Diagnostic diagnostic)
        {
            var name = root.FindToken(diagnostic.Location.SourceSpan.Start);
            if (name.Parent is not { } declaration)
            {
                return null;
            }

            var changes = diagnostic.AdditionalLocations.Select(write => OfWrite(root.FindNode(write.SourceSpan, getInnermostNodeForTie: true))).Append(OfDeclaration(declaration, name)).ToList();
            return changes.All(change => change is not null) ? changes.Select(change => change!.Value).ToList() : null;
        }

        private TextChange? OfDeclaration(SyntaxNode declaration, SyntaxToken name) => declaration switch
        {
            VariableDeclaratorSyntax declarator => OfDeclarator(declarator),
            CatchDeclarationSyntax caught => new(TextSpan.FromBounds(caught.Type.Span.End, caught.Identifier.Span.End), string.Empty),
            SingleVariableDesignationSyntax { Parent: DeclarationExpressionSyntax declared } => OfDeclared(declared),
            SingleVariableDesignationSyntax { Parent: DeclarationPatternSyntax { Parent: IsPatternExpressionSyntax } pattern } => new(TextSpan.FromBounds(pattern.Type.Span.End, name.Span.End), string.Empty),
            SingleVariableDesignationSyntax { Parent: RecursivePatternSyntax pattern } => new(TextSpan.FromBounds(pattern.Designation!.GetFirstToken().GetPreviousToken().Span.End, name.Span.End), string.Empty),
            _ => new(name.Span, "_"),
        };

        private TextChange? OfDeclared(DeclarationExpressionSyntax declared) =>
            declared.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } argument && argument.RefKindKeyword.IsKind(SyntaxKind.OutKeyword) && !declared.Type.IsVar && HasOverloads(call)
                ? new(declared.Designation.Span, "_")
                : new(declared.Span, "_");

        private bool HasOverloads(ExpressionSyntax call) => call is not InvocationExpressionSyntax invocation || model.GetMemberGroup(invocation.Expression, cancellation).Length > 1;

        private TextChange? OfDeclarator(VariableDeclaratorSyntax declarator)
        {
            if (declarator.Parent is not VariableDeclarationSyntax { Parent: LocalDeclarationStatementSyntax statement } declaration)
            {
                return null;
            }

            var value = declarator.Initializer?.Value;
            bool isGone = value is null || HasNoEffect(value);
            if (declaration.Variables.Count == 1)
            {
                return isGone ? Without(statement) : Keeping(value!, TextSpan.FromBounds(statement.SpanStart, value!.SpanStart));
            }

            int index = declaration.Variables.IndexOf(declarator);
            return !isGone ? null : new(
                index == 0
                    ? TextSpan.FromBounds(declarator.SpanStart, declaration.Variables[1].SpanStart)
                    : TextSpan.FromBounds(declaration.Variables.GetSeparator(index - 1).SpanStart, declarator.Span.End),
                string.Empty);
        }

        private TextChange? OfWrite(SyntaxNode mention) => mention.Parent switch
        {
            AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax statement } assignment =>
                HasNoEffect(assignment.Right) ? Without(statement) : Keeping(assignment.Right, TextSpan.FromBounds(statement.SpanStart, assignment.Right.SpanStart)),
            PostfixUnaryExpressionSyntax { Parent: ExpressionStatementSyntax statement } => Without(statement),
            PrefixUnaryExpressionSyntax { Parent: ExpressionStatementSyntax statement } => Without(statement),
            ArgumentSyntax { Parent: TupleExpressionSyntax } => new TextChange(mention.Span, "_"),
            ArgumentSyntax { Parent.Parent: ExpressionSyntax call } => new TextChange(mention.Span, HasOverloads(call) && model.GetTypeInfo(mention, cancellation).Type is { } type ? type.ToMinimalDisplayString(model, mention.SpanStart) + " _" : "_"),
            _ => null,
        };

        private TextChange Without(StatementSyntax statement) => statement.Parent is BlockSyntax or GlobalStatementSyntax or SwitchSectionSyntax
            ? new(Cut.Statement(text, statement.Span), string.Empty)
            : new(statement.Span, "{ }");

        // A call is a statement of its own; any other value needs the discard.
        private TextChange? Keeping(ExpressionSyntax value, TextSpan before) => value switch
        {
            InvocationExpressionSyntax or AwaitExpressionSyntax or AssignmentExpressionSyntax or ConditionalAccessExpressionSyntax { WhenNotNull: InvocationExpressionSyntax } => new(before, string.Empty),
            PostfixUnaryExpressionSyntax step when !step.IsKind(SyntaxKind.SuppressNullableWarningExpression) => new(before, string.Empty),
            ImplicitObjectCreationExpressionSyntax made when model.GetTypeInfo(made, cancellation).Type is { } type && CanDiscard(made) => new(TextSpan.FromBounds(before.Start, made.NewKeyword.Span.End), "_ = new " + type.ToMinimalDisplayString(model, made.SpanStart)),
            _ => HasTypeOfItsOwn(value) && CanDiscard(value) ? new(before, "_ = ") : null,
        };

        private bool HasNoEffect(ExpressionSyntax value) => value is InitializerExpressionSyntax list
            ? list.Expressions.All(HasNoEffect)
            : model.GetOperation(value, cancellation) is { } operation && Effects.HasNone(operation);

        private bool HasTypeOfItsOwn(ExpressionSyntax value) => model.GetTypeInfo(value, cancellation).Type is { SpecialType: not SpecialType.System_Void } and not IErrorTypeSymbol
            && value is not (InitializerExpressionSyntax or StackAllocArrayCreationExpressionSyntax or ImplicitStackAllocArrayCreationExpressionSyntax or RefExpressionSyntax);

        // Where something is called `_`, it would be assigned.
        private bool CanDiscard(SyntaxNode value) => !model.LookupSymbols(value.SpanStart, name: "_").Any(symbol => symbol is ILocalSymbol or IParameterSymbol or IFieldSymbol or IPropertySymbol);
    }
}
