using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Channels;

/// <summary>Whether code is ready for a channel that is closed while somebody sends.</summary>
internal static class ClosedSends
{
    private static readonly string[] Expected = ["ChannelClosedException", "InvalidOperationException", "Exception"];

    /// <summary>Whether a handler around <paramref name="send"/> takes the exception of a closed channel.</summary>
    public static bool IsExpected(IOperation send) => send.Syntax.Ancestors()
        .TakeWhile(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax))
        .OfType<TryStatementSyntax>()
        .Where(guarded => guarded.Block.Span.Contains(send.Syntax.Span))
        .SelectMany(guarded => guarded.Catches)
        .Any(handler => handler.Declaration?.Type.ToString() is not { } type || Expected.Any(name => type == name || type.EndsWith("." + name, StringComparison.Ordinal)));

    /// <summary>Whether the close is for the last of several to do: a counter or flag decides about it.</summary>
    public static bool IsCounted(IOperation close)
    {
        for (var outer = close; outer is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation); outer = outer.Parent)
        {
            if (outer is IConditionalOperation)
            {
                return true;
            }
        }

        return false;
    }
}
