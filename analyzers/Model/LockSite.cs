using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>What sort of object is locked, as far as it tells who else can lock it.</summary>
internal enum LockObjectKind
{
    Fine,
    This,
    Type,
    String,
    Value,
    New,

    /// <summary>A field that is not readonly.</summary>
    Field,
}

/// <summary>One place where an object is locked, unlocked, waited on or pulsed.</summary>
/// <param name="Syntax">The expression that denotes the object.</param>
/// <param name="Kind">What sort of object it is.</param>
/// <param name="Key">Equal for places of one type that lock the same object.</param>
internal sealed record LockSite(ExpressionSyntax Syntax, LockObjectKind Kind, object Key)
{
    /// <summary>Gets the type of the expression, conversions left out.</summary>
    public ITypeSymbol? Type { get; init; }

    /// <summary>Gets the field, for <see cref="LockObjectKind.Field"/>.</summary>
    public IFieldSymbol? Field { get; init; }

    /// <summary>Gets a value indicating whether the lock is taken here, not given back or waited on.</summary>
    public bool IsAcquire { get; init; }

    public bool IsLockStatement { get; init; }

    /// <summary>Gets a value indicating whether a <c>yield</c> stands in the locked statement.</summary>
    public bool Yields { get; init; }

    public bool IsInStatic { get; init; }

    /// <summary>Gets a value indicating whether the type itself is all that is meant to lock the object: not a type or a string that others name as well.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Asked of the syntax, before anything is bound: whether something else is locked than a readonly field of the type.</summary>
    public static bool MayBeWrong(SyntaxNode declaration, INamedTypeSymbol type) =>
        declaration.DescendantNodes().Select(LockedIn).OfType<ExpressionSyntax>().Any(locked => !IsReadonlyField(locked, type));

    /// <summary>All places in <paramref name="body"/> and in what stands in it.</summary>
    public static IEnumerable<LockSite> In(Body body, TypeModel type) => body.All.SelectMany(part => part.Operations.Select(operation => Of(operation, part, type)).OfType<LockSite>());

