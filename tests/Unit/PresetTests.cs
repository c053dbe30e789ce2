using System;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Sluice.Tests;

/// <summary>
/// The presets that ship, each a global analyzer configuration that says only where it differs from the rules' own defaults, so that
/// a line for a whole category in the user's .editorconfig still works for the rest. recommended differs nowhere and needs no file.
/// </summary>
public sealed class PresetTests
{
    [Fact]
    public void Strict_is_everything_that_Go_refuses() =>
        Keep("strict", "Everything that Go refuses: Discipline is an error, suggestions are warnings, and what is off by default is on.", Strict, "sluice_implicit_conversions = all", "sluice_concurrent_services = true");

    [Fact]
    public void Minimal_is_what_fails_at_run_time() =>
        Keep("minimal", "Only what certainly fails at run time: the errors of every family but Discipline.", Minimal);

    private static ReportDiagnostic Strict(DiagnosticDescriptor rule) =>
        rule.Category == Family.Discipline || rule.DefaultSeverity == DiagnosticSeverity.Error ? ReportDiagnostic.Error : ReportDiagnostic.Warn;

    private static ReportDiagnostic Minimal(DiagnosticDescriptor rule) =>
        rule.Category != Family.Discipline && rule.DefaultSeverity == DiagnosticSeverity.Error ? Default(rule) : ReportDiagnostic.Suppress;

    private static ReportDiagnostic Default(DiagnosticDescriptor rule) => rule.IsEnabledByDefault
        ? rule.DefaultSeverity switch
        {
            DiagnosticSeverity.Error => ReportDiagnostic.Error,
            DiagnosticSeverity.Warning => ReportDiagnostic.Warn,
            DiagnosticSeverity.Info => ReportDiagnostic.Info,
            _ => ReportDiagnostic.Hidden,
        }
        : ReportDiagnostic.Suppress;

    private static void Keep(string preset, string meaning, Func<DiagnosticDescriptor, ReportDiagnostic> severity, params string[] options)
    {
        // The level is below that of any configuration of the user's, so that every line of theirs wins.
        var lines = UnderTest.Rules.Values
            .Where(rule => severity(rule) != Default(rule))
            .Select(rule => $"dotnet_diagnostic.{rule.Id}.severity = {Word(severity(rule))}")
            .Prepend($"# SluicePreset = {preset}. {meaning}\nis_global = true\nglobal_level = -1\n")
            .Concat(options);
        Produced.Keep($"analyzers/Package/presets/Sluice.{preset}.globalconfig", string.Join('\n', lines) + "\n");
    }

    private static string Word(ReportDiagnostic severity) => severity switch
    {
        ReportDiagnostic.Error => "error",
        ReportDiagnostic.Warn => "warning",
        _ => "none",
    };
}
