using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC9004_CaseMissingTests() : PlumbingRuleTest("SLC9004")
{
    [Fact]
    public Task Reports_cases_that_nobody_makes() => Reports("""
        [Select]
        internal sealed partial class Loop
        {
            public readonly Receive<int> [|Jobs|] = null!;
            public readonly Done? [|Stopping|];
            public readonly After [|Idle|] = default!;
        }
        """);

    [Fact]
    public Task Silent_for_cases_that_somebody_makes() => Silent("""
        [Select]
        internal sealed partial class Loop
        {
            public readonly Receive<int> Jobs = new();
            public readonly Receive<int> More;
            public readonly Done Stopping = null!;
            public readonly After Idle = Made();
            public readonly object? Nothing;

            public Loop(Done stopping)
            {
                More = new();
                (Stopping, _) = (stopping, 1);
            }

            private static After Made() => new();
        }
        """);

    [Fact]
    public Task Fixes_by_making_it() => Fixes(
        """
        [Select]
        internal sealed partial class Loop
        {
            public readonly Receive<int> [|Jobs|] = null!; // what to do
            public readonly Done? [|Stopping|];
            public readonly After [|Idle|] = default!, [|Late|] = null!;
        }
        """,
        """
        [Select]
        internal sealed partial class Loop
        {
            public readonly Receive<int> Jobs = new(); // what to do
            public readonly Done? Stopping = new();
            public readonly After Idle = new(), Late = new();
        }
        """);
}
