using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>The calls that a source can be given to whose token is cancelled when their race is over.</summary>
/// <param name="Calls">The calls, the reported work first.</param>
/// <param name="Facts">What the fix is told: <see cref="Link"/>, and of each call <see cref="Index"/> and <see cref="Argument"/>.</param>
internal sealed record Losers(ImmutableArray<IInvocationOperation> Calls, ImmutableDictionary<string, string?> Facts)
{
    /// <summary>The token that the source is linked to; empty when there is none.</summary>
    public const string Link = "Link";

    /// <summary>With the number of a call: where in its argument list the token goes.</summary>
    public const string Index = "Index";

    /// <summary>With the number of a call: how the argument is written, <c>{0}</c> being the token. Without it the token takes the place of the one that is there.</summary>
    public const string Argument = "Argument";

    private const string None = "default(global::System.Threading.CancellationToken)";

    /// <summary>The losers of <paramref name="race"/>; null where to cancel them would do more than end what nobody wants.</summary>
    public static Losers? Of(IInvocationOperation race, IReadOnlyList<Entrant> losers, Body body)
    {
        if (Awaiting(race.Syntax) is not { } awaiting || StatementList.Of(awaiting) is not { } statement || statement.Parent is SwitchSectionSyntax)
        {
            return null;
        }

        var list = StatementList.Around(statement);
        int end = StatementList.IndexOf(list, statement);
        bool IsBefore(SyntaxNode node) => StatementList.IndexOf(list, node) is var place && place >= 0 && place <= end;
        var works = losers.Select(loser => loser.Work).Distinct().ToList();
        if (list.Any(other => other is LabeledStatementSyntax) || !works.TrueForAll(work => IsBefore(work.Syntax)) || !losers.All(loser => loser.Holder is null || IsOver(loser.Holder, race, awaiting, list, body)))
        {
            return null;
        }

        var passed = works.Select(PassedTo).OfType<IArgumentOperation>().Select(argument => Tokens.IsNone(argument.Value) ? string.Empty : argument.Value.Syntax.ToString()).Distinct().ToList();
        var link = passed.Count > 0 ? passed[0] : Tokens.At(race, body) is [{ IsBorrowed: false } token] ? token.Expression : string.Empty;
        if (passed.Count > 1 || link.Any(c => c is '(' or '?') || works.Exists(LivesOn))
        {
            return null;
        }

        var facts = ImmutableDictionary<string, string?>.Empty.Add(Link, link);
        foreach (var work in works)
        {
            if (Place(work, body, facts, works.IndexOf(work)) is not { } more)
            {
                return null;
            }

            facts = more;
        }

        // The timer is not wanted any longer either; it must end with no other token than before.
        foreach (var timer in TimersOf(race, body).Where(timer => !works.Contains(timer.Call) && IsBefore(timer.Call.Syntax) && (timer.Holder is null || IsOver(timer.Holder, race, awaiting, list, body)) && (PassedTo(timer.Call)?.Value.Syntax.ToString() ?? string.Empty) == link))
        {
            if (Place(timer.Call, body, facts, works.Count) is { } more)
            {
                works.Add(timer.Call);
                facts = more;
            }
        }

        return new(works.ToImmutableArray(), facts);
    }

