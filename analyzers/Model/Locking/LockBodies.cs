using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model.Files;

namespace Sluice.Model.Locking;

/// <summary>A body of a type that mentions locks, as its text alone tells it.</summary>
/// <param name="Index">Its place in the compilation.</param>
/// <param name="Declaration">The member.</param>
/// <param name="Mentions">What it mentions.</param>
/// <param name="Words">Its words, hashed.</param>
/// <param name="MayTake">Whether it may leave a lock taken for its caller, or lock what it is given.</param>
/// <param name="LocksVariable">Whether it may lock an object that a local or parameter holds.</param>
/// <param name="GivesBack">Whether it gives back what it takes, as far as words tell.</param>
/// <param name="PassesCode">Whether it is given a delegate and may run it, or pass it on.</param>
internal sealed record LockBody(int Index, SyntaxNode Declaration, Mentions Mentions, int[] Words, bool MayTake, bool LocksVariable, bool GivesBack, bool PassesCode)
{
    public bool MentionsLock => (Mentions & Mentions.Lock) != 0;
}

/// <summary>The bodies of all types that mention locks, found by the words in them: who can have to do with a lock is known before anything is bound.</summary>
internal sealed class LockBodies
{
    private static readonly string[] Takes = ["EnterScope", "Enter", "TryEnter", "Wait", "WaitAsync", "WaitOne", "EnterReadLock", "EnterWriteLock", "EnterUpgradeableReadLock", "TryEnterReadLock", "TryEnterWriteLock", "TryEnterUpgradeableReadLock", "LockAsync", "EnterAsync", "AcquireAsync", "Acquire", "ReadLock", "WriteLock", "ReaderLock", "WriterLock", "ReadScope", "WriteScope", "EnterRead", "EnterWrite", "AcquireReaderLock", "AcquireWriterLock"];
    private static readonly string[] Gives = ["Exit", "Release", "ReleaseMutex", "ExitReadLock", "ExitWriteLock", "ExitUpgradeableReadLock", "ReleaseReaderLock", "ReleaseWriterLock"];
    private static readonly HashSet<int> TakeWords = new(Takes.Select(HashOf));
    private static readonly HashSet<int> GiveWords = new(Gives.Select(HashOf));
    private static readonly int LockWord = HashOf("lock");
    private static readonly int UsingWord = HashOf("using");

    private readonly List<LockBody> _all = [];
    private readonly Dictionary<int, List<LockBody>> _byWord = [];
    private readonly Dictionary<SyntaxTree, List<LockBody>> _byTree = [];

    private LockBodies()
    {
    }

    public IReadOnlyList<LockBody> All => _all;

    public static LockBodies Of(CompilationModel compilation, IEnumerable<INamedTypeSymbol> types, CancellationToken cancellation)
    {
        var bodies = new LockBodies();
        foreach (var type in types)
        {
            cancellation.ThrowIfCancellationRequested();
            var references = type.DeclaringSyntaxReferences;
            if (!references.Any(reference => (SourceFile.Of(reference.SyntaxTree).Mentions(cancellation).In(reference.Span) & Mentions.Lock) != 0))
            {
                continue;
            }

            foreach (var declaration in references.SelectMany(reference => MemberBodies.In(reference.GetSyntax(cancellation))))
            {
                var tree = declaration.SyntaxTree;
                bodies.Add(declaration, SourceFile.Of(tree).Mentions(cancellation).In(declaration.Span), compilation.Text(tree, cancellation));
            }
        }

        return bodies;
    }

    /// <summary>The bodies whose text has the word.</summary>
    public IReadOnlyList<LockBody> Naming(string word) => _byWord.TryGetValue(HashOf(word), out var bodies) ? bodies : [];

