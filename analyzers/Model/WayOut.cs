using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>How a path leaves before something is done that lay ahead, told for messages.</summary>
internal static class WayOut
{
    /// <summary>When <paramref name="thrower"/> ends the path.</summary>
    public static string Thrown(IOperation thrower) => thrower switch
    {
        IReturnOperation => $"if whoever enumerates stops at the yield at line {thrower.Line()}",
        _ when thrower.Syntax.FirstAncestorOrSelf<SyntaxNode>(node => node is StatementSyntax or ThrowExpressionSyntax) is ThrowStatementSyntax or ThrowExpressionSyntax => $"when line {thrower.Line()} throws",
        _ => $"if '{NameOf(thrower)}' at line {thrower.Line()} throws",
    };

    /// <summary>When the test <paramref name="condition"/> answers <paramref name="holds"/>, with the place where the code then goes on.</summary>
    public static (SyntaxNode Syntax, string How) Turned(IOperation condition, bool holds) => JumpAt(condition, holds) is { } jump
        ? (jump, $"when the '{jump.GetFirstToken().Text}' at line {jump.Line()} leaves")
        : (condition.Syntax, $"on the path through line {condition.Line()}");

    private static string NameOf(IOperation operation) => operation switch
    {
        IAwaitOperation awaiting => NameOf(awaiting.Awaited()),
        IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: { } target } => target.Syntax.ToString(),
        IInvocationOperation call => call.TargetMethod.Name,
        IObjectCreationOperation { Type: { } type } => $"new {type.Name}",
        IPropertyReferenceOperation property => property.Property.Name,
        _ => operation.Syntax.ToString(),
    };

    // The return, break, continue or goto to which the test leads at once when it answers so.
    private static SyntaxNode? JumpAt(IOperation condition, bool holds)
    {
        var test = condition.Syntax;
        while (test.Parent is ExpressionSyntax outer)
        {
            holds ^= outer.IsKind(SyntaxKind.LogicalNotExpression);
            test = outer;
        }

        SyntaxNode? branch = test.Parent switch
        {
            IfStatementSyntax choice => holds ? choice.Statement : choice.Else?.Statement,
            SwitchLabelSyntax { Parent: SwitchSectionSyntax section } when holds => section,
            _ => null,
        };
        return branch?.DescendantNodesAndSelf(node => node is not (IfStatementSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .FirstOrDefault(node => node is ReturnStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax or GotoStatementSyntax or YieldStatementSyntax { Expression: null });
    }
}
