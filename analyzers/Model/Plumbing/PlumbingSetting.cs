using Microsoft.CodeAnalysis.Diagnostics;

namespace Sluice.Model.Plumbing;

/// <summary>The property <c>SluicePlumbing</c> of a project: who may see the channels that are emitted into it.</summary>
internal static class PlumbingSetting
{
    public const string Internal = "internal";
    public const string Public = "public";
    public const string None = "none";

    private const string Key = "build_property.SluicePlumbing";

    /// <summary>What the project says, in lower case; internal when it says nothing.</summary>
    public static string Of(AnalyzerConfigOptions options) =>
        options.TryGetValue(Key, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim().ToLowerInvariant() : Internal;

    public static bool IsKnown(string setting) => setting is Internal or Public or None;
}