    /// <summary>The bodies that can name <paramref name="symbol"/> and do: of a private member those of its type.</summary>
    public IEnumerable<LockBody> Naming(ISymbol symbol)
    {
        string word = symbol.Name.Substring(symbol.Name.LastIndexOf('.') + 1);
        if (symbol is not { DeclaredAccessibility: Accessibility.Private, ContainingType: { } type })
        {
            return Naming(word);
        }

        int hash = HashOf(word);
        return BodiesIn(type).Where(body => Array.IndexOf(body.Words, hash) >= 0);
    }

    /// <summary>The bodies of <paramref name="type"/> and of the types in it.</summary>
    public IEnumerable<LockBody> BodiesIn(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.SelectMany(reference => _byTree.TryGetValue(reference.SyntaxTree, out var bodies) ? bodies.Where(body => reference.Span.Contains(body.Declaration.Span)) : []);

    internal static bool IsWordCharacter(char c) => char.IsLetterOrDigit(c) || c == '_';

    private void Add(SyntaxNode declaration, Mentions mentions, string text)
    {
        var words = new HashSet<int>();
        var parameters = ParametersOf(declaration);
        int takes = 0, gives = 0, uses = 0, lastTake = 0, lastGive = 0, before = 0;
        bool locksArgument = false, locksVariable = false;
        int end = declaration.Span.End;
        for (int at = declaration.SpanStart; at < end;)
        {
            if (!IsWordCharacter(text[at]))
            {
                at++;
                continue;
            }

            int start = at;
            int hash = 17;
            for (; at < end && IsWordCharacter(text[at]); at++)
            {
                hash = unchecked((hash * 31) + text[at]);
            }

            words.Add(hash);
            bool isTake = TakeWords.Contains(hash);
            if (isTake)
            {
                takes++;
                lastTake = start;
            }
            else if (GiveWords.Contains(hash))
            {
                gives++;
                lastGive = start;
            }
            else if (hash == UsingWord)
            {
                uses++;
            }

            // `lock (gate)`, `Monitor.Enter(gate)`, `gate.Wait()`.
            bool isTaken = before == LockWord || TakeWords.Contains(before);
            locksVariable |= isTaken && char.IsLower(text[start]) && at < end && text[at] is ')' or ',';
            locksArgument |= (isTaken && parameters.Contains(hash)) || (isTake && parameters.Contains(before));
            before = hash;
        }

        bool passesCode = declaration is MethodDeclarationSyntax { ParameterList.Parameters: var given } && given.Any(IsCode);
        bool leaves = takes > gives + uses || (uses == 0 && lastTake > lastGive);
        var body = new LockBody(_all.Count, declaration, mentions, words.ToArray(), declaration is MethodDeclarationSyntax && (mentions & Mentions.Lock) != 0 && (leaves || locksArgument || passesCode), locksVariable, gives + uses > 0, passesCode);
        _all.Add(body);
        foreach (int word in body.Words)
        {
            Put(_byWord, word, body);
        }

        Put(_byTree, declaration.SyntaxTree, body);
    }

    // `Action<int> work`, `Func<Task> body`, `ChangedHandler handler`.
    private static bool IsCode(ParameterSyntax parameter) => (parameter.Type is NullableTypeSyntax optional ? optional.ElementType : parameter.Type) is SimpleNameSyntax { Identifier.ValueText: var name }
        && (name is "Action" or "Func" or "Predicate" || name.EndsWith("Handler", StringComparison.Ordinal) || name.EndsWith("Callback", StringComparison.Ordinal) || name.EndsWith("Delegate", StringComparison.Ordinal));

    private static void Put<TKey>(Dictionary<TKey, List<LockBody>> lists, TKey key, LockBody body)
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists[key] = list = [];
        }

        list.Add(body);
    }

    private static HashSet<int> ParametersOf(SyntaxNode declaration) =>
        new(declaration is MethodDeclarationSyntax method ? method.ParameterList.Parameters.Select(parameter => HashOf(parameter.Identifier.ValueText)) : []);

    private static int HashOf(string word) => word.Aggregate(17, (hash, c) => unchecked((hash * 31) + c));
}
