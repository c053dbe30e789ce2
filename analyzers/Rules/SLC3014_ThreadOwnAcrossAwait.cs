using System;
using System.Collections.Generic;
using System.Collections.Immutable;
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

    /// <summary>Set when it is an object of the thread that is used, and not the state that keeps it.</summary>
    internal const string IsObject = nameof(IsObject);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "State of a thread is used across an await",
        "'{0}' belongs to a thread, and {1}",
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
            if (body.Symbol is IMethodSymbol { IsAsync: true })
            {
                CheckObjects(body, type, report);
                CheckScopes(body, type, report);
            }

            var uses = body.Operations.Select(operation => (Operation: operation, State: type.Compilation.ThreadOwn.Of(operation, type.Cancellation))).Where(use => use.State is not null).ToList();
            if (uses.Count == 0)
            {
                continue;
            }

            if (body.Symbol is IMethodSymbol { IsAsync: true })
            {
                CheckAwaits(body, uses.FindAll(use => !IsPutBack(use.Operation, use.State!, body, type))!, report);
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
            if (ThreadOwn.IsMadeForEach(group.Key!) && !group.Any(use => ThreadOwn.IsWrite(use.Operation) || IsChanged(use.Operation.Type)))
            {
                continue;
            }

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

    // `var buffer = s_buffers.Value; await …; buffer.Append(…)`: it is still in the slot of the thread, which runs other work meanwhile.
    private void CheckObjects(Body body, TypeModel type, Action<Diagnostic> report)
    {
        var own = type.Compilation.ThreadOwn;
        foreach (var local in body.Declarators.Select(declarator => declarator.Symbol).Where(local => IsChanged(local.Type)))
        {
            if (body.Locals.OnlyValue(local) is not { } value || own.Holding(value, type.Cancellation) is not { } state || body.Flow is not { } flow || body.Paths is not { } paths)
            {
                continue;
            }

            // Where the slot gets something else, the object has left it.
            bool IsTakenOut(FlowNode node) => (node.Operation is ISimpleAssignmentOperation assignment ? assignment.Target : node.Operation is IInvocationOperation { TargetMethod.ReturnsVoid: true } set ? set : null) is { } slot
                && SymbolEqualityComparer.Default.Equals(own.Of(slot, type.Cancellation), state);

            var taken = StepOf(value.Descendants().FirstOrDefault(part => SymbolEqualityComparer.Default.Equals(own.Of(part, type.Cancellation), state)) ?? value, paths).ToList();
            var awaits = flow.Nodes.Where(node => node.Operation is IAwaitOperation && taken.Any(start => paths.Find(start, end => end == node, IsTakenOut) is not null)).ToList();
            var uses = body.Operations.OfType<ILocalReferenceOperation>().Where(use => SymbolEqualityComparer.Default.Equals(use.Local, local) && use.Parent is not IPropertyReferenceOperation { Property: { Name: "Length", ContainingType.SpecialType: SpecialType.System_Array } });
            var found = uses.Select(use => (Use: use, Await: awaits.Find(between => StepOf(use, paths).Any(step => paths.Find(between, end => end == step, taken.Contains) is not null)))).FirstOrDefault(pair => pair.Await is not null);
            if (found.Await is { Operation: { } waiting })
            {
                report(Diagnostic.Create(
                    Descriptor,
                    found.Use.Syntax.GetLocation(),
                    new[] { value.Syntax.GetLocation() },
                    ImmutableDictionary<string, string?>.Empty.Add(IsObject, "true"),
                    local.Name,
                    $"'{state.Name}' gives it to other work on that thread too, which changes it while the await at line {waiting.Line()} waits: make or rent an object for this call, or take it out of '{state.Name}' before the await"));
            }
        }
    }

    // An object that was taken out for this call may go to any thread that is free.
    private static bool IsPutBack(IOperation use, ISymbol state, Body body, TypeModel type) => use.Parent is ISimpleAssignmentOperation { Value: ILocalReferenceOperation { Local: var local } } put && put.Target == use && IsChanged(local.Type)
        && body.Locals.OnlyValue(local) is { } value && SymbolEqualityComparer.Default.Equals(type.Compilation.ThreadOwn.Holding(value, type.Cancellation), state);

    private static IEnumerable<FlowNode> StepOf(IOperation operation, Paths paths)
    {
        for (IOperation? around = operation; around is not null and not IBlockOperation; around = around.Parent)
        {
            if (paths.NodesOf(around).ToList() is { Count: > 0 } nodes)
            {
                return nodes;
            }
        }

        return [];
    }

    private static bool IsChanged(ITypeSymbol? type) => type is IArrayTypeSymbol || Collections.IsUnsafe(type) || type is { Name: "MemoryStream" or "ArrayBufferWriter", ContainingNamespace.Name: "IO" or "Buffers" };

    // `using var scope = TenantScope.Begin(tenant); await …`
    private void CheckScopes(Body body, TypeModel type, Action<Diagnostic> report)
    {
        foreach (var made in body.Operations.Where(operation => operation is IInvocationOperation or IObjectCreationOperation && operation.IsUsingResource()))
        {
            if (ThreadScope.AwaitIn(made) is { } waiting && ThreadScope.StateOf(made, type.Compilation, type.Cancellation) is { } state)
            {
                report(Diagnostic.Create(
                    Descriptor,
                    made.Syntax.GetLocation(),
                    new[] { waiting.GetLocation() },
                    state.Name,
                    $"'{made.Type?.Name}' changes it, but after the await at line {waiting.Line()} the code may run on another thread: what was set is not there, and other work finds it on the thread where it was left. Keep it in an AsyncLocal, or pass the value."));
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
        $"{where} this may be another thread than at line {before.Syntax.Line()}: it has another value, and the other thread keeps what was left in it. Use AsyncLocal, or pass the value."));
}
