using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Sharing;

/// <summary>Which members may start work that runs beside them, judged by names alone: who starts work, and who names somebody who does.</summary>
internal sealed class Starters(CompilationModel compilation)
{
    private const int Deepest = 3;

    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "Run", "StartNew", "QueueUserWorkItem", "UnsafeQueueUserWorkItem", "Thread", "Timer", "Parallel", "AsParallel", "ContinueWith", "Elapsed",
    };

    private readonly object _gate = new();
    private (HashSet<string> Starting, HashSet<string> Running)? _names;

    /// <summary>Whether the member may start work, or calls who may.</summary>
    public bool MayStart(Body member, CancellationToken cancellation)
    {
        var (starting, running) = Names(cancellation);
        return Starts(member.Declaration, running) || NamesIn(member.Declaration).Any(starting.Contains);
    }

    private static bool Starts(SyntaxNode declaration, HashSet<string> running) => declaration.DescendantNodes().Any(node => node switch
    {
        SimpleNameSyntax name => Words.Contains(name.Identifier.ValueText) || (running.Contains(name.Identifier.ValueText) && !IsAwaited(name)),
        AnonymousFunctionExpressionSyntax lambda => lambda.AsyncKeyword != default,
        LocalFunctionStatementSyntax function => IsAsync(function.Modifiers),
        _ => false,
    });

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

    private (HashSet<string> Starting, HashSet<string> Running) Names(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return _names ??= Find(cancellation);
        }
    }

    // Who starts work, a method by its name, a constructor or initializer by the name of its type; and the async methods, which run on when they are not awaited.
    private (HashSet<string> Starting, HashSet<string> Running) Find(CancellationToken cancellation)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var running = new HashSet<string>(StringComparer.Ordinal);
        var members = new List<(string Name, SyntaxNode Declaration)>();
        foreach (var tree in compilation.Compilation.SyntaxTrees)
        {
            var root = tree.GetRoot(cancellation);
            if ((compilation.Mentions(tree, cancellation).In(root.FullSpan) & (Mentions.Spawn | Mentions.Async)) == 0)
            {
                continue;
            }

            foreach (var type in root.DescendantNodes(node => node is not BaseMethodDeclarationSyntax).OfType<TypeDeclarationSyntax>())
            {
                foreach (var declaration in MemberBodies.In(type))
                {
                    string name = declaration is MethodDeclarationSyntax method ? method.Identifier.ValueText
                        : declaration.FirstAncestorOrSelf<PropertyDeclarationSyntax>() is { } property && declaration is not EqualsValueClauseSyntax ? property.Identifier.ValueText
                        : type.Identifier.ValueText;
                    members.Add((name, declaration));
                    if (declaration is MethodDeclarationSyntax { Modifiers: var modifiers } && IsAsync(modifiers))
                    {
                        running.Add(name);
                    }
                }
            }
        }

        names.UnionWith(members.Where(member => Starts(member.Declaration, running)).Select(member => member.Name));
        var open = members.Select(member => (member.Name, Words: new HashSet<string>(NamesIn(member.Declaration)))).ToList();
        for (int depth = 1; depth < Deepest; depth++)
        {
            var found = open.Where(member => !names.Contains(member.Name) && member.Words.Overlaps(names)).Select(member => member.Name).ToList();
            names.UnionWith(found);
        }

        return (names, running);
    }
}
