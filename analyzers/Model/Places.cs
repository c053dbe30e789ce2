using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>Tells which place an operation of one member denotes. Unknown is null.</summary>
internal sealed class Places(KnownTypes known, Locals locals)
{
    /// <summary>
    /// The place that <paramref name="operation"/> denotes, seen through conversions, locals that only name another place, and the flow captures of
    /// <paramref name="captures"/>. A channel's Reader and Writer are the channel.
    /// </summary>
    public Place? Of(IOperation? operation, IReadOnlyDictionary<CaptureId, IOperation?>? captures = null)
    {
        for (int hops = 0; hops < 16; hops++)
        {
            switch (operation)
            {
                case IConversionOperation conversion when !conversion.Type.IsBoxingOf(conversion.Operand.Type):
                    operation = conversion.Operand;
                    continue;
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    continue;
                case IDeclarationExpressionOperation declaration:
                    operation = declaration.Expression;
                    continue;
                case IFlowCaptureReferenceOperation reference when captures is not null && captures.TryGetValue(reference.Id, out var value):
                    operation = value;
                    continue;
                case IConditionalAccessInstanceOperation inside:
                    operation = ReceiverOf(inside);
                    continue;
                case ILocalReferenceOperation { Local: var local }:
                    return locals.OnlyValue(local) is { } only && Of(only, captures) is { } named ? named : Place.Of(local);
                case IParameterReferenceOperation { Parameter: var parameter }:
                    // A parameter of a primary constructor is a field of the object.
                    return IsPrimary(parameter) ? Place.This.Member(parameter) : Place.Of(parameter);
                case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                    return Place.This;
                case IFieldReferenceOperation field:
                    return Member(field, captures);
                case IPropertyReferenceOperation { Property.Parameters.IsEmpty: true } property:
                    if (IsEndOfChannel(property.Property))
                    {
                        operation = property.Instance;
                        continue;
                    }

                    return IsStable(property.Property) ? Member(property, captures) : FieldBehind(property.Property) is { } behind ? Behind(property, behind, captures) : null;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>The one value that <paramref name="local"/> ever gets, when there is just one and it is known.</summary>
    public IOperation? ValueOf(ILocalSymbol local) => locals.OnlyValue(local);

    /// <summary>The variable that is read or assigned through <paramref name="target"/>: a local itself, not what it names.</summary>
    public Place? OfTarget(IOperation target, IReadOnlyDictionary<CaptureId, IOperation?>? captures = null) => target switch
    {
        ILocalReferenceOperation { Local: var local } => Place.Of(local),
        IConversionOperation conversion when !conversion.Type.IsBoxingOf(conversion.Operand.Type) => OfTarget(conversion.Operand, captures),
        IParenthesizedOperation parenthesized => OfTarget(parenthesized.Operand, captures),
        IDeclarationExpressionOperation declaration => OfTarget(declaration.Expression, captures),
        IFlowCaptureReferenceOperation reference when captures is not null && captures.TryGetValue(reference.Id, out var value) && value is not null => OfTarget(value, captures),
        _ => Of(target, captures),
    };

    // What stands before the `?.` that the operation stands behind.
    private static IOperation? ReceiverOf(IOperation inside)
    {
        var outer = inside;
        while (outer.Parent is { } parent)
        {
            if (parent is IConditionalAccessOperation access && access.WhenNotNull == outer)
            {
                return access.Operation;
            }

            outer = parent;
        }

        return null;
    }

    private Place? Member(IMemberReferenceOperation member, IReadOnlyDictionary<CaptureId, IOperation?>? captures) =>
        member.Instance is null ? Place.Of(member.Member) : Of(member.Instance, captures)?.Member(member.Member);

    private Place? Behind(IPropertyReferenceOperation property, ISymbol field, IReadOnlyDictionary<CaptureId, IOperation?>? captures) =>
        property.Instance is null ? Place.Of(field) : Of(property.Instance, captures)?.Member(field);

    // `Store Store => _store;`: the property is another name of the field, or of the parameter of the primary constructor.
    private static ISymbol? FieldBehind(IPropertySymbol property)
    {
        if (property is { IsVirtual: false, IsAbstract: false, IsOverride: false } && property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is PropertyDeclarationSyntax { ExpressionBody.Expression: IdentifierNameSyntax { Identifier.ValueText: var name } })
        {
            return property.ContainingType.GetMembers(name).FirstOrDefault() is { } member
                ? member as IFieldSymbol
                : property.ContainingType.InstanceConstructors.SelectMany(constructor => constructor.Parameters).FirstOrDefault(parameter => parameter.Name == name && IsPrimary(parameter));
        }

        return null;
    }

    private static bool IsPrimary(IParameterSymbol parameter) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor && constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is TypeDeclarationSyntax;

    private bool IsEndOfChannel(IPropertySymbol property) =>
        property.Name is "Reader" or "Writer" && known[property.ContainingType] is KnownType.ChannelOfT or KnownType.ChannelOfTwo or KnownType.Chan;

    // A property names one object when it is automatic, or when a library offers no way to set it.
    private static bool IsStable(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.IsEmpty
            ? property.SetMethod is null
            : property.HasField();
}
