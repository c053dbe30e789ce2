using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Sharing;

namespace Sluice.Rules;

/// <summary>After an await the code may run on another thread, which has its own value of what each thread has its own of.</summary>
internal sealed class ThreadOwnAcrossAwait : Rule
{
    internal const string Id = "SLC3014";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "State of a thread is used across an await",
        "'{0}' belongs to a thread, and {1} this may be another thread than at line {2}: it has another value, and the other thread keeps what was left in it. Use AsyncLocal, or pass the value.",
        Family.Sharing,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "[ThreadStatic] and ThreadLocal keep one value for each thread. Async code goes on on whatever pool thread is free, so what it set before an await is not there after it, and unrelated work finds it.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.ThreadOwn;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.Bodies.SelectMany(body => body.All))
        {
            var uses = body.Operations.Select(operation => (Operation: operation, State: type.Compilation.ThreadOwn.Of(operation, type.Cancellation))).Where(use => use.State is not null).ToList();
            if (uses.Count == 0)
            {
                continue;
            }

            if (body.Symbol is IMethodSymbol { IsAsync: true })
            {
                CheckAwaits(body, uses!, report);
            }

            CheckWork(body, uses!, type, report);
        }
    }

    private void CheckAwaits(Body body, List<(IOperation Operation, ISymbol State)> uses, Action<Diagnostic> report)
    {
        if (body.Flow is not { } flow || body.Paths is not { } paths)
        {
            return;
        }

        var awaits = flow.Nodes.Where(node => node.Operation is IAwaitOperation).ToList();
        foreach (var group in uses.GroupBy(use => use.State, SymbolEqualityComparer.Default))
        {
            foreach (var (later, state) in group)
            {
                var before = group.Where(use => use.Operation != later && use.Operation.Syntax.SpanStart < later.Syntax.SpanStart).Select(use => use.Operation)
                    .FirstOrDefault(earlier => paths.NodesOf(earlier).Any(start => awaits.Exists(between =>
                        paths.Find(start, node => node == between) is not null && paths.NodesOf(later).Any(end => paths.Find(between, node => node == end) is not null))));
                if (before is not null)
                {
                    Report(later, state, "after the await", before, report);
                    break;
                }
            }
        }
    }

    // What a task is to find there was put there by another thread.
    private void CheckWork(Body body, List<(IOperation Operation, ISymbol State)> uses, TypeModel type, Action<Diagnostic> report)
    {
        var works = body.Facts.OfType<SpawnFact>().SelectMany(spawn => spawn.Works.Select(work => (Spawn: spawn, Code: body.Outermost.InnerOf(work)))).Where(pair => pair.Code is not null);
        foreach (var (spawn, code) in works)
        {
            var inWork = code!.Operations.Select(operation => (Operation: operation, State: type.Compilation.ThreadOwn.Of(operation, type.Cancellation))).Where(use => use.State is not null).ToList();
            foreach (var (read, state) in inWork.Where(use => !ThreadOwn.IsWrite(use.Operation)))
            {
                bool setsItself = inWork.Exists(use => ThreadOwn.IsWrite(use.Operation) && SymbolEqualityComparer.Default.Equals(use.State, state));
                if (!setsItself && uses.Find(use => ThreadOwn.IsWrite(use.Operation) && SymbolEqualityComparer.Default.Equals(use.State, state) && use.Operation.Syntax.SpanStart < spawn.Operation.Syntax.SpanStart).Operation is { } write)
                {
                    Report(read, state!, "in the task", write, report);
                    break;
                }
            }
        }
    }

    private void Report(IOperation later, ISymbol state, string where, IOperation before, Action<Diagnostic> report) => report(Diagnostic.Create(
        Descriptor,
        later.Syntax.GetLocation(),
        new[] { before.Syntax.GetLocation() },
        state.Name,
        where,
        before.Syntax.Line()));
}
