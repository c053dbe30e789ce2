using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing.Split;

internal enum FieldUseKind
{
    Read,

    /// <summary>It gets another value.</summary>
    Set,

    /// <summary>It gets another value that is made of the one it has: <c>_sum += n</c>.</summary>
    Compound,

    /// <summary>An item of the collection in it gets another value.</summary>
    SetItem,

    /// <summary>An item of the collection in it goes one up or down.</summary>
    StepItem,

    /// <summary>A method changes the collection in it.</summary>
    Change,

    /// <summary>It is written in one of the ways that need no answer from before: <c>_n++</c>, <c>_list ??= new()</c>, <c>ref _n</c>.</summary>
    Other,
}

/// <summary>A use of a field or automatic property, or of what the collection in it holds.</summary>
/// <param name="Field">The field.</param>
/// <param name="Reference">What names it.</param>
/// <param name="Kind">What is done to it.</param>
/// <param name="Act">What does it: the assignment, the call; what names it where it is read.</param>
internal sealed record FieldUse(Place Field, IMemberReferenceOperation Reference, FieldUseKind Kind, IOperation Act)
{
    public bool IsWrite => Kind != FieldUseKind.Read;

    /// <summary>The uses in one body, in order of the source.</summary>
    public static IEnumerable<FieldUse> In(Body body) => body.Operations.OfType<IMemberReferenceOperation>()
        .Where(member => member is IFieldReferenceOperation { Field.IsConst: false } or IPropertyReferenceOperation { Arguments.IsEmpty: true } && member.Type?.TypeKind != TypeKind.Delegate)
        .Select(member => body.Places.Of(member) is { Symbol: IFieldSymbol or IPropertySymbol } place && IsSteady(place, body) ? Of(member, place) : null)
        .OfType<FieldUse>();

    // What is reached from a local that may get another object is not one field.
    private static bool IsSteady(Place place, Body body) => place.Root.Symbol is not (ILocalSymbol or IParameterSymbol) || body.Locals.CountOf(place.Root.Symbol) <= (place.Root.Symbol is ILocalSymbol ? 1 : 0);

    private static FieldUse Of(IMemberReferenceOperation member, Place place)
    {
        var (kind, act) = member.Parent switch
        {
            ISimpleAssignmentOperation assignment when assignment.Target == member => (FieldUseKind.Set, assignment),
            ICompoundAssignmentOperation assignment when assignment.Target == member => (FieldUseKind.Compound, assignment),
            IAssignmentOperation assignment when assignment.Target == member => (FieldUseKind.Other, assignment),
            IIncrementOrDecrementOperation or IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } or ITupleOperation { Parent: IDeconstructionAssignmentOperation } => (FieldUseKind.Other, member.Parent),
            IInvocationOperation call when call.Instance == member && Collections.IsChange(call.TargetMethod.Name) && IsCollection(member.Type) => (FieldUseKind.Change, call),
            IPropertyReferenceOperation { Parent: { } outer } item when item.Instance == member && !item.Arguments.IsEmpty => OfItem(outer, item, member),
            IArrayElementReferenceOperation { Parent: { } outer } item when item.ArrayReference == member => OfItem(outer, item, member),
            _ => (FieldUseKind.Read, member),
        };
        return new(place, member, kind, act);
    }

    private static (FieldUseKind Kind, IOperation Act) OfItem(IOperation outer, IOperation item, IOperation member) => outer switch
    {
        ISimpleAssignmentOperation assignment when assignment.Target == item => (FieldUseKind.SetItem, assignment),
        IAssignmentOperation assignment when assignment.Target == item => (FieldUseKind.Other, assignment),
        IIncrementOrDecrementOperation => (FieldUseKind.StepItem, outer),
        _ => (FieldUseKind.Read, member),
    };

    // One that is not safe by itself, by whatever interface it is known.
    private static bool IsCollection(ITypeSymbol? type) => Collections.IsUnsafe(type) || type is { TypeKind: TypeKind.Interface, ContainingNamespace: { Name: "Generic" or "Collections" } };
}
