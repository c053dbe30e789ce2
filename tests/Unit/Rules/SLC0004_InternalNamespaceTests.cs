using System.Linq;
using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC0004_InternalNamespaceTests() : RuleTest("SLC0004")
{
    private const string Lib = """
        namespace Lib.Core.Internal { public static class Cache { public static void Clear() { } } }
        namespace Lib.Core.Internal.Deep { public sealed class Pool<T> { } }
        namespace Lib.Core.Internals { public sealed class Fine { } }
        namespace Internal { public sealed class Root { } }
        """;

    protected override Setup Setup { get; } = new() { Files = [("Lib.cs", Lib)] };

    [Fact]
    public Task Reports_a_using() => Reports("""
        [|using Lib.Core.Internal;|]
        [|using Lib.Core.Internal.Deep;|]
        [|using static Lib.Core.Internal.Cache;|]
        [|using Store = Lib.Core.Internal.Cache;|]
        namespace App { class C { void M() { Cache.Clear(); Clear(); Store.Clear(); _ = new Pool<int>(); } } }
        """);

    [Fact]
    public Task Reports_a_using_within_a_namespace() => Reports("""
        namespace Lib.Other
        {
            [|using Lib.Core.Internal;|]
            class C { void M() => Cache.Clear(); }
        }
        """);

    [Fact]
    public Task Reports_a_qualified_name() => Reports("""
        namespace App;
        class C
        {
            [|Lib.Core.Internal.Deep.Pool<int>|]? _pool;
            void M() => [|Lib.Core.Internal.Cache|].Clear();
            object N() => new [|global::Lib.Core.Internal.Deep.Pool<int>|]();
        }
        """);

    [Fact]
    public Task Reports_a_namespace_whose_name_only_begins_alike() => Reports("""
        namespace Lib.CoreTools { [|using Lib.Core.Internal;|] class C { void M() => Cache.Clear(); } }
        """);

    [Fact]
    public Task Reports_a_using_above_the_internal_namespace_itself() => Reports("""
        [|using Format = Acme.Net.Internal.Format;|]
        namespace Acme.Net.Internal { enum Format { A } }
        namespace Acme.Client { class C { Format f = Format.A; } }
        """);

    [Fact]
    public Task Silent_beside_and_below_the_parent() => Silent("""
        using Lib.Core.Internal;
        namespace Lib.Core { class A { void M() => Cache.Clear(); } }
        namespace Lib.Core.Parts { using Lib.Core.Internal.Deep; class B { Pool<int>? _pool; } }
        namespace Lib.Core.Internal { class C { Deep.Pool<int>? _pool; } }
        """);

    [Fact]
    public Task Silent_for_nested_and_file_scoped_namespaces() => Silent("""
        namespace Lib { namespace Core { namespace Tests { class B { Internal.Deep.Pool<int>? _pool; } } } }
        """);

    [Theory]
    [InlineData("Test", false)]
    [InlineData("TestProject", false)]
    [InlineData("Another", true)]
    public async Task Silent_for_friends(string friend, bool isReported)
    {
        var library = UnderTest.Compilation($"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{friend}\")] namespace Acme.Internal {{ public class Cache {{ }} }}").WithAssemblyName("Acme").ToMetadataReference();
        var reported = await UnderTest.Analyze(UnderTest.Compilation("namespace App { class C { Acme.Internal.Cache? c; } }").WithAssemblyName(friend == "Another" ? "Test" : friend).AddReferences(library));
        Assert.Equal(isReported, reported.Any(diagnostic => diagnostic.Id == "SLC0004"));
    }

    [Fact]
    public Task Silent_for_other_names() => Silent("""
        using Lib.Core.Internals;
        using Internal;
        namespace App
        {
            enum Kind { Internal }
            class C { Fine? _fine; Root? _root; Kind _kind = Kind.Internal; string Internal => "Lib.Core.Internal"; /* Lib.Core.Internal */ }
        }
        """);

    [Fact]
    public Task Silent_in_a_program_without_a_namespace() => Silent("""
        using Lib.Core.Internal;
        Cache.Clear();
        """);
}
