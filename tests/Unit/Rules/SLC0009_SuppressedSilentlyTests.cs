using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC0009_SuppressedSilentlyTests() : RuleTest("SLC0009")
{
    [Fact]
    public Task Reports_attributes_without_a_justification() => Reports("""
        using System.Diagnostics.CodeAnalysis;
        [[|SuppressMessage("Sluice.Tasks", "SLC5001")|]]
        class C
        {
            [[|SuppressMessageAttribute("Sluice.Tasks", "SLC5001:Work that nobody waits for", Justification = "<Pending>")|]] void M() { }
            [[|System.Diagnostics.CodeAnalysis.SuppressMessage("Sluice.Tasks", "SLC5001", Justification = "")|]] void N() { }
        }
        """);

    [Fact]
    public Task Reports_pragmas_without_a_comment() => Reports("""
        class C
        {
        {|SLC0009:#pragma warning disable SLC5001|}
            void M() { }
        #pragma warning restore SLC5001

        {|SLC0009:#pragma warning disable CA1031, SLC5001|}
            void N() { }
        }
        """);

    [Fact]
    public Task Silent_where_somebody_says_why() => Silent("""
        using System.Diagnostics.CodeAnalysis;
        [SuppressMessage("Sluice.Tasks", "SLC5001", Justification = "The host waits for it.")]
        class C
        {
        #pragma warning disable SLC5001 // The host waits for it.
            void M() { }
        #pragma warning restore SLC5001

            // The host waits for it.
        #pragma warning disable CA1031
        #pragma warning disable SLC5001
            void N() { }
        }
        """);

    [Fact]
    public Task Silent_for_the_rules_of_others() => Silent("""
        using System.Diagnostics.CodeAnalysis;
        [SuppressMessage("Usage", "CA1801")]
        class C
        {
        #pragma warning disable CA1031
            void M() { }
        #pragma warning restore CA1031
        }
        """);
}
