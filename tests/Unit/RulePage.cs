using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Tests;

/// <summary>A rule's page: its sections and the C# in them.</summary>
internal sealed class RulePage(string text)
{
    public string Text { get; } = text;

    public int Lines => Text.TrimEnd('\n').Split('\n').Length;

    public static RulePage Of(string id) => new(Repository.Read($"analyzers/Rules/{id}.md"));

    /// <summary>The titles of the sections, in order.</summary>
    public IEnumerable<string> Sections() => Regex.Matches(Text, "^## (.+)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value.Trim());

    /// <summary>The C# blocks of one section, each ready to be compiled.</summary>
    public IReadOnlyList<string> Examples(string section)
    {
        var body = Regex.Match(Text, $@"^## {Regex.Escape(section)}\s*$(.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
        return [.. Regex.Matches(body, @"^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline).Select(match => Compilable(match.Groups[1].Value))];
    }

    /// <summary>An example, compiled as the project would be that it shows.</summary>
    public static CSharpCompilation Compilation(string example) => UnderTest.Compilation(example, version: Language(example), plumbing: Plumbing(example));

    public static LanguageVersion Language(string example) =>
        PropertyIn(example, "LangVersion") is { } said && LanguageVersionFacts.TryParse(said, out var version) ? version : LanguageVersion.Latest;

    public static string? Plumbing(string example) => PropertyIn(example, "SluicePlumbing");

    public static string? Packages(string example) => PropertyIn(example, "SluicePackages");

    // Where a rule is about the project file, a comment in the example shows what stands there.
    private static string? PropertyIn(string example, string name) => Regex.Match(example, $"<{name}>(.*?)</{name}>") is { Success: true } match ? match.Groups[1].Value : null;

    // A block is a file of its own when it has a using or a namespace, nothing but types, or a statement. Otherwise it is the members of a class.
    private static string Compilable(string block)
    {
        var unit = SyntaxFactory.ParseCompilationUnit(block, options: UnderTest.Parse());
        bool isFile = unit.Usings.Any()
            || unit.Externs.Any()
            || unit.Members.All(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or BaseNamespaceDeclarationSyntax)
            || unit.Members.Any(member => member is GlobalStatementSyntax { Statement: not (LocalDeclarationStatementSyntax or LocalFunctionStatementSyntax) });
        return isFile ? block : $"public sealed partial class Example\n{{\n{block}\n}}\n";
    }
}
