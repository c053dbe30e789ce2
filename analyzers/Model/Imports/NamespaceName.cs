using System.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Imports;

/// <summary>The name of a namespace as the text has it.</summary>
internal static class NamespaceName
{
    /// <summary>The whole name of a namespace that is declared within others.</summary>
    public static string FullName(this BaseNamespaceDeclarationSyntax space) =>
        string.Join(".", space.AncestorsAndSelf().OfType<BaseNamespaceDeclarationSyntax>().Reverse().Select(part => part.Name.ToString().Replace(" ", string.Empty)));
}
