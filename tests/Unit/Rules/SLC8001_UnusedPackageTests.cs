using System.Linq;
using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

/// <summary>The report stands in no source file, so these tests look at messages. What the build tells is tested end to end.</summary>
public sealed class SLC8001_UnusedPackageTests() : RuleTest("SLC8001")
{
    // Two assemblies of the framework stand for packages.
    private const string Json = "?Json.Package/System.Text.Json";
    private const string Xml = "?Xml.Package/System.Private.Xml|?Xml.Package/System.Xml.XDocument";

    [Fact]
    public Task Silent_where_the_build_tells_nothing() => Silent("class C { }");

    [Fact]
    public Task Silent_where_all_are_kept() => Silent("class C { }", new() { Packages = "+Json.Package/System.Text.Json|-Other/System.Linq" });

    [Theory]
    [InlineData("class C { }")]
    [InlineData("class C { string JsonSerializer => \"System.Text.Json\"; /* System.Text.Json.JsonSerializer */ }")]
    [InlineData("namespace System.Text.Json.Own { class Mine { void M() => System.Text.Json.Own.Other.Serialize(); } class Other { public static void Serialize() { } } }")]
    public async Task Reports_a_package_that_nothing_names(string code) =>
        Assert.Equal("No code of this project uses the package 'Json.Package': remove the PackageReference, or keep it with NoWarn=\"SLC8001\" where it is needed at run time only", await Said(code, Json));

    [Fact]
    public async Task Reports_each_in_order() =>
        Assert.Equal(2, (await Said("class C { }", $"?Zip/System.IO.Compression|{Json}")).Split('\n').Length);

    [Theory]
    [InlineData("class C { string M() => System.Text.Json.JsonSerializer.Serialize(1); }")]
    [InlineData("using System.Text.Json; class C { JsonSerializerOptions? o; }")]
    [InlineData("using J = System.Text.Json.JsonElement; class C { J j; }")]
    [InlineData("class C { [System.Text.Json.Serialization.JsonIgnore] public int P { get; set; } }")]
    [InlineData("class C { void M() { var d = System.Text.Json.Nodes.JsonNode.Parse(\"1\")!; } }")]
    public async Task Silent_for_a_package_that_code_names(string code) => Assert.Equal(string.Empty, await Said(code, Json));

    [Fact]
    public async Task Silent_for_a_using_that_needs_it() => Assert.Equal(string.Empty, await Said("using System.Text.Json.Nodes; class C { }", Json));

    [Fact]
    public async Task Silent_for_an_extension_method() =>
        Assert.Equal(string.Empty, await Said("class C { void M(System.Xml.XmlReader r) => _ = new System.Collections.Generic.List<int>().ToImmutableArray(); }".Replace("class C", "using System.Collections.Immutable; class C"), "?Immutable/System.Collections.Immutable"));

    [Fact]
    public async Task Silent_where_the_reference_is_not_there() => Assert.Equal(string.Empty, await Said("class C { }", "?Gone/Gone.Assembly"));

    // System.Net.Http.Json refers to System.Text.Json, which the code names.
    [Fact]
    public async Task Silent_for_one_that_brings_along_what_code_names() =>
        Assert.Equal(string.Empty, await Said("class C { string M() => System.Text.Json.JsonSerializer.Serialize(1); }", "?Http.Json/System.Net.Http.Json|-Json/System.Text.Json"));

    [Fact]
    public async Task Reports_where_another_brings_it_along() =>
        Assert.Contains("'Zip'", await Said("using System.Net.Http.Json; class C { string M() => System.Text.Json.JsonSerializer.Serialize(1); }", "+Http.Json/System.Net.Http.Json|?Zip/System.IO.Compression|-Json/System.Text.Json"), System.StringComparison.Ordinal);

    // The package that code names finds its plug-ins by their names.
    [Theory]
    [InlineData("Json.Sinks.File", "+Json/System.Text.Json", true)]
    [InlineData("Json.Extras.File", "+Json/System.Text.Json", false)]
    [InlineData("Xml.Sinks.File", "+Json/System.Text.Json|-Xml/System.Xml.XDocument", false)]
    public async Task Silent_for_a_plug_in_of_what_is_used(string id, string others, bool isSilent) =>
        Assert.Equal(isSilent, (await Said("class C { string M() => System.Text.Json.JsonSerializer.Serialize(1); }", $"?{id}/System.IO.Compression|{others}")).Length == 0);

    [Theory]
    [InlineData("", true)]
    [InlineData("[assembly: System.Reflection.AssemblyMetadata(\"a\", \"b\")]", true)]
    [InlineData("System.Console.WriteLine();", false)]
    public async Task Silent_where_a_project_only_passes_packages_on(string code, bool isSilent) => Assert.Equal(isSilent, (await Said(code, Json)).Length == 0);

    [Theory]
    [InlineData("class C { void M() { Missing } }")]
    [InlineData("class C : Unknown { }")]
    public async Task Silent_on_code_that_is_being_typed(string code) => Assert.Equal(string.Empty, await Said(code, $"{Json}|{Xml}"));

    [Theory]
    [InlineData("|||")]
    [InlineData("?|/|?/|?x")]
    public Task Silent_where_the_list_is_broken(string packages) => Silent("class C { }", new() { Packages = packages });

    private static async Task<string> Said(string code, string packages)
    {
        var reported = await UnderTest.Analyze(UnderTest.Compilation(code), packages: packages);
        return string.Join('\n', reported.Where(diagnostic => diagnostic.Id == "SLC8001").Select(diagnostic => diagnostic.GetMessage(null)));
    }
}
