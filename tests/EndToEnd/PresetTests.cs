using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace Sluice.EndToEnd;

/// <summary><c>SluicePreset</c> sets where the severities start, and configuration files have the last word.</summary>
public sealed class PresetTests
{
    [Theory]
    [InlineData("recommended")]
    [InlineData("strict")]
    [InlineData("Minimal")]
    public async Task Preset_sets_the_severities(string preset)
    {
        using var consumer = Misuse.Consumer($"<SluicePreset>{preset}</SluicePreset>");
        var build = await consumer.Build();
        build.Found(Expected(preset));
        build.Failed();
    }

    [Theory]
    [InlineData(".editorconfig", "root = true\n[*.cs]\n")]
    [InlineData(".globalconfig", "is_global = true\n")]
    public async Task Configuration_of_the_user_wins(string file, string start)
    {
        using var consumer = Misuse.Consumer("<SluicePreset>minimal</SluicePreset>");
        consumer.Write(file, start + "dotnet_diagnostic.SLC0001.severity = warning\ndotnet_diagnostic.SLC3002.severity = none\n");
        var build = await consumer.Build();
        var minimal = Expected("minimal").Where(finding => finding.Id != "SLC3002");
        build.Found(minimal.Prepend(Misuse.Announced.Single(finding => finding.Id == "SLC0001") with { Level = "warning" }));
    }

    [Fact]
    public async Task Preset_on_the_command_line_is_heard()
    {
        using var consumer = Misuse.Consumer();
        (await consumer.Build("-p:SluicePreset=minimal")).Found(Expected("minimal"));
    }

    [Theory]
    [InlineData("relaxed")]
    [InlineData("")]
    public async Task Unknown_preset_is_refused_with_the_ones_that_there_are(string preset)
    {
        using var consumer = new Consumer($"<SluicePreset>{preset}</SluicePreset>");
        var build = await consumer.Build();
        build.Failed();
        Assert.Contains($"error : SluicePreset is '{preset}'. It can be recommended (the default), strict or minimal.", build.Output, StringComparison.Ordinal);
    }

    // strict: all that is here is on by default, and no more than a suggestion becomes a warning. minimal: errors, Discipline left out.
    private static IEnumerable<Finding> Expected(string preset) => preset.ToLowerInvariant() switch
    {
        "minimal" => Misuse.Announced.Where(finding => finding.Level == "error" && !finding.Id.StartsWith("SLC0", StringComparison.Ordinal)),
        _ => Misuse.Announced,
    };
}
