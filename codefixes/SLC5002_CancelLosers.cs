using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using Sluice.Model;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Gives what takes part in the race a token of its own, and cancels that when the race is over.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC5002_CancelLosers : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(LoserLeft.Id);

    /// <summary>All of one document at once: each race needs a name of its own.</summary>
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(async (context, document, diagnostics) =>
        await Change(document, diagnostics, context.CancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root)
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics.Where(diagnostic => CanChange(root, diagnostic)))
        {
            context.RegisterCodeFix(CodeAction.Create("Cancel the losers", cancellation => Change(context.Document, ImmutableArray.Create(diagnostic), cancellation), LoserLeft.Id), diagnostic);
        }
    }

    private static bool CanChange(SyntaxNode root, Diagnostic diagnostic) => diagnostic.Properties.ContainsKey(Losers.Link)
        && root.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: >= LanguageVersion.CSharp8 }
        && Losers.Awaiting(NodeAt(root, diagnostic.Location)) is { } awaiting
        && StatementList.Of(awaiting) is { } statement
        && StatementList.Around(statement) is var list
        && (IsWhole(awaiting) || IsFirst(awaiting, statement))
        && TryAround.CanHold(list.Skip(FirstOf(list, diagnostic.AdditionalLocations.Select(location => NodeAt(root, location)))).TakeWhile(other => other.SpanStart <= statement.SpanStart).ToList());

    private static SyntaxNode NodeAt(SyntaxNode root, Location location) => root.FindNode(location.SourceSpan, getInnermostNodeForTie: true);

    private static int FirstOf(IReadOnlyList<StatementSyntax> list, IEnumerable<SyntaxNode> calls) => calls.Min(call => StatementList.IndexOf(list, call));

    // `var first = await Task.WhenAny(…);`
    private static bool IsWhole(AwaitExpressionSyntax race) => race.Parent switch
    {
        ExpressionStatementSyntax or EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 } } } } => true,
        AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax } assignment => assignment.Right == race,
        _ => false,
    };

    // Whether nothing in the statement happens before the race, so that this can be had in a statement ahead of it.
    private static bool IsFirst(ExpressionSyntax race, StatementSyntax statement)
    {
        for (SyntaxNode inner = race, outer = race.Parent!; ; (inner, outer) = (outer, outer.Parent!))
        {
            switch (outer)
            {
                case AwaitExpressionSyntax or ParenthesizedExpressionSyntax or MemberAccessExpressionSyntax or IsPatternExpressionSyntax:
                case BinaryExpressionSyntax binary when binary.Left == inner:
                case InvocationExpressionSyntax call when call.Expression == inner:
                case ConditionalExpressionSyntax choice when choice.Condition == inner:
                    break;
                case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax declaration } } }:
                    return declaration == statement;
                case IfStatementSyntax choice:
                    return choice == statement && choice.Condition == inner;
                case ReturnStatementSyntax or ExpressionStatementSyntax:
                    return outer == statement;
                default:
                    return false;
            }
        }
    }

    private static async Task<Document> Change(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        if (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is not { } root)
        {
            return document;
        }

        var races = diagnostics.Where(diagnostic => CanChange(root, diagnostic))
            .Select(diagnostic => (Race: NodeAt(root, diagnostic.Location), Calls: diagnostic.AdditionalLocations.Select(location => NodeAt(root, location)).ToList(), Facts: diagnostic.Properties)).ToList();
        var tracked = root.TrackNodes(races.SelectMany(race => race.Calls.Append(race.Race)).Distinct());
        foreach (var (race, calls, facts) in races)
        {
            tracked = Cancelled(tracked, tracked.GetCurrentNode(race)!, calls.Select(call => (InvocationExpressionSyntax)tracked.GetCurrentNode(call)!).ToList(), facts);
        }

        return document.WithSyntaxRoot(tracked);
    }

    private static SyntaxNode Cancelled(SyntaxNode root, SyntaxNode race, List<InvocationExpressionSyntax> calls, ImmutableDictionary<string, string?> facts)
    {
        var awaiting = Losers.Awaiting(race)!;
        var statement = StatementList.Of(awaiting)!;
        var list = StatementList.Around(statement);
        var first = list[FirstOf(list, calls)];
        string source = LocalCopy.FreeName("losers", statement);
        string winner = LocalCopy.FreeName("first", statement);
        var given = calls.Distinct().ToDictionary(call => call.ArgumentList, call => calls.IndexOf(call));
        SyntaxNode value = awaiting;
        while (value.Parent is ParenthesizedExpressionSyntax)
        {
            value = value.Parent;
        }

        bool isWhole = IsWhole(awaiting);
        var (behind, behindFirst) = (Behind(statement, root), Behind(first, root));
        return root.Changed(statement, old =>
        {
            SyntaxNode? raced = null;
            var now = old.ReplaceNodes(given.Keys.Cast<SyntaxNode>().Concat(isWhole ? [] : [value]).Where(old.Contains), (node, rewritten) => node is ArgumentListSyntax arguments && given.TryGetValue(arguments, out int number)
                ? Given((ArgumentListSyntax)rewritten, $"{source}.Token", number, facts)
                : (raced = rewritten) is null ? rewritten : SyntaxFactory.IdentifierName(winner).WithTriviaFrom(rewritten));
            var after = old != statement ? [now]
                : raced is null ? WithCancel(now, source, behind)
                : WithCancel(Held(winner, raced).WithLeadingTrivia(now.GetLeadingTrivia()).WithTrailingTrivia(behind), source, behind)
                    .Append(now.WithLeadingTrivia(SyntaxFactory.Whitespace(old.Indent())));
            return old == first ? Made(source, facts[Losers.Link]!, after.First(), behindFirst).Concat(after.Skip(1)) : after;
        });
    }

    private static ArgumentListSyntax Given(ArgumentListSyntax list, string token, int number, ImmutableDictionary<string, string?> facts)
    {
        string at = number.ToString(CultureInfo.InvariantCulture);
        int index = int.Parse(facts[Losers.Index + at]!, CultureInfo.InvariantCulture);
        if (facts.TryGetValue(Losers.Argument + at, out string? argument))
        {
            return ArgumentFix.With(list, argument!.Replace("{0}", token), index);
        }

        var there = list.Arguments[index].Expression;
        return list.ReplaceNode(there, SyntaxFactory.ParseExpression(token).WithTriviaFrom(there));
    }

    private static StatementSyntax Held(string name, SyntaxNode race)
    {
        while (race is ParenthesizedExpressionSyntax { Expression: var inner })
        {
            race = inner;
        }

        var held = SyntaxFactory.ParseStatement($"var {name} = x;");
        return held.ReplaceNode(held.DescendantNodes().OfType<EqualsValueClauseSyntax>().Single().Value, race.WithoutTrivia());
    }

    // The end of the line, or a space where all stands in one.
    private static SyntaxTrivia Behind(StatementSyntax statement, SyntaxNode root) => statement.GetFirstToken().BeginsLine() ? SyntaxFactory.EndOfLine(root.LineEnd()) : SyntaxFactory.Space;

    private static IEnumerable<StatementSyntax> WithCancel(StatementSyntax race, string source, SyntaxTrivia behind)
    {
        var end = race.GetTrailingTrivia();
        return
        [
            end.Any(SyntaxKind.EndOfLineTrivia) || end.Any(SyntaxKind.WhitespaceTrivia) ? race : race.WithTrailingTrivia(end.Add(behind)),
            SyntaxFactory.ParseStatement($"{source}.Cancel();").WithLeadingTrivia(SyntaxFactory.Whitespace(race.Indent())).WithTrailingTrivia(behind),
        ];
    }

    private static IEnumerable<StatementSyntax> Made(string source, string link, StatementSyntax before, SyntaxTrivia behind)
    {
        string made = link.Length > 0 ? $"global::System.Threading.CancellationTokenSource.CreateLinkedTokenSource({link})" : "new global::System.Threading.CancellationTokenSource()";
        var declared = SyntaxFactory.ParseStatement($"using var {source} = {made};");
        var name = declared.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Where(member => member.Name.Identifier.ValueText == "CancellationTokenSource").Cast<SyntaxNode>()
            .Concat(declared.DescendantNodes().OfType<ObjectCreationExpressionSyntax>().Select(creation => creation.Type)).First();
        declared = declared.ReplaceNode(name, name.WithAdditionalAnnotations(Simplifier.Annotation));
        int blank = before.BlankLines();
        var leading = before.GetLeadingTrivia();
        return
        [
            declared.WithLeadingTrivia(leading.Take(blank).Append(SyntaxFactory.Whitespace(before.Indent()))).WithTrailingTrivia(behind),
            before.WithLeadingTrivia(leading.Skip(blank)),
        ];
    }
}
