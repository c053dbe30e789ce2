using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Channels;

/// <summary>How a channel was made.</summary>
/// <param name="Creation">The call or object creation.</param>
/// <param name="Capacity">How many items it holds: 0 is a rendezvous; null when it is not known, or when there is no limit.</param>
/// <param name="IsUnbounded">Whether there is no limit.</param>
/// <param name="Drops">Whether a full channel may drop an item instead of letting the sender wait.</param>
/// <param name="SingleReader">Where one reader at a time is promised; null where it is not.</param>
/// <param name="SingleWriter">Where one writer at a time is promised; null where it is not.</param>
internal sealed record ChannelMake(IOperation Creation, int? Capacity, bool IsUnbounded, bool Drops, IOperation? SingleReader, IOperation? SingleWriter)
{
    /// <summary>Gets a value indicating whether it is made by the package's own channel type.</summary>
    public bool IsChan => Creation is IObjectCreationOperation;

    /// <summary>Gets a value indicating whether a sender waits until a receiver is there.</summary>
    public bool IsRendezvous => Capacity == 0;

    /// <summary>What <paramref name="operation"/> makes; null when that is no channel.</summary>
    public static ChannelMake? Of(IOperation operation, Body body) => operation switch
    {
        IObjectCreationOperation creation when body.Compilation.Known[creation.Type] == KnownType.Chan =>
            new(creation, creation.Arguments.Length == 0 ? 0 : Number(creation.Arguments[0].Value), false, false, null, null),
        IInvocationOperation { TargetMethod: var method } call when body.Compilation.Known[method.ContainingType] == KnownType.Channel => method.Name switch
        {
            "CreateBounded" when call.Arguments.Length > 0 => OfArgument(call, body),
            "CreateUnbounded" or "CreateUnboundedPrioritized" => OfArgument(call, body) with { IsUnbounded = true, Capacity = null, Drops = false },
            _ => null,
        },
        _ => null,
    };

    private static ChannelMake OfArgument(IInvocationOperation call, Body body)
    {
        var argument = call.Arguments.FirstOrDefault()?.Value.Bare();
        if (argument?.Type?.SpecialType == SpecialType.System_Int32)
        {
            return new(call, Number(argument), false, false, null, null);
        }

        var options = argument is ILocalReferenceOperation { Local: var local } && body.Locals.OnlyValue(local) is { } only ? only.Bare() : argument;
        if (options is not IObjectCreationOperation creation)
        {
            // What the options say is not known: nothing is promised, and items may be dropped.
            return new(call, null, false, argument is not null, null, null);
        }

        var capacity = creation.Arguments.FirstOrDefault()?.Value;
        return new(
            call,
            capacity is null ? null : Number(capacity),
            false,
            Value(creation, "FullMode") is { } mode && mode.Bare() is not IFieldReferenceOperation { Field.Name: "Wait" },
            Promise(creation, "SingleReader"),
            Promise(creation, "SingleWriter"));
    }

    private static IOperation? Promise(IObjectCreationOperation options, string name) =>
        Value(options, name) is { ConstantValue: { HasValue: true, Value: true } } promise ? promise.Parent : null;

    private static IOperation? Value(IObjectCreationOperation options, string name) => options.Initializer?.Initializers
        .OfType<ISimpleAssignmentOperation>()
        .FirstOrDefault(assignment => assignment.Target is IPropertyReferenceOperation { Property.Name: var property } && property == name)?.Value;

    private static int? Number(IOperation value) => value.ConstantValue is { HasValue: true, Value: int number } ? number : null;
}
