using System;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Sluice.Tour;

/// <summary>The target framework of a project that has several: the workspace writes it behind the name, as in `Core(net10.0)`.</summary>
internal static partial class Framework
{
    public static string Of(Project project) => Suffix().Match(project.Name).Groups["framework"].Value;

    public static string Without(string name) => Suffix().Replace(name, string.Empty);

    /// <summary>Newer is higher; .NET above .NET Core above .NET Standard above .NET Framework; without a platform above with one.</summary>
    public static double Rank(Project project)
    {
        var framework = Of(project);
        var moniker = framework.Split('-')[0];
        var family = moniker.TrimEnd('.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        var version = double.TryParse(moniker.AsSpan(family.Length), CultureInfo.InvariantCulture, out var number) ? number : 0;
        var generation = family switch
        {
            "net" when moniker.Contains('.', StringComparison.Ordinal) => 3000,
            "netcoreapp" => 2000,
            "netstandard" => 1000,
            _ => 0,
        };
        return generation + version - (framework == moniker ? 0 : 0.01);
    }

    [GeneratedRegex(@"\((?<framework>[^()]+)\)$")]
    private static partial Regex Suffix();
}
