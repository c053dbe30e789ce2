using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Files;

internal enum LockedMemberKind
{
    /// <summary>It gives the field, or what is computed from it.</summary>
    Read,

    /// <summary>It sets the field to what it is given, whatever was there.</summary>
    Set,

    /// <summary>It adds to the field, or takes from it, whatever was there.</summary>
    Step,
}

/// <summary>A member that takes a lock for itself and does one thing to a field under it, as its text tells.</summary>
/// <param name="Type">The name of the type.</param>
/// <param name="Name">The name of the member.</param>
/// <param name="Lock">The lock.</param>
/// <param name="Field">The name of the field.</param>
/// <param name="Kind">What is done.</param>
internal sealed record LockedMember(string Type, string Name, string Lock, string Field, LockedMemberKind Kind)
{
    /// <summary>All in one file.</summary>
    public static IEnumerable<LockedMember> In(SyntaxTree tree, CancellationToken cancellation) => (SourceFile.Of(tree).Mentions(cancellation).All & Mentions.Lock) == 0
        ? []
        : tree.GetRoot(cancellation).DescendantNodes(node => node is not (BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax or BaseFieldDeclarationSyntax)).SelectMany(In);

    private static IEnumerable<LockedMember> In(SyntaxNode member) => member switch
    {
        MethodDeclarationSyntax { Parent: TypeDeclarationSyntax type, Body: { } body } method => In(type, method.Identifier.ValueText, body, method.ParameterList.Parameters.Select(parameter => parameter.Identifier.ValueText).ToArray()),
        PropertyDeclarationSyntax { Parent: TypeDeclarationSyntax type, AccessorList: { } accessors } property => accessors.Accessors.Where(accessor => accessor.Body is not null)
            .SelectMany(accessor => In(type, property.Identifier.ValueText, accessor.Body!, accessor.IsKind(SyntaxKind.GetAccessorDeclaration) ? [] : ["value"])),
        _ => [],
    };

    private static IEnumerable<LockedMember> In(TypeDeclarationSyntax type, string name, BlockSyntax body, string[] given) => Held(body) is not var (gate, code)
        ? []
        : code is [ReturnStatementSyntax { Expression: { } value }]
            ? given.Length > 0 ? [] : NamesIn(value).Select(field => new LockedMember(type.Identifier.ValueText, name, gate, field, LockedMemberKind.Read))
            : code.Select(statement => Act((statement as ExpressionStatementSyntax)?.Expression, given)).ToList() is var acts && acts.TrueForAll(act => act is not null)
                ? acts.Select(act => new LockedMember(type.Identifier.ValueText, name, gate, act!.Value.Field, act.Value.Kind))
                : [];

    // `lock (_gate) { … }`, `using (_gate.EnterScope()) { … }`, and nothing else.
    private static (string Lock, StatementSyntax[] Code)? Held(BlockSyntax body) => body.Statements switch
    {
        [LockStatementSyntax held] => (held.Expression.ToString(), Listed(held.Statement)),
        [UsingStatementSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "EnterScope", Expression: var gate } } } held] => (gate.ToString(), Listed(held.Statement)),
        _ => null,
    };

    private static StatementSyntax[] Listed(StatementSyntax statement) => statement is BlockSyntax block ? block.Statements.ToArray() : [statement];

    private static (string Field, LockedMemberKind Kind)? Act(ExpressionSyntax? code, string[] given) => code switch
    {
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Right: var value } assignment when FieldOf(assignment.Left) is { } field && NamesIn(value).Any(given.Contains) && !NamesIn(value).Contains(field) => (field, LockedMemberKind.Set),
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.AddAssignmentExpression or (int)SyntaxKind.SubtractAssignmentExpression } assignment when FieldOf(assignment.Left) is { } field => (field, LockedMemberKind.Step),
        PrefixUnaryExpressionSyntax { OperatorToken.RawKind: (int)SyntaxKind.PlusPlusToken or (int)SyntaxKind.MinusMinusToken } step when FieldOf(step.Operand) is { } field => (field, LockedMemberKind.Step),
        PostfixUnaryExpressionSyntax { OperatorToken.RawKind: (int)SyntaxKind.PlusPlusToken or (int)SyntaxKind.MinusMinusToken } step when FieldOf(step.Operand) is { } field => (field, LockedMemberKind.Step),
        _ => null,
    };

    private static string? FieldOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name.Identifier.ValueText: var name } => name,
        _ => null,
    };

    private static IEnumerable<string> NamesIn(ExpressionSyntax value) => value.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Select(name => name.Identifier.ValueText);
}
