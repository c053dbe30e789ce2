using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model;

/// <summary>Statements that stand one after the other: in a block, in a section of a switch or at the top level of a program.</summary>
internal static class StatementList
{
    /// <summary>The list that <paramref name="statement"/> stands in; empty where it stands alone, under an <c>if</c> perhaps.</summary>
    public static IReadOnlyList<StatementSyntax> Around(StatementSyntax statement) => statement.Parent switch
    {
        BlockSyntax block => block.Statements,
        SwitchSectionSyntax section => section.Statements,
        GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } => unit.Members.OfType<GlobalStatementSyntax>().Select(global => global.Statement).ToList(),
        _ => [],
    };

    /// <summary>The innermost statement around <paramref name="node"/> that stands in a list.</summary>
    public static StatementSyntax? Of(SyntaxNode node) => node.AncestorsAndSelf().OfType<StatementSyntax>().FirstOrDefault(statement => statement.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax);

    /// <summary>Where in the list <paramref name="node"/> stands; -1 when it stands elsewhere.</summary>
    public static int IndexOf(IReadOnlyList<StatementSyntax> list, SyntaxNode node)
    {
        int index = list.Count - 1;
        while (index >= 0 && !(list[index].SyntaxTree == node.SyntaxTree && list[index].Span.Contains(node.Span)))
        {
            index--;
        }

        return index;
    }

    /// <summary>Whether the statements from <paramref name="first"/> to <paramref name="last"/> can get a block of their own: nothing outside of it needs what they declare.</summary>
    public static bool CanBeNested(IReadOnlyList<StatementSyntax> list, int first, int last)
    {
        var inside = list.Skip(first).Take(last - first + 1).ToList();
        var outside = list.Take(first).Concat(list.Skip(last + 1)).ToList();
        var declared = new HashSet<string>(inside.SelectMany(statement => statement.DescendantNodesAndSelf()).Select(NameOf).OfType<string>());
        return !inside.Exists(statement => statement is LabeledStatementSyntax || (outside.Count > first && statement is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 }))
            && !inside.SelectMany(statement => statement.DescendantNodes()).Any(node => node is GotoStatementSyntax or LabeledStatementSyntax)
            && !outside.SelectMany(statement => statement.DescendantNodes()).Any(node => node is IdentifierNameSyntax { Identifier.ValueText: var name } && declared.Contains(name));
    }

    private static string? NameOf(SyntaxNode node) => node switch
    {
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
        SingleVariableDesignationSyntax variable => variable.Identifier.ValueText,
        LocalFunctionStatementSyntax function => function.Identifier.ValueText,
        _ => null,
    };
}
