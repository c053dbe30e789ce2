using System;
using System.Collections.Generic;
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
                var condition = wait.Parent is IExpressionStatementOperation ? ConditionOf(wait.Syntax) : ConditionOfAnswer(wait);
                bool isInLoop = wait.Syntax.Ancestors().TakeWhile(node => node != body.Declaration).Any(node => node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax or LabeledStatementSyntax);
                if (NobodyPulses(wait, body, type))
                {
                    report(Diagnostic.Create(Descriptor, wait.Syntax.GetLocation(), $"nobody pulses '{body.Places.Of(wait.Arguments[0].Value)}', so this waits for ever: call Monitor.PulseAll, under the lock, where what it waits for comes true"));
                }
                else if (SetWithoutPulse(wait, body, type) is { } silent)
                {
                    report(Diagnostic.Create(Descriptor, wait.Syntax.GetLocation(), [silent.Target.GetLocation()], $"line {silent.Line}{silent.File} {silent.What} and pulses nobody, so this waits on: call Monitor.PulseAll there, under the lock"));
                }
                else if (isInLoop && IsTestedOutside(wait))
                {
                    report(Diagnostic.Create(Descriptor, wait.Syntax.GetLocation(), "a pulse that comes between the test in front of the lock and this wait is lost, and then it waits for ever: test it under the lock, in a 'while' around the wait"));
                }
                else if (!isInLoop && (wait.Parent is IExpressionStatementOperation || condition is not null))
                {
                    report(condition is not null
                        ? Diagnostic.Create(
                            Descriptor,
                            wait.Syntax.GetLocation(),
                            [condition.IfKeyword.GetLocation()],
                            condition.Else is null && wait.Parent is IExpressionStatementOperation ? ImmutableDictionary<string, string?>.Empty.Add(ToWhile, null) : null,
                            $"when this wakes up, '{OneLine(condition.Condition)}' may hold again, since another thread came first: test it in a 'while', not an 'if'")
                        : Diagnostic.Create(Descriptor, wait.Syntax.GetLocation(), $"a pulse that comes before this wait is lost, and then it waits {(wait.Arguments.Length == 1 ? "for ever" : "in vain")}: keep what it waits for in a field, and wait in a 'while' that tests it"));
                }
            }
        }
    }

    // `while (!_ready && !_closed) Monitor.Wait(_gate);`, and somebody says `_closed = true` without a pulse.
    private static (SyntaxNode Target, int Line, string File, string What)? SetWithoutPulse(IInvocationOperation wait, Body body, TypeModel type)
    {
        if (wait.Arguments.Length != 1 || body.Places.Of(wait.Arguments[0].Value) is not { Symbol: { } gate, Owner.Symbol: null } || Signals.Of(gate, type.Compilation, type.Cancellation) is null || LoopAround(wait) is not { Condition: { } condition })
        {
            return null;
        }

        foreach (var (change, within, what) in Conjuncts(condition).SelectMany(part => Endings(part, body, type)))
        {
            if (within.Symbol is IMethodSymbol { MethodKind: not (MethodKind.Constructor or MethodKind.StaticConstructor) } method && within.Declaration != body.Outermost.Declaration
                && (method.DeclaredAccessibility != Accessibility.Private || IsCalledByNobody(method, type))
                && !type.Compilation.Locks.TracesOf(within.Declaration, type.Cancellation).Any(trace => trace.Steps.Any(step => Pulses(step, trace, type, depth: 3))))
            {
                var line = change.GetLocation().GetLineSpan();
                return (change, line.StartLinePosition.Line + 1, change.SyntaxTree == wait.Syntax.SyntaxTree ? string.Empty : $" of {line.Path.Split('/', '\\').Last()}", what);
            }
        }

        return null;
    }

    // Whoever calls a private method may pulse for it.
    private static bool IsCalledByNobody(IMethodSymbol method, TypeModel type) => !new Sources(type.Compilation, type.Cancellation).UsesOf(method).Any(token => token.Parent is SimpleNameSyntax);

    // The wait goes on while all of them hold, and ends when one does not.
    private static IEnumerable<IOperation> Conjuncts(IOperation condition) => condition is IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both
        ? Conjuncts(both.LeftOperand).Concat(Conjuncts(both.RightOperand))
        : condition is IParenthesizedOperation inner ? Conjuncts(inner.Operand) : [condition];

    // What makes such a test false: a flag that is set, an item that comes into a collection.
    private static IEnumerable<(SyntaxNode Change, Body Within, string What)> Endings(IOperation test, Body body, TypeModel type)
    {
        var sources = new Sources(type.Compilation, type.Cancellation);
        bool waitsForTrue = test is IUnaryOperation { OperatorKind: UnaryOperatorKind.Not };
        var flag = (test is IUnaryOperation { Operand: var operand } ? operand : test) as IMemberReferenceOperation;
        if (flag is { Member: IFieldSymbol or IPropertySymbol, Instance: IInstanceReferenceOperation or null, Type.SpecialType: SpecialType.System_Boolean } && (flag is not IPropertyReferenceOperation || body.Places.Of(flag) is not null))
        {
            return sources.Of(flag.Member.OriginalDefinition)
                .Where(source => source.Value.ConstantValue is { HasValue: true, Value: bool value } && value == waitsForTrue && source.Value.Parent is IAssignmentOperation { Parent: not IObjectOrCollectionInitializerOperation })
                .Select(source => (source.Value.Parent!.Syntax, source.Body, $"makes '{flag.Member.Name}' {(waitsForTrue ? "true" : "false")}"));
        }

        return test is IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals, LeftOperand: IPropertyReferenceOperation { Property.Name: "Count", Instance: IFieldReferenceOperation { Instance: IInstanceReferenceOperation or null, Field: { DeclaredAccessibility: Accessibility.Private } items } }, RightOperand.ConstantValue: { HasValue: true, Value: 0 } }
            ? sources.UsesOf(items.OriginalDefinition)
                .Select(token => token.Parent is IdentifierNameSyntax { Parent: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Add" or "AddRange" or "Enqueue" or "Push" or "AddLast" or "AddFirst", Parent: InvocationExpressionSyntax call } access } name && access.Expression == name ? call : null)
                .OfType<InvocationExpressionSyntax>()
                .Select(call => (call, Body: sources.MemberOf(call)))
                .Where(pair => pair.Body is not null)
                .Select(pair => ((SyntaxNode)pair.call, pair.Body!, $"puts something into '{items.Name}'"))
            : [];
    }

    // The first thing under the lock is the wait: what was tested in front of the lock may have come true, and been pulsed, in between.
    private static bool IsTestedOutside(IInvocationOperation wait) => wait is { Arguments.Length: 1, Parent: IExpressionStatementOperation { Syntax: var statement } }
        && (statement.Parent is LockStatementSyntax || (statement.Parent is BlockSyntax { Parent: LockStatementSyntax } block && block.Statements[0] == statement));

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

    // `if (!_ready) { return Monitor.Wait(_gate, limit); }`: true says that somebody pulsed, not that it is ready. Who is called with the lock held may be in a loop of the caller.
    private static IfStatementSyntax? ConditionOfAnswer(IInvocationOperation wait)
    {
        IOperation inner = wait;
        for (var outer = inner.Parent; outer is not (null or ILockOperation); (inner, outer) = (outer, outer.Parent))
        {
            if (outer is IConditionalOperation { Syntax: IfStatementSyntax choice } test && test.Condition != inner)
            {
                return wait.IsInLockStatement() && test.Condition.Descendants().Prepend(test.Condition).Any(part => part is IFieldReferenceOperation or IPropertyReferenceOperation) && IsFirstIn(choice, wait.Syntax) ? choice : null;
            }
        }

        return null;
    }

    private static bool IsFirstIn(IfStatementSyntax choice, SyntaxNode wait) => (choice.Statement is BlockSyntax block ? block.Statements.FirstOrDefault() : choice.Statement)?.Span.Contains(wait.Span) == true;

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
