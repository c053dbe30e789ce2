using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Sluice.Tour;

/// <summary>Vets code of the user's own, and changes nothing in it.</summary>
internal sealed class UserVet(Screen screen, Progress progress, Options options)
{
    public async Task<int> RunAsync(string path, CancellationToken cancellation)
    {
        var target = Target.At(path);
        var root = Path.GetDirectoryName(target)!;
        var untouched = new Untouched(root);
        using var bench = new Workbench();
        using var loaded = await new Loader(bench, progress).LoadAsync(target, cancellation);
        progress.Rest();
        if (!loaded.Projects.Any(project => Loaded.SourcesOf(project).Any()))
        {
            Complain(loaded);
            throw new CannotVetException(loaded.Problems.Count > 0 ? $"'{target}' could not be loaded." : $"There is no C# in '{target}'.");
        }

        screen.Line(("Sluice vets ", Tint.Plain), (target, Tint.Strong));
        foreach (var note in loaded.Notes)
        {
            screen.Line(("  " + note, Tint.Faint));
        }

        screen.Line((string.Empty, Tint.Plain));
        var verdict = await new Vetting(progress).VetAsync(loaded.Projects, cancellation);
        var report = new Report(screen, options, root);
        await report.FindingsAsync(verdict, options.All, cancellation);
        report.Counts(verdict);
        var incomplete = verdict.Broken.Count + loaded.Missing.Count > 0;
        if (incomplete)
        {
            Complain(loaded);
        }

        report.Failures(verdict);
        if (untouched.Changes() is { Count: > 0 } changes)
        {
            Console.Error.WriteLine($"While this ran, {Report.Count(changes.Count, "file")} changed below '{root}', by a build target of the project or by someone else: {string.Join(", ", changes.Take(5).Select(change => Path.GetRelativePath(root, change)))}");
        }

        return verdict.Findings.Any(finding => finding.IsOurFailure) ? ExitCode.SluiceFailed
            : incomplete ? ExitCode.CouldNotVet
            : verdict.Findings.Count > 0 ? ExitCode.Findings
            : ExitCode.Clean;
    }

    private static void Complain(Loaded loaded)
    {
        const int Shown = 5;
        foreach (var project in loaded.Missing)
        {
            Console.Error.WriteLine($"{Path.GetFileNameWithoutExtension(project)} could not be loaded and was not vetted: {project}");
        }

        foreach (var problem in loaded.Problems.Take(Shown))
        {
            Console.Error.WriteLine(problem);
        }

        if (loaded.Problems.Count > Shown)
        {
            Console.Error.WriteLine($"… and {loaded.Problems.Count - Shown} more complaints of restore and MSBuild.");
        }
    }
}
