using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Spectre.Console;

namespace Sluice.Tour;

/// <summary>Shows a verdict: rule by rule, each finding with its place, code, what can happen and the fix; then the counts.</summary>
internal sealed class Report(Screen screen, Options options, string root)
{
    private const int FindingsPerRule = 5;
    private const int LinesPerDiff = 24;
    private const int FindingsPictured = 2;
    private const string NoSystemTypes = "CS0518";

    private int _pictured;
    private Fix? _previous;

    public async Task FindingsAsync(Verdict verdict, bool all, CancellationToken cancellation)
    {
        var wanted = verdict.Findings.Where(finding => options.Rule is null || finding.Id.Equals(options.Rule, StringComparison.OrdinalIgnoreCase));
        foreach (var rule in wanted.Where(finding => !finding.IsOurFailure).GroupBy(finding => finding.Id))
        {
            await RuleAsync([.. rule], all, cancellation);
        }

        screen.Pictured = true;
    }

    /// <summary>What does not compile, and what of Sluice failed: on standard error.</summary>
    public void Failures(Verdict verdict)
    {
        foreach (var (project, errors) in verdict.Broken)
        {
            if (errors.Any(error => error.Id == NoSystemTypes))
            {
                Console.Error.WriteLine($"{project.Name} was not vetted: it has no framework to compile against, so its restore failed.");
                continue;
            }

            Console.Error.WriteLine($"{project.Name} does not compile and was not vetted: {Count(errors.Count, "error")}, the first of them:");
            foreach (var error in errors.Take(3))
            {
                Console.Error.WriteLine($"  {Finding.Place(error.Location, root)}: {error.Id}: {error.GetMessage(CultureInfo.InvariantCulture)}");
            }
        }

        foreach (var failure in verdict.Findings.Where(finding => finding.IsOurFailure))
        {
            Console.Error.WriteLine($"SLUICE FAILED at {failure.Place(root)}: {failure.Id}: {failure.Diagnostic.GetMessage(CultureInfo.InvariantCulture)}");
        }
    }

    public void Counts(Verdict verdict)
    {
        if (verdict.Projects == 0 && verdict.Broken.Count > 0)
        {
            screen.Line(("Nothing was vetted.", Tint.Bad));
            return;
        }

        var findings = verdict.Findings.Count(finding => !finding.IsOurFailure);
        var rules = verdict.Findings.GroupBy(finding => finding.Id).ToList();
        if (rules.Count > 0)
        {
            var table = new Table().Border(TableBorder.None).HideHeaders();
            table.AddColumn("id").AddColumn(new TableColumn("count").RightAligned()).AddColumn(new TableColumn("title").PadLeft(2).PadRight(3)).AddColumn("fix");
            foreach (var rule in rules)
            {
                var first = rule.First();
                table.AddRow(
                    new Text(rule.Key, Tint.Of(first.Diagnostic.Severity)),
                    new Text(rule.Count().ToString(CultureInfo.InvariantCulture), Tint.Strong),
                    new Text(Title(first)),
                    new Text(first.IsOurFailure ? "a failure of Sluice" : Rulebook.FixesOf(rule.Key).Any() ? "has a fix" : "by hand", Tint.Faint));
            }

            screen.Write(table);
            screen.Line((string.Empty, Tint.Plain));
        }

        screen.Line(
            (Count(findings, "finding"), verdict.Findings.Count == 0 ? Tint.Good : Tint.Strong),
            (string.Create(CultureInfo.InvariantCulture, $" in {Count(verdict.Files, "file")}, {verdict.Lines:N0} lines, {Count(verdict.Projects, "project")}; {verdict.Time.TotalSeconds:0.0} s"), Tint.Faint));
    }

    public static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? string.Empty : "s")}");

    private async Task RuleAsync(List<Finding> findings, bool all, CancellationToken cancellation)
    {
        // The picture shows one finding of a rule, and no unused usings: everyone knows those.
        var descriptor = findings[0].Diagnostic.Descriptor;
        screen.Pictured = descriptor.Id != "SLC0001" && _pictured++ < FindingsPictured;
        screen.Line((descriptor.Id, Tint.Of(findings[0].Diagnostic.Severity)), ("  " + Title(findings[0]), Tint.Strong));
        screen.Text(descriptor.Description.ToString(CultureInfo.InvariantCulture), Tint.Faint, indent: 2);
        screen.Line(("  " + descriptor.HelpLinkUri, Tint.Link));
        screen.Line((string.Empty, Tint.Plain));
        foreach (var finding in findings.Take(all ? findings.Count : FindingsPerRule))
        {
            await FindingAsync(finding, cancellation);
            screen.Pictured = false;
        }

        if (!all && findings.Count > FindingsPerRule)
        {
            screen.Text($"… and {findings.Count - FindingsPerRule} more of {descriptor.Id}: --all shows them.", Tint.Warn, indent: 2);
            screen.Line((string.Empty, Tint.Plain));
        }
    }

    private async Task FindingAsync(Finding finding, CancellationToken cancellation)
    {
        screen.Line(("  " + finding.Place(root), Tint.Strong));
        screen.Text(finding.Diagnostic.GetMessage(CultureInfo.InvariantCulture), Tint.Of(finding.Diagnostic.Severity), indent: 2);
        foreach (var line in await Frame.OfAsync(finding, cancellation))
        {
            screen.Write(line);
        }

        foreach (var place in finding.Diagnostic.AdditionalLocations.Where(location => location.IsInSource && location.SourceSpan != finding.Diagnostic.Location.SourceSpan).Select(location => Finding.Place(location, root)).Distinct().Take(4))
        {
            screen.Line(("       see also " + place, Tint.Faint));
        }

        await FixAsync(await Fix.OfAsync(finding, cancellation), cancellation);
        screen.Line((string.Empty, Tint.Plain));
    }

    private async Task FixAsync(Fix? fix, CancellationToken cancellation)
    {
        if (fix is null)
        {
            screen.Line(("  Fix: by hand, as the page says", Tint.Faint));
        }
        else if (_previous is not null && await fix.IsSameAsync(_previous, cancellation))
        {
            screen.Line(("  Fix: the one before mends this too", Tint.Good));
        }
        else
        {
            screen.Line(("  Fix: " + fix.Title, Tint.Good));
            var diff = await Diff.OfAsync(fix, cancellation);
            foreach (var line in diff.Take(LinesPerDiff))
            {
                screen.Write(line);
            }

            if (diff.Count > LinesPerDiff)
            {
                screen.Line(($"         … {diff.Count - LinesPerDiff} more lines", Tint.Faint));
            }
        }

        _previous = fix;
    }

    private static string Title(Finding finding) => finding.Diagnostic.Descriptor.Title.ToString(CultureInfo.InvariantCulture);
}
