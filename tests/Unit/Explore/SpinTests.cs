using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Sluice.Explore;

namespace Sluice.Tests.Explore;

/// <summary>The verdicts of the explorer against those of SPIN, on random models: the steps at which a process may wait for ever.</summary>
public sealed class SpinTests
{
    private const int Batches = 4;
    private const int Models = 55;

    [SpinFact]
    public void Finds_what_SPIN_finds()
    {
        var folder = Directory.CreateTempSubdirectory("spin").FullName;
        var (stuck, clean) = (0, 0);
        try
        {
            for (var batch = 0; batch < Batches; batch++)
            {
                var models = Enumerable.Range(0, Models).Select(i => new RandomModel((batch * Models) + i, i)).ToArray();
                Compile(folder, models);
                for (var i = 0; i < Models; i++)
                {
                    var theirs = Verify(folder, i);
                    var verdict = ModelReader.Explore(models[i].Text);
                    Assert.True(verdict.IsComplete);
                    var ours = verdict.Findings.Where(f => f.Kind == FindingKind.StuckForever).Select(f => f.At.Text).Order().ToArray();
                    Assert.True(theirs.SequenceEqual(ours), $"""
                        Model {(batch * Models) + i}
                        SPIN:     {string.Join(", ", theirs)}
                        explorer: {string.Join(", ", ours)}
                        {models[i].Text}
                        """);
                    (stuck, clean) = ours.Length > 0 ? (stuck + 1, clean) : (stuck, clean + 1);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        // Neither verdict is rare, else the comparison says little.
        Assert.True(stuck > 50 && clean > 20, $"{stuck} with and {clean} without a finding");
    }

    private static void Compile(string folder, RandomModel[] models)
    {
        File.WriteAllText(Path.Combine(folder, "models.pml"), $$"""
            byte model;
            {{string.Concat(models.Select(model => model.Promela))}}
            init {
              c_code { now.model = atoi(getenv("MODEL")); };
              if
              {{string.Concat(models.Select(model => model.Start))}}
              fi
            }
            """);
        Run(folder, "spin", "-a models.pml", null);
        Run(folder, "gcc", "-O0 -w -DNOREDUCE -DNOCLAIM -DVECTORSZ=8192 -o pan pan.c", null);
    }

    private static string[] Verify(string folder, int model)
    {
        var said = Run(folder, Path.Combine(folder, "pan"), "-E -n -w16 -m50000", model.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains("errors: 0", said);
        Assert.DoesNotContain("max search depth too small", said);
        return [.. said.Split('\n').Where(line => line.StartsWith("STUCK ", StringComparison.Ordinal)).Select(line => line[6..].Trim()).Distinct().Order()];
    }

    private static string Run(string folder, string program, string arguments, string? model)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MODEL"] = model ?? string.Empty;
        using var process = System.Diagnostics.Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {arguments}: {said}{errors.Result}");
        return said;
    }

    /// <summary>Runs where SPIN and a C compiler are installed.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class SpinFactAttribute : FactAttribute
    {
        public SpinFactAttribute()
        {
            var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
            if (new[] { "spin", "gcc" }.Any(tool => !folders.Any(folder => File.Exists(Path.Combine(folder, tool)))))
            {
                Skip = "needs spin and gcc";
            }
        }
    }
}
