using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Sluice.Explore;
using Sluice.Model;
using Sluice.Tests.Model;

namespace Sluice.Tests.Explore;

/// <summary>Code as it is while somebody types: tokens of the snippets are left out, doubled and put elsewhere, and what is left is made a model of and explored.</summary>
public sealed class BrokenCodeTests
{
    private const int Variants = 2;

    [Theory]
    [InlineData("SLC2001.txt")]
    [InlineData("SLC2007.txt")]
    [InlineData("SLC4013.txt")]
    public void Broken_code_neither_throws_nor_exceeds_the_budget(string file)
    {
        var random = new Random(11);
        var explored = 0;
        foreach (var snippet in Regex.Split(Repository.Read($"tests/Unit/Snippets/{file}"), "^=== .*\n|^--- fix\n", RegexOptions.Multiline).Where(text => text.Length > 0))
        {
            for (var i = 0; i < Variants; i++)
            {
                explored += Explore(Break(snippet, random));
            }
        }

        Assert.True(explored > 0, "Nothing of it was explored.");
    }

    private static string Break(string source, Random random)
    {
        var tokens = SyntaxFactory.ParseTokens(source).Select(token => token.ToFullString()).ToList();
        for (var edits = random.Next(1, 6); edits > 0; edits--)
        {
            var at = random.Next(tokens.Count);
            switch (random.Next(4))
            {
                case 0:
                    tokens.RemoveAt(at);
                    break;
                case 1:
                    tokens.Insert(at, tokens[at]);
                    break;
                case 2:
                    tokens.Insert(at, tokens[random.Next(tokens.Count)]);
                    break;
                default:
                    tokens.RemoveRange(at, Math.Min(random.Next(8), tokens.Count - at));
                    break;
            }
        }

        return string.Concat(tokens);
    }

    private static int Explore(string source)
    {
        var compilation = UnderTest.Compilation(source);
        var model = Modelled.Of(compilation);
        var explored = 0;
        foreach (var type in TypesIn(compilation.Assembly.GlobalNamespace).Select(symbol => TypeModel.Of(symbol, model, CancellationToken.None)))
        {
            foreach (var (root, budget) in Roots.Of(type).Select(root => (root, Roots.Worth(root, model, CancellationToken.None))).Where(pair => pair.Item2 > 0))
            {
                var begin = Roots.Begin(root, model, CancellationToken.None);
                var verdict = Explorer.Explore(model.Processes.With(CancellationToken.None), begin, ImmutableArray<Operand>.Empty, budget, CancellationToken.None);

                // The turn in which the budget ends may lead to several states.
                Assert.InRange(verdict.States, 0, budget + 1000);
                explored++;
            }
        }

        return explored;
    }

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceOrTypeSymbol scope) => scope.GetMembers().SelectMany(member => member switch
    {
        INamespaceSymbol inner => TypesIn(inner),
        INamedTypeSymbol type => TypesIn(type).Prepend(type),
        _ => [],
    });
}
