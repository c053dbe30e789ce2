using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Classification;
using Spectre.Console;

namespace Sluice.Tour;

/// <summary>The colours.</summary>
internal static class Tint
{
    public static readonly Style Plain = Style.Plain;
    public static readonly Style Faint = new(new Color(128, 138, 150));
    public static readonly Style Strong = new(decoration: Decoration.Bold);
    public static readonly Style Good = new(new Color(106, 190, 110));
    public static readonly Style Bad = new(new Color(240, 113, 120));
    public static readonly Style Warn = new(new Color(229, 181, 103));
    public static readonly Style Link = new(new Color(110, 160, 220));

    public static Style Of(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => Bad,
        DiagnosticSeverity.Warning => Warn,
        _ => Link,
    };

    /// <summary>The colour of a piece of C#.</summary>
    public static Style OfCode(string classification) => classification switch
    {
        ClassificationTypeNames.Keyword or ClassificationTypeNames.ControlKeyword => new(new Color(110, 160, 220)),
        ClassificationTypeNames.StringLiteral or ClassificationTypeNames.VerbatimStringLiteral or ClassificationTypeNames.NumericLiteral => new(new Color(206, 160, 130)),
        ClassificationTypeNames.Comment => new(new Color(110, 150, 100)),
        ClassificationTypeNames.ClassName or ClassificationTypeNames.RecordClassName or ClassificationTypeNames.InterfaceName
            or ClassificationTypeNames.StructName or ClassificationTypeNames.EnumName => new(new Color(90, 190, 170)),
        ClassificationTypeNames.MethodName => new(new Color(220, 210, 160)),
        _ => Plain,
    };
}
