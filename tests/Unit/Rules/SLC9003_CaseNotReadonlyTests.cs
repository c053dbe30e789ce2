using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC9003_CaseNotReadonlyTests() : PlumbingRuleTest("SLC9003")
{
    [Fact]
    public Task Reports_cases_that_can_be_replaced_or_are_none() => Reports("""
        [Select]
        internal sealed partial class Loop
        {
            public Receive<int> [|Jobs|] = new(), [|More|] = new();
            public static readonly Done [|Stopping|] = new();
            public Send<int> [|Results|] { get; } = new();
        }
        """);

    [Fact]
    public Task Silent_for_readonly_fields_and_for_what_is_no_case() => Silent("""
        internal class Tick { }

        [Select]
        internal sealed partial class Loop
        {
            public readonly Receive<int> Jobs = new();
            private readonly Done _stopping = new();
            public int Count;
            public Receive<int> First => Jobs;
            public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
        }

        internal sealed class Other
        {
            public Receive<int> Jobs = new();
        }
        """);

    [Fact]
    public Task Fixes_fields_and_properties() => Fixes(
        """
        [Select]
        internal sealed partial class Loop
        {
            // What to do.
            public Receive<int> [|Jobs|] = new();
            After [|Idle|] = new(); // nothing to do

            /// <summary>Gets what was done.</summary>
            internal Send<int> [|Results|] { get; } = new();

            internal After [|Late|];

            public Loop() => Late = new();
        }
        """,
        """
        [Select]
        internal sealed partial class Loop
        {
            // What to do.
            public readonly Receive<int> Jobs = new();
            readonly After Idle = new(); // nothing to do

            /// <summary>Gets what was done.</summary>
            internal readonly Send<int> Results = new();

            internal readonly After Late;

            public Loop() => Late = new();
        }
        """);

    [Fact]
    public Task Fixes_nothing_that_is_replaced_or_shared() => NotFixed("""
        [Select]
        internal sealed partial class Loop
        {
            public Receive<int> [|Jobs|] = new();
            public static readonly After [|Idle|] = new();
            public Send<int> [|Results|] { get; set; } = new();

            public void Renew() => Jobs = new();
        }
        """);
}
