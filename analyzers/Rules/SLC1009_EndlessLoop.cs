using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A loop of async or worker code that nobody can end.</summary>
internal sealed class EndlessLoop : Rule
{
    internal const string Id = "SLC1009";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Endless loop that nobody can end",
        "Nothing ends this loop: it leaves nowhere, looks at no token, and what it waits for is given none, so its work goes on when everybody else is done; {0}",
        Family.Context,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Work that runs beside its starter must end when it is no longer wanted: when the service stops, when its owner is disposed. A loop without an exit keeps its thread or its timer, and all that it uses, until the process is killed in the middle of something.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Async | Mentions.Spawn;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        var endless = from member in type.Bodies
                      where (member.Mentions & (Mentions.For | Mentions.While)) != 0 && member.Declaration.DescendantNodes().Any(IsEndless)
                      from body in member.All
                      from loop in body.Operations.OfType<ILoopOperation>()
                      where IsEndless(loop.Syntax)
                      select (body, loop);
        var reported = new List<TextSpan>();
        HashSet<ISymbol>? started = null;
        foreach (var (body, loop) in endless.ToList())
        {
            if (reported.Exists(span => span.Contains(loop.Syntax.Span)) || IsProgram(body.Outermost) || !(IsAsync(body) || body.Spawns.Any() || (started ??= StartedBy(type)).Contains(body.Symbol!)))
            {
                continue;
            }

            var token = TokenAt(loop, body);
            if (new LoopExits(body, type.Cancellation).AreMissing(loop, isAtHand: token is not null) && !IsInterrupted(type))
            {
                reported.Add(loop.Syntax.Span);
                report(Diagnostic.Create(Descriptor, HeadOf(loop.Syntax), token is null ? "give it a CancellationToken" : $"ask '{token}'"));
            }
        }
    }

    private static bool IsEndless(SyntaxNode node) => node switch
    {
        WhileStatementSyntax loop => IsTrue(loop.Condition),
        DoStatementSyntax loop => IsTrue(loop.Condition),
        ForStatementSyntax loop => loop.Condition is null || IsTrue(loop.Condition),
        _ => false,
    };

    private static bool IsTrue(ExpressionSyntax condition) => condition switch
    {
        LiteralExpressionSyntax literal => literal.IsKind(SyntaxKind.TrueLiteralExpression),
        ParenthesizedExpressionSyntax inner => IsTrue(inner.Expression),
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression, Operand: LiteralExpressionSyntax literal } => literal.IsKind(SyntaxKind.FalseLiteralExpression),
        _ => false,
    };

    private static bool IsAsync(Body body) => body.Symbol is IMethodSymbol { IsAsync: true };

    // The program ends it.
    private static bool IsProgram(Body member) => member.Symbol is IMethodSymbol { IsStatic: true, Name: "Main" or "<Main>$" };

    // The methods that the type starts beside itself: handed over as they are, or called by a lambda that is.
    private static HashSet<ISymbol> StartedBy(TypeModel type)
    {
        var started = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var body in type.BodiesThatMention(Mentions.Spawn))
        {
            foreach (var work in body.Facts.OfType<SpawnFact>().SelectMany(spawn => spawn.Works))
            {
                if (work.Bare() is IMethodReferenceOperation reference)
                {
                    started.Add(reference.Method.OriginalDefinition);
                }

                started.UnionWith(body.Outermost.InnerOf(work.Bare())?.Operations.OfType<IInvocationOperation>().Select(call => call.TargetMethod.OriginalDefinition) ?? []);
            }
        }

        return started;
    }

    // Thread.Interrupt ends what sleeps or waits.
    private static bool IsInterrupted(TypeModel type) => type.Parts.SelectMany(part => part.DescendantNodes())
        .Any(node => node is IdentifierNameSyntax { Identifier.ValueText: "Interrupt" or "Abort" });

    private static string? TokenAt(ILoopOperation loop, Body body)
    {
        for (var here = body; here is not null; here = here.Outer)
        {
            if (here.Symbol is IMethodSymbol method && method.Parameters.FirstOrDefault(parameter => Tokens.IsToken(parameter.Type, body.Compilation.Known) && parameter.Name.Trim('_').Length > 0) is { } token)
            {
                return token.Name;
            }
        }

        return Tokens.At(loop, body).FirstOrDefault()?.Name;
    }

    private static Location HeadOf(SyntaxNode loop) => loop switch
    {
        WhileStatementSyntax { WhileKeyword: var first, CloseParenToken: var last } => Between(first, last),
        ForStatementSyntax { ForKeyword: var first, CloseParenToken: var last } => Between(first, last),
        DoStatementSyntax { DoKeyword: var first } => first.GetLocation(),
        _ => loop.GetLocation(),
    };

    private static Location Between(SyntaxToken first, SyntaxToken last) => Location.Create(first.SyntaxTree!, TextSpan.FromBounds(first.SpanStart, last.Span.End));
}
