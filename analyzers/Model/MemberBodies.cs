using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model;

/// <summary>Where code stands in the declaration of a type: the nodes that Roslyn can bind as one body each.</summary>
internal static class MemberBodies
{
    /// <summary>The bodies in one part of a type (or in a file of top-level statements), nested types left out.</summary>
    public static IEnumerable<SyntaxNode> In(SyntaxNode part)
    {
        switch (part)
        {
            case CompilationUnitSyntax unit:
                yield return unit;
                yield break;
            case TypeDeclarationSyntax type:
                foreach (var member in type.Members)
                {
                    foreach (var body in Of(member))
                    {
                        yield return body;
                    }
                }

                yield break;
        }
    }

    private static IEnumerable<SyntaxNode> Of(MemberDeclarationSyntax member)
    {
        switch (member)
        {
            case BaseMethodDeclarationSyntax method when method.Body is not null || method.ExpressionBody is not null:
                yield return method;
                break;
            case BaseFieldDeclarationSyntax field:
                foreach (var variable in field.Declaration.Variables)
                {
                    if (variable.Initializer is not null)
                    {
                        yield return variable.Initializer;
                    }
                }

                break;
            case BasePropertyDeclarationSyntax property:
                foreach (var body in Of(property))
                {
                    yield return body;
                }

                break;
        }
    }

    private static IEnumerable<SyntaxNode> Of(BasePropertyDeclarationSyntax property)
    {
        foreach (var accessor in property.AccessorList?.Accessors ?? default)
        {
            if (accessor.Body is not null || accessor.ExpressionBody is not null)
            {
                yield return accessor;
            }
        }

        var (arrow, initializer) = property switch
        {
            PropertyDeclarationSyntax plain => (plain.ExpressionBody, plain.Initializer),
            IndexerDeclarationSyntax indexer => (indexer.ExpressionBody, null),
            _ => default((ArrowExpressionClauseSyntax?, EqualsValueClauseSyntax?)),
        };

        if (arrow is not null)
        {
            yield return arrow;
        }

        if (initializer is not null)
        {
            yield return initializer;
        }
    }
}
