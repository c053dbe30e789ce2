using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Files;

/// <summary>The code of a member, as the names in it tell.</summary>
internal sealed class NamedMember
{
    private NamedMember(SyntaxNode declaration, string name)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var loose = new HashSet<string>(StringComparer.Ordinal);
        var fields = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in declaration.DescendantNodes())
        {
            if (UsedField(node) is { } used)
            {
                fields.Add(used);
            }

            switch (node)
            {
                case SimpleNameSyntax { Identifier.ValueText: var word } found:
                    names.Add(word);
                    if (!IsAwaited(found))
                    {
                        loose.Add(word);
                    }

                    break;
                case AnonymousFunctionExpressionSyntax lambda:
                    HasAsyncFunction |= lambda.AsyncKeyword != default;
                    break;
                case LocalFunctionStatementSyntax function:
                    HasAsyncFunction |= IsAsync(function.Modifiers);
                    break;
            }
        }

        foreach (var type in TypesBehind(declaration, fields).SelectMany(type => type.DescendantNodesAndSelf()).OfType<SimpleNameSyntax>())
        {
            names.Add(type.Identifier.ValueText);
            loose.Add(type.Identifier.ValueText);
        }

        Declaration = declaration;
        Name = name;
        Names = names.ToImmutableArray();
        Loose = loose.ToImmutableArray();
        GivesTask = declaration is MethodDeclarationSyntax method && (IsAsync(method.Modifiers) || method.ReturnType is SimpleNameSyntax { Identifier.ValueText: "Task" or "ValueTask" });
    }

    public SyntaxNode Declaration { get; }

    /// <summary>Gets the name of the method or property; of constructors and initializers that of the type.</summary>
    public string Name { get; }

    /// <summary>Gets the names in the code, each once.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Gets those that stand somewhere without an await or a return.</summary>
    public ImmutableArray<string> Loose { get; }

    /// <summary>Gets a value indicating whether an async lambda or local function stands in it.</summary>
    public bool HasAsyncFunction { get; }

    /// <summary>Gets a value indicating whether it gives its caller a task, which runs on when it is not awaited.</summary>
    public bool GivesTask { get; }

    public static NamedMember Of(SyntaxNode declaration) => new(declaration, NameOf(declaration));

    /// <summary>The members of a file.</summary>
    public static IEnumerable<NamedMember> In(SyntaxTree tree, CancellationToken cancellation) =>
        tree.GetRoot(cancellation).DescendantNodes(node => node is not BaseMethodDeclarationSyntax).OfType<TypeDeclarationSyntax>().SelectMany(MemberBodies.In).Select(Of);

    // What is made or started, where the code itself leaves that to the declaration of the field: `private static readonly Timer s_sweeper = new(…)`, `_timer = new(…)`, `_thread.Start()`. A constructor runs that of its base.
    private static IEnumerable<TypeSyntax> TypesBehind(SyntaxNode declaration, HashSet<string> fields) => declaration switch
    {
        EqualsValueClauseSyntax { Value: ImplicitObjectCreationExpressionSyntax, Parent: PropertyDeclarationSyntax property } => [property.Type],
        EqualsValueClauseSyntax { Value: ImplicitObjectCreationExpressionSyntax, Parent.Parent: VariableDeclarationSyntax variable } => [variable.Type],
        ConstructorDeclarationSyntax { Parent: TypeDeclarationSyntax { BaseList.Types: var above } type } => above.Select(face => face.Type).Concat(TypesOf(fields, type)),
        BaseMethodDeclarationSyntax { Parent: TypeDeclarationSyntax type } => TypesOf(fields, type),
        _ => [],
    };

    private static IEnumerable<TypeSyntax> TypesOf(HashSet<string> fields, TypeDeclarationSyntax type) => fields.Count == 0 ? []
        : type.Members.OfType<FieldDeclarationSyntax>().Select(field => field.Declaration).Where(field => field.Variables.Any(declared => fields.Contains(declared.Identifier.ValueText))).Select(field => field.Type);

    private static string? UsedField(SyntaxNode node) => node switch
    {
        ImplicitObjectCreationExpressionSyntax { Parent: AssignmentExpressionSyntax { Left: IdentifierNameSyntax field } } => field.Identifier.ValueText,
        ImplicitObjectCreationExpressionSyntax { Parent: AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var field } } } => field.Identifier.ValueText,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Start", Expression: IdentifierNameSyntax field } } => field.Identifier.ValueText,
        _ => null,
    };

    private static string NameOf(SyntaxNode declaration) => declaration is MethodDeclarationSyntax method ? method.Identifier.ValueText
        : declaration.FirstAncestorOrSelf<PropertyDeclarationSyntax>() is { } property && declaration is not EqualsValueClauseSyntax ? property.Identifier.ValueText
        : declaration.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.ValueText ?? string.Empty;

    private static bool IsAsync(SyntaxTokenList modifiers) => modifiers.Any(modifier => modifier.ValueText == "async");

    private static bool IsAwaited(SyntaxNode name)
    {
        var outer = name.Parent;
        while (outer is MemberAccessExpressionSyntax or InvocationExpressionSyntax or ParenthesizedExpressionSyntax)
        {
            outer = outer.Parent;
        }

        return outer is AwaitExpressionSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax;
    }
}
