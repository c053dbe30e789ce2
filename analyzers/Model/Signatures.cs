using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>Who decides on the parameters of a method: its author, or something that it has to fit.</summary>
internal static class Signatures
{
    /// <summary>Whether the method has to fit a base, an interface, another part, or native code.</summary>
    public static bool IsBound(this IMethodSymbol method) =>
        method.IsOverride
        || method.IsExtern
        || !method.ExplicitInterfaceImplementations.IsEmpty
        || method.PartialDefinitionPart is not null
        || method.PartialImplementationPart is not null
        || method.ContainingType.AllInterfaces
            .SelectMany(implemented => implemented.GetMembers(method.Name))
            .Any(member => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method));

    /// <summary>Whether the type hands the method on as a delegate, which it then has to fit. Judged by its name alone.</summary>
    public static bool IsHandedOn(this IMethodSymbol method, TypeModel type) => type.Parts.SelectMany(part => part.DescendantNodes()).OfType<SimpleNameSyntax>()
        .Any(name => name.Identifier.ValueText == method.Name && !IsCalled(name) && !SyntaxFacts.IsInTypeOnlyContext(name));

    /// <summary>Whether the body says that it is still to be written.</summary>
    public static bool IsToBeWritten(this Body body) => body.Operations.Any(operation => operation is IThrowOperation { Exception: { } thrown } && thrown.Bare().Type is { Name: "NotImplementedException" or "NotSupportedException" or "PlatformNotSupportedException" });

    private static bool IsCalled(SimpleNameSyntax name)
    {
        SyntaxNode called = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name.Parent is MemberBindingExpressionSyntax binding ? binding : name;
        return called.Parent is InvocationExpressionSyntax call && call.Expression == called;
    }
}