    private static ExpressionSyntax? LockedIn(SyntaxNode node) => node switch
    {
        LockStatementSyntax statement => statement.Expression,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call when IsMonitorMethod(access.Name.Identifier.ValueText) =>
            access.Expression is IdentifierNameSyntax { Identifier.ValueText: "Monitor" } or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Monitor" } ? call.ArgumentList.Arguments.FirstOrDefault()?.Expression : access.Expression,
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax name } call when IsMonitorMethod(name.Identifier.ValueText) => call.ArgumentList.Arguments.FirstOrDefault()?.Expression,
        _ => null,
    };

    private static bool IsMonitorMethod(string name) => name is "Enter" or "EnterScope" or "TryEnter" or "Exit" or "Wait" or "Pulse" or "PulseAll" or "IsEntered";

    private static bool IsReadonlyField(ExpressionSyntax locked, INamedTypeSymbol type)
    {
        var name = locked switch
        {
            IdentifierNameSyntax identifier => identifier.Identifier.ValueText,
            MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText,
            _ => null,
        };
        return name is not null && type.GetMembers(name).Any(member => member is IFieldSymbol { IsReadOnly: true, Type: { IsReferenceType: true, SpecialType: not SpecialType.System_String } locking }
            && !SymbolEqualityComparer.Default.Equals(locking.OriginalDefinition, type.OriginalDefinition));
    }

    private static LockSite? Of(IOperation operation, Body body, TypeModel type)
    {
        switch (operation)
        {
            case ILockOperation { Syntax: LockStatementSyntax statement } locking:
                return Of(locking.LockedValue, statement.Expression, body, type) with
                {
                    IsAcquire = true,
                    IsLockStatement = true,
                    Yields = statement.Statement.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).Any(node => node is YieldStatementSyntax),
                };
            case IInvocationOperation call when type.Known[call.TargetMethod.ContainingType] == KnownType.Monitor && call.Arguments.Length > 0 && IsMonitorMethod(call.TargetMethod.Name):
                var argument = call.Arguments.FirstOrDefault(candidate => candidate.Parameter?.Ordinal == 0);
                return argument?.Syntax is ArgumentSyntax syntax
                    ? Of(argument.Value, syntax.Expression, body, type) with { IsAcquire = call.TargetMethod.Name is "Enter" or "TryEnter" }
                    : null;
            case IInvocationOperation { Instance: { Syntax: ExpressionSyntax receiver } gate } call when type.Known[call.TargetMethod.ContainingType] == KnownType.Lock && IsMonitorMethod(call.TargetMethod.Name):
                return Of(gate, receiver, body, type) with { IsAcquire = call.TargetMethod.Name is not "Exit" };
            default:
                return null;
        }
    }

    private static LockSite Of(IOperation target, ExpressionSyntax syntax, Body body, TypeModel type)
    {
        bool isInStatic = body.Outermost.Symbol?.IsStatic ?? false;
        var bare = target;
        while (bare is IConversionOperation or IParenthesizedOperation)
        {
            var operand = bare is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)bare).Operand;
            if (bare.Type.IsBoxingOf(operand.Type))
            {
                return new(syntax, LockObjectKind.Value, KeyOf(operand) ?? syntax) { Type = operand.Type, IsInStatic = isInStatic, IsOwn = operand is IFieldReferenceOperation { Field.DeclaredAccessibility: Accessibility.Private } };
            }

            bare = operand;
        }

        return Classify(bare, syntax, body, type) with { Type = bare.Type, IsInStatic = isInStatic };
    }

    private static LockSite Classify(IOperation bare, ExpressionSyntax syntax, Body body, TypeModel type)
    {
        var known = bare is ILocalReferenceOperation { Local: var local } && body.Locals.OnlyValue(local) is { } only && only.Bare() is IInstanceReferenceOperation or ITypeOfOperation or IInvocationOperation ? only.Bare() : bare;
        if (bare.Type?.SpecialType == SpecialType.System_String)
        {
            return bare.ConstantValue is { HasValue: true, Value: string text }
                ? new(syntax, LockObjectKind.String, text) { IsOwn = bare is not IFieldReferenceOperation { Field.DeclaredAccessibility: not Accessibility.Private } }
                : new(syntax, LockObjectKind.String, KeyOf(bare) ?? syntax) { IsOwn = bare is IFieldReferenceOperation { Field.DeclaredAccessibility: Accessibility.Private } };
        }

        return known switch
        {
            IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } => new(syntax, LockObjectKind.This, LockObjectKind.This) { IsOwn = syntax is ThisExpressionSyntax },
            ITypeOfOperation typeOf => new(syntax, LockObjectKind.Type, typeOf.TypeOperand.ToDisplayString()) { IsOwn = IsOwnType(typeOf.TypeOperand, type) && syntax is TypeOfExpressionSyntax },
            IInvocationOperation { TargetMethod: { Name: "GetType", ContainingType.SpecialType: SpecialType.System_Object }, Instance: var instance } =>
                new(syntax, LockObjectKind.Type, type.Symbol.ToDisplayString()) { IsOwn = type.Symbol.IsSealed && IsOwnType(type.Symbol, type) && instance is IInstanceReferenceOperation && syntax is InvocationExpressionSyntax },
            IObjectCreationOperation or IArrayCreationOperation or IAnonymousObjectCreationOperation => new(syntax, LockObjectKind.New, LockObjectKind.New) { IsOwn = true },
            ILocalReferenceOperation { Local: var fresh } when IsUnseen(fresh, body, type) => new(syntax, LockObjectKind.New, fresh),
            IPropertyReferenceOperation { Property: var property } when property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is PropertyDeclarationSyntax { ExpressionBody.Expression: BaseObjectCreationExpressionSyntax } => new(syntax, LockObjectKind.New, property.OriginalDefinition),
            IFieldReferenceOperation { Field: { IsReadOnly: false, IsConst: false, IsImplicitlyDeclared: false } field } when type.Compilation.Owns(field) => new(syntax, LockObjectKind.Field, field.OriginalDefinition) { Field = field.OriginalDefinition },
            _ => new(syntax, LockObjectKind.Fine, syntax),
        };
    }

    // A generic type has one Type object for each of its constructions.
    private static bool IsOwnType(ITypeSymbol locked, TypeModel type) => SymbolEqualityComparer.Default.Equals(locked, type.Symbol) && !type.Symbol.IsGenericType && type.Symbol.ContainingType is not { IsGenericType: true };

    private static object? KeyOf(IOperation operation) => operation switch
    {
        IFieldReferenceOperation field => field.Field,
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    // A local that gets a new object and is used for nothing but locking, in one body.
    private static bool IsUnseen(ILocalSymbol local, Body body, TypeModel type) =>
        body.Locals.OnlyValue(local)?.Bare() is IObjectCreationOperation
        && body.Symbol is { } owner && SymbolEqualityComparer.Default.Equals(local.ContainingSymbol, owner)
        && body.Outermost.All.All(part => part.Operations.All(operation => operation is not ILocalReferenceOperation reference
            || !SymbolEqualityComparer.Default.Equals(reference.Local, local)
            || (part == body && IsLocking(reference, type))));

    private static bool IsLocking(IOperation reference, TypeModel type)
    {
        var value = reference;
        while (value.Parent is IConversionOperation or IParenthesizedOperation)
        {
            value = value.Parent;
        }

        return value.Parent switch
        {
            ILockOperation locking => locking.LockedValue == value,
            IInvocationOperation call => call.Instance == value && type.Known[call.TargetMethod.ContainingType] == KnownType.Lock,
            IArgumentOperation { Parent: IInvocationOperation call } => type.Known[call.TargetMethod.ContainingType] == KnownType.Monitor,
            _ => false,
        };
    }
}
