using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Sluice.Model.Files;

namespace Sluice.Model.Sharing.Split;

/// <summary>A member that tells a field and one that changes it, each under a hold of the lock of its own.</summary>
internal sealed record LockedPair(LockedMember Read, LockedMember Act);

/// <summary>The pairs of members of a compilation that look like one step to their callers and are two. Thread-safe.</summary>
internal sealed class LockedMembers(CompilationModel compilation)
{
    private LockedPair[]? _pairs;
    private ILookup<string, string>? _readers;

    /// <summary>Whether the text names both members of a pair: who calls them need not mention locks.</summary>
    public bool AreNamedIn(SyntaxTree tree, TextSpan span, CancellationToken cancellation) => Pairs(cancellation) is { Length: > 0 } pairs && compilation.Text(tree, cancellation) is var text
        && LazyInitializer.EnsureInitialized(ref _readers, () => pairs.Select(pair => (Act: pair.Act.Name, Read: pair.Read.Name)).Distinct().ToLookup(pair => pair.Act, pair => pair.Read))!
            .Any(act => Word.IsIn(text, span.Start, span.End, act.Key) && act.Any(read => Word.IsIn(text, span.Start, span.End, read)));

    /// <summary>The pairs that the member changes something in, also when it is called by the interface that only one type has.</summary>
    public IEnumerable<LockedPair> ChangedBy(IMethodSymbol method, ITypeSymbol? receiver, CancellationToken cancellation)
    {
        string name = NameOf(method);
        var mine = Pairs(cancellation).Where(pair => pair.Act.Name == name).ToList();
        return mine.Count > 0 && CodeOf(method, receiver, cancellation) is { } code ? mine.Where(pair => pair.Act.Type == code.ContainingType.Name) : [];
    }

    /// <summary>Whether the member tells the field of the pair.</summary>
    public bool IsRead(IMethodSymbol method, ITypeSymbol? receiver, LockedPair pair, CancellationToken cancellation) => NameOf(method) == pair.Read.Name && CodeOf(method, receiver, cancellation)?.ContainingType.Name == pair.Read.Type;

    private static string NameOf(IMethodSymbol method) => method.AssociatedSymbol?.Name ?? method.Name;

    private IMethodSymbol? CodeOf(IMethodSymbol method, ITypeSymbol? receiver, CancellationToken cancellation) =>
        compilation.Owns(method) ? compilation.Overrides.Of(method.OriginalDefinition, receiver, cancellation) is { Count: 1 } code ? code.First() : null : null;

    private LockedPair[] Pairs(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _pairs) is { } known)
        {
            return known;
        }

        var pairs = compilation.Compilation.SyntaxTrees.SelectMany(tree => SourceFile.Of(tree).LockedMembers(cancellation))
            .GroupBy(member => (member.Type, member.Lock, member.Field))
            .SelectMany(same => same.Where(member => member.Kind == LockedMemberKind.Read).SelectMany(read => same.Where(member => member.Kind != LockedMemberKind.Read).Select(act => new LockedPair(read, act))))
            .Distinct()
            .ToArray();
        Volatile.Write(ref _pairs, pairs);
        return pairs;
    }
}
