using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Locking;

namespace Sluice.Rules;

/// <summary>Monitor.Wait without a loop around it that tests what it waits for, or without anybody who pulses.</summary>
internal sealed class WaitNotInLoop : Rule
{
    internal const string Id = "SLC4007";

    /// <summary>Set when the <c>if</c> around the wait can become a <c>while</c>.</summary>
    internal const string ToWhile = nameof(ToWhile);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Monitor.Wait not in a loop",
        "{0}",
        Family.Deadlocks,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A pulse wakes whoever waits at that moment, and is lost when nobody does. By the time that the waiter has the lock again, another may have taken what it waits for. So a wait stands in a loop that tests its condition under the lock, and whoever makes the condition true pulses.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Lock;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.BodiesThatMention(Mentions.Lock))
        {
            foreach (var wait in body.Operations.OfType<IInvocationOperation>().Where(call => call.TargetMethod.Name == "Wait" && type.Known[call.TargetMethod.ContainingType] == KnownType.Monitor))
            {
                var condition = ConditionOf(wait.Syntax);
                bool isInLoop = wait.Syntax.Ancestors().TakeWhile(node => node != body.Declaration).Any(node => node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax or LabeledStatementSyntax);
                if (NobodyPulses(wait, body, type))
                {
                    report(Diagnostic.Create(Descriptor, wait.Syntax.GetLocation(), $"nobody pulses '{body.Places.Of(wait.Arguments[0].Value)}', so this waits for ever: call Monitor.PulseAll, under the lock, where what it waits for comes true"));
                }
                else if (SetWithoutPulse(wait, body, type) is { } silent)
                {
                    report(Diagnostic.Create(Descriptor, wait.Syntax.GetLocation(), [silent.Target.GetLocation()], $"line {silent.Line}{silent.File} makes '{silent.Name}' {silent.Value} and pulses nobody, so this waits on: call Monitor.PulseAll there, under the lock"));
                }
                else if (!isInLoop && wait.Parent is IExpressionStatementOperation)
                {
                    report(condition is not null
                        ? Diagnostic.Create(
                            Descriptor,
                            wait.Syntax.GetLocation(),
                            [condition.IfKeyword.GetLocation()],
                            condition.Else is null ? ImmutableDictionary<string, string?>.Empty.Add(ToWhile, null) : null,
                            $"when this wakes up, '{OneLine(condition.Condition)}' may hold again, since another thread came first: test it in a 'while', not an 'if'")
                        : Diagnostic.Create(Descriptor, wait.Syntax.GetLocation(), $"a pulse that comes before this wait is lost, and then it waits {(wait.Arguments.Length == 1 ? "for ever" : "in vain")}: keep what it waits for in a field, and wait in a 'while' that tests it"));
                }
            }
        }
    }

    // `while (!_ready) Monitor.Wait(_gate);`, and somebody says `_ready = true` without a pulse.
    private static (SyntaxNode Target, int Line, string File, string Name, string Value)? SetWithoutPulse(IInvocationOperation wait, Body body, TypeModel type)
    {
        if (wait.Arguments.Length != 1 || body.Places.Of(wait.Arguments[0].Value) is not { Symbol: { } gate, Owner.Symbol: null } || Signals.Of(gate, type.Compilation, type.Cancellation) is null || LoopAround(wait) is not { Condition: { } condition })
        {
            return null;
        }

        bool waitsForTrue = condition is IUnaryOperation { OperatorKind: UnaryOperatorKind.Not };
        var tested = (condition is IUnaryOperation { Operand: var operand } ? operand : condition) as IMemberReferenceOperation;
        if (tested is not { Member: IFieldSymbol or IPropertySymbol, Instance: IInstanceReferenceOperation, Type.SpecialType: SpecialType.System_Boolean } || (tested is IPropertyReferenceOperation && body.Places.Of(tested) is null))
        {
            return null;
        }

        var sources = new Sources(type.Compilation, type.Cancellation);
        foreach (var source in sources.Of(tested.Member.OriginalDefinition))
        {
            if (source.Value.ConstantValue is { HasValue: true, Value: bool value } && value == waitsForTrue && source.Value.Parent is IAssignmentOperation { Parent: not IObjectOrCollectionInitializerOperation } assignment
                && source.Body.Symbol is IMethodSymbol { MethodKind: not (MethodKind.Constructor or MethodKind.StaticConstructor) }
                && !type.Compilation.Locks.TracesOf(source.Body.Declaration, type.Cancellation).Any(trace => trace.Steps.Any(step => Pulses(step, trace, type, depth: 3))))
            {
                var line = assignment.Syntax.GetLocation().GetLineSpan();
                string file = assignment.Syntax.SyntaxTree == wait.Syntax.SyntaxTree ? string.Empty : $" of {line.Path.Split('/', '\\').Last()}";
                return (assignment.Syntax, line.StartLinePosition.Line + 1, file, tested.Member.Name, waitsForTrue ? "true" : "false");
            }
        }

        return null;
    }

    // Itself, or through what it calls; a call of code that is not known may.
    private static bool Pulses(LockStep step, LockTrace trace, TypeModel type, int depth) => step switch
    {
        SignalStep { Method: "Pulse" or "PulseAll" } => true,
        CallStep call when depth > 0 => type.Compilation.Locks.TargetsOf(call, trace, type.Cancellation).Any(target => target.Trace.Steps.Any(inner => Pulses(inner, target.Trace, type, depth - 1))),
        _ => false,
    };

    private static IWhileLoopOperation? LoopAround(IOperation wait)
    {
        var outer = wait.Parent;
        while (outer is IExpressionStatementOperation or IBlockOperation)
        {
            outer = outer.Parent;
        }

        return outer as IWhileLoopOperation;
    }

    private static string OneLine(ExpressionSyntax condition) => string.Join(" ", condition.ToString().Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    // The test that decides whether to wait: nothing else depends on it.
    private static IfStatementSyntax? ConditionOf(SyntaxNode wait) => wait.Parent?.Parent switch
    {
        IfStatementSyntax choice => choice,
        BlockSyntax { Statements.Count: 1, Parent: IfStatementSyntax choice } => choice,
        _ => null,
    };

    private static bool NobodyPulses(IInvocationOperation wait, Body body, TypeModel type) =>
        wait.Arguments.Length == 1 && body.Places.Of(wait.Arguments[0].Value) is { Symbol: IFieldSymbol { DeclaredAccessibility: Accessibility.Private } field, Owner.Symbol: null or IFieldSymbol }
        && Signals.Of(field, type.Compilation, type.Cancellation) is { Count: 0 };
}
