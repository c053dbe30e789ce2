using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.EndToEnd;

/// <summary>One diagnostic of a build.</summary>
/// <param name="File">The name of the file without its folder.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Id">The id of the rule, or of the compiler's error.</param>
/// <param name="Level">SARIF's words: error, warning, note.</param>
internal sealed partial record Finding(string File, int Line, string Id, string Level)
{
    /// <summary>What a build wrote with <c>ErrorLog</c>, in the order of the source.</summary>
    public static IReadOnlyList<Finding> InLog(string path)
    {
        using var log = JsonDocument.Parse(System.IO.File.ReadAllText(path));
        var results = log.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray();
        return InOrder(results.Select(result =>
        {
            var place = result.GetProperty("locations")[0].GetProperty("physicalLocation");
            var file = Path.GetFileName(place.GetProperty("artifactLocation").GetProperty("uri").GetString()!);
            var line = place.GetProperty("region").GetProperty("startLine").GetInt32();
            return new Finding(file, line, result.GetProperty("ruleId").GetString()!, result.GetProperty("level").GetString()!);
        }));
    }

    /// <summary>What the comments of <paramref name="source"/> announce: <c>// SLC2001 error</c>.</summary>
    public static IReadOnlyList<Finding> Announced(string file, string source) =>
        InOrder(source.ReplaceLineEndings("\n").Split('\n').SelectMany((text, index) =>
            Announcement().Matches(text).Select(match => new Finding(file, index + 1, match.Groups[1].Value, match.Groups[2].Value))));

    private static IReadOnlyList<Finding> InOrder(IEnumerable<Finding> findings) =>
        [.. findings.OrderBy(finding => finding.File, StringComparer.Ordinal).ThenBy(finding => finding.Line).ThenBy(finding => finding.Id, StringComparer.Ordinal)];

    [GeneratedRegex(@"(?<=//.*)\b([A-Z]{2,3}\d{4}) (error|warning|note)\b")]
    private static partial Regex Announcement();
}
