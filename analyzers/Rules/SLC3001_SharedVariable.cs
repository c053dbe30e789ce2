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

    /// <summary>The property that says that a copy from before the start is what the work wants.</summary>
    internal const string CanCopy = nameof(CanCopy);

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
            var properties = ImmutableDictionary<string, string?>.Empty;
            properties = FixOf(race) is { } fix ? properties.Add(PlainAndAtomic.Fix, fix) : properties;
            report(race.As(Descriptor, IsValueOfTheStart(race) ? properties.Add(CanCopy, "true") : properties));
        }
    }

    /// <summary>The lambda that reads the variable beside the write after it, and the statement that starts it.</summary>
    internal static (StatementSyntax Start, SyntaxNode Work)? WorkThatReads(SyntaxNode read, SyntaxNode write) =>
        read.Ancestors().OfType<AnonymousFunctionExpressionSyntax>().LastOrDefault(function => !function.Span.Contains(write.Span) && function.SpanStart < write.SpanStart) is { } work
        && work.FirstAncestorOrSelf<StatementSyntax>() is { Parent: BlockSyntax block } start && block.Span.Contains(write.Span) && !start.Span.Contains(write.Span) ? (start, work) : null;

    /// <summary>Whether the name stands for the variable, and not for a member of something.</summary>
    internal static bool IsVariable(IdentifierNameSyntax name) => name.Parent is not (MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax) && (name.Parent is not MemberAccessExpressionSyntax access || access.Expression == name)
        && !(name.Parent is AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } member && member.Left == name);

    // `run.Add(Task.Run(() => Post(batch))); batch = new();`: the next value is not for the work. What the work asks again and again it wants to see.
    private static bool IsValueOfTheStart(Race race) => race.Write is { Cell.Symbol: ILocalSymbol or IParameterSymbol, Syntax: IdentifierNameSyntax { Parent: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } } write }
        && race.Other is { IsWrite: false, Syntax: IdentifierNameSyntax read }
        && WorkThatReads(read, write) is { Work: var work }
        && !work.DescendantNodes().Any(node => node is IdentifierNameSyntax name && name.Identifier.ValueText == read.Identifier.ValueText && IsVariable(name)
            && (IsWritten(name) || name.Ancestors().TakeWhile(outer => outer != work).Any(outer => outer is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax)))
        && !work.DescendantNodes().OfType<VariableDeclaratorSyntax>().Any(declared => declared.Identifier.ValueText == read.Identifier.ValueText);

    private static bool IsWritten(IdentifierNameSyntax name) => name.Parent is PostfixUnaryExpressionSyntax { RawKind: not (int)SyntaxKind.SuppressNullableWarningExpression } or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression }
        or ArgumentSyntax { RefKindKeyword.RawKind: not (int)SyntaxKind.None } || (name.Parent is AssignmentExpressionSyntax assignment && assignment.Left == name);

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
