using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Explore;

/// <summary>What the procedures call the members of types.</summary>
internal static class Members
{
    public static string NameOf(ISymbol member)
    {
        member = member is IFieldSymbol { AssociatedSymbol: { } declared } ? declared : member;
        return member.ContainingType is { IsTupleType: false } owner ? $"{owner.Name}.{member.Name}" : member.Name;
    }

    /// <summary>Whether the property has a field of its own and no code.</summary>
    public static bool IsAutomatic(IPropertySymbol property)
    {
        if (property.IsAbstract || property.ContainingType.TypeKind == TypeKind.Interface)
        {
            return false;
        }

        return property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
        {
            PropertyDeclarationSyntax { ExpressionBody: null, AccessorList: { } accessors } => accessors.Accessors.All(accessor => accessor.Body is null && accessor.ExpressionBody is null),
            ParameterSyntax => true,
            _ => false,
        };
    }

    /// <summary>Whether it is written only while its object is made.</summary>
    public static bool IsStable(ISymbol member) => member switch
    {
        IFieldSymbol field => field.IsReadOnly,
        IPropertySymbol property => property.SetMethod is null or { IsInitOnly: true },
        IParameterSymbol parameter => !IsAssigned(parameter),
        _ => false,
    };

    /// <summary>Whether a call of the method may run another that overrides it.</summary>
    public static bool IsVirtual(IMethodSymbol method) =>
        (method.IsAbstract || method.IsVirtual || (method.IsOverride && !method.IsSealed)) && !method.ContainingType.IsSealed;

    /// <summary>What a call of the method runs on an object of the type; null when that is not told.</summary>
    public static object? Implementation(IMethodSymbol method, INamedTypeSymbol type)
    {
        if (method.ContainingType.TypeKind == TypeKind.Interface)
        {
            foreach (var implemented in type.AllInterfaces)
            {
                if (SymbolEqualityComparer.Default.Equals(implemented.OriginalDefinition, method.ContainingType.OriginalDefinition))
                {
                    var member = implemented.GetMembers(method.Name).OfType<IMethodSymbol>().FirstOrDefault(candidate => SymbolEqualityComparer.Default.Equals(candidate.OriginalDefinition, method.OriginalDefinition));
                    return member is null ? null : (type.FindImplementationForInterfaceMember(member) as IMethodSymbol)?.OriginalDefinition;
                }
            }

            return null;
        }

        for (var owner = type; owner is not null; owner = owner.BaseType)
        {
            foreach (var candidate in owner.GetMembers(method.Name).OfType<IMethodSymbol>())
            {
                for (var overridden = candidate; overridden is not null; overridden = overridden.OverriddenMethod)
                {
                    if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, method.OriginalDefinition))
                    {
                        return candidate.OriginalDefinition;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>Whether an object of the one type is one of the other.</summary>
    public static bool IsA(INamedTypeSymbol type, INamedTypeSymbol other)
    {
        for (var parent = type; parent is not null; parent = parent.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(parent.OriginalDefinition, other.OriginalDefinition))
            {
                return true;
            }
        }

        return type.AllInterfaces.Any(each => SymbolEqualityComparer.Default.Equals(each.OriginalDefinition, other.OriginalDefinition));
    }

    /// <summary>The fields of an object, automatic properties included, by the names that procedures use.</summary>
    public static IEnumerable<string> FieldsOf(INamedTypeSymbol type)
    {
        for (var owner = type; owner is { SpecialType: SpecialType.None } && !owner.DeclaringSyntaxReferences.IsEmpty; owner = owner.BaseType)
        {
            foreach (var field in owner.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic && !field.IsConst))
            {
                yield return NameOf(field);
            }
        }
    }

    // A parameter of a primary constructor that the type assigns to.
    private static bool IsAssigned(IParameterSymbol parameter) =>
        parameter.ContainingType.DeclaringSyntaxReferences
            .SelectMany(reference => reference.GetSyntax().DescendantNodes())
            .OfType<IdentifierNameSyntax>()
            .Any(name => name.Identifier.ValueText == parameter.Name && IsWritten(name));

    private static bool IsWritten(IdentifierNameSyntax name) => name.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == name,
        PrefixUnaryExpressionSyntax prefix => prefix.IsKind(SyntaxKind.PreIncrementExpression) || prefix.IsKind(SyntaxKind.PreDecrementExpression),
        PostfixUnaryExpressionSyntax => true,
        ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None),
        _ => false,
    };
}
