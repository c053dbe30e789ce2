using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Sharing;

/// <summary>An item of a dictionary that is read, added to and written back, as far as it can be said in one step.</summary>
internal static class WriteBack
{
    /// <summary>The call of AddOrUpdate that does the same; null where the code does more than that.</summary>
    public static string? InOneStep(SyntaxNode write)
    {
        if (write is not AssignmentExpressionSyntax { Left: ElementAccessExpressionSyntax { ArgumentList.Arguments: [{ Expression: var key }] } item, Right: var value, Parent: ExpressionStatementSyntax statement })
        {
            return null;
        }

        return value switch
        {
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression, Left: IdentifierNameSyntax old, Right: var added } when IsPlain(added) && ReadBefore(statement) is { } before && IsRead(before, item.Expression, key, old) && IsUsedOnce(old, statement) =>
                Text(item.Expression, key, added, old, added),
            ConditionalExpressionSyntax { Condition: InvocationExpressionSyntax test, WhenTrue: BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression, Left: IdentifierNameSyntax old, Right: var added }, WhenFalse: var first } when IsPlain(added) && IsPlain(first) && IsTryGet(test, item.Expression, key, old) =>
                Text(item.Expression, key, first, old, added),
            _ => null,
        };
    }

    /// <summary>The statement that reads the item, and is for nothing else.</summary>
    public static StatementSyntax? ReadBefore(StatementSyntax write) => write.Parent is BlockSyntax block && block.Statements.IndexOf(write) is > 0 and var at ? block.Statements[at - 1] : null;

    private static string Text(SyntaxNode map, SyntaxNode key, SyntaxNode first, SyntaxNode old, SyntaxNode added) => $"{map}.AddOrUpdate({key}, {first}, (_, {old.WithoutTrivia()}) => {old.WithoutTrivia()} + {added})";

    private static bool IsRead(StatementSyntax statement, SyntaxNode map, SyntaxNode key, IdentifierNameSyntax old) => statement switch
    {
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } => IsTryGet(call, map, key, old),
        LocalDeclarationStatementSyntax { Declaration.Variables: [{ Initializer.Value: InvocationExpressionSyntax { ArgumentList.Arguments: [var asked] } call } local] } => local.Identifier.ValueText == old.Identifier.ValueText && IsOf(call, "GetValueOrDefault", map) && asked.ToString() == key.ToString(),
        _ => false,
    };

    private static bool IsTryGet(InvocationExpressionSyntax call, SyntaxNode map, SyntaxNode key, IdentifierNameSyntax old) => IsOf(call, "TryGetValue", map)
        && call.ArgumentList.Arguments is [var asked, { Expression: DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax value } }] && asked.ToString() == key.ToString() && value.Identifier.ValueText == old.Identifier.ValueText;

    private static bool IsOf(InvocationExpressionSyntax call, string method, SyntaxNode map) => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name, Expression: var receiver } && name == method && receiver.ToString() == map.ToString();

    // It is written twice, and computed at another time.
    private static bool IsPlain(ExpressionSyntax value) => value is LiteralExpressionSyntax or IdentifierNameSyntax;

    private static bool IsUsedOnce(IdentifierNameSyntax old, StatementSyntax statement) => statement.Parent!.DescendantNodes().OfType<IdentifierNameSyntax>().Count(name => name.Identifier.ValueText == old.Identifier.ValueText) == 1;
}
