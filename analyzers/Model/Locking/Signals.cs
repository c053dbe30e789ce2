using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Locking;

/// <summary>Who ends a wait: all the code that sets an event, counts down, completes or pulses an object.</summary>
internal static class Signals
{
    /// <summary>The steps that may end a wait for <paramref name="signal"/>; null when code that is not seen here may as well.</summary>
    public static IReadOnlyList<(LockTrace Trace, SignalStep Step)>? Of(ISymbol signal, CompilationModel compilation, CancellationToken cancellation)
    {
        if (signal is not ILocalSymbol && (signal is not (IFieldSymbol or IPropertySymbol) || !compilation.Owns(signal)))
        {
            return null;
        }

        var sources = new Sources(compilation, cancellation);
        var members = new List<SyntaxNode>();
        foreach (var token in sources.UsesOf(signal))
        {
            if (token.Parent is not { } node || node is VariableDeclaratorSyntax or PropertyDeclarationSyntax)
            {
                continue;
            }

            if (!IsKnownUse(node))
            {
                return null;
            }

            if (sources.MemberOf(node) is { } member)
            {
                members.Add(member.Declaration);
            }
        }

        return members.Distinct().SelectMany(member => compilation.Locks.TracesOf(member, cancellation))
            .SelectMany(trace => trace.Steps.OfType<SignalStep>().Where(step => SymbolEqualityComparer.Default.Equals(step.Signal.Symbol, signal)).Select(step => (trace, step)))
            .ToList();
    }

    // Waited for, set, locked, or made: it goes nowhere where others could set it.
    private static bool IsKnownUse(SyntaxNode name)
    {
        SyntaxNode target = name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } own && own.Name == name ? own : name;
        return target.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Expression == target,
            ConditionalAccessExpressionSyntax access => access.Expression == target,
            LockStatementSyntax => true,
            AssignmentExpressionSyntax assignment => assignment.Left == target,
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: SimpleNameSyntax { Identifier.ValueText: "Monitor" } } } } => true,
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } } } => true,
            _ => false,
        };
    }
}
