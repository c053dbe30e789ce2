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

/// <summary>Puts what stands between the acquire and the one release into a <c>try</c> whose <c>finally</c> releases.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ReleaseInFinally : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC4003");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC4003");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var semantics = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is not null && semantics is not null && Plan.Of(diagnostic, root, semantics, context.CancellationToken) is { } plan)
        {
            context.RegisterCodeFix(
                CodeAction.Create("Release in a finally", _ => Task.FromResult(context.Document.WithSyntaxRoot(plan.Apply(root))), equivalenceKey: "SLC4003"),
                diagnostic);
        }
    }

    /// <summary>The statements of one block that change.</summary>
    /// <param name="Block">The block in which the lock is held.</param>
    /// <param name="First">Where the guarded statements begin.</param>
    /// <param name="Last">Where they end.</param>
    /// <param name="Release">The release, or the try that ends with it, which follows them.</param>
    /// <param name="Return">A return behind the release that moves into the try, since it returns what is declared there.</param>
    /// <param name="Outlived">The declarations among the guarded statements that are needed behind the release, and their types.</param>
    private sealed record Plan(BlockSyntax Block, int First, int Last, StatementSyntax Release, ReturnStatementSyntax? Return, ImmutableArray<(LocalDeclarationStatementSyntax Declaration, TypeSyntax Type)> Outlived)
    {
        public static Plan? Of(Diagnostic diagnostic, SyntaxNode root, SemanticModel semantics, CancellationToken cancellation)
        {
            if (!diagnostic.Properties.ContainsKey("OnlyRelease")
                || root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax acquire
                || root.FindNode(diagnostic.AdditionalLocations[1].SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { } release
                || BlockAfter(acquire) is not { } held)
            {
                return null;
            }

            var (block, first) = held;
            var end = block.Statements.FirstOrDefault(statement => statement == release || (statement is TryStatementSyntax { Catches.Count: 0, Finally.Block: var last } && last == release.Parent));
            int count = end is null ? 0 : block.Statements.IndexOf(end) - first;
            if (count <= 0)
            {
                return null;
            }

            var guarded = block.Statements.Skip(first).Take(count).ToList();
            return guarded.Any(IsBound) || !IsWholeOf(release, acquire) ? null : With(block, first, count, end!, guarded, semantics, cancellation);
        }

        public SyntaxNode Apply(SyntaxNode root)
        {
            var guarded = Block.Statements.Skip(First).Take(Last - First).Select(InTry).ToList();
            if (guarded.Count > 0)
            {
                guarded[0] = WithoutBlankLines(guarded[0]);
            }

            if (Return is not null)
            {
                guarded.Add(WithoutBlankLines(Return));
            }

            var statement = Release is TryStatementSyntax before
                ? before.WithBlock(before.Block.WithStatements(before.Block.Statements.InsertRange(0, guarded)))
                : TryStatement(SyntaxFactory.Block(guarded), default, FinallyClause(SyntaxFactory.Block(WithoutBlankLines(Release))));
            var statements = Block.Statements.Take(First).ToList();
            statements.InsertRange(System.Math.Max(First - 1, 0), Outlived.Select(outlived => Declare(outlived.Declaration, outlived.Type)));
            statements.Add(statement.WithAdditionalAnnotations(Formatter.Annotation));
            statements.AddRange(Block.Statements.Skip(Last + 1).Where(rest => rest != Return));
            return root.ReplaceNode(Block, Block.WithStatements(List(statements)));
        }

        private static Plan? With(BlockSyntax block, int first, int count, StatementSyntax end, List<StatementSyntax> guarded, SemanticModel semantics, CancellationToken cancellation)
        {
            var rest = block.Statements.Skip(first + count + 1).ToList();
            var outside = end is TryStatementSyntax already ? already.Finally!.DescendantNodes().Concat(rest.SelectMany(statement => statement.DescendantNodes())) : rest.SelectMany(statement => statement.DescendantNodes());
            var used = new HashSet<ISymbol>(outside.OfType<IdentifierNameSyntax>().Select(name => semantics.GetSymbolInfo(name, cancellation).Symbol).OfType<ISymbol>(), SymbolEqualityComparer.Default);
            var outlived = guarded.SelectMany(statement => statement.DescendantNodesAndSelf()).Where(node => semantics.GetDeclaredSymbol(node, cancellation) is { } symbol && used.Contains(symbol)).ToList();
            if (outlived.Count == 0)
            {
                return new(block, first, first + count, end, null, ImmutableArray<(LocalDeclarationStatementSyntax, TypeSyntax)>.Empty);
            }

            // What is returned right behind the release may as well be returned from within.
            if (end is not TryStatementSyntax && rest is [ReturnStatementSyntax { Expression: IdentifierNameSyntax } left])
            {
                return new(block, first, first + count, end, left, ImmutableArray<(LocalDeclarationStatementSyntax, TypeSyntax)>.Empty);
            }

            var declarations = ImmutableArray.CreateBuilder<(LocalDeclarationStatementSyntax, TypeSyntax)>();
            foreach (var node in outlived)
            {
                if (node is not VariableDeclaratorSyntax { Initializer.Value: { } value, Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { Modifiers.Count: 0 } declaration } }
                    || !guarded.Contains(declaration)
                    || semantics.GetDeclaredSymbol(node, cancellation) is not ILocalSymbol { RefKind: RefKind.None, Type: { IsAnonymousType: false, TypeKind: not TypeKind.Error } type })
                {
                    return null;
                }

                var named = declaration.Declaration.Type.IsVar ? ParseTypeName(TypeOf(value, type).ToMinimalDisplayString(semantics, node.SpanStart)) : declaration.Declaration.Type;
                declarations.Add((declaration, named.WithoutTrivia()));
            }

            return new(block, first, first + count, end, null, declarations.ToImmutable());

            // `var` allows null; the value may not be.
            ITypeSymbol TypeOf(ExpressionSyntax value, ITypeSymbol type) =>
                semantics.GetTypeInfo(value, cancellation).Nullability.FlowState == NullableFlowState.NotNull && !type.IsValueType ? type.WithNullableAnnotation(NullableAnnotation.NotAnnotated) : type;
        }

        // Where the lock is held: behind the statement that takes it, or within the `if` whose condition does.
        private static (BlockSyntax Block, int First)? BlockAfter(ExpressionSyntax acquire) => acquire.Parent switch
        {
            ExpressionStatementSyntax { Parent: BlockSyntax block } statement => (block, block.Statements.IndexOf(statement) + 1),
            IfStatementSyntax { Statement: BlockSyntax block } choice when choice.Condition == acquire => (block, 0),
            _ => null,
        };

        // Its meaning depends on the block that it stands in.
        private static bool IsBound(StatementSyntax statement) =>
            statement is LabeledStatementSyntax or LocalFunctionStatementSyntax
            || (statement is LocalDeclarationStatementSyntax declaration && (declaration.UsingKeyword.RawKind != 0 || declaration.Declaration.Type is RefTypeSyntax))
            || statement.DescendantNodes().Any(node => node is GotoStatementSyntax { CaseOrDefaultKeyword.RawKind: 0 } || node.ContainsDirectives);

        // A comment or directive between would lose its place.
        private static bool IsWholeOf(StatementSyntax release, ExpressionSyntax acquire) => !release.ContainsDirectives && acquire.SpanStart < release.SpanStart;

        private StatementSyntax InTry(StatementSyntax statement)
        {
            foreach (var (declaration, _) in Outlived)
            {
                if (declaration == statement)
                {
                    var variable = declaration.Declaration.Variables[0];
                    return ExpressionStatement(
                            AssignmentExpression(SyntaxKind.SimpleAssignmentExpression, IdentifierName(variable.Identifier.WithoutTrivia()), variable.Initializer!.Value.WithLeadingTrivia(Space)))
                        .WithSemicolonToken(declaration.SemicolonToken)
                        .WithLeadingTrivia(declaration.GetLeadingTrivia())
                        .WithAdditionalAnnotations(Formatter.Annotation);
                }
            }

            return statement;
        }

        private static LocalDeclarationStatementSyntax Declare(LocalDeclarationStatementSyntax declaration, TypeSyntax type) =>
            LocalDeclarationStatement(VariableDeclaration(type, SingletonSeparatedList(VariableDeclarator(declaration.Declaration.Variables[0].Identifier.WithoutTrivia()))))
                .WithAdditionalAnnotations(Formatter.Annotation, Simplifier.Annotation);

        private static T WithoutBlankLines<T>(T statement)
            where T : StatementSyntax => statement.WithLeadingTrivia(statement.GetLeadingTrivia().SkipWhile(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)
                || (trivia.IsKind(SyntaxKind.WhitespaceTrivia) && IsFollowedByEndOfLine(statement.GetLeadingTrivia(), trivia))));

        private static bool IsFollowedByEndOfLine(SyntaxTriviaList list, SyntaxTrivia trivia)
        {
            int next = list.IndexOf(trivia) + 1;
            return next < list.Count && list[next].IsKind(SyntaxKind.EndOfLineTrivia);
        }
    }
}