    /// <summary>The await of a race; null when it is not awaited where it is made.</summary>
    public static AwaitExpressionSyntax? Awaiting(SyntaxNode race) => race.Parent switch
    {
        AwaitExpressionSyntax awaiting => awaiting,
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax { Parent: AwaitExpressionSyntax awaiting } } => awaiting,
        _ => null,
    };

    private static IEnumerable<(IInvocationOperation Call, ILocalSymbol? Holder)> TimersOf(IInvocationOperation race, Body body) => race.Arguments.SelectMany(argument => argument.Value.Items())
        .SelectMany(item => Entrant.StartedIn(item, body))
        .Where(started => started.Work.TargetMethod.Name == "Delay" && body.Compilation.Known[started.Work.TargetMethod.ContainingType] == KnownType.Task);

    // A stream of which more comes later may go on to look at the token.
    private static bool LivesOn(IInvocationOperation work) => work.Type is INamedTypeSymbol { TypeArguments: [var result] }
        && result.AllInterfaces.Append(result).Any(type => type is { Name: "IAsyncDisposable" or "IAsyncEnumerable", ContainingNamespace.Name: "System" or "Generic" });

    private static IArgumentOperation? PassedTo(IInvocationOperation work) =>
        work.Arguments.FirstOrDefault(argument => argument.ArgumentKind == ArgumentKind.Explicit && argument.Parameter?.Type is { Name: "CancellationToken" });

    private static ImmutableDictionary<string, string?>? Place(IInvocationOperation call, Body body, ImmutableDictionary<string, string?> facts, int number)
    {
        var known = body.Compilation.Known;
        string at = number.ToString(CultureInfo.InvariantCulture);
        if (call.Syntax is not InvocationExpressionSyntax syntax || (known[call.TargetMethod.ContainingType] is KnownType.Task or KnownType.TaskOfT or KnownType.TaskFactory or KnownType.TaskFactoryOfT && call.TargetMethod.Name != "Delay"))
        {
            return null;
        }

        if (PassedTo(call) is { Syntax: ArgumentSyntax argument })
        {
            return facts.Add(Index + at, syntax.ArgumentList.Arguments.IndexOf(argument).ToString(CultureInfo.InvariantCulture));
        }

        var inner = body.Outermost.All.LastOrDefault(part => part.Declaration.Span.Contains(call.Syntax.Span)) ?? body;
        return new TokenOverloads(known).Target(call, inner) is { } parameter && TokenCalls.Insertion(syntax, parameter, None, inner) is var (text, index)
            ? facts.Add(Index + at, index.ToString(CultureInfo.InvariantCulture)).Add(Argument + at, text.Replace(None, "{0}"))
            : null;
    }

    // Whether after the race the task is only compared with the winner, or used where it is the winner.
    private static bool IsOver(ILocalSymbol holder, IInvocationOperation race, AwaitExpressionSyntax awaiting, IReadOnlyList<StatementSyntax> list, Body body)
    {
        var winner = awaiting.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax first } ? first.Identifier.ValueText : null;
        var other = race.Arguments.SelectMany(argument => argument.Value.Items()).Select(item => item.Bare().Syntax.ToString()).Where(name => name != holder.Name).ToList();
        bool IsRace(ExpressionSyntax side) => side.Contains(awaiting) || (side is IdentifierNameSyntax name && name.Identifier.ValueText == winner);

        // 1 where the condition says that the task has won, -1 where it says that it has lost.
        int Says(ExpressionSyntax condition) => condition is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression } comparison
            && (IsRace(comparison.Left) ? comparison.Right : IsRace(comparison.Right) ? comparison.Left : null) is IdentifierNameSyntax { Identifier.ValueText: var compared }
            ? (comparison.IsKind(SyntaxKind.EqualsExpression) ? 1 : -1) * (compared == holder.Name ? 1 : other.Count == 1 && other[0] == compared ? -1 : 0)
            : 0;

        bool HasWon(SyntaxNode use)
        {
            for (var (inner, outer) = (use, use.Parent); outer is not null; (inner, outer) = (outer, outer.Parent))
            {
                bool isWhereItWon = outer switch
                {
                    ConditionalExpressionSyntax choice => Says(choice.Condition) == (inner == choice.WhenTrue ? 1 : inner == choice.WhenFalse ? -1 : 2),
                    IfStatementSyntax choice => Says(choice.Condition) == (inner == choice.Statement ? 1 : inner == choice.Else ? -1 : 2),
                    BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression } both => inner == both.Right && Says(both.Left) == 1,
                    _ => false,
                };
                if (isWhereItWon || (inner is StatementSyntax here && StatementList.Around(here).TakeWhile(before => before != here).Any(before => before is IfStatementSyntax choice && Says(choice.Condition) == -1 && Leaves(choice.Statement))))
                {
                    return true;
                }

                if (inner is StatementSyntax top && list.Contains(top))
                {
                    break;
                }
            }

            return false;
        }

        return StatementList.IndexOf(list, holder.DeclaringSyntaxReferences[0].GetSyntax()) >= 0
            && body.UsesOf(holder).Where(use => use.Use.Syntax.SpanStart > awaiting.Span.End).All(use => (use.Use.Syntax.Parent is BinaryExpressionSyntax comparison && Says(comparison) != 0) || HasWon(use.Use.Syntax));
    }

    private static bool Leaves(StatementSyntax statement) => statement switch
    {
        BlockSyntax block => block.Statements.LastOrDefault() is { } last && Leaves(last),
        _ => statement is ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax,
    };
}
