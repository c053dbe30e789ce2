using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model.Files;

namespace Sluice.Model.Sharing.Split;

/// <summary>An object of which each member takes its lock for itself is asked, and then told to change by what it said: in between others may change it.</summary>
/// <param name="Write">What changes it.</param>
/// <param name="Read">What asked it.</param>
/// <param name="Pair">The members.</param>
internal sealed record SplitCall(IOperation Write, IOperation Read, LockedPair Pair)
{
    public static IEnumerable<SplitCall> In(Body body, CancellationToken cancellation)
    {
        foreach (var act in body.Operations)
        {
            if (CalleeOf(act) is not ({ } method, { } receiver) || body.Places.Of(receiver) is not { } place)
            {
                continue;
            }

            foreach (var pair in body.Compilation.LockedMembers.ChangedBy(method, receiver.Type, cancellation))
            {
                bool IsRead(IOperation part) => part.Syntax.SpanStart <= act.Syntax.Span.End && ReadOf(part) is ({ } getter, { } asked) && place.Equals(body.Places.Of(asked)) && body.Compilation.LockedMembers.IsRead(getter, asked.Type, pair, cancellation);

                var read = pair.Act.Kind == LockedMemberKind.Set ? MadeOf(act, IsRead, body) : ConditionsOf(act, body).Select(condition => AskedIn(condition, act, IsRead, body)).FirstOrDefault(found => found is not null);
                if (read is not null && !act.IsLocked(body) && !read.IsLocked(body) && !IsNew(receiver, body))
                {
                    yield return new(act, read, pair);
                    break;
                }
            }
        }
    }

    private static (IMethodSymbol? Method, IOperation? Receiver) CalleeOf(IOperation act) => act switch
    {
        IInvocationOperation call => (call.TargetMethod, call.Instance),
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } => (property.Property.SetMethod, property.Instance),
        ICompoundAssignmentOperation { Target: IPropertyReferenceOperation property } => (property.Property.SetMethod, property.Instance),
        IIncrementOrDecrementOperation { Target: IPropertyReferenceOperation property } => (property.Property.SetMethod, property.Instance),
        _ => default,
    };

    private static (IMethodSymbol? Method, IOperation? Receiver) ReadOf(IOperation part) => part switch
    {
        IInvocationOperation call => (call.TargetMethod, call.Instance),
        IPropertyReferenceOperation property => (property.Property.GetMethod, property.Instance),
        _ => default,
    };

    // `stats.Set(stats.Get() + n)`, `stats.Total += n`; what only is put back, is not made of anything.
    private static IOperation? MadeOf(IOperation act, Func<IOperation, bool> isRead, Body body) => act switch
    {
        ICompoundAssignmentOperation { Target: var target } => isRead(target) ? target : null,
        IIncrementOrDecrementOperation { Target: var target } => isRead(target) ? target : null,
        ISimpleAssignmentOperation { Value: var value } => ComputedIn(value, isRead, body),
        IInvocationOperation call => call.Arguments.Select(argument => ComputedIn(argument.Value, isRead, body)).FirstOrDefault(read => read is not null),
        _ => null,
    };

    private static IOperation? ComputedIn(IOperation value, Func<IOperation, bool> isRead, Body body)
    {
        var bare = value.Bare() is ILocalReferenceOperation { Local: var local } && body.Locals.OnlyValue(local) is { } kept ? kept.Bare() : value.Bare();
        return isRead(bare) ? null : Derivation.SourceOf(value, isRead, body);
    }

    private static IEnumerable<IOperation> ConditionsOf(IOperation act, Body body) => body.Operations.OfType<IConditionalOperation>()
        .Where(choice => choice.Condition.Syntax.Span.End <= act.Syntax.SpanStart
            && (choice.Syntax.Span.Contains(act.Syntax.Span) || ((choice.WhenTrue.Leaves(Leaving.Block) || choice.WhenFalse.Leaves(Leaving.Block)) && choice.Parent?.Syntax.Span.Contains(act.Syntax.Span) == true)))
        .Select(choice => choice.Condition);

    // `bucket.Available < amount`: a comparison, with what is taken where the member is given that.
    private static IOperation? AskedIn(IOperation condition, IOperation act, Func<IOperation, bool> isRead, Body body) => condition.DescendantsAndSelf()
        .OfType<IBinaryOperation>()
        .Where(test => test.OperatorKind is BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual)
        .Where(test => act is not IInvocationOperation { Arguments: { IsEmpty: false } given } || given.Any(argument => argument.Value.ConstantValue.HasValue || test.DescendantsAndSelf().Any(part => part.Syntax.IsEquivalentTo(argument.Value.Syntax))))
        .Select(test => Derivation.SourceOf(test, isRead, body))
        .FirstOrDefault(read => read is not null);

    // Nobody else has what was made here.
    private static bool IsNew(IOperation receiver, Body body) => receiver.Bare() is ILocalReferenceOperation { Local: var local } && body.Locals.OnlyValue(local)?.Bare() is IObjectCreationOperation;
}
