using System;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <summary>An object that sets state of a thread from where a <c>using</c> makes it to where it is disposed.</summary>
internal static class ThreadScope
{
    /// <summary>The state that is set by what makes the object, or reset by its end; null when there is none.</summary>
    public static ISymbol? StateOf(IOperation made, CompilationModel compilation, CancellationToken cancellation)
    {
        var factory = (made as IInvocationOperation)?.TargetMethod.OriginalDefinition;
        var type = factory is null ? made.Type?.OriginalDefinition as INamedTypeSymbol : TypeMadeBy(factory, compilation, cancellation);
        if (type is null || !compilation.IsWrittenHere(type))
        {
            return null;
        }

        var begins = type.InstanceConstructors.Concat(factory is null ? [] : new[] { factory });
        return begins.Select(begin => Set(begin, IsMeant, compilation, cancellation)).FirstOrDefault(state => state is not null)
            ?? type.GetMembers().OfType<IMethodSymbol>().Where(member => member.Name is "Dispose" or "DisposeAsync").Select(end => Set(end, IsReset, compilation, cancellation)).FirstOrDefault(state => state is not null);
    }

    /// <summary>The first await while the object lives.</summary>
    public static SyntaxNode? AwaitIn(IOperation made)
    {
        var scope = made.Syntax.Ancestors().FirstOrDefault(node => node is UsingStatementSyntax or LocalDeclarationStatementSyntax);
        var code = scope is UsingStatementSyntax statement ? statement.Statement : scope?.Parent;
        return code?.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .FirstOrDefault(node => node.SpanStart > made.Syntax.Span.End && node is AwaitExpressionSyntax or CommonForEachStatementSyntax { AwaitKeyword.RawKind: not 0 });
    }

    // What the method returns a new one of, when the type that it is declared to return says nothing.
    private static INamedTypeSymbol? TypeMadeBy(IMethodSymbol factory, CompilationModel compilation, CancellationToken cancellation)
    {
        if (factory.ReturnType is not INamedTypeSymbol { TypeKind: TypeKind.Interface })
        {
            return factory.ReturnType.OriginalDefinition as INamedTypeSymbol;
        }

        var made = compilation.DeclarationOf(factory, cancellation)?.DescendantNodes().OfType<BaseObjectCreationExpressionSyntax>()
            .Where(creation => creation.Parent is ReturnStatementSyntax or ArrowExpressionClauseSyntax).ToList();
        return made is [var only] ? compilation.SemanticModel(only.SyntaxTree).GetTypeInfo(only, cancellation).Type?.OriginalDefinition as INamedTypeSymbol : null;
    }

    private static ISymbol? Set(IMethodSymbol method, Func<IOperation, bool> counts, CompilationModel compilation, CancellationToken cancellation) =>
        compilation.DeclarationOf(method, cancellation)?.DescendantNodes().Where(node => node is AssignmentExpressionSyntax or PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax or InvocationExpressionSyntax)
            .Select(node => compilation.SemanticModel(node.SyntaxTree).GetOperation(node, cancellation)).OfType<IOperation>()
            .Where(counts)
            .Select(write => write switch
            {
                IAssignmentOperation assignment => compilation.ThreadOwn.Of(assignment.Target, cancellation),
                IIncrementOrDecrementOperation step => compilation.ThreadOwn.Of(step.Target, cancellation),
                _ => compilation.ThreadOwn.Of(write, cancellation),
            })
            .FirstOrDefault(state => state is not null);

    // A pool that each thread has takes its object out by leaving null there.
    private static bool IsMeant(IOperation write) => write switch
    {
        ISimpleAssignmentOperation assignment => !IsNone(assignment.Value),
        IIncrementOrDecrementOperation or ICompoundAssignmentOperation => true,
        IInvocationOperation { TargetMethod.ReturnsVoid: true, Arguments: [{ Value: var value }] } => !IsNone(value),
        _ => false,
    };

    // What Dispose puts there of its own may be for the next one to take.
    private static bool IsReset(IOperation write) => write switch
    {
        ISimpleAssignmentOperation assignment => IsNone(assignment.Value),
        IInvocationOperation { TargetMethod.ReturnsVoid: true, Arguments: [{ Value: var value }] } => IsNone(value),
        _ => false,
    };

    private static bool IsNone(IOperation value) => value.Bare() is IDefaultValueOperation or { ConstantValue: { HasValue: true, Value: null } };
}
