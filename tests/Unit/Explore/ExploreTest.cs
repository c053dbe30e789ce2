using System.Linq;
using System.Text.RegularExpressions;
using Sluice.Explore;

namespace Sluice.Tests.Explore;

/// <summary>Runs models that are written as text.</summary>
public abstract class ExploreTest
{
    /// <summary>The findings of a model, each as its kind and what it is at.</summary>
    protected static void Finds(string model, params string[] findings)
    {
        var verdict = ModelReader.Explore(model);
        Assert.True(verdict.IsComplete);
        Assert.Equal(findings.Order(), verdict.Findings.Select(finding => $"{finding.Kind} {finding.At.Text}").Order());
    }

    /// <summary>
    /// What may become of <c>x</c> in steps of the root, separated by semicolons: its values (~ for any other), the failures that leave it, <c>waits</c> when it waits for ever
    /// at one of its steps, and the kinds of what is misused. Below the steps other procedures may follow.
    /// </summary>
    protected static void Gives(string steps, params string[] outcomes)
    {
        var parts = Regex.Split(steps, "(?=async proc|(?<!async )proc)").Where(part => part.Length > 0).ToArray();
        var values = new[] { "null", "0", "1", "2", "3", "'a'" };
        var body = parts[0].Split(';').Select(step => step.Trim()).Where(step => step.Length > 0).Select(step =>
            step.EndsWith(':') || step.StartsWith("goto ") ? step : step.Contains(" @ ") ? step : $"{step} on Cancelled goto cancelled on Closed goto closed on Misused goto misused on Other goto other @ waits");
        var tests = values.Select((value, i) => $"""
            test{i}:
              if x == {value} else test{i + 1}
              WaitEvent(never, null) @ {value}
            """);
        var failures = new[] { "cancelled", "closed", "misused", "other" }.Select(failure => $"""
            {failure}:
              WaitEvent(never, null) @ {failure}
            """);
        var model = $"""
            proc main()
              never = NewEvent(0, 0) @ -
              x = ?
            {string.Join("\n", body)}
            {string.Join("\n", tests)}
            test{values.Length}:
              WaitEvent(never, null) @ ~
            {string.Join("\n", failures)}
            {string.Concat(parts.Skip(1))}
            """;
        var verdict = ModelReader.Explore(model);
        Assert.True(verdict.IsComplete);
        var found = verdict.Findings.Select(finding => finding.Kind == FindingKind.StuckForever ? finding.At.Text : finding.Kind.ToString());
        Assert.Equal(outcomes.Order(), found.Distinct().Order());
    }
}
