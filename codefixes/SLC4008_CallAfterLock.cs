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
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Sluice.CodeFixes;

/// <summary>Copies a delegate and what it is given under the lock, and calls it after the lock. Offered where the call is the last thing that happens under the lock.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class CallAfterLock : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC4008");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC4008");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var semantics = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is not null && semantics is not null
            && root.FindNode(context.Span, getInnermostNodeForTie: true).FirstAncestorOrSelf<ExpressionStatementSyntax>() is { Parent: BlockSyntax { Parent: LockStatementSyntax { Parent: BlockSyntax } region } block } call
            && block.Statements.Last() == call && !call.ContainsDirectives
            && Moved(region, block, call, semantics, context.CancellationToken) is { } statements)
        {
            context.RegisterCodeFix(
                CodeAction.Create("Call it after the lock", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(region, statements))), equivalenceKey: "SLC4008"),
                diagnostic);
        }
    }

    // The declarations, the lock that fills them, the call.
    private static List<StatementSyntax>? Moved(LockStatementSyntax region, BlockSyntax block, ExpressionStatementSyntax call, SemanticModel semantics, CancellationToken cancellation)
    {
        if (Parts(call.Expression) is not { } parts || semantics.GetTypeInfo(parts.Delegate, cancellation).Type is not { TypeKind: TypeKind.Delegate } || parts.Arguments.Arguments.Any(argument => argument.RefKindKeyword.RawKind != 0))
        {
            return null;
        }

        var taken = new HashSet<string>(semantics.LookupSymbols(call.SpanStart).Select(symbol => symbol.Name).Concat(region.Parent!.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText)));
        var declarations = new List<StatementSyntax>();
        var copies = new List<StatementSyntax>();
        var values = parts.Arguments.Arguments.Select(argument => argument.Expression).Prepend(parts.Delegate)
            .Where(value => !IsSteady(value, region, semantics, cancellation)).ToList();
        var names = new Dictionary<ExpressionSyntax, string>();
        foreach (var value in values)
        {
            var info = semantics.GetTypeInfo(value, cancellation);
            if ((info.ConvertedType ?? info.Type) is not { TypeKind: not TypeKind.Error, IsRefLikeType: false, IsAnonymousType: false } type)
            {
                return null;
            }

            string name = Unique(value, taken);
            names.Add(value, name);
            var annotated = type.IsValueType ? type : type.WithNullableAnnotation(info.Nullability.FlowState == NullableFlowState.MaybeNull ? NullableAnnotation.Annotated : NullableAnnotation.NotAnnotated);
            declarations.Add(LocalDeclarationStatement(VariableDeclaration(ParseTypeName(annotated.ToMinimalDisplayString(semantics, region.SpanStart)).WithAdditionalAnnotations(Simplifier.Annotation), SingletonSeparatedList(VariableDeclarator(name))))
                .WithAdditionalAnnotations(Formatter.Annotation));
            copies.Add(ExpressionStatement(AssignmentExpression(SyntaxKind.SimpleAssignmentExpression, IdentifierName(name), value.WithoutTrivia())).WithAdditionalAnnotations(Formatter.Annotation));
        }

        if (copies.Count > 0)
        {
            copies[0] = copies[0].WithLeadingTrivia(call.GetLeadingTrivia());
        }

        var kept = block.WithStatements(List(block.Statements.Take(block.Statements.Count - 1).Concat(copies)));
        var locked = region.WithStatement(kept);
        if (declarations.Count > 0)
        {
            declarations[0] = declarations[0].WithLeadingTrivia(region.GetLeadingTrivia());
            locked = locked.WithLeadingTrivia(region.GetLeadingTrivia().Reverse().TakeWhile(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)));
        }

        var moved = call.ReplaceNodes(values, (value, _) => IdentifierName(names[value]).WithTriviaFrom(value));
        return [.. declarations, locked, moved.WithLeadingTrivia(ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation)];
    }

    // `D(a)`, `D.Invoke(a)`, `D?.Invoke(a)`.
    private static (ExpressionSyntax Delegate, ArgumentListSyntax Arguments)? Parts(ExpressionSyntax call) => call switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Invoke", Expression: { } target }, ArgumentList: { } arguments } => (target, arguments),
        ConditionalAccessExpressionSyntax { Expression: { } target, WhenNotNull: InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax { Name.Identifier.ValueText: "Invoke" }, ArgumentList: { } arguments } } => (target, arguments),
        InvocationExpressionSyntax { Expression: { } target, ArgumentList: { } arguments } => (target, arguments),
        _ => null,
    };

    // It means the same after the lock: a constant, `this`, a local or parameter from outside of the lock.
    private static bool IsSteady(ExpressionSyntax value, LockStatementSyntax region, SemanticModel semantics, CancellationToken cancellation) => value switch
    {
        LiteralExpressionSyntax or ThisExpressionSyntax => true,
        IdentifierNameSyntax => semantics.GetSymbolInfo(value, cancellation).Symbol switch
        {
            ILocalSymbol local => local.IsConst || local.DeclaringSyntaxReferences.All(reference => !region.Span.Contains(reference.Span)),
            IParameterSymbol => true,
            _ => false,
        },
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Empty" } => semantics.GetSymbolInfo(value, cancellation).Symbol is IFieldSymbol { IsStatic: true, IsReadOnly: true },
        _ => false,
    };

    private static string Unique(ExpressionSyntax value, HashSet<string> taken)
    {
        string name = value switch
        {
            IdentifierNameSyntax identifier => identifier.Identifier.ValueText,
            MemberAccessExpressionSyntax member => member.Name.Identifier.ValueText,
            InvocationExpressionSyntax => "result",
            ObjectCreationExpressionSyntax { Type: SimpleNameSyntax type } => type.Identifier.ValueText,
            _ => "value",
        };
        name = name.TrimStart('_');
        name = char.ToLowerInvariant(name[0]) + name.Substring(1);
        for (int number = 1; ; number++)
        {
            string candidate = number == 1 ? name : name + number;
            if (SyntaxFacts.GetKeywordKind(candidate) == SyntaxKind.None && taken.Add(candidate))
            {
                return candidate;
            }
        }
    }
}
