using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Sharing;

/// <summary>Code that asks on which thread it runs: what it uses belongs to one thread, an event loop or that of a user interface, and how work comes to that thread is not seen.</summary>
internal sealed class Confined
{
    private readonly Dictionary<SyntaxNode, bool> _known = [];

    /// <summary>Whether any member of the type asks, or of what it derives from.</summary>
    public static bool Asks(TypeModel type)
    {
        for (var above = type.Symbol; above is not null; above = above.BaseType)
        {
            if (above.DeclaringSyntaxReferences.Any(part => HasQuestion(part.GetSyntax(type.Cancellation))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the access, or a call that leads to it, stands in a member that asks.</summary>
    public bool Holds(Access access) => access.Frame.Chain.Select(frame => frame.Site).OfType<SyntaxNode>().Prepend(access.Syntax).Any(Asks);

    private bool Asks(SyntaxNode node)
    {
        if (node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member)
        {
            return false;
        }

        if (!_known.TryGetValue(member, out bool asks))
        {
            asks = HasQuestion(member);
            _known.Add(member, asks);
        }

        return asks;
    }

    private static bool HasQuestion(SyntaxNode node) => node.DescendantNodes().Any(part => part is SimpleNameSyntax
    {
        Identifier.ValueText: "InEventLoop" or "CheckAccess" or "VerifyAccess" or "InvokeRequired" or "HasThreadAccess" or "IsDispatchRequired" or "CurrentManagedThreadId" or "ManagedThreadId",
    });
}
