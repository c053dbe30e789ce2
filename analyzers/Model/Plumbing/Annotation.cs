using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Plumbing;

/// <summary>The attributes that say how state is shared. They are known by their simple names, so a project may have its own.</summary>
internal static class Annotation
{
    public const string GuardedBy = nameof(GuardedBy);
    public const string Holds = nameof(Holds);
    public const string Sendable = nameof(Sendable);
    public const string Confined = nameof(Confined);
    public const string SendableOnly = nameof(SendableOnly);

    /// <summary>Whether the node is one of them.</summary>
    public static bool Is(SyntaxNode node) => node is AttributeSyntax attribute && NameOf(attribute) is GuardedBy or Holds or Sendable or Confined or SendableOnly;

    /// <summary>The simple name of the attribute, without its ending.</summary>
    public static string NameOf(AttributeSyntax attribute)
    {
        var name = attribute.Name switch
        {
            QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
            AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
            SimpleNameSyntax simple => simple.Identifier.ValueText,
            _ => string.Empty,
        };
        return name.EndsWith("Attribute", System.StringComparison.Ordinal) ? name.Substring(0, name.Length - "Attribute".Length) : name;
    }
}
