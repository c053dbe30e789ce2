using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Sluice.EndToEnd;

/// <summary>
/// A fresh project that installs the package as a user does, in a folder of its own with an empty package cache of its own.
/// Disposing it deletes the folder.
/// </summary>
internal sealed class Consumer : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sluice-");

    /// <summary>Initializes a new instance of the <see cref="Consumer"/> class.</summary>
    /// <param name="properties">MSBuild properties of the project, as XML.</param>
    /// <param name="framework">The target framework. For any but the SDK's own the machine's package sources are asked for the targeting pack.</param>
    /// <param name="otherSources">Whether the machine's package sources are asked in any case.</param>
    public Consumer(string properties = "", string framework = "net10.0", bool otherSources = false)
    {
        var sources = framework == "net10.0" && !otherSources ? "<clear />" : string.Empty;
        Write("nuget.config", $"""
            <configuration>
              <packageSources>
                {sources}
                <add key="sluice-under-test" value="{Package.Feed}" />
              </packageSources>
            </configuration>
            """);
        Write("Consumer.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>{framework}</TargetFramework>
                <ErrorLog>$(MSBuildProjectDirectory)/findings.sarif,version=2.1</ErrorLog>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <EnableNETAnalyzers>false</EnableNETAnalyzers>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Sluice" Version="{Package.Version}" PrivateAssets="all" />
              </ItemGroup>
            </Project>
            """);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "global.json"), PathOf("global.json"));

        // Whatever stands in the folders above stays out.
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");
        Write("Directory.Packages.props", "<Project />");
        Write(".editorconfig", "root = true\n");
    }

    public string Log => PathOf("findings.sarif");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public string Read(string name) => File.ReadAllText(PathOf(name));

    public void Write(string name, string text) => File.WriteAllText(PathOf(name), text.ReplaceLineEndings("\n"));

    /// <summary>Restores and builds, whether or not that succeeds.</summary>
    public async Task<Build> Build(params string[] arguments)
    {
        File.Delete(Log);
        var (exitCode, output) = await Dotnet(["build", "--nologo", .. arguments]);
        return new Build(exitCode, output, File.Exists(Log) ? Finding.InLog(Log) : []);
    }

    public async Task<(int ExitCode, string Output)> Dotnet(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What the build around these tests tells its own processes is not for this one.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["NUGET_PACKAGES"] = PathOf(".packages");
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";

        // No compiler or build server may stay behind and hold the folder.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
