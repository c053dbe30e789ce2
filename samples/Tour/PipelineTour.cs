using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;

namespace Sluice.Tour;

/// <summary>The tour: vet the small service that ships beside this, mend a copy of it, vet the copy, run the copy.</summary>
internal sealed class PipelineTour(Screen screen, Progress progress, Options options)
{
    private const int MostFixes = 200;

    private static string Shipped { get; } =
        typeof(PipelineTour).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Pipeline").Value!;

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        screen.Line(("Sluice vets ", Tint.Plain), ("samples/Pipeline", Tint.Strong), (": a queue, a pool of workers, retry, shutdown.", Tint.Plain));
        screen.Line((string.Empty, Tint.Plain));
        using var bench = new Workbench();
        var first = await VetAsync(bench, Shipped, Path.GetDirectoryName(Shipped)!, cancellation);

        var copy = Path.Combine(bench.Folder, "Pipeline");
        Copy(Shipped, copy);
        Chapter("Applying the fixes on a copy, one after another");
        await MendAsync(bench, copy, cancellation);

        Chapter("Vetting the copy again");
        var second = await VetAsync(bench, copy, bench.Folder, cancellation);

        Chapter("Running the copy");
        progress.Say("dotnet run");
        var (exitCode, output) = await Workbench.RunAsync(copy, ["run"], cancellation);
        progress.Rest();
        foreach (var line in output)
        {
            screen.Line(("  " + line.TrimEnd(), Tint.Plain));
        }

        screen.Line(($"  exit code {exitCode}", exitCode == 0 ? Tint.Good : Tint.Bad));
        screen.Line((string.Empty, Tint.Plain));
        var failed = first.Findings.Concat(second.Findings).Any(finding => finding.IsOurFailure);
        screen.Line(failed ? ("Sluice itself failed, so this run shows nothing.", Tint.Bad)
            : second.Findings.Count == 0 && second.Broken.Count == 0 && exitCode == 0 ? ($"{Report.Count(first.Findings.Count, "finding")} before, none after, and the copy runs.", Tint.Good)
            : ("The copy should be clean and run: it does not.", Tint.Bad));
        return failed ? ExitCode.SluiceFailed
            : first.Broken.Count + second.Broken.Count > 0 || exitCode != 0 ? ExitCode.CouldNotVet
            : second.Findings.Count > 0 ? ExitCode.Findings
            : ExitCode.Clean;
    }

    private async Task<Verdict> VetAsync(Workbench bench, string folder, string root, CancellationToken cancellation)
    {
        using var loaded = await LoadAsync(bench, folder, cancellation);
        var verdict = await new Vetting(progress).VetAsync(loaded.Projects, cancellation);
        var report = new Report(screen, options, root);
        await report.FindingsAsync(verdict, all: true, cancellation);
        report.Counts(verdict);
        report.Failures(verdict);
        return verdict;
    }

    private async Task<Loaded> LoadAsync(Workbench bench, string folder, CancellationToken cancellation)
    {
        var loaded = await new Loader(bench, progress).LoadAsync(Target.At(folder), cancellation);
        return loaded.Missing.Count == 0 ? loaded : throw new CannotVetException(string.Join(Environment.NewLine, loaded.Problems));
    }

    private async Task MendAsync(Workbench bench, string copy, CancellationToken cancellation)
    {
        using var loaded = await LoadAsync(bench, copy, cancellation);
        for (var fixes = 0; fixes < MostFixes; fixes++)
        {
            var projects = loaded.Projects.Select(project => loaded.Workspace.CurrentSolution.GetProject(project.Id)!).ToList();
            var verdict = await new Vetting(progress).VetAsync(projects, cancellation);
            if (await FirstAsync(verdict.Findings, cancellation) is not var (finding, fix))
            {
                return;
            }

            screen.Line(($"  {finding.Id}  ", Tint.Good), ($"{finding.Place(bench.Folder),-32}", Tint.Plain), (fix.Title, Tint.Faint));
            if (!loaded.Workspace.TryApplyChanges(fix.After))
            {
                throw new CannotVetException($"The fix of {finding.Id} at {finding.Place(bench.Folder)} could not be written.");
            }
        }
    }

    private static async Task<(Finding Finding, Fix Fix)?> FirstAsync(IEnumerable<Finding> findings, CancellationToken cancellation)
    {
        foreach (var finding in findings)
        {
            if (await Fix.OfAsync(finding, cancellation) is { } fix)
            {
                return (finding, fix);
            }
        }

        return null;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.GetDirectories(from).Where(folder => Path.GetFileName(folder) is not ("bin" or "obj")))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    private void Chapter(string title)
    {
        screen.Line((string.Empty, Tint.Plain));
        screen.Line((title, Tint.Strong));
    }
}
