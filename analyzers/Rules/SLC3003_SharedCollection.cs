using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model;
using Sluice.Model.Sharing;

namespace Sluice.Rules;

/// <summary>A plain collection that one strand of work changes while another uses it.</summary>
internal sealed class SharedCollection : Rule
{
    internal const string Id = "SLC3003";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Collection or other object that is not thread-safe is changed by concurrent code",
        "'{0}' is {1}: this {2}, or hold one lock at both places.",
        Family.Sharing,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "List, Dictionary, HashSet, Queue, StringBuilder and their like break when one thread changes them while another uses them: entries get lost, an enumeration throws, a lookup never ends. "
            + "Use a collection that is made for it, collect results from the tasks instead, or guard every use with one lock.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Spawn | Mentions.Async;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var race in Race.Of(RaceKind.Collection, type))
        {
            report(race.As(Descriptor, CollectionOf(race) is { } collection ? ImmutableDictionary<string, string?>.Empty.Add(NotGuarded.Gate, collection) : null, AdviceFor(race)));
        }
    }

    private static string AdviceFor(Race race) => race.Write.Cell.Owner?.Type switch
    {
        { Name: "Random" } => "source of random numbers is not thread-safe, so it can end up giving zeros for ever. Use Random.Shared",
        var type when Collections.IsUnsafeTool(type) => "object keeps where it is and is not thread-safe, so the uses get mixed up or it throws. Give each work its own",
        _ => "collection is not thread-safe, so entries get lost, it throws, or it loops for ever. Use a concurrent collection",
    };

    // The variable that names it, when nothing else is put there and only this place has to be locked.
    private static string? CollectionOf(Race race)
    {
        var named = race.Write.Syntax switch
        {
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax owner } } => owner,
            ElementAccessExpressionSyntax { Expression: IdentifierNameSyntax owner } => owner,
            _ => null,
        };
        return race.IsWithItself && named is not null
            && race.At.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.DescendantNodes().Any(node => node is AssignmentExpressionSyntax { Left: IdentifierNameSyntax target } && target.Identifier.ValueText == named.Identifier.ValueText) == false ? named.Identifier.ValueText : null;
    }
}
