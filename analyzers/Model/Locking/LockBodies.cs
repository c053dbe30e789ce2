using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Sluice.Model.Files;

namespace Sluice.Model.Locking;

/// <summary>The bodies of all types that mention locks, found by the words in them: who can have to do with a lock is known before anything is bound. Thread-safe.</summary>
internal sealed class LockBodies
{
    private readonly Dictionary<SyntaxTree, (int Order, ImmutableArray<LockBody> Bodies)> _files;
    private readonly Lazy<ILookup<int, LockBody>> _byWord;

    public LockBodies(Compilation compilation, CancellationToken cancellation)
    {
        _files = compilation.SyntaxTrees
            .Select((tree, i) => (Tree: tree, Order: i, Bodies: SourceFile.Of(tree).LockBodies(cancellation)))
            .Where(file => !file.Bodies.IsEmpty)
            .ToDictionary(file => file.Tree, file => (file.Order, file.Bodies));
        All = _files.Values.OrderBy(file => file.Order).SelectMany(file => file.Bodies).ToList();
        _byWord = new(() => All.SelectMany(body => body.Words.Select(word => (word, body))).ToLookup(pair => pair.word, pair => pair.body));
    }

    public IReadOnlyList<LockBody> All { get; }

    /// <summary>The body of a member; null where its type mentions no lock.</summary>
    public LockBody? Of(SyntaxNode member) => _files.TryGetValue(member.SyntaxTree, out var file) ? file.Bodies.FirstOrDefault(body => body.Declaration == member) : null;

    /// <summary>The bodies whose text has the word.</summary>
    public IEnumerable<LockBody> Naming(string word) => _byWord.Value[Word.HashOf(word)];

    /// <summary>The bodies that can name <paramref name="symbol"/> and do: of a private member those of its type.</summary>
    public IEnumerable<LockBody> Naming(ISymbol symbol)
    {
        string word = symbol.Name.Substring(symbol.Name.LastIndexOf('.') + 1);
        return symbol is { DeclaredAccessibility: Accessibility.Private, ContainingType: { } type } ? BodiesIn(type).Where(body => body.Has(word)) : Naming(word);
    }

    /// <summary>The bodies of <paramref name="type"/> and of the types in it.</summary>
    public IEnumerable<LockBody> BodiesIn(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.SelectMany(reference => _files.TryGetValue(reference.SyntaxTree, out var file) ? file.Bodies.Where(body => reference.Span.Contains(body.Declaration.Span)) : []);

    /// <summary>The members in the order of the compilation, each once.</summary>
    public IEnumerable<SyntaxNode> InOrder(IEnumerable<LockBody> bodies) => bodies.Distinct().Select(body => body.Declaration).OrderBy(declaration => _files[declaration.SyntaxTree].Order).ThenBy(declaration => declaration.SpanStart);
}
