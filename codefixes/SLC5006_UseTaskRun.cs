using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Task.Run in place of StartNew; where StartNew is given what Task.Run does not take, its result is unwrapped.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class UseTaskRun : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("SLC5006");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new BatchFix("SLC5006");

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true) is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: { } factory } member } call || IsTyped(call))
        {
            return;
        }

        bool runs = diagnostic.Properties.ContainsKey(StartNewAsync.ToRun) && factory is MemberAccessExpressionSyntax;
        SyntaxNode better = runs ? Run((MemberAccessExpressionSyntax)factory, member, call) : ChainedCall.Of("Unwrap", call);
        context.RegisterCodeFix(
            CodeAction.Create(runs ? "Use Task.Run" : "Unwrap it", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(call, better))), equivalenceKey: "SLC5006"),
            diagnostic);
    }

    // Somebody wrote down that it is a task of a task.
    private static bool IsTyped(InvocationExpressionSyntax call) => call.Parent switch
    {
        EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type: { } type } } } => IsTaskOfTask(type),
        EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax { Type: { } type } } => IsTaskOfTask(type),
        _ => false,
    };

    private static bool IsTaskOfTask(TypeSyntax type) => type is GenericNameSyntax { TypeArgumentList.Arguments: [SimpleNameSyntax { Identifier.ValueText: "Task" or "ValueTask" }] };

    private static InvocationExpressionSyntax Run(MemberAccessExpressionSyntax factory, MemberAccessExpressionSyntax member, InvocationExpressionSyntax call)
    {
        // Of the arguments, Task.Run takes the delegate and a token.
        var arguments = call.ArgumentList.Arguments;
        var kept = arguments.Where((argument, index) => index == 0 || (index == 1 && !IsOptions(argument))).ToList();
        var list = call.ArgumentList.WithArguments(SyntaxFactory.SeparatedList(kept, arguments.GetSeparators().Take(kept.Count - 1)));
        return call.WithExpression(member.WithExpression(factory.Expression).WithName(SyntaxFactory.IdentifierName("Run"))).WithArgumentList(list);
    }

    private static bool IsOptions(ArgumentSyntax argument) => argument.ToString().Contains(nameof(TaskCreationOptions));
}
