using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;

namespace Sluice.Explore;

/// <summary>Prints procedures and verdicts as text, one step a line, for tests and for whoever wants to know what was understood of the code.</summary>
internal static class ModelText
{
    public static string Print(Procedure procedure)
    {
        var text = new StringBuilder();
        var parameters = string.Join(", ", Enumerable.Range(0, procedure.Parameters).Select(Register));
        text.Append(procedure.IsAsync ? "async " : string.Empty).Append("proc ").Append(procedure.Name).Append('(').Append(parameters).Append(")\n");
        var targets = Targets(procedure);
        for (var i = 0; i < procedure.Steps.Length; i++)
        {
            if (targets.Contains(i))
            {
                text.Append(Place(i)).Append(":\n");
            }

            var step = procedure.Steps[i];
            text.Append("  ").Append(Print(step));
            foreach (var handler in step.Handlers)
            {
                text.Append(" on ").Append(handler.Takes.ToString().Replace(" ", string.Empty)).Append(" goto ").Append(Place(handler.Step));
            }

            if (step.Label is { } label)
            {
                text.Append(" @ ").Append(label.Text.Replace('\n', ' '));
            }

            text.Append('\n');
            if (GoesOn(step) && step.Next != i + 1)
            {
                text.Append("  goto ").Append(Place(step.Next)).Append('\n');
            }
        }

        return text.ToString();
    }

    public static string Print(Verdict verdict)
    {
        var text = new StringBuilder();
        foreach (var finding in verdict.Findings)
        {
            text.Append(finding.Kind).Append(": ").Append(finding.Process).Append(": ").Append(finding.At.Text).Append('\n');
            foreach (var entry in finding.Schedule)
            {
                text.Append("  ").Append(entry.Process).Append(": ").Append(entry.Label.Text).Append(entry.IsEnd ? " (is over)\n" : "\n");
            }
        }

        return text.Append(verdict.IsComplete ? string.Empty : "incomplete\n").ToString();
    }

    private static HashSet<int> Targets(Procedure procedure)
    {
        var targets = new HashSet<int>();
        for (var i = 0; i < procedure.Steps.Length; i++)
        {
            var step = procedure.Steps[i];
            if (GoesOn(step) && step.Next != i + 1)
            {
                targets.Add(step.Next);
            }

            targets.UnionWith(step.Handlers.Select(handler => handler.Step));
            targets.UnionWith(step switch { Test test => new[] { test.Otherwise }, Choose choose => choose.Others, _ => Enumerable.Empty<int>() });
        }

        return targets;
    }

    private static bool GoesOn(Step step) => step is not (Return or Throw);

    private static string Place(int step) => step < 0 ? "end" : $"L{step}";

    private static string Register(int register) => $"r{register}";

    private static string Print(Step step) => step switch
    {
        Set set => $"{Register(set.Target)} = {Print(set.Value)}",
        Make make => $"{Register(make.Target)} = make {make.Type}",
        Load load => $"{Register(load.Target)} = {(load.IsStable ? "stable " : string.Empty)}{Of(load.Of)}.{load.Field}",
        Store store => $"{Of(store.Of)}.{store.Field} = {Print(store.Value)}",
        Test test => $"if {Print(test.Left)} {Sign(test.Relation)} {Print(test.Right)} else {Place(test.Otherwise)}",
        Choose choose => $"choose {string.Join(" ", choose.Others.Select(Place))}",
        Compute compute => $"{Register(compute.Target)} = {Print(compute.Left)} {Sign(compute.How)} {Print(compute.Right)}",
        MakeDelegate made => $"{Register(made.Target)} = delegate {(made.IsVirtual ? "virtual " : string.Empty)}{made.Procedure}{Print(made.Captured)}",
        Call call => $"{Target(call.Target)}{Mode(call.Mode)}call {(call.IsVirtual ? "virtual " : string.Empty)}{call.Procedure}{Print(call.Arguments)}",
        Invoke invoke => $"{Target(invoke.Target)}{Mode(invoke.Mode)}invoke {Print(invoke.Delegate)}{Print(invoke.Arguments)}",
        Await wait => $"{Target(wait.Target)}await {Print(wait.Task)}",
        Do act => $"{Target(act.Target)}{act.Act}{Print(act.Arguments)}",
        Return end => $"return {Print(end.Value)}",
        Throw thrown => $"throw {thrown.Kind}",
        _ => "?",
    };

    private static string Sign(Calculation how) => how switch { Calculation.Add => "+", Calculation.Subtract => "-", Calculation.Multiply => "*", Calculation.Divide => "/", Calculation.Remainder => "%", _ => "?" };

    private static string Sign(Relation relation) => relation switch { Relation.Equal => "==", Relation.Less => "<", _ => "<=" };

    private static string Target(int target) => target < 0 ? string.Empty : $"{Register(target)} = ";

    private static string Mode(CallMode mode) => mode == CallMode.Awaited ? "await " : string.Empty;

    private static string Of(Operand? of) => of is { } operand ? Print(operand) : "static";

    private static string Print(ImmutableArray<Operand> operands) => $"({string.Join(", ", operands.Select(Print))})";

    private static string Print(Operand operand) => operand.Kind switch
    {
        OperandKind.Unknown => "?",
        OperandKind.Null => "null",
        OperandKind.Number or OperandKind.Size => operand.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        OperandKind.Text => $"'{operand.Text}'",
        _ => Register(operand.Number),
    };
}
