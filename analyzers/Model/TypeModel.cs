using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model.Channels;
using Sluice.Model.Files;
using Sluice.Model.Sharing;

namespace Sluice.Model;

/// <summary>
/// The model of one type: its bodies, in all its parts, in the order of the source. It is made for one analysis of the type and used by one
/// thread; what it holds is bound when a rule asks for it and not before.
/// </summary>
internal sealed class TypeModel
{
    private Once<ImmutableArray<Body>> _withToken;
    private Once<ImmutableArray<TracedChannel>> _channels;
    private Once<ImmutableArray<Race>> _races;
    private Once<ImmutableArray<Guard>> _guards;
    private Once<ImmutableArray<TypeModel>> _bases;
    private Once<ImmutableArray<TypeModel>> _nested;

    private TypeModel(INamedTypeSymbol symbol, CompilationModel compilation, ImmutableArray<SyntaxNode> parts, Mentions mentions, CancellationToken cancellation)
    {
        Symbol = symbol;
        Compilation = compilation;
        Cancellation = cancellation;
        Mentions = mentions;
        Trees = parts.Select(part => part.SyntaxTree).Distinct().ToImmutableArray();
        Parts = parts;
        Bodies = mentions == Mentions.None
            ? ImmutableArray<Body>.Empty
            : parts.SelectMany(MemberBodies.In).Select(declaration => Body.Of(declaration, compilation, cancellation)).ToImmutableArray();
    }

    public INamedTypeSymbol Symbol { get; }

    public CompilationModel Compilation { get; }

    public KnownTypes Known => Compilation.Known;

    public CancellationToken Cancellation { get; }

    /// <summary>Gets what the text of any part of the type mentions, nested types left out.</summary>
    public Mentions Mentions { get; }

    public ImmutableArray<SyntaxTree> Trees { get; }

    public ImmutableArray<SyntaxNode> Parts { get; }

    /// <summary>Gets the bodies of the type's members.</summary>
    public ImmutableArray<Body> Bodies { get; }

    /// <summary>Gets the bodies in which a token may be in scope, lambdas and local functions included.</summary>
    public ImmutableArray<Body> BodiesWithToken => _withToken.Get(this, static type => Tokens.BodiesIn(type).ToImmutableArray());

    /// <summary>Gets the channels that the type makes and names, with all that is done to them.</summary>
    public ImmutableArray<TracedChannel> Channels => _channels.Get(this, static type => TracedChannel.In(type).ToImmutableArray());

    /// <summary>Gets the accesses that nothing keeps apart, in the work that the type starts.</summary>
    public ImmutableArray<Race> Races => _races.Get(this, Race.In);

    /// <summary>Gets the fields that a lock of the type guards.</summary>
    public ImmutableArray<Guard> Guards => _guards.Get(this, Guard.In);

    /// <summary>Gets the types that it derives from and that leave it fields to use: what protects these is told there.</summary>
    public ImmutableArray<TypeModel> Bases => _bases.Get(this, static type => BasesOf(type.Symbol, type.Compilation).Select(above => Of(above, type.Compilation, type.Cancellation)).ToImmutableArray());

    /// <summary>Gets the types that stand in it, which may use its private fields.</summary>
    public ImmutableArray<TypeModel> Nested => _nested.Get(this, static type => type.Symbol.GetTypeMembers().Select(nested => Of(nested, type.Compilation, type.Cancellation)).ToImmutableArray());

    /// <summary>Whether <paramref name="node"/> stands in a part of the type.</summary>
    public bool Contains(SyntaxNode node) => Parts.Any(part => part.SyntaxTree == node.SyntaxTree && part.Span.Contains(node.Span));

    /// <summary>The bodies of members whose text mentions any of <paramref name="mentions"/>, each with the lambdas and local functions in it.</summary>
    public IEnumerable<Body> BodiesThatMention(Mentions mentions) => Bodies.Where(body => (body.Mentions & mentions) != 0).SelectMany(body => body.All);

    public static TypeModel Of(INamedTypeSymbol symbol, CompilationModel compilation, CancellationToken cancellation)
    {
        var parts = symbol.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation)).ToImmutableArray();
        var mentions = Mentions.None;
        foreach (var part in parts)
        {
            mentions |= SourceFile.Of(part.SyntaxTree).Mentions(cancellation).In(part.Span);
        }

        // What a host calls from many threads is concurrent without a word about it.
        if (parts.Length > 0 && compilation.Services.Of(symbol, parts[0].SyntaxTree, cancellation) != Service.None)
        {
            mentions |= Mentions.Spawn;
        }

        // Who copies a lock that is a value may know nothing of the lock in it.
        if (parts.Any(part => compilation.LockValues.AreNamedIn(part.SyntaxTree, part.Span, cancellation)))
        {
            mentions |= Mentions.SpinLock;
        }

        if (parts.Any(part => compilation.ThreadOwn.IsNamedIn(part.SyntaxTree, part.Span, cancellation)))
        {
            mentions |= Mentions.ThreadOwn;
        }

        if (parts.Any(part => compilation.LockedMembers.AreNamedIn(part.SyntaxTree, part.Span, cancellation)))
        {
            mentions |= Mentions.LockedMember;
        }

        // Who derives from a type may forget the lock that it never sees.
        foreach (var part in parts.Length == 0 ? [] : BasesOf(symbol, compilation).SelectMany(above => above.DeclaringSyntaxReferences))
        {
            mentions |= SourceFile.Of(part.SyntaxTree).Mentions(cancellation).In(part.Span) & (Mentions.Lock | Mentions.Atomic);
        }

        // Work that the constructor of a base starts meets the object before it is made.
        for (var above = symbol.BaseType; above is not null && compilation.Owns(above); above = above.BaseType)
        {
            foreach (var constructor in above.InstanceConstructors.SelectMany(constructor => constructor.DeclaringSyntaxReferences).Where(reference => reference.GetSyntax(cancellation) is ConstructorDeclarationSyntax))
            {
                mentions |= SourceFile.Of(constructor.SyntaxTree).Mentions(cancellation).In(constructor.Span) & Mentions.Spawn;
            }
        }

        return new(symbol, compilation, parts, mentions, cancellation);
    }

    private static IEnumerable<INamedTypeSymbol> BasesOf(INamedTypeSymbol type, CompilationModel compilation)
    {
        for (var above = type.BaseType?.OriginalDefinition; above is not null && compilation.Owns(above); above = above.BaseType?.OriginalDefinition)
        {
            if (above.GetMembers().Any(member => member is IFieldSymbol { DeclaredAccessibility: not Accessibility.Private, IsConst: false } field && (!field.IsReadOnly || Collections.IsUnsafe(field.Type))))
            {
                yield return above;
            }
        }
    }
}
