using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.Benchmarks;

/// <summary>Which rules are on: as the package ships, or those about concurrency (of Sluice: every rule), as warnings.</summary>
internal enum RulesOn
{
    Concurrency,
    Shipped,
}

/// <summary>Analyzers that are measured, and the severities of their rules.</summary>
internal sealed record Contender(string Name, string Version, ImmutableArray<DiagnosticAnalyzer> Analyzers, AnalyzerOptions Options, ImmutableDictionary<string, ReportDiagnostic> Severities)
{
    public const string Baseline = "no analyzer";
    public const string Sluice = "Sluice";

    /// <summary>Ends the name of one rule of Sluice with all others off. Measured only when asked for.</summary>
    public const string Alone = " alone";

    // The ids of each peer that are about tasks, threads, locks, cancellation and what must be disposed: what Sluice is about.
    private static readonly (string Package, string Rules)[] Peers =
    [
        ("AsyncFixer", "AsyncFixer.*"),
        ("IDisposableAnalyzers", "IDISP.*"),
        ("Meziantou.Analyzer", "MA0(004|022|032|040|042|045|064|079|080|100|129|134|137|138|147|155|158|167|173|174)"),
        ("Microsoft.CodeAnalysis.NetAnalyzers", "CA(1001|1068|1816|1835|1849|2000|2002|2007|2008|2011|2012|2013|2014|2016|2025|2213|2215)"),
        ("Microsoft.VisualStudio.Threading.Analyzers", "VSTHRD.*"),
        ("Roslynator.Analyzers", "RCS(1090|1047|1046|1059|1133|1174|1229|1261|1263)"),
        ("SonarAnalyzer.CSharp", "S(2222|2445|2551|2696|2930|2931|2952|3168|3216|3263|3449|3889|3998|4462|4586|6419|6507|6513|6580|6966)"),
    ];

    public static Contender None { get; } = Of(Baseline, string.Empty, ".*", RulesOn.Concurrency, [], []);

    /// <summary>Gets how many rules can report in a build.</summary>
    public int Rules => Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).Where(IsOn).Select(rule => rule.Id).Distinct().Count();

    public static IEnumerable<Contender> All(RulesOn rules)
    {
        yield return None;
        yield return Of("floor: does nothing", string.Empty, ".*", rules, [new DoesNothing()], []);
        yield return Of("floor: looks at every body", string.Empty, ".*", rules, [new LooksAtEveryBody()], []);

        // Built with this program, and loaded as the compiler loads it.
        string built = Path.Combine(AppContext.BaseDirectory, "Sluice.Analyzers.dll");
        var sluice = Load([built]);
        yield return Of(Sluice, typeof(SluiceAnalyzer).Assembly.GetName().Version!.ToString(3), ".*", rules, sluice, []);
        foreach (string id in sluice.SelectMany(analyzer => analyzer.SupportedDiagnostics).Select(rule => rule.Id).Distinct().Order())
        {
            yield return Of(id + Alone, string.Empty, id, RulesOn.Concurrency, sluice, []);
        }

        foreach (var (package, ids) in Peers)
        {
            string folder = Code.MetadataOf(package);
            string version = Path.GetFileName(folder.TrimEnd(Path.DirectorySeparatorChar));
            yield return Of(package, version, ids, rules, Load(AnalyzersOf(folder)), AdditionalFilesOf(folder));
        }
    }

    private static Contender Of(string name, string version, string ids, RulesOn rules, ImmutableArray<DiagnosticAnalyzer> analyzers, ImmutableArray<AdditionalText> files)
    {
        var severities = rules == RulesOn.Shipped
            ? ImmutableDictionary<string, ReportDiagnostic>.Empty
            : analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).Select(rule => rule.Id).Distinct().ToImmutableDictionary(
                id => id,
                id => Regex.IsMatch(id, $"^({ids})$") ? ReportDiagnostic.Warn : ReportDiagnostic.Suppress);
        return new(name, version, analyzers, new AnalyzerOptions(files), severities);
    }

    // A package may hold one build for each of several versions of the compiler: the newest that is not newer than this one.
    private static IEnumerable<string> AnalyzersOf(string package)
    {
        var running = typeof(Compilation).Assembly.GetName().Version!;
        return Directory.EnumerateFiles(Path.Combine(package, "analyzers"), "*.dll", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith(".resources.dll", StringComparison.Ordinal) && Path.GetFileName(Path.GetDirectoryName(path)) != "vb")
            .GroupBy(path => Regex.Match(path, @"roslyn(\d+\.\d+)") is { Success: true } match ? System.Version.Parse(match.Groups[1].Value) : new System.Version(0, 0))
            .Where(build => build.Key <= running)
            .MaxBy(build => build.Key)!;
    }

    private static ImmutableArray<AdditionalText> AdditionalFilesOf(string package) =>
        Directory.EnumerateFiles(package, "*.txt", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(Path.GetDirectoryName(path)) == "AdditionalFiles")
            .Select(path => (AdditionalText)new AdditionalFile(path))
            .ToImmutableArray();

    private static ImmutableArray<DiagnosticAnalyzer> Load(IEnumerable<string> paths)
    {
        var loader = new Loader(Path.GetDirectoryName(paths.First())!);
        return paths.SelectMany(path => new AnalyzerFileReference(path, loader).GetAnalyzers(LanguageNames.CSharp)).ToImmutableArray();
    }

    // A build does not ask rules that are hidden or mere suggestions.
    private bool IsOn(DiagnosticDescriptor rule) => Severities.TryGetValue(rule.Id, out var severity)
        ? severity != ReportDiagnostic.Suppress
        : rule.IsEnabledByDefault && rule.DefaultSeverity >= DiagnosticSeverity.Warning;

    private sealed class AdditionalFile(string path) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(File.ReadAllText(path));
    }

    /// <summary>Each package has its assemblies to itself and the compiler in common.</summary>
    private sealed class Loader(string folder) : AssemblyLoadContext, IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => LoadFromAssemblyPath(fullPath);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string path = Path.Combine(folder, assemblyName.Name + ".dll");
            return folder != AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar) && File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
