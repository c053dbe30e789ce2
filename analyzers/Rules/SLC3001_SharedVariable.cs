using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sluice.Model;
using Sluice.Model.Sharing;

namespace Sluice.Rules;

/// <summary>A local or field that two strands of work use at the same time, and one of them writes.</summary>
internal sealed class SharedVariable : Rule
{
    internal const string Id = "SLC3001";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Variable is shared with concurrent code and written",
        "'{0}' is {1}: a write can get lost, or be seen by half. Wait for the work first, hold one lock at both places, or give the work its own copy.",
        Family.Sharing,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Two strands of work that run at the same time use one variable, one of them writes it, and neither a lock nor an atomic operation nor an await or join keeps them apart. "
            + "Writes get lost, loops miss what others wrote, and what was tested has changed when it is used.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Spawn | Mentions.Async;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var race in Race.Of(RaceKind.Variable, type))
        {
            report(race.As(Descriptor, FixOf(race) is { } fix ? ImmutableDictionary<string, string?>.Empty.Add(PlainAndAtomic.Fix, fix) : null));
        }
    }

    // A count or sum that nobody takes the value of: the method of Interlocked that does it in one step.
    private static string? FixOf(Race race)
    {
        bool isWord = (race.Write.Cell.Symbol is ILocalSymbol { Type: var local } && IsWord(local)) || (race.Write.Cell.Symbol is IFieldSymbol { Type: var field } && IsWord(field));
        return !race.IsWithItself || !isWord || race.At.Parent is not { Parent: ExpressionStatementSyntax or AnonymousFunctionExpressionSyntax } step ? null : step.Kind() switch
        {
            SyntaxKind.PostIncrementExpression when step.Parent is ExpressionStatementSyntax => "Increment",
            SyntaxKind.PostDecrementExpression when step.Parent is ExpressionStatementSyntax => "Decrement",
            SyntaxKind.PreIncrementExpression => "Increment",
            SyntaxKind.PreDecrementExpression => "Decrement",
            SyntaxKind.AddAssignmentExpression when step is AssignmentExpressionSyntax { Right: var value } && !value.DescendantNodesAndSelf().Any(node => node is AwaitExpressionSyntax) => "Add",
            _ => null,
        };
    }

    private static bool IsWord(ITypeSymbol type) => type.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_UInt32 or SpecialType.System_UInt64;
}
