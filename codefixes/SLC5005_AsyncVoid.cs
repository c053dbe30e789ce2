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
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.FindSymbols;
using Microsoft.CodeAnalysis.Formatting;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>
/// Returns Task instead of void and awaits the calls, or turns a loop that takes a delegate into one that can be awaited. Not offered where
/// somebody would still not wait: a call outside of async code, a use as a delegate.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class AsyncVoidFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(AsyncVoid.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix(AsyncVoid.Id);

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var semantics = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || semantics is null)
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics)
        {
            var node = root.FindToken(diagnostic.Location.SourceSpan.Start).Parent;
            if (node is AnonymousFunctionExpressionSyntax lambda)
            {
                RegisterLoop(lambda, root, semantics, diagnostic, context);
            }
            else if (node is MethodDeclarationSyntax or LocalFunctionStatementSyntax)
            {
                await RegisterMethod(node, semantics, diagnostic, context).ConfigureAwait(false);
            }
        }
    }

    private static async Task RegisterMethod(SyntaxNode declaration, SemanticModel semantics, Diagnostic diagnostic, CodeFixContext context)
    {
        var solution = context.Document.Project.Solution;
        if (semantics.GetDeclaredSymbol(declaration, context.CancellationToken) is not IMethodSymbol method
            || semantics.Compilation.GetTypeByMetadataName("System.Threading.Tasks.Task") is not { } task
            || await CallsOf(method, solution, context.CancellationToken).ConfigureAwait(false) is not { } calls)
        {
            return;
        }

        context.RegisterCodeFix(
            CodeAction.Create("Return Task", cancellation => ReturnTask(context.Document, declaration, task, calls, cancellation), equivalenceKey: AsyncVoid.Id),
            diagnostic);
    }

    // The calls that must be awaited; null when there is a use that could not be.
    private static async Task<ILookup<DocumentId, ExpressionStatementSyntax>?> CallsOf(IMethodSymbol method, Solution solution, CancellationToken cancellation)
    {
        var calls = new List<(DocumentId Document, ExpressionStatementSyntax Call)>();
        var references = await SymbolFinder.FindReferencesAsync(method, solution, cancellation).ConfigureAwait(false);
        foreach (var location in references.SelectMany(reference => reference.Locations))
        {
            var root = await location.Document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
            var name = root?.FindNode(location.Location.SourceSpan, findInsideTrivia: true, getInnermostNodeForTie: true);
            if (name is null || name.IsPartOfStructuredTrivia() || IsInNameOf(name))
            {
                continue;
            }

            if (AwaitableCall(name) is not { } call)
            {
                return null;
            }

            calls.Add((location.Document.Id, call));
        }

        return calls.ToLookup(call => call.Document, call => call.Call);
    }

    private static bool IsInNameOf(SyntaxNode name) =>
        name.Ancestors().OfType<InvocationExpressionSyntax>().Any(call => call.Expression is IdentifierNameSyntax { Identifier.ValueText: "nameof" });

    // `Method();` as a statement of async code.
    private static ExpressionStatementSyntax? AwaitableCall(SyntaxNode name)
    {
        var callee = name.Parent is MemberAccessExpressionSyntax member && member.Name == name ? member : name;
        return callee.Parent is InvocationExpressionSyntax { Parent: ExpressionStatementSyntax statement } call && call.Expression == callee && MayAwait(statement) ? statement : null;
    }

    private static bool MayAwait(SyntaxNode statement)
    {
        foreach (var outer in statement.Ancestors())
        {
            switch (outer)
            {
                case LockStatementSyntax or UnsafeStatementSyntax:
                    return false;
                case AnonymousFunctionExpressionSyntax lambda:
                    return lambda.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword);
                case LocalFunctionStatementSyntax function:
                    return function.Modifiers.Any(SyntaxKind.AsyncKeyword);
                case MethodDeclarationSyntax method:
                    return method.Modifiers.Any(SyntaxKind.AsyncKeyword);
                case GlobalStatementSyntax:
                    return true;
                case MemberDeclarationSyntax or AccessorDeclarationSyntax:
                    return false;
            }
        }

        return false;
    }

    private static async Task<Solution> ReturnTask(Document document, SyntaxNode declaration, INamedTypeSymbol task, ILookup<DocumentId, ExpressionStatementSyntax> calls, CancellationToken cancellation)
    {
        var solution = document.Project.Solution;
        foreach (var id in calls.Select(group => group.Key).Append(document.Id).Distinct())
        {
            var editor = await DocumentEditor.CreateAsync(solution.GetDocument(id)!, cancellation).ConfigureAwait(false);
            foreach (var call in calls[id])
            {
                editor.ReplaceNode(call.Expression, (expression, _) => Awaited((ExpressionSyntax)expression));
            }

            if (id == document.Id)
            {
                var returned = declaration is MethodDeclarationSyntax method ? method.ReturnType : ((LocalFunctionStatementSyntax)declaration).ReturnType;
                editor.ReplaceNode(returned, SyntaxFactory.IdentifierName("Task").WithTriviaFrom(returned));
                if (!editor.SemanticModel.LookupNamespacesAndTypes(returned.SpanStart, name: "Task").Contains(task, SymbolEqualityComparer.Default))
                {
                    editor.ReplaceNode(editor.OriginalRoot, (root, _) => WithUsing((CompilationUnitSyntax)root, task.ContainingNamespace.ToDisplayString()));
                }
            }

            solution = editor.GetChangedDocument().Project.Solution;
        }

        return solution;
    }

    private static CompilationUnitSyntax WithUsing(CompilationUnitSyntax root, string name)
    {
        var line = root.DescendantTrivia().FirstOrDefault(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)) is { RawKind: not 0 } found ? found : SyntaxFactory.LineFeed;
        var added = SyntaxFactory.UsingDirective(SyntaxFactory.ParseName(name).WithLeadingTrivia(SyntaxFactory.Space)).WithTrailingTrivia(line);
        return root.Usings.Count > 0 || root.Members.Count == 0
            ? root.AddUsings(added)
            : root.ReplaceNode(root.Members[0], root.Members[0].WithLeadingTrivia(root.Members[0].GetLeadingTrivia().Insert(0, line))).AddUsings(added);
    }

    private static AwaitExpressionSyntax Awaited(ExpressionSyntax expression) =>
        SyntaxFactory.AwaitExpression(SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space), expression.WithoutLeadingTrivia())
            .WithLeadingTrivia(expression.GetLeadingTrivia());

    private static void RegisterLoop(AnonymousFunctionExpressionSyntax lambda, SyntaxNode root, SemanticModel semantics, Diagnostic diagnostic, CodeFixContext context)
    {
        if (lambda.Parent is not ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Parent: ExpressionStatementSyntax statement } call }
            || !MayAwait(statement)
            || semantics.GetSymbolInfo(call, context.CancellationToken).Symbol is not IMethodSymbol method)
        {
            return;
        }

        var (title, loop) = TypeAndName(method) switch
        {
            "System.Threading.Tasks.Parallel.ForEach" or "System.Threading.Tasks.Parallel.For" => ((string, StatementSyntax?))($"Await Parallel.{method.Name}Async", AsParallel(statement, call, lambda, method, semantics)),
            "System.Collections.Generic.List.ForEach" or "System.Collections.Immutable.ImmutableList.ForEach" when call.Expression is MemberAccessExpressionSyntax { Expression: var list } => ("Use foreach", AsForEach(statement, list, lambda)),
            "System.Array.ForEach" when call.ArgumentList.Arguments.Count == 2 => ("Use foreach", AsForEach(statement, call.ArgumentList.Arguments[0].Expression, lambda)),
            _ => (string.Empty, default(StatementSyntax)),
        };

        if (loop is not null)
        {
            context.RegisterCodeFix(
                CodeAction.Create(title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(statement, loop))), equivalenceKey: AsyncVoid.Id),
                diagnostic);
        }
    }

    private static string TypeAndName(IMethodSymbol method) => $"{method.ContainingNamespace}.{method.ContainingType.Name}.{method.Name}";

    // Parallel.ForEach(items, async item => …) as await Parallel.ForEachAsync(items, async (item, _) => …); null where that does not compile.
    private static ExpressionStatementSyntax? AsParallel(ExpressionStatementSyntax statement, InvocationExpressionSyntax call, AnonymousFunctionExpressionSyntax lambda, IMethodSymbol method, SemanticModel semantics)
    {
        var parameter = lambda switch
        {
            SimpleLambdaExpressionSyntax simple => simple.Parameter,
            ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: [{ Type: null } only] } => only,
            _ => null,
        };
        if (parameter is null || call.Expression is not MemberAccessExpressionSyntax { Name: IdentifierNameSyntax name } access)
        {
            return null;
        }

        // `_ = …` in the lambda would mean the parameter.
        var token = lambda.Body.DescendantTokens().Any(inner => inner.IsKind(SyntaxKind.IdentifierToken) && inner.ValueText == "_") ? "cancellationToken" : "_";
        var parameters = SyntaxFactory.ParameterList(SyntaxFactory.SeparatedList(
                [SyntaxFactory.Parameter(parameter.Identifier.WithoutTrivia()), SyntaxFactory.Parameter(SyntaxFactory.Identifier(token))],
                [SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space)]))
            .WithTrailingTrivia(SyntaxFactory.Space);
        var parallel = SyntaxFactory.ParenthesizedLambdaExpression(lambda.AsyncKeyword, parameters, ((LambdaExpressionSyntax)lambda).ArrowToken, lambda.Body).WithTriviaFrom(lambda);
        var arguments = call.ArgumentList.ReplaceNode(lambda, parallel);
        var forwarded = call
            .WithExpression(access.WithName(SyntaxFactory.IdentifierName(name.Identifier.ValueText + "Async").WithTriviaFrom(name)))
            .WithArgumentList(arguments);
        return semantics.GetSpeculativeSymbolInfo(call.SpanStart, forwarded, SpeculativeBindingOption.BindAsExpression).Symbol is IMethodSymbol bound
            && SymbolEqualityComparer.Default.Equals(bound.ContainingType, method.ContainingType)
            ? statement.WithExpression(Awaited(forwarded))
            : null;
    }

    // items.ForEach(async item => …) as foreach (var item in items) { … }: one after the other. Null where the body returns or a name would clash.
    private static ForEachStatementSyntax? AsForEach(ExpressionStatementSyntax statement, ExpressionSyntax items, AnonymousFunctionExpressionSyntax lambda)
    {
        var parameter = lambda switch
        {
            SimpleLambdaExpressionSyntax simple => simple.Parameter,
            ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: [var only] } => only,
            AnonymousMethodExpressionSyntax { ParameterList.Parameters: [var only] } => only,
            _ => null,
        };
        if (parameter is null || lambda.Body.DescendantNodes(inner => inner is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).Any(inner => inner is ReturnStatementSyntax) || Clashes(statement, lambda))
        {
            return null;
        }

        var body = lambda.Body as BlockSyntax ?? SyntaxFactory.Block(SyntaxFactory.ExpressionStatement((ExpressionSyntax)lambda.Body));
        return SyntaxFactory.ForEachStatement(
                parameter.Type?.WithoutTrivia() ?? SyntaxFactory.IdentifierName("var"),
                parameter.Identifier.WithoutTrivia(),
                items.WithoutTrivia(),
                body.WithoutTrivia())
            .WithTriviaFrom(statement)
            .WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static bool Clashes(StatementSyntax statement, AnonymousFunctionExpressionSyntax lambda)
    {
        var taken = new HashSet<string>(
            (statement.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? statement.SyntaxTree.GetRoot()).DescendantNodes(node => node != lambda).Select(NameOf).OfType<string>());
        return lambda.DescendantNodes().Select(NameOf).OfType<string>().Any(taken.Contains);
    }

    private static string? NameOf(SyntaxNode node) => node switch
    {
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
        SingleVariableDesignationSyntax variable => variable.Identifier.ValueText,
        ParameterSyntax parameter => parameter.Identifier.ValueText,
        ForEachStatementSyntax loop => loop.Identifier.ValueText,
        LocalFunctionStatementSyntax function => function.Identifier.ValueText,
        _ => null,
    };
}
