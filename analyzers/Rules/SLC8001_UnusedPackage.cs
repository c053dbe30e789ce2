using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Sluice.Model.Supply;

namespace Sluice.Rules;

/// <summary>A package that the project asks for and that no code names. `go mod tidy` removes it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnusedPackage() : FileRule(Descriptor)
{
    private const string Id = "SLC8001";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Package that nothing uses",
        "No code of this project uses the package '{0}': remove the PackageReference, or keep it with NoWarn=\"SLC8001\" where it is needed at run time only",
        Family.Supply,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A package that nothing uses is still restored, audited, updated and shipped, with all that it brings along.",
        Page.Of(Id),
        WellKnownDiagnosticTags.CompilationEnd);

    // What the middle of an id says of a package that another finds at run time, by its name or by a configuration: `Serilog.Sinks.File`.
    private static readonly string[] PlugIns = ["Sinks", "Enrichers", "Targets", "Appenders", "Provider", "Providers", "Driver", "Drivers", "Plugin", "Plugins"];

    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze);
        context.RegisterCompilationAction(Vet);
    }

    private static void Vet(CompilationAnalysisContext context)
    {
        var packages = PackageList.Of(context.Options.AnalyzerConfigOptionsProvider.GlobalOptions);
        if (!packages.Any(package => package.MayGo) || IsWithoutCode(context.Compilation, context.CancellationToken))
        {
            return;
        }

        var assemblies = context.Compilation.SourceModule.ReferencedAssemblySymbols.GroupBy(assembly => assembly.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase);
        var named = new NamedAssemblies(context.Compilation, context.CancellationToken);
        var unused = packages.Where(package => package.MayGo && IsKnown(package) && !IsNamed(package) && !IsPlugIn(package)).ToList();
        if (unused.Count == 0 || context.Compilation.GetDiagnostics(context.CancellationToken).Any(diagnostic => diagnostic.DefaultSeverity == DiagnosticSeverity.Error))
        {
            return;
        }

        // What comes along and is named must still come along when the package is gone.
        var reached = Reached(packages.Where(package => package.IsAsked && !unused.Contains(package)), assemblies);
        if (packages.Where(package => !package.IsAsked && IsNamed(package)).All(package => package.Assemblies.All(reached.Contains)))
        {
            unused.ForEach(package => context.ReportDiagnostic(Diagnostic.Create(Descriptor, PlaceOf(package, context.Options.AdditionalFiles, context.CancellationToken), package.Id)));
        }

        bool IsKnown(Package package) => package.Assemblies.All(assemblies.ContainsKey);
        bool IsPlugIn(Package package) => PlugIns.Any(word => package.Id.IndexOf($".{word}.", StringComparison.OrdinalIgnoreCase) is > 0 and var end
            && packages.Any(host => host.Id.Equals(package.Id.Substring(0, end), StringComparison.OrdinalIgnoreCase) && IsNamed(host)));
        bool IsNamed(Package package) => package.Assemblies.Any(name => assemblies.TryGetValue(name, out var assembly) && named.Names(assembly));
    }

    // A project of references alone is there to pass them on.
    private static bool IsWithoutCode(Compilation compilation, CancellationToken cancellation) =>
        compilation.GetEntryPoint(cancellation) is null && !compilation.ContainsSymbolsWithName(static _ => true, SymbolFilter.Type, cancellation);

    // The assemblies that those of the packages refer to, and those that these refer to.
    private static HashSet<string> Reached(IEnumerable<Package> packages, Dictionary<string, IAssemblySymbol> assemblies)
    {
        var reached = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var next = new Stack<string>(packages.SelectMany(package => package.Assemblies));
        while (next.Count > 0)
        {
            string name = next.Pop();
            if (reached.Add(name) && assemblies.TryGetValue(name, out var assembly))
            {
                foreach (var reference in assembly.Modules.SelectMany(module => module.ReferencedAssemblies))
                {
                    next.Push(reference.Name);
                }
            }
        }

        return reached;
    }

    // Its line in the project file, which the build hands over; the head of the file where it stands elsewhere.
    private static Location PlaceOf(Package package, ImmutableArray<AdditionalText> files, CancellationToken cancellation)
    {
        if (files.FirstOrDefault(file => file.Path.EndsWith("proj", StringComparison.OrdinalIgnoreCase)) is not { } project || project.GetText(cancellation) is not { } text)
        {
            return Location.None;
        }

        var line = text.Lines.FirstOrDefault(line => line.ToString().IndexOf($"\"{package.Id}\"", StringComparison.OrdinalIgnoreCase) >= 0);
        return Location.Create(project.Path, line.Span, text.Lines.GetLinePositionSpan(line.Span));
    }
}
