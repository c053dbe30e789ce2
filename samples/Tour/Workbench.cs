using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Sluice.Tour;

/// <summary>
/// A temporary folder that takes everything restore and design-time build write, so that the vetted folder stays as it is.
/// MSBuild imports the file of properties into each project after the project's own Directory.Build.props.
/// </summary>
internal sealed class Workbench : IDisposable
{
    private readonly string _properties;

    public Workbench()
    {
        Folder = Directory.CreateTempSubdirectory("sluice-tour-").FullName;
        _properties = Path.Combine(Folder, "Elsewhere.props");
        File.WriteAllText(_properties, $"""
            <Project>
              <PropertyGroup>
                <DefaultItemExcludes>$(DefaultItemExcludes);bin/**;obj/**</DefaultItemExcludes>
                <DefaultItemExcludes Condition="'$(BaseOutputPath)' != ''">$(DefaultItemExcludes);$(BaseOutputPath)/**</DefaultItemExcludes>
                <DefaultItemExcludes Condition="'$(BaseIntermediateOutputPath)' != ''">$(DefaultItemExcludes);$(BaseIntermediateOutputPath)/**</DefaultItemExcludes>
                <TourFolder>{Folder}/build/$(MSBuildProjectName)-$([MSBuild]::StableStringHash('$(MSBuildProjectFullPath)'))/</TourFolder>
                <BaseOutputPath>$(TourFolder)bin/</BaseOutputPath>
                <OutputPath></OutputPath>
                <BaseIntermediateOutputPath>$(TourFolder)obj/</BaseIntermediateOutputPath>
                <MSBuildProjectExtensionsPath>$(BaseIntermediateOutputPath)</MSBuildProjectExtensionsPath>
                <IntermediateOutputPath></IntermediateOutputPath>
                <NuGetLockFilePath>$(BaseIntermediateOutputPath)packages.lock.json</NuGetLockFilePath>
              </PropertyGroup>
            </Project>
            """);
    }

    public string Folder { get; }

    /// <summary>Gets what every MSBuild run over the vetted projects is told. What a project makes an error of a warning is its own affair.</summary>
    public IReadOnlyDictionary<string, string> Properties => new Dictionary<string, string>
    {
        ["CustomAfterDirectoryBuildProps"] = _properties,
        ["NuGetAudit"] = "false",
        ["TreatWarningsAsErrors"] = "false",
        ["WarningsAsErrors"] = string.Empty,
    };

    /// <summary>Runs `dotnet` with a verb of MSBuild's on a project or solution. Returns its errors, none when it went well.</summary>
    public async Task<IReadOnlyList<string>> BuildAsync(string verb, string target, string folder, CancellationToken cancellation)
    {
        string[] arguments = [verb, target, "--verbosity", "quiet", "-nodeReuse:false"];
        var (exitCode, output) = await RunAsync(folder, [.. arguments, .. Properties.Select(property => $"-p:{property.Key}={property.Value}")], cancellation);
        var errors = output.Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)).Select(line => line.Trim()).Distinct().ToList();
        return exitCode == 0 ? [] : errors.Count > 0 ? errors : output;
    }

    /// <summary>Runs `dotnet` and returns its exit code and what it wrote.</summary>
    public static async Task<(int ExitCode, IReadOnlyList<string> Output)> RunAsync(string folder, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var process = Process.Start(start) ?? throw new CannotVetException("'dotnet' does not start.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, (await output + await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
