using System;
using System.Threading.Tasks;

namespace Sluice.EndToEnd;

/// <summary>The build tells SLC8001 which packages a project asks for, and the report stands where it does so.</summary>
public sealed class UnusedPackageTests
{
    [Theory]
    [InlineData("", "class C { }", true)]
    [InlineData("", "class C { object o = new Library.Tool(); }", false)]
    [InlineData("PrivateAssets=\"all\"", "class C { }", false)]
    [InlineData("NoWarn=\"SLC8001\"", "class C { }", false)]
    public async Task Package_that_nothing_uses_is_reported_in_the_project_file(string attributes, string code, bool isReported)
    {
        using var library = new Consumer("<AssemblyName>Library</AssemblyName><PackageId>Some.Library</PackageId><Version>1.0.0</Version>");
        library.Write("Tool.cs", "namespace Library; public sealed class Tool { }");
        var (packed, output) = await library.Dotnet("pack", "Consumer.csproj", "-o", library.PathOf("feed"));
        Assert.True(packed == 0, output);

        using var consumer = new Consumer();
        consumer.Write("nuget.config", consumer.Read("nuget.config").Replace("<add", $"<add key=\"library\" value=\"{library.PathOf("feed")}\" /><add", StringComparison.Ordinal));
        consumer.Write("Consumer.csproj", consumer.Read("Consumer.csproj").Replace("</ItemGroup>", $"  <PackageReference Include=\"Some.Library\" Version=\"1.0.0\" {attributes} />\n  </ItemGroup>", StringComparison.Ordinal));
        consumer.Write("Code.cs", code);
        var build = await consumer.Build();
        build.Succeeded();
        int line = Array.FindIndex(consumer.Read("Consumer.csproj").Split('\n'), text => text.Contains("Some.Library", StringComparison.Ordinal)) + 1;
        Assert.Equal(isReported ? [new Finding("Consumer.csproj", line, "SLC8001", "warning")] : [], build.Findings);
    }
}
