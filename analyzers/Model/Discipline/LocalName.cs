using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Discipline;

/// <summary>A local variable as the text alone tells: where its name is declared and where it is mentioned. Nothing is bound to learn it.</summary>
internal sealed class LocalName(SyntaxNode declaration, SyntaxToken name, SyntaxNode scope)
{
    /// <summary>Gets the declarator, designation or catch declaration.</summary>
    public SyntaxNode Declaration { get; } = declaration;

    public SyntaxToken Name { get; } = name;

    /// <summary>Gets the node outside of which the name means something else.</summary>
    public SyntaxNode Scope { get; } = scope;

    /// <summary>Gets where the name stands, its declaration left out.</summary>
    public List<IdentifierNameSyntax> Mentions { get; } = [];

    /// <summary>Gets a value indicating whether the value of the variable is asked for nowhere.</summary>
    public bool IsNeverRead => Mentions.All(IsWrite) && !(Scope.ContainsDirectives && IsInDisabledText());

    /// <summary>The locals in the declaration of one member, or in the top-level statements of a file.</summary>
    public static IEnumerable<LocalName> In(SyntaxNode member)
    {
        var locals = new List<LocalName>();
        var mentions = new List<IdentifierNameSyntax>();
        foreach (var node in member.DescendantNodes(static node => node is not BaseTypeDeclarationSyntax))
        {
            switch (node)
            {
                case IdentifierNameSyntax mention:
                    mentions.Add(mention);
                    break;
                case VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type: not RefTypeSyntax, Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: (int)SyntaxKind.None } or ForStatementSyntax } } declarator:
                    locals.Add(new(declarator, declarator.Identifier, ScopeOf(declarator)));
                    break;
                case SingleVariableDesignationSyntax designation:
                    locals.Add(new(designation, designation.Identifier, ScopeOf(designation)));
                    break;
                case CatchDeclarationSyntax { Identifier.RawKind: (int)SyntaxKind.IdentifierToken } caught:
                    locals.Add(new(caught, caught.Identifier, caught.Parent!));
                    break;
            }
        }

        return locals.Count == 0 ? locals : WithMentions(locals, mentions);
    }

    /// <summary>Whether a mention only gives the variable a value: <c>x = 1;</c>, <c>x++;</c>, <c>out x</c>, <c>(x, y) = pair;</c>.</summary>
    public static bool IsWrite(IdentifierNameSyntax mention) => mention.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == mention && !assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression) && IsStatement(assignment),
        PostfixUnaryExpressionSyntax step => step.RawKind is (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression && IsStatement(step),
        PrefixUnaryExpressionSyntax step => step.RawKind is (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression && IsStatement(step),
        ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.OutKeyword } => true,
        ArgumentSyntax { Parent: TupleExpressionSyntax tuple } => IsTarget(tuple),
        _ => false,
    };

    private static List<LocalName> WithMentions(List<LocalName> locals, List<IdentifierNameSyntax> mentions)
    {
        var byName = locals.ToLookup(local => local.Name.ValueText, StringComparer.Ordinal);
        foreach (var mention in mentions)
        {
            foreach (var local in byName[mention.Identifier.ValueText])
            {
                if (local.Scope.FullSpan.Contains(mention.Span) && MayBeLocal(mention))
                {
                    local.Mentions.Add(mention);
                }
            }
        }

        return locals;
    }

    private static bool IsStatement(SyntaxNode expression) => expression.Parent is ExpressionStatementSyntax
        || (expression.Parent is ForStatementSyntax loop && loop.Condition != expression);

    private static bool IsTarget(TupleExpressionSyntax tuple) => tuple.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == tuple && IsStatement(assignment),
        ArgumentSyntax { Parent: TupleExpressionSyntax outer } => IsTarget(outer),
        ForEachVariableStatementSyntax => true,
        _ => false,
    };

    // The name of a member, an argument or a label is no mention of a variable.
    private static bool MayBeLocal(IdentifierNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Name != name,
        MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax or GotoStatementSyntax => false,
        AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax { RawKind: (int)SyntaxKind.ObjectInitializerExpression or (int)SyntaxKind.WithInitializerExpression } } assignment => assignment.Left != name,
        _ => true,
    };

    private static SyntaxNode ScopeOf(SyntaxNode declaration)
    {
        for (var node = declaration; ; node = node.Parent)
        {
            switch (node)
            {
                // What a section declares, the other sections see too; what its labels declare, they do not.
                case SwitchSectionSyntax section when declaration.FirstAncestorOrSelf<SwitchLabelSyntax>() is { } label && label.Parent == section:
                case BlockSyntax or SwitchStatementSyntax or SwitchExpressionArmSyntax or ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or CatchClauseSyntax:
                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax:
                    return node;
            }

            if (node.Parent is null)
            {
                return node;
            }
        }
    }

    // Another build may use the name in what this one leaves out.
    private bool IsInDisabledText() => Scope.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.DisabledTextTrivia) && trivia.ToString().Contains(Name.ValueText));
}
