using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Sharing;

/// <summary>Which members may start work that runs beside them, judged by names alone: who starts work, and who names somebody who does. It binds nothing, and says too much.</summary>
internal sealed class StarterNames
{
    /// <summary>How many calls there may be between a member and the start.</summary>
    public const int Deepest = 3;

    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "Run", "StartNew", "QueueUserWorkItem", "UnsafeQueueUserWorkItem", "Thread", "Timer", "Parallel", "AsParallel", "ContinueWith", "Elapsed",
    };

    private readonly HashSet<string> _starting = new(StringComparer.Ordinal);
    private readonly HashSet<string> _running = new(StringComparer.Ordinal);

    /// <summary>Finds who starts work, a method by its name, a constructor or initializer by the name of its type; and who gives a task, which runs on when it is not awaited.</summary>
    public StarterNames(CompilationModel compilation, CancellationToken cancellation)
    {
        var members = compilation.Compilation.SyntaxTrees
            .Select(tree => (Tree: tree, Root: tree.GetRoot(cancellation)))
            .Where(file => (compilation.Mentions(file.Tree, cancellation).In(file.Root.FullSpan) & (Mentions.Spawn | Mentions.Async)) != 0)
            .SelectMany(file => file.Root.DescendantNodes(node => node is not BaseMethodDeclarationSyntax).OfType<TypeDeclarationSyntax>())
            .SelectMany(type => MemberBodies.In(type).Select(declaration => (Name: NameOf(declaration, type), Declaration: declaration)))
            .ToList();
        _running.UnionWith(members.Where(member => member.Declaration is MethodDeclarationSyntax method && GivesTask(method)).Select(member => member.Name));
        _starting.UnionWith(members.Where(member => Starts(member.Declaration)).Select(member => member.Name));
        var open = members.Where(member => !_starting.Contains(member.Name)).Select(member => (member.Name, Words: new HashSet<string>(NamesIn(member.Declaration)))).ToList();
        for (int depth = 1; depth < Deepest; depth++)
        {
            _starting.UnionWith(open.Where(member => !_starting.Contains(member.Name) && member.Words.Overlaps(_starting)).Select(member => member.Name).ToList());
        }
    }

    /// <summary>Whether the code may start work, or calls who may.</summary>
    public bool MayStart(SyntaxNode declaration) => NamesIn(declaration).Any(_starting.Contains) || Starts(declaration);

    /// <summary>Whether a member of this name, or the constructor of a type of this name, may start work.</summary>
    public bool IsStarting(string name) => _starting.Contains(name);

    private bool Starts(SyntaxNode declaration) => declaration.DescendantNodes().Any(node => node switch
    {
        SimpleNameSyntax name => Words.Contains(name.Identifier.ValueText) || (_running.Contains(name.Identifier.ValueText) && !IsAwaited(name)),
        AnonymousFunctionExpressionSyntax lambda => lambda.AsyncKeyword != default,
        LocalFunctionStatementSyntax function => IsAsync(function.Modifiers),
        _ => false,
    });

    private static string NameOf(SyntaxNode declaration, TypeDeclarationSyntax type) => declaration is MethodDeclarationSyntax method ? method.Identifier.ValueText
        : declaration.FirstAncestorOrSelf<PropertyDeclarationSyntax>() is { } property && declaration is not EqualsValueClauseSyntax ? property.Identifier.ValueText
        : type.Identifier.ValueText;

    private static bool GivesTask(MethodDeclarationSyntax method) => IsAsync(method.Modifiers) || method.ReturnType is SimpleNameSyntax { Identifier.ValueText: "Task" or "ValueTask" };

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

    private static IEnumerable<string> NamesIn(SyntaxNode declaration) => declaration.DescendantNodes().OfType<SimpleNameSyntax>().Select(name => name.Identifier.ValueText);
}
