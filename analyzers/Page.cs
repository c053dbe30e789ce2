namespace Sluice;

/// <summary>The page of a rule: where the help link of every report leads.</summary>
internal static class Page
{
    public static string Of(string id) => $"https://github.com/sluice-dev/sluice/blob/main/analyzers/Rules/{id}.md";
}
