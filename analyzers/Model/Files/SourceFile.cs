using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Sluice.Model.Locking;

namespace Sluice.Model.Files;

/// <summary>
/// What one file says by its words and syntax alone, nothing bound. It is kept as long as the file: an edit makes a new compilation, and all files
/// but one are the same in it. Thread-safe; everything in it is made on demand.
/// </summary>
internal sealed class SourceFile
{
    private static readonly ConditionalWeakTable<SyntaxTree, SourceFile> Files = new();

    private readonly SyntaxTree _tree;
    private MentionIndex? _mentions;
    private ImmutableArray<NamedMember> _members;
    private ImmutableArray<DerivedType> _derived;
    private ImmutableArray<LockBody> _lockBodies;
    private ImmutableArray<WrittenStruct> _structs;
    private ImmutableArray<LockedMember> _lockedMembers;

    private SourceFile(SyntaxTree tree) => _tree = tree;

    public static SourceFile Of(SyntaxTree tree) => Files.GetValue(tree, static tree => new(tree));

    /// <summary>The words that mention something concurrent.</summary>
    public MentionIndex Mentions(CancellationToken cancellation) => Volatile.Read(ref _mentions) ?? Made(ref _mentions, MentionIndex.Of(_tree.GetText(cancellation)));

    /// <summary>The members, with the names in their code.</summary>
    public ImmutableArray<NamedMember> Members(CancellationToken cancellation) => Made(ref _members, NamedMember.In, cancellation);

    /// <summary>The types that have a base list.</summary>
    public ImmutableArray<DerivedType> Derived(CancellationToken cancellation) => Made(ref _derived, DerivedType.In, cancellation);

    /// <summary>The code of the types that mention locks, with the words in it.</summary>
    public ImmutableArray<LockBody> LockBodies(CancellationToken cancellation) => Made(ref _lockBodies, LockBody.In, cancellation);

    /// <summary>The structs.</summary>
    public ImmutableArray<WrittenStruct> Structs(CancellationToken cancellation) => Made(ref _structs, WrittenStruct.In, cancellation);

    /// <summary>The members that do one thing under a lock.</summary>
    public ImmutableArray<LockedMember> LockedMembers(CancellationToken cancellation) => Made(ref _lockedMembers, LockedMember.In, cancellation);

    /// <summary>The names of the structs that mention what a lock that is a value is made of.</summary>
    public IEnumerable<string> LockStructs(CancellationToken cancellation)
    {
        const Mentions Parts = Model.Mentions.SpinLock | Model.Mentions.Atomic;
        var mentions = Mentions(cancellation);
        return (mentions.All & Parts) == 0 ? [] : Structs(cancellation).Where(made => (mentions.In(made.Span) & Parts) != 0).Select(made => made.Name);
    }

    private static T Made<T>(ref T? place, T value)
        where T : class => Interlocked.CompareExchange(ref place, value, null) ?? value;

    private ImmutableArray<T> Made<T>(ref ImmutableArray<T> place, System.Func<SyntaxTree, CancellationToken, IEnumerable<T>> find, CancellationToken cancellation)
    {
        if (place.IsDefault)
        {
            ImmutableInterlocked.InterlockedInitialize(ref place, find(_tree, cancellation).ToImmutableArray());
        }

        return place;
    }
}
