using System.Linq;
using System.Threading.Tasks;
using Sluice.Tests.Generators;

namespace Sluice.Tests.Rules;

public sealed class SLC9005_SelectNameClashTests() : PlumbingRuleTest("SLC9005")
{
    [Fact]
    public Task Reports_cases_and_members_with_names_of_the_select() => Reports("""
        [Select]
        internal sealed partial class A
        {
            public readonly Receive<int> [|Default|] = new();
            public readonly Receive<int> [|Case|] = new();
            public new readonly Receive<int> [|Dispose|] = new();
        }

        [Select]
        internal sealed partial class B
        {
            internal enum [|Case|] { One }
            public bool [|Try|]() => true;
            public int [|ConfigureAwait|](bool continueOnCapturedContext) => 0;
        }
        """);

    [Fact]
    public Task Silent_for_other_names() => Silent("""
        [Select]
        internal sealed partial class A
        {
            public readonly Receive<int> Jobs = new();
            public const int Default = 1;
            public bool Try(int times) => times > 0;
        }

        internal sealed class B
        {
            internal enum Case { One }
        }
        """);

    [Fact]
    public async Task Reports_every_name_that_a_case_would_hide()
    {
        // Whatever the base class of a select comes to offer.
        var selector = new Project("using Sluice;").Generate().Compilation.GetTypeByMetadataName("Sluice.Selector")!;
        var names = selector.GetMembers()
            .Where(member => member.DeclaredAccessibility != Microsoft.CodeAnalysis.Accessibility.Private && member.CanBeReferencedByName)
            .Select(member => member.Name).Distinct().ToList();
        Assert.Contains("Dispose", names);
        await Reports(string.Join('\n', names.Select(name => $"[Select] internal sealed partial class With{name} {{ public readonly Receive<int> [|{name}|] = new(); }}")), Unfinished);
    }
}
