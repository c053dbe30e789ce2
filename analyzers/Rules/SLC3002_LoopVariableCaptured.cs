using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Sharing;

namespace Sluice.Rules;

/// <summary>A `for` loop has one variable for all its rounds. Code that runs beside the loop and captured it sees the round that the loop is in by then.</summary>
internal sealed class LoopVariableCaptured : Rule
{
    internal const string Id = "SLC3002";

    /// <summary>The property that says that a copy at the start of the loop body means the same.</summary>
    internal const string CanCopy = nameof(CanCopy);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Variable of a for loop is captured by concurrent code",
        "'{0}' is one variable for all rounds of the loop: this code runs beside the loop and may see the value of a later round. Copy it to a local in the loop body and use the copy.",
        Family.Sharing,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A 'for' loop has one variable for all its rounds, and a lambda captures the variable, not its value. When the lambda runs on another thread or later, the loop has "
            + "moved on: rounds are done twice, others never, and the last one is often out of range. Copy the variable to a local in the loop body and use the copy. (A 'foreach' variable is new in each round.)",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.For;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        var told = new HashSet<SyntaxNode>();
        foreach (var body in type.Bodies.Where(body => body.Mentions.HasFlag(Mentions.For) && MayCapture(body.Declaration)))
        {
            if ((body.Mentions & (Mentions.Spawn | Mentions.Async | Mentions.Register)) != 0)
            {
                Check(body, told, report);
            }
        }

