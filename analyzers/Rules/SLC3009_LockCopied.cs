using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A copy of a lock that is a value is another lock: who takes the copy keeps nobody out.</summary>
internal sealed class LockCopied : Rule
{
    internal const string Id = "SLC3009";

    /// <summary>Set when `readonly` can go.</summary>
    internal const string CanBeWritable = nameof(CanBeWritable);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Lock that is a value is copied",
        "{0} copies '{1}', a lock that is a value: a copy is another lock, and who takes it keeps nobody out; {2}",
        Family.Sharing,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "SpinLock, and a struct with a lock in it, are values. An assignment, a parameter, a result, a loop variable and each call through a readonly field work on a copy, so two threads can hold \"the lock\" at the same time.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.SpinLock | Mentions.Lock | Mentions.Atomic;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        var members = type.Symbol.GetMembers();
        foreach (var field in members.OfType<IFieldSymbol>().Where(field => field is { IsReadOnly: true, AssociatedSymbol: null } && IsLock(field.Type)))
        {
            Report(field.Locations[0], "each call through a readonly field", field.Name, "remove 'readonly'", report, CanBeWritable);
        }

        foreach (var property in members.OfType<IPropertySymbol>().Where(property => property.RefKind == RefKind.None && IsLock(property.Type) && property.Locations[0].IsInSource))
        {
            Report(property.Locations[0], "each use of the property", property.Name, "make it a private field", report);
        }

        foreach (var method in members.OfType<IMethodSymbol>().Where(method => method.MethodKind is MethodKind.Ordinary or MethodKind.Constructor or MethodKind.ExplicitInterfaceImplementation && !method.IsImplicitlyDeclared))
        {
            foreach (var parameter in method.Parameters.Where(parameter => parameter.RefKind is RefKind.None or RefKind.In && IsLock(parameter.Type) && parameter.Locations[0].IsInSource))
            {
                Report(parameter.Locations[0], "the call", parameter.Name, "pass it by 'ref'", report);
            }
        }

        if ((type.Mentions & Mentions.SpinLock) == 0 && !members.Any(member => member is IFieldSymbol { Type: var held } && MayHold(held)))
        {
            return;
        }

        foreach (var operation in type.Bodies.SelectMany(body => body.All).SelectMany(body => body.Operations))
        {
            Check(operation, report);
        }
    }

    private void Check(IOperation operation, Action<Diagnostic> report)
    {
        switch (operation)
        {
            case IVariableInitializerOperation { Value: var value } when IsVariable(value) && !(operation.Parent is IVariableDeclaratorOperation { Symbol.RefKind: not RefKind.None }):
                Report(value.Syntax.GetLocation(), "this", value.Syntax.ToString(), "use 'ref', or the variable itself", report);
                break;
            case ISimpleAssignmentOperation { Value: var value, IsRef: false } when IsVariable(value):
                Report(value.Syntax.GetLocation(), "this", value.Syntax.ToString(), "use 'ref', or the variable itself", report);
                break;
            case IReturnOperation { ReturnedValue: { } value } when IsVariable(value) && value.Syntax.Parent is not RefExpressionSyntax:
                Report(value.Syntax.GetLocation(), "the result", value.Syntax.ToString(), "return it by 'ref', or keep it private", report);
                break;
            case IForEachLoopOperation loop when loop.Locals.FirstOrDefault(local => local.RefKind == RefKind.None && IsLock(local.Type)) is { } local:
                Report(loop.Collection.Syntax.GetLocation(), "the loop", local.Name, "loop over the indices", report);
                break;
            case IInvocationOperation { Instance: IPropertyReferenceOperation { Property: { RefKind: RefKind.None, IsIndexer: true } } item } when IsLock(item.Type):
                Report(item.Syntax.GetLocation(), "this call", item.Syntax.ToString(), "keep it in an array", report);
                break;
        }
    }

    private void Report(Location at, string what, string name, string advice, Action<Diagnostic> report, string? property = null) =>
        report(Diagnostic.Create(Descriptor, at, property is null ? null : ImmutableDictionary<string, string?>.Empty.Add(property, "true"), what, name, advice));

    private static bool IsVariable(IOperation value) => IsLock(value.Type) && value is ILocalReferenceOperation or IFieldReferenceOperation or IParameterReferenceOperation or IArrayElementReferenceOperation;

    private static bool MayHold(ITypeSymbol type) => IsLock(type) || (type is IArrayTypeSymbol { ElementType: var element } && IsLock(element)) || (type is INamedTypeSymbol { TypeArguments: var arguments } && arguments.Any(argument => IsLock(argument)));

    private static bool IsLock(ITypeSymbol? type, int depth = 3) => type switch
    {
        { IsValueType: true, Name: "SpinLock", ContainingNamespace: { Name: "Threading", ContainingNamespace.Name: "System" } } => true,
        INamedTypeSymbol { TypeKind: TypeKind.Struct, IsRefLikeType: false, DeclaringSyntaxReferences: { IsEmpty: false } parts } named when depth > 0 =>
            named.GetMembers().Any(member => member is IFieldSymbol { IsStatic: false, Type: var held } && IsLock(held, depth - 1)) || (IsMainlyLock(named) && parts.Any(part => TakesItself(part.GetSyntax(), named))),
        _ => false,
    };

    // What only changes its bits atomically is copied to be looked at, and so is a record of which some bits are a lock.
    private static bool IsMainlyLock(INamedTypeSymbol type)
    {
        var members = type.GetMembers().Where(member => member is IMethodSymbol { MethodKind: MethodKind.Ordinary, IsOverride: false } or IPropertySymbol).ToList();
        return members.Any(IsTaking) && (type.Name.Contains("Lock") || members.Count(IsTaking) * 4 >= members.Count);
    }

    private static bool IsTaking(ISymbol member) => member is IMethodSymbol { Name: var name } && (name.Contains("Lock") || name.Contains("Enter") || name.Contains("Acquire") || name.Contains("Take") || name.Contains("Wait"));

    // A lock of one's own: a struct that compares and exchanges its own field. A copy shares the object that a field leads to.
    private static bool TakesItself(SyntaxNode declaration, INamedTypeSymbol type) => declaration.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call =>
        call.Expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "Interlocked" }, Name.Identifier.ValueText: "CompareExchange" or "Exchange" }
        && call.ArgumentList.Arguments is [{ Expression: IdentifierNameSyntax { Identifier.ValueText: var name } }, ..]
        && type.GetMembers(name).Any(member => member is IFieldSymbol { IsStatic: false, Type.IsValueType: true }));
}
