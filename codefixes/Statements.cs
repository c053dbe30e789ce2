using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.CodeFixes;

/// <summary>Changes a list of statements, whatever it stands in.</summary>
internal static class Statements
{
    /// <summary>The root with none, one or several statements in place of each statement of the list that <paramref name="one"/> stands in.</summary>
    public static SyntaxNode Changed(this SyntaxNode root, StatementSyntax one, Func<StatementSyntax, IEnumerable<StatementSyntax>> change) => one.Parent switch
    {
        BlockSyntax block => root.ReplaceNode(block, block.WithStatements(SyntaxFactory.List(block.Statements.SelectMany(change)))),
        SwitchSectionSyntax section => root.ReplaceNode(section, section.WithStatements(SyntaxFactory.List(section.Statements.SelectMany(change)))),
        GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } => root.ReplaceNode(unit, unit.WithMembers(SyntaxFactory.List(unit.Members.SelectMany(member =>
            member is GlobalStatementSyntax { Statement: var statement } ? change(statement).Select(changed => changed == statement ? member : SyntaxFactory.GlobalStatement(changed)) : [member])))),
        _ => root,
    };
}