        // What is handed to a method that starts it.
        foreach (var race in (type.Mentions & (Mentions.Spawn | Mentions.Async)) == 0 ? [] : Race.Of(RaceKind.LoopVariable, type).Where(race => IsHandedOver(race.Other.Syntax, type) && told.Add(race.Other.Syntax)))
        {
            report(Diagnostic.Create(Descriptor, race.Other.Syntax.GetLocation(), new[] { race.Write.Syntax.GetLocation() }, null, race.Name));
        }
    }

    // `dispatcher.OnReady(() => Dial(devices[i]))`, in a loop that is not left.
    private static bool IsHandedOver(SyntaxNode use, TypeModel type) => type.Contains(use)
        && use.Ancestors().OfType<AnonymousFunctionExpressionSyntax>().LastOrDefault() is { Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } } work
        && type.Compilation.SemanticModel(call.SyntaxTree).GetSymbolInfo(call, type.Cancellation).Symbol is IMethodSymbol callee && type.Compilation.Owns(callee)
        && work.Ancestors().OfType<ForStatementSyntax>().FirstOrDefault() is { } loop && !loop.DescendantNodes().Any(node => node is BreakStatementSyntax or ReturnStatementSyntax or GotoStatementSyntax && node.SpanStart > work.SpanStart);

    // Asked of the syntax, before anything is bound: a function in a `for` statement names what the statement declares or steps.
    private static bool MayCapture(SyntaxNode declaration) => declaration.DescendantNodes().OfType<ForStatementSyntax>().Any(loop =>
    {
        var names = NamesIn(loop);
        return names.Count > 0 && loop.Statement.DescendantNodes().Any(node =>
            node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or QueryExpressionSyntax
            && node.DescendantNodes().Any(inner => inner is IdentifierNameSyntax name && names.Contains(name.Identifier.ValueText)));
    });

    private static HashSet<string> NamesIn(ForStatementSyntax loop)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        names.UnionWith(loop.Declaration?.Variables.Select(variable => variable.Identifier.ValueText) ?? []);
        names.UnionWith(loop.Incrementors.SelectMany(step => step.DescendantNodes()).OfType<IdentifierNameSyntax>().Select(name => name.Identifier.ValueText));
        return names;
    }

    private static void Check(Body body, HashSet<SyntaxNode> told, Action<Diagnostic> report)
    {
        var loops = body.All.SelectMany(owner => owner.Operations.OfType<IForLoopOperation>().Select(loop => (Owner: owner, Loop: loop))).ToList();
        foreach (var detached in Detached.In(body).Concat(Detached.CalledBackIn(body)))
        {
            if (detached.Fate.Kind is FateKind.Unknown or FateKind.Joined)
            {
                continue;
            }

            foreach (var (owner, loop) in loops.Where(candidate => candidate.Loop.Body.Syntax.Span.Contains(detached.Start.Syntax.Span)))
            {
                foreach (var variable in VariablesOf(loop))
                {
                    var uses = UsesOf(variable, detached);
                    if (uses.IsEmpty || told.Contains(uses[0].Syntax) || !new CapturedVariable(owner, variable, detached).MayChange())
                    {
                        continue;
                    }

                    told.UnionWith(uses.Select(use => use.Syntax));
                    report(Diagnostic.Create(
                        new LoopVariableCaptured().Descriptor,
                        uses[0].Syntax.GetLocation(),
                        uses.Select(use => use.Syntax.GetLocation()).Prepend(loop.Syntax.GetLocation()),
                        CanBeCopied(variable, loop, uses, body) ? ImmutableDictionary<string, string?>.Empty.Add(CanCopy, "true") : null,
                        variable.Name));
                }
            }
        }
    }

    /// <summary>What the loop declares, and what its header steps.</summary>
    private static IEnumerable<ILocalSymbol> VariablesOf(IForLoopOperation loop) => loop.Locals
        .Concat(loop.AtLoopBottom.SelectMany(step => step.DescendantsAndSelf()).SelectMany(Locals.WritesOf).Select(write => write.Target).OfType<ILocalReferenceOperation>().Select(target => target.Local))
        .Where(local => local.RefKind == RefKind.None)
        .Distinct<ILocalSymbol>(SymbolEqualityComparer.Default);

    // Where the detached code names the variable, in the order of the source, local functions that it calls included.
    private static ImmutableArray<ILocalReferenceOperation> UsesOf(ILocalSymbol variable, Detached detached)
    {
        var uses = new List<ILocalReferenceOperation>();
        var seen = new HashSet<Body>();
        Collect(detached.Work, detached.From);
        return uses.OrderBy(use => use.Syntax.SpanStart).ToImmutableArray();

        void Collect(Body code, int from)
        {
            foreach (var operation in code.All.Where(seen.Add).SelectMany(part => part.Operations).Where(operation => operation.Syntax.SpanStart >= from))
            {
                if (operation is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, variable) && !IsOnlyNamed(reference))
                {
                    uses.Add(reference);
                }
                else if (LocalFunctionOf(operation) is { } function && detached.StartedIn.Outermost.InnerOf(function) is { } callee && !seen.Contains(callee))
                {
                    Collect(callee, callee.Declaration.SpanStart);
                }
            }
        }
    }

    private static IMethodSymbol? LocalFunctionOf(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod: { MethodKind: MethodKind.LocalFunction } function } => function,
        IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } function } => function,
        _ => null,
    };

    private static bool IsOnlyNamed(IOperation reference) => reference.Syntax.Ancestors().TakeWhile(node => node is not StatementSyntax).Any(node =>
        node is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } });

    // A copy means the same when only the header changes the variable, and nothing but what is detached would use the copy.
    private static bool CanBeCopied(ILocalSymbol variable, IForLoopOperation loop, ImmutableArray<ILocalReferenceOperation> uses, Body body) =>
        loop.Syntax is ForStatementSyntax { Statement: not EmptyStatementSyntax } statement
        && uses.All(use => statement.Statement.Span.Contains(use.Syntax.Span))
        && !body.All.SelectMany(part => part.Operations).Where(operation => statement.Statement.Span.Contains(operation.Syntax.Span)).SelectMany(Locals.WritesOf)
            .Any(write => write.Target is ILocalReferenceOperation target && SymbolEqualityComparer.Default.Equals(target.Local, variable));
}
