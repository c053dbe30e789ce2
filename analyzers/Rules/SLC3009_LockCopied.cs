using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Sharing;

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
        foreach (var field in members.OfType<IFieldSymbol>().Where(field => field is { IsReadOnly: true, AssociatedSymbol: null } && LockValues.IsLock(field.Type)))
        {
            Report(field.Locations[0], "each call through a readonly field", field.Name, "remove 'readonly'", report, CanBeWritable);
        }

        foreach (var property in members.OfType<IPropertySymbol>().Where(property => property.RefKind == RefKind.None && LockValues.IsLock(property.Type) && property.Locations[0].IsInSource))
        {
            Report(property.Locations[0], "each use of the property", property.Name, "make it a private field", report);
        }

        foreach (var method in members.OfType<IMethodSymbol>().Where(method => method.MethodKind is MethodKind.Ordinary or MethodKind.Constructor or MethodKind.ExplicitInterfaceImplementation && !method.IsImplicitlyDeclared))
        {
            foreach (var parameter in method.Parameters.Where(parameter => parameter.RefKind is RefKind.None or RefKind.In && LockValues.IsLock(parameter.Type) && parameter.Locations[0].IsInSource))
            {
                Report(parameter.Locations[0], "the call", parameter.Name, "pass it by 'ref'", report);
            }
        }

        if ((type.Mentions & Mentions.SpinLock) == 0 && !members.Any(member => member is IFieldSymbol { Type: var held } && MayHold(held)))
        {
            return;
        }

        foreach (var body in type.Bodies.SelectMany(body => body.All))
        {
            foreach (var operation in body.Operations)
            {
                Check(operation, body, report);
            }
        }
    }

    private void Check(IOperation operation, Body body, Action<Diagnostic> report)
    {
        switch (operation)
        {
            case IVariableInitializerOperation { Value: var value, Parent: var declared } when IsCopied(value, body) && !(declared is IVariableDeclaratorOperation { Symbol: var local } && (local.RefKind != RefKind.None || IsOnlyLookedAt(local, body.Outermost.Root!))):
                Report(value.Syntax.GetLocation(), "this", value.Syntax.ToString(), "use 'ref', or the variable itself", report);
                break;
            case ISimpleAssignmentOperation { Value: var value, IsRef: false, Target: var target } when IsCopied(value, body) && !IsMoved(value, target):
                Report(value.Syntax.GetLocation(), "this", value.Syntax.ToString(), "use 'ref', or the variable itself", report);
                break;
            case IReturnOperation { ReturnedValue: { } value } when IsCopied(value, body) && value.Syntax.Parent is not RefExpressionSyntax:
                Report(value.Syntax.GetLocation(), "the result", value.Syntax.ToString(), "return it by 'ref', or keep it private", report);
                break;
            case IForEachLoopOperation loop when loop.Locals.FirstOrDefault(local => local.RefKind is RefKind.None && LockValues.IsLock(local.Type) && !IsOnlyLookedAt(local, loop.Body)) is { } local:
                Report(loop.Collection.Syntax.GetLocation(), "the loop", local.Name, "loop over the indices", report);
                break;
            case IInvocationOperation { Instance: { } instance, TargetMethod: { IsReadOnly: false, IsOverride: false } } when CopyIn(instance) is { } copy:
                Report(copy.Syntax.GetLocation(), "this call", copy.Syntax.ToString(), "keep it in an array", report);
                break;
            case IInvocationOperation { TargetMethod: { Name: "TryGetValue", Parameters: [_, { RefKind: RefKind.Out }] } lookup } call when LockValues.IsLock(lookup.Parameters[1].Type) && lookup.DeclaringSyntaxReferences.IsEmpty
                && call.Arguments[1].Value.DescendantsAndSelf().OfType<ILocalReferenceOperation>().FirstOrDefault() is { Local: var local } && !IsOnlyLookedAt(local, body.Outermost.Root!):
                Report(call.Arguments[1].Value.Syntax.GetLocation(), "this call", local.Name, "keep it in an array, or in an object", report);
                break;
            case IAnonymousFunctionOperation { Symbol: var function } when operation != body.Root:
                CheckParameters(function, operation, report);
                break;
            case ILocalFunctionOperation { Symbol: var function } when operation != body.Root:
                CheckParameters(function, operation, report);
                break;
        }
    }

    private void CheckParameters(IMethodSymbol function, IOperation code, Action<Diagnostic> report)
    {
        foreach (var parameter in function.Parameters.Where(parameter => parameter.RefKind is RefKind.None or RefKind.In && LockValues.IsLock(parameter.Type) && !IsOnlyLookedAt(parameter, code)))
        {
            Report(parameter.Locations[0], "the call", parameter.Name, "pass it by 'ref', or the index of it", report);
        }
    }

    private void Report(Location at, string what, string name, string advice, Action<Diagnostic> report, string? property = null) =>
        report(Diagnostic.Create(Descriptor, at, property is null ? null : ImmutableDictionary<string, string?>.Empty.Add(property, "true"), what, name, advice));

    private static bool IsCopied(IOperation value, Body body) => LockValues.IsLock(value.Type) && value switch
    {
        ILocalReferenceOperation { Local: var local } => !IsFresh(local, body),
        IFieldReferenceOperation or IParameterReferenceOperation or IArrayElementReferenceOperation => true,
        IInvocationOperation { TargetMethod: var method } => method.RefKind != RefKind.None || (method.Name == "GetValueOrDefault" && method.DeclaringSyntaxReferences.IsEmpty),
        IPropertyReferenceOperation { Property: var property } => IsItem(property),
        _ => false,
    };

    // What was made here belongs to nobody else, and may be put where it is to stay.
    private static bool IsFresh(ILocalSymbol local, Body body) => body.Locals.OnlyValue(local)?.Bare() is IObjectCreationOperation or IDefaultValueOperation or IInvocationOperation { TargetMethod.RefKind: RefKind.None }
        && body.UsesOf(local).All(use => use.In == body);

    // What the library keeps, it gives as a copy, or as something that is only to be read. A property of one's own is told where it is declared.
    private static bool IsItem(IPropertySymbol property) => property.RefKind != RefKind.None || property.IsIndexer || property.DeclaringSyntaxReferences.IsEmpty;

    // From one place of a collection to another, as when it grows.
    private static bool IsMoved(IOperation value, IOperation target) => IsPlaceIn(value) && IsPlaceIn(target);

    private static bool IsPlaceIn(IOperation operation) => operation is IArrayElementReferenceOperation or IPropertyReferenceOperation { Property.IsIndexer: true };

    // `_gates[0].Enter()`, `pair.Value.Lock.Enter(…)`: the call is on a value that is thrown away after it.
    private static IOperation? CopyIn(IOperation instance)
    {
        if (!LockValues.IsLock(instance.Type))
        {
            return null;
        }

        while (instance is IFieldReferenceOperation { Instance: { Type.IsValueType: true } owner })
        {
            instance = owner;
        }

        return instance switch
        {
            IPropertyReferenceOperation { Property: { RefKind: RefKind.None or RefKind.RefReadOnly } property } when IsItem(property) => instance,
            ILocalReferenceOperation { Local.RefKind: RefKind.RefReadOnly } => instance,
            _ => null,
        };
    }

    // A copy of a record is a lock only to those who call it, take the lock in it, or give it on.
    private static bool IsOnlyLookedAt(ISymbol copy, IOperation within) => !LockValues.IsSpinLock((copy as ILocalSymbol)?.Type ?? (copy as IParameterSymbol)?.Type)
        && within.Descendants().Where(part => (part is ILocalReferenceOperation { Local: var local, IsDeclaration: false } && SymbolEqualityComparer.Default.Equals(local, copy)) || (part is IParameterReferenceOperation { Parameter: var parameter } && SymbolEqualityComparer.Default.Equals(parameter, copy)))
            .All(use => use.Parent is IFieldReferenceOperation { Type: var part } ? !LockValues.IsLock(part) : use.Parent is IPropertyReferenceOperation or IInvocationOperation { TargetMethod: { IsReadOnly: true } or { IsOverride: true } } or INameOfOperation);

    private static bool MayHold(ITypeSymbol type) => LockValues.IsLock(type) || (type is IArrayTypeSymbol { ElementType: var element } && LockValues.IsLock(element)) || (type is INamedTypeSymbol { TypeArguments: var arguments } && arguments.Any(LockValues.IsLock));
}
