using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Sluice.Model.Plumbing;

/// <summary>What a project is compiled for, as far as the plumbing asks: it is C# 12 and stands on .NET 8.</summary>
internal static class TargetPlatform
{
    private const string Framework = "NET8_0_OR_GREATER";

    public static bool IsEnough(ParseOptions options) => HasLanguage(options) && HasFramework(options);

    public static bool HasLanguage(ParseOptions options) => options is CSharpParseOptions { LanguageVersion: >= LanguageVersion.CSharp12 };

    /// <summary>Whether the SDK says that the target framework is .NET 8 or newer. Where nothing is said of a framework there is no SDK, and whoever calls the compiler knows.</summary>
    public static bool HasFramework(ParseOptions options)
    {
        var symbols = options.PreprocessorSymbolNames.ToList();
        return symbols.Contains(Framework) || !symbols.Exists(symbol => symbol is "NET" or "NETCOREAPP" or "NETSTANDARD" or "NETFRAMEWORK");
    }
}
