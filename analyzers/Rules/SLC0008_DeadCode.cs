using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Sluice.Model.Discipline;

namespace Sluice.Rules;

/// <summary>Code that never runs, and an assignment to itself. The syntax tells where to look; only there anything is bound.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DeadCode() : FileRule(Unreachable, SelfAssigned)
{
    internal const string Id = "SLC0008";
    private const string Title = "Code without effect: unreachable, or assigned to itself";
    private const string Description = "Nobody writes a line that does nothing on purpose: the return above it is in the wrong place, or one of the two names is the wrong one. go vet refuses both.";

    private static readonly DiagnosticDescriptor Unreachable = new(
        Id,
        Title,
        "This never runs: {0}; remove it, or move what ends the flow",
        Family.Discipline,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        Description,
        Page.Of(Id),
        WellKnownDiagnosticTags.Unnecessary);

    private static readonly DiagnosticDescriptor SelfAssigned = new(
        Id,
        Title,
        "'{0}' is assigned to itself: one of the two names is wrong, or the line is not needed",
        Family.Discipline,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        Description,
        Page.Of(Id));

    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context)
    {
        context.RegisterSyntaxNodeAction(VetStatements, SyntaxKind.Block, SyntaxKind.SwitchSection, SyntaxKind.CompilationUnit);
        context.RegisterSyntaxNodeAction(VetBranch, SyntaxKind.IfStatement, SyntaxKind.WhileStatement);
        context.RegisterSyntaxNodeAction(VetAssignment, SyntaxKind.SimpleAssignmentExpression);
    }

    private static void VetStatements(SyntaxNodeAnalysisContext context)
    {
        IReadOnlyList<StatementSyntax> statements = context.Node switch
        {
            BlockSyntax block => block.Statements,
            SwitchSectionSyntax section => section.Statements,
            CompilationUnitSyntax unit => unit.Members.OfType<GlobalStatementSyntax>().Select(member => member.Statement).ToList(),
            _ => [],
        };

        for (int i = 0; i + 1 < statements.Count; i++)
        {
            if (!MayEndFlow(statements[i]))
            {
                continue;
            }

            // A local function is called from above, and a label may be jumped to.
            var dead = statements.Skip(i + 1).FirstOrDefault(statement => statement is not (LocalFunctionStatementSyntax or EmptyStatementSyntax));
            if (dead is not (null or LabeledStatementSyntax) && IsDead(dead, context))
            {
                Report(dead, statements[statements.Count - 1], $"what stands at line {LineOf(statements[i])} does not go on to it", context);
            }

            return;
        }
    }

    private static int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    // Whether it is worth asking: the compiler knows for certain.
    private static bool MayEndFlow(StatementSyntax statement) => statement switch
    {
        ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax or GotoStatementSyntax => true,
        YieldStatementSyntax yield => yield.IsKind(SyntaxKind.YieldBreakStatement),
        BlockSyntax block => block.Statements.Any(MayEndFlow),
        IfStatementSyntax { Else: { } other } choice => MayEndFlow(choice.Statement) && MayEndFlow(other.Statement),
        WhileStatementSyntax loop => IsTrue(loop.Condition),
        DoStatementSyntax loop => IsTrue(loop.Condition) || MayEndFlow(loop.Statement),
        ForStatementSyntax loop => loop.Condition is null || IsTrue(loop.Condition),
        SwitchStatementSyntax choice => choice.Sections.All(section => section.Statements.Any(MayEndFlow)),
        TryStatementSyntax attempt => MayEndFlow(attempt.Block) || (attempt.Finally is { Block: var last } && MayEndFlow(last)),
        UsingStatementSyntax around => MayEndFlow(around.Statement),
        LockStatementSyntax around => MayEndFlow(around.Statement),
        CheckedStatementSyntax around => MayEndFlow(around.Block),
        UnsafeStatementSyntax around => MayEndFlow(around.Block),
        FixedStatementSyntax around => MayEndFlow(around.Statement),
        LabeledStatementSyntax label => MayEndFlow(label.Statement),
        _ => false,
    };

    private static bool IsTrue(ExpressionSyntax condition) => condition.IsKind(SyntaxKind.TrueLiteralExpression);

    private static bool IsDead(StatementSyntax statement, SyntaxNodeAnalysisContext context) =>
        context.SemanticModel.AnalyzeControlFlow(statement) is { Succeeded: true, StartPointIsReachable: false }
        && !statement.ContainsDirectives && !context.SemanticModel.HasErrorsAround(statement, context.CancellationToken);

    // Only the literal: a constant with a name is a switch for who reads the code.
    private static void VetBranch(SyntaxNodeAnalysisContext context)
    {
        var (condition, dead) = context.Node switch
        {
            IfStatementSyntax { Condition.RawKind: (int)SyntaxKind.FalseLiteralExpression } choice => (choice.Condition, choice.Statement),
            IfStatementSyntax { Condition.RawKind: (int)SyntaxKind.TrueLiteralExpression, Else: { } other } choice => (choice.Condition, other.Statement),
            WhileStatementSyntax { Condition.RawKind: (int)SyntaxKind.FalseLiteralExpression } loop => (loop.Condition, loop.Statement),
            _ => default,
        };

        var first = dead is BlockSyntax block ? block.Statements.FirstOrDefault() : dead;
        if (first is not (null or EmptyStatementSyntax or LabeledStatementSyntax or LocalFunctionStatementSyntax) && !dead.DescendantNodes().Any(node => node is LabeledStatementSyntax) && IsDead(dead, context))
        {
            Report(first, first, $"the condition is always {condition}", context);
        }
    }

    private static void Report(StatementSyntax dead, StatementSyntax last, string why, SyntaxNodeAnalysisContext context) => context.ReportDiagnostic(Diagnostic.Create(
        Unreachable,
        dead.GetLocation(),
        new[] { last.GetLocation() },
        why));

    private static void VetAssignment(SyntaxNodeAnalysisContext context)
    {
        var assignment = (AssignmentExpressionSyntax)context.Node;
        if (Named(assignment.Left) is { } left && Named(assignment.Right) is { } right && left.Identifier.ValueText == right.Identifier.ValueText
            && assignment.Parent is not InitializerExpressionSyntax
            && IsSamePlace(assignment.Left, assignment.Right, context.SemanticModel, context.CancellationToken))
        {
            context.ReportDiagnostic(Diagnostic.Create(SelfAssigned, assignment.GetLocation(), assignment.Left.ToString()));
        }
    }

    private static SimpleNameSyntax? Named(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name,
        MemberAccessExpressionSyntax access => access.Name,
        ElementAccessExpressionSyntax { ArgumentList.Arguments: var at } element when at.All(argument => argument.Expression is LiteralExpressionSyntax or IdentifierNameSyntax) => Named(element.Expression),
        ParenthesizedExpressionSyntax { Expression: var inner } => Named(inner),
        _ => null,
    };

    // A property may do something when it is set, if somebody wrote its accessors.
    private static bool IsSamePlace(ExpressionSyntax left, ExpressionSyntax right, SemanticModel model, CancellationToken cancellation)
    {
        while (right is ParenthesizedExpressionSyntax { Expression: var inner })
        {
            right = inner;
        }

        if (left is ElementAccessExpressionSyntax to && right is ElementAccessExpressionSyntax from)
        {
            return SyntaxFactory.AreEquivalent(to.ArgumentList, from.ArgumentList)
                && to.ArgumentList.Arguments.All(argument => argument.Expression is LiteralExpressionSyntax || IsVariable(model.GetSymbolInfo(argument.Expression, cancellation).Symbol))
                && model.GetTypeInfo(to.Expression, cancellation).Type is IArrayTypeSymbol or INamedTypeSymbol { Name: "List", ContainingNamespace.Name: "Generic" }
                && IsSamePlace(to.Expression, from.Expression, model, cancellation);
        }

        if (left is ElementAccessExpressionSyntax || right is ElementAccessExpressionSyntax || model.GetSymbolInfo(left, cancellation).Symbol is not { } symbol || !(IsVariable(symbol) || IsPlainProperty(symbol, cancellation))
            || !SymbolEqualityComparer.Default.Equals(symbol, model.GetSymbolInfo(right, cancellation).Symbol))
        {
            return false;
        }

        return symbol.IsStatic || (Owner(left), Owner(right)) switch
        {
            (null, null) => true,
            ({ } one, { } other) => IsSamePlace(one, other, model, cancellation),
            _ => false,
        };
    }

    // Null for `x` and `this.x`.
    private static ExpressionSyntax? Owner(ExpressionSyntax place) => place is MemberAccessExpressionSyntax { Expression: var owner and not (ThisExpressionSyntax or BaseExpressionSyntax) } ? owner : null;

    private static bool IsVariable(ISymbol? symbol) => symbol is ILocalSymbol { RefKind: RefKind.None } or IParameterSymbol or IFieldSymbol { IsVolatile: false };

    private static bool IsPlainProperty(ISymbol symbol, CancellationToken cancellation) => symbol is IPropertySymbol { IsVirtual: false, IsOverride: false, IsAbstract: false, DeclaringSyntaxReferences: [var only] }
        && only.GetSyntax(cancellation) is PropertyDeclarationSyntax { ExpressionBody: null, AccessorList.Accessors: var accessors }
        && accessors.All(accessor => accessor is { Body: null, ExpressionBody: null });
}
