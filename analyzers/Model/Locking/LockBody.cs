using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model.Files;

namespace Sluice.Model.Locking;

/// <summary>A body of a type that mentions locks, as its text alone tells it.</summary>
/// <param name="Declaration">The member.</param>
/// <param name="Mentions">What it mentions.</param>
/// <param name="Words">Its words, hashed.</param>
/// <param name="MayTake">Whether it may leave a lock taken for its caller, lock what it is given, or run it under a lock.</param>
/// <param name="LocksArgument">Whether it may lock what it is given.</param>
/// <param name="LocksVariable">Whether it may lock an object that a local or parameter holds.</param>
/// <param name="GivesBack">Whether it gives back what it takes, as far as words tell.</param>
/// <param name="PassesCode">Whether it is given a delegate and may run it, or pass it on.</param>
internal sealed record LockBody(SyntaxNode Declaration, Mentions Mentions, int[] Words, bool MayTake, bool LocksArgument, bool LocksVariable, bool GivesBack, bool PassesCode)
{
    private static readonly string[] Takes = ["EnterScope", "Enter", "TryEnter", "Wait", "WaitAsync", "WaitOne", "EnterReadLock", "EnterWriteLock", "EnterUpgradeableReadLock", "TryEnterReadLock", "TryEnterWriteLock", "TryEnterUpgradeableReadLock", "LockAsync", "EnterAsync", "AcquireAsync", "Acquire", "ReadLock", "WriteLock", "ReaderLock", "WriterLock", "ReadScope", "WriteScope", "EnterRead", "EnterWrite", "AcquireReaderLock", "AcquireWriterLock"];
    private static readonly string[] Gives = ["Exit", "Release", "ReleaseMutex", "ExitReadLock", "ExitWriteLock", "ExitUpgradeableReadLock", "ReleaseReaderLock", "ReleaseWriterLock"];
    private static readonly HashSet<int> TakeWords = new(Takes.Select(Word.HashOf));
    private static readonly HashSet<int> GiveWords = new(Gives.Select(Word.HashOf));
    private static readonly int LockWord = Word.HashOf("lock");
    private static readonly int UsingWord = Word.HashOf("using");

    public bool MentionsLock => (Mentions & Mentions.Lock) != 0;

    /// <summary>Gets a value indicating whether it hands on to its caller what a callee that takes a lock leaves to it.</summary>
    public bool MayHandOn => Declaration is MethodDeclarationSyntax && (PassesCode || (MentionsLock && !GivesBack));

    /// <summary>The bodies of a file, those of types that mention no lock left out.</summary>
    public static IEnumerable<LockBody> In(SyntaxTree tree, CancellationToken cancellation)
    {
        var mentions = SourceFile.Of(tree).Mentions(cancellation);
        var types = tree.GetRoot(cancellation).DescendantNodesAndSelf(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
            .Where(node => (node is TypeDeclarationSyntax type && ((mentions.In(type.Span) & Mentions.Lock) != 0 || type.Modifiers.Any(SyntaxKind.PartialKeyword)))
                || (node is CompilationUnitSyntax unit && (mentions.All & Mentions.Lock) != 0 && unit.Members.Any(SyntaxKind.GlobalStatement)))
            .ToList();
        string text = types.Count == 0 ? string.Empty : tree.GetText(cancellation).ToString();
        return types.SelectMany(MemberBodies.In).Select(declaration => Of(declaration, mentions.In(declaration.Span), text));
    }

    /// <summary>Whether the text of the body has the word.</summary>
    public bool Has(string word) => Array.IndexOf(Words, Word.HashOf(word)) >= 0;

    private static LockBody Of(SyntaxNode declaration, Mentions mentions, string text)
    {
        var words = new HashSet<int>();
        var parameters = ParametersOf(declaration);
        int takes = 0, gives = 0, uses = 0, lastTake = 0, lastGive = 0, before = 0;
        bool locksArgument = false, locksVariable = false;
        int end = declaration.Span.End;
        for (int at = declaration.SpanStart; at < end;)
        {
            if (!Word.IsCharacter(text[at]))
            {
                at++;
                continue;
            }

            int start = at;
            int hash = Word.Empty;
            for (; at < end && Word.IsCharacter(text[at]); at++)
            {
                hash = Word.Hash(hash, text[at]);
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
        bool mayTake = declaration is MethodDeclarationSyntax && (mentions & Mentions.Lock) != 0 && (leaves || locksArgument || passesCode);
        return new(declaration, mentions, words.ToArray(), mayTake, locksArgument, locksVariable, gives + uses > 0, passesCode);
    }

    // `Action<int> work`, `Func<Task> body`, `ChangedHandler handler`.
    private static bool IsCode(ParameterSyntax parameter) => (parameter.Type is NullableTypeSyntax optional ? optional.ElementType : parameter.Type) is SimpleNameSyntax { Identifier.ValueText: var name }
        && (name is "Action" or "Func" or "Predicate" || name.EndsWith("Handler", StringComparison.Ordinal) || name.EndsWith("Callback", StringComparison.Ordinal) || name.EndsWith("Delegate", StringComparison.Ordinal));

    private static HashSet<int> ParametersOf(SyntaxNode declaration) =>
        new(declaration is MethodDeclarationSyntax method ? method.ParameterList.Parameters.Select(parameter => Word.HashOf(parameter.Identifier.ValueText)) : []);
}
