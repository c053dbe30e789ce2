using System.Collections.Generic;

namespace Sluice.EndToEnd;

/// <summary>How a build of a consumer ended.</summary>
internal sealed record Build(int ExitCode, string Output, IReadOnlyList<Finding> Findings)
{
    public void Succeeded() => Assert.True(ExitCode == 0, Output);

    public void Failed() => Assert.True(ExitCode != 0, Output);

    /// <summary>Exactly these findings, and the build ran as far as the compiler.</summary>
    public void Found(IEnumerable<Finding> expected)
    {
        Assert.True(Output.Contains("Consumer.dll", System.StringComparison.Ordinal) || Findings.Count > 0, Output);
        Assert.Equal(expected, Findings);
    }
}
