using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Locking;
using Sluice.Model.Sharing;

namespace Sluice.Rules;

/// <summary>A CountdownEvent that is raised too late, or not counted down on every path.</summary>
internal sealed class CountdownMisuse : Rule
{
    internal const string Id = "SLC4010";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "CountdownEvent counted wrong",
        "{0}",
        Family.Deadlocks,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A countdown is raised before the work that it counts is started, and counted down once whatever happens to that work: in a finally.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Spawn | Mentions.Lock;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var member in type.Bodies.Where(body => Names(body, "Signal", "AddCount", "TryAddCount")))
        {
            CheckTotals(member, type, report);
            foreach (var (act, look, ender) in member.All.SelectMany(body => RaisedWhenOver.In(body, type)))
            {
                report(Diagnostic.Create(Descriptor, act.Syntax.GetLocation(), $"'{ender}' can set '{look.Syntax}', signal and wait after line {look.Line()} has asked it and before this: then this throws, or what it counts goes on after the wait; ask and count under one lock, and set it under that lock"));
            }

            foreach (var (call, body) in member.All.SelectMany(body => body.Operations.OfType<IInvocationOperation>().Where(IsOfCountdown).Select(call => (call, body))).ToList())
            {
                if (body.Places.Of(call.Instance) is not { } countdown)
                {
                    continue;
                }

                switch (call.TargetMethod.Name)
                {
                    case "AddCount" or "TryAddCount" when Spawned.Is(body, type) && SignalsOf(countdown, body).Any():
                        report(Diagnostic.Create(Descriptor, call.Syntax.GetLocation(), $"'{countdown}' is raised by the very work that it counts: 'Wait' may be over before this runs, and then this throws; raise it before the work is started"));
                        break;
                    case "AddCount" or "TryAddCount" when StartsAtZero(call.Instance!, body, type):
                        report(Diagnostic.Create(Descriptor, call.Syntax.GetLocation(), $"'{countdown}' starts at 0, so it is set already and 'AddCount' throws: start it at 1, and signal once when all work has been started"));
                        break;
                    case "AddCount" when StartCount(call.Instance!, body, type) == 1 && Spawned.Before(call, countdown, body) is { } early:
                        report(Diagnostic.Create(Descriptor, call.Syntax.GetLocation(), $"'{countdown}' is raised here after the work that it counts was started at line {early.Line()}: the work may be over before, and then this throws; raise it first"));
                        break;
                    case "Signal" when call.Arguments.All(argument => argument.IsImplicit) && Spawned.Is(body, type) && InCatch(call, countdown, body) is { } first:
                        report(Diagnostic.Create(Descriptor, call.Syntax.GetLocation(), $"after a failure line {first.Line()} has counted '{countdown}' down already, and this does it again: the wait is over too soon, or this throws; count down in the finally alone"));
                        break;
                    case "Signal" when call.Arguments.All(argument => argument.IsImplicit) && Spawned.Is(body, type) && !IsInLoop(call, body) && Escape(call, countdown, body) is { } escape:
                        report(Diagnostic.Create(Descriptor, call.Syntax.GetLocation(), $"when {escape}, this is skipped and whoever waits for '{countdown}' waits for ever: signal in a finally"));
                        break;
                    case "Signal" when StartCount(call.Instance!, body, type) is { } start && call.Arguments.FirstOrDefault(argument => !argument.IsImplicit)?.Value.ConstantValue is { HasValue: true, Value: int count } && count > start:
                        report(Diagnostic.Create(Descriptor, call.Syntax.GetLocation(), $"this counts {count} down from {start}, which throws: the count of '{countdown}' may not fall below 0"));
                        break;
                }
            }
        }
    }

    private static bool Names(Body body, params string[] words)
    {
        string text = body.Compilation.Text(body.Declaration.SyntaxTree, CancellationToken.None);
        var span = body.Declaration.Span;
        return words.Any(word => text.IndexOf(word, span.Start, span.Length, StringComparison.Ordinal) >= 0);
    }

    private static bool IsOfCountdown(IInvocationOperation call) => call.TargetMethod.ContainingType is { Name: "CountdownEvent", ContainingNamespace: { Name: "Threading", ContainingNamespace.Name: "System" } };

    // A local countdown, and each of its signals runs just once: then they can be added up.
    private void CheckTotals(Body member, TypeModel type, Action<Diagnostic> report)
    {
        foreach (var countdown in member.All.SelectMany(body => body.Declarators).Select(declarator => declarator.Symbol).Where(local => local.Type.Name == "CountdownEvent").ToList())
        {
            var calls = member.UsesOf(countdown).Select(use => (use.In, Call: use.Use.Parent as IInvocationOperation, use.Use)).ToList();
            if (member.Locals.OnlyValue(countdown) is null || !calls.TrueForAll(use => use.Use.Parent is IPropertyReferenceOperation || use.Call is { TargetMethod.Name: "Signal" or "Wait" or "Dispose" })
                || calls.Select(use => use.Use).FirstOrDefault() is not { } any || StartCount(any, member, type) is not { } start)
            {
                continue;
            }

            var signals = calls.Where(use => use.Call?.TargetMethod.Name == "Signal").Select(use => (use.In, Call: use.Call!)).ToList();
            int total = 0;
            if (signals.Count == 0 || !signals.TrueForAll(signal => RunsOnce(signal.Call, signal.In, member) && CountOf(signal.Call) is { } count && (total += count) > 0))
            {
                continue;
            }

            if (total > start && signals.Count > 1)
            {
                report(Diagnostic.Create(Descriptor, signals[signals.Count - 1].Call.Syntax.GetLocation(), $"'{countdown.Name}' starts at {start} and is counted down {total} times, so one of them throws: the count may not fall below 0"));
            }
            else if (total < start && calls.Select(use => use.Call).FirstOrDefault(call => call is { TargetMethod.Name: "Wait", Arguments.IsEmpty: true }) is { } wait)
            {
                report(Diagnostic.Create(Descriptor, wait.Syntax.GetLocation(), $"'{countdown.Name}' starts at {start} and is counted down {total} times only, so this waits for ever"));
            }
        }
    }

    private static int? CountOf(IInvocationOperation signal) => signal.Arguments.FirstOrDefault(argument => !argument.IsImplicit) is not { } argument ? 1
        : argument.Value.ConstantValue is { HasValue: true, Value: int count } ? count : null;

    // No loop and no condition stands around it, and of lambdas only what is started beside, and that is started once.
    private static bool RunsOnce(IOperation call, Body body, Body member)
    {
        for (var outer = call.Syntax.Parent; outer is not null && outer != member.Declaration; outer = outer.Parent)
        {
            if (outer is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax or IfStatementSyntax or SwitchStatementSyntax or CatchClauseSyntax or LocalFunctionStatementSyntax or ConditionalExpressionSyntax or SwitchExpressionSyntax
                || (outer is AnonymousFunctionExpressionSyntax && !member.All.Any(part => part.Declaration == outer && part.Spawns.Any(spawn => spawn.Kind is SpawnKind.Task or SpawnKind.Thread))))
            {
                return false;
            }
        }

        return true;
    }

    // `catch { countdown.Signal(); } finally { countdown.Signal(); }`
    private static IOperation? InCatch(IInvocationOperation signal, Place countdown, Body body) => signal.Syntax.FirstAncestorOrSelf<FinallyClauseSyntax>()?.Parent is TryStatementSyntax attempt
        ? SignalsOf(countdown, body).FirstOrDefault(other => attempt.Catches.Any(handler => handler.Span.Contains(other.Syntax.Span)))
        : null;

    // Once for each item: how many there are, no path tells.
    private static bool IsInLoop(IInvocationOperation signal, Body body) =>
        signal.Syntax.Ancestors().TakeWhile(node => node != body.Declaration).Any(node => node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax);

    private static IEnumerable<IInvocationOperation> SignalsOf(Place countdown, Body body) =>
        body.Operations.OfType<IInvocationOperation>().Where(call => call.TargetMethod.Name == "Signal" && IsOfCountdown(call) && countdown.Equals(body.Places.Of(call.Instance)));

    private static string? Escape(IInvocationOperation signal, Place countdown, Body body)
    {
        if (body.Flow is not { } flow || body.Paths is not { } paths)
        {
            return null;
        }

        var signals = new HashSet<FlowNode>(SignalsOf(countdown, body).SelectMany(paths.NodesOf));
        if (paths.Find(flow.Entry, node => node == flow.Exit, signals.Contains, throws: static _ => false) is not null)
        {
            return "another path is taken";
        }

        return SignalsOf(countdown, body).First() == signal && paths.Find(flow.Entry, node => node == flow.Raise, signals.Contains, throws: static node => node.Operation is not IInvocationOperation call || !IsOfCountdown(call))?.Thrower is { } thrower
            ? $"line {thrower.Syntax.Line()} throws"
            : null;
    }

    private static bool StartsAtZero(IOperation countdown, Body body, TypeModel type) => StartCount(countdown, body, type) == 0;

    private static int? StartCount(IOperation countdown, Body body, TypeModel type)
    {
        var values = countdown switch
        {
            ILocalReferenceOperation { Local: var local } => body.Locals.OnlyValue(local) is { } only ? [only] : [],
            IFieldReferenceOperation { Field: { IsReadOnly: true } field } => new Sources(type.Compilation, type.Cancellation).Of(field.OriginalDefinition).Select(source => source.Value).ToList(),
            _ => new List<IOperation>(),
        };
        return values.Count == 1 && values[0].Bare() is IObjectCreationOperation { Arguments: [{ Value.ConstantValue: { HasValue: true, Value: int start } }] } ? start : null;
    }

    /// <summary>Code that is started beside the code that starts it.</summary>
    private static class Spawned
    {
        /// <summary>Whether it is nothing else: a lambda that is started, or a method or local function that is named only to start it, or in such a lambda.</summary>
        public static bool Is(Body body, TypeModel type)
        {
            if (body.Spawns.Any(IsBeside))
            {
                return true;
            }

            if (body.Symbol is not IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.Ordinary } method || (method.MethodKind == MethodKind.Ordinary && method.DeclaredAccessibility != Accessibility.Private))
            {
                return false;
            }

            var around = method.MethodKind == MethodKind.LocalFunction ? body.Outermost.All : type.Bodies.Where(member => Names(member, method.Name)).SelectMany(member => member.All);
            var uses = around.SelectMany(part => part.Operations.Where(operation => IsOf(operation, method)).Select(operation => (part, operation))).ToList();
            return uses.Count > 0 && uses.TrueForAll(use => use.operation is IInvocationOperation ? use.part.Spawns.Any(IsBeside) : use.part.Facts.OfType<SpawnFact>().Any(spawn => IsBeside(spawn) && spawn.Works.Any(work => work.Bare() == use.operation)));
        }

        /// <summary>What has started work that counts down, in front of the first count in the same block.</summary>
        public static IOperation? Before(IInvocationOperation raise, Place countdown, Body body) => raise.Syntax.Parent is ExpressionStatementSyntax { Parent: BlockSyntax block }
            && body.Operations.OfType<IInvocationOperation>().First(call => call.TargetMethod.Name == "AddCount" && IsOfCountdown(call) && block.Span.Contains(call.Syntax.Span)) == raise
            ? body.Facts.OfType<SpawnFact>().FirstOrDefault(spawn => IsBeside(spawn) && block.Span.Contains(spawn.Operation.Syntax.Span) && spawn.Operation.Syntax.SpanStart < raise.Syntax.SpanStart
                && spawn.Works.Any(work => body.Outermost.InnerOf(work.Bare()) is { } inner && SignalsOf(countdown, inner).Any()))?.Operation
            : null;

        private static bool IsBeside(SpawnFact spawn) => spawn.Kind is SpawnKind.Task or SpawnKind.Thread;

        private static bool IsOf(IOperation operation, IMethodSymbol method) => operation switch
        {
            IInvocationOperation call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method.OriginalDefinition),
            IMethodReferenceOperation reference => SymbolEqualityComparer.Default.Equals(reference.Method.OriginalDefinition, method.OriginalDefinition),
            _ => false,
        };
    }
}
