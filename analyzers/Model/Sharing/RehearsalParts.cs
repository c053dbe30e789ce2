using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <content>Tuples and structs: the variable that holds one is read and written as a whole, and what its parts lead to is told apart.</content>
internal sealed partial class Rehearsal
{
    private ImmutableArray<Thing> MakeTuple(ITupleOperation tuple)
    {
        var parts = tuple.Elements.Select(Eval).ToList();
        if (tuple.Type is not INamedTypeSymbol { IsTupleType: true } type || parts.TrueForAll(part => part.IsEmpty))
        {
            return ImmutableArray<Thing>.Empty;
        }

        var made = new Thing(type, isKnown: true);
        for (int i = 0; i < parts.Count; i++)
        {
            made.Field(Part(type.TupleElements[i])).Store(parts[i]);
        }

        return One(made);
    }

    private static ImmutableArray<Thing> PartOf(ImmutableArray<Thing> whole, IOperation read) => PartIn(read) is not { } part ? whole : whole.Aggregate(ImmutableArray<Thing>.Empty, (all, thing) =>
        Cell.Union(all, thing.Type is { IsValueType: true } ? thing.Field(part).Load() : One(thing)));

    private static bool StorePart(IOperation target, Cell whole, ImmutableArray<Thing> values)
    {
        if (PartIn(target) is not { } part || !whole.Values.Any(thing => thing.Type is { IsValueType: true }))
        {
            return false;
        }

        foreach (var thing in whole.Values.Where(thing => thing.Type is { IsValueType: true }))
        {
            thing.Field(part).Store(values);
        }

        return true;
    }

    // `var (order, done) = job;`
    private void WriteParts(IOperation target, ImmutableArray<Thing> whole)
    {
        var targets = target is IDeclarationExpressionOperation declaration ? declaration.Expression : target;
        if (targets is not ITupleOperation { Elements: var elements })
        {
            Write(target, ImmutableArray<Thing>.Empty);
            return;
        }

        for (int i = 0; i < elements.Length; i++)
        {
            var values = whole.Aggregate(ImmutableArray<Thing>.Empty, (all, thing) => PartAt(thing.Type, i) is { } part ? Cell.Union(all, thing.Field(part).Load()) : all);
            if (elements[i] is ITupleOperation)
            {
                WriteParts(elements[i], values);
            }
            else if (elements[i] is ILocalReferenceOperation { IsDeclaration: true, Local: var local })
            {
                _frame.Declare(local, local.Type).Store(values);
            }
            else
            {
                Write(elements[i], values);
            }
        }
    }

    // The member of a struct that is no object of its own.
    private static ISymbol? PartIn(IOperation operation) => operation is IMemberReferenceOperation { Instance: { Type.IsValueType: true } and not IInstanceReferenceOperation, Member: var member } ? Part(member) : null;

    // A record is taken apart into what it was made of.
    private static ISymbol? PartAt(ITypeSymbol? type, int position) => type switch
    {
        INamedTypeSymbol { IsTupleType: true } tuple => position < tuple.TupleElements.Length ? Part(tuple.TupleElements[position]) : null,
        INamedTypeSymbol { IsRecord: true } record => record.GetMembers(WellKnownMemberNames.DeconstructMethodName).OfType<IMethodSymbol>().FirstOrDefault(method => method.IsImplicitlyDeclared && position < method.Parameters.Length) is { } taking
            ? record.GetMembers(taking.Parameters[position].Name).FirstOrDefault(member => member is IPropertySymbol) : null,
        _ => null,
    };

    private static ISymbol Part(ISymbol member) => member is IFieldSymbol { CorrespondingTupleField: { } element } ? element : member;
}
