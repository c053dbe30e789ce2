using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Channels;

namespace Sluice.Rules;

/// <summary>Whether a send or receive that does not wait took place is not looked at.</summary>
internal sealed class ResultIgnored : Rule
{
    internal const string Id = "SLC2005";

    /// <summary>What a fix can make of it in async code: <c>Send</c> or <c>Receive</c>.</summary>
    internal const string Instead = "Instead";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Result of TryWrite or TryRead ignored",
        "'{0}' tells whether it did anything, and nobody looks: {1}",
        Family.Channels,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "TryWrite (TrySend of a Chan) answers false when the channel is full or closed, and then the item is gone. TryRead (TryReceive) answers false when there is nothing, and then the variable holds a default value. Look at the result, or await the form that waits.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Channel;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.BodiesThatMention(Mentions.Channel))
        {
            foreach (var call in body.Operations.OfType<IInvocationOperation>().Where(call => call.Parent is IExpressionStatementOperation or IConditionalAccessOperation { Parent: IExpressionStatementOperation } && IsOfChannel(call, type.Known)))
            {
                if (WhatIsLost(call, body, type) is { } lost)
                {
                    bool canAwait = body.Symbol is IMethodSymbol { IsAsync: true } && call.Syntax.Parent is ExpressionStatementSyntax && !call.IsInLockStatement();
                    report(Diagnostic.Create(
                        Descriptor,
                        call.Syntax.GetLocation(),
                        canAwait ? ImmutableDictionary<string, string?>.Empty.Add(Instead, IsSend(call) ? "Send" : "Receive") : null,
                        call.TargetMethod.Name,
                        lost));
                }
            }
        }
    }

    private static bool IsOfChannel(IInvocationOperation call, KnownTypes known) =>
        call.TargetMethod.Name is "TryWrite" or "TrySend" or "TryRead" or "TryReceive" && known[call.TargetMethod.ContainingType] is KnownType.ChannelWriter or KnownType.ChannelReader or KnownType.Chan;

    private static bool IsSend(IInvocationOperation call) => call.TargetMethod.Name is "TryWrite" or "TrySend";

    private static string? WhatIsLost(IInvocationOperation call, Body body, TypeModel type)
    {
        if (!IsSend(call))
        {
            return IsLeftEmpty(call, body) ? "when there is nothing to receive, it goes on with a default value" : null;
        }

        // Which channel it is must be known: one without a limit, or one that drops by itself, takes everything while it is open.
        var channels = type.Channels.Where(channel => channel.Uses.Any(use => use.Operation.Syntax == call.Syntax)).ToList();
        bool mayBeFull = channels.Count > 0
            ? channels.All(channel => !channel.Make.IsUnbounded && !channel.Make.Drops && !IsFirst(call, body, channel))
            : type.Known[call.TargetMethod.ContainingType] == KnownType.Chan;
        return mayBeFull && !IsMereSignal(call.Arguments[0].Value) ? "when the channel is full, the item is lost" : null;
    }

    // The first that goes into a new channel has its place.
    private static bool IsFirst(IInvocationOperation call, Body body, TracedChannel channel) =>
        channel.Make.Capacity != 0 && channel.Uses.First(use => use.IsSend).Operation.Syntax == call.Syntax
        && (channel.MadeIn == body || body.Symbol is IMethodSymbol { MethodKind: MethodKind.Constructor })
        && !call.Syntax.Ancestors().Any(node => node is ForStatementSyntax or ForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax or AnonymousFunctionExpressionSyntax);

    // One of many equal signals: a full channel has one already.
    private static bool IsMereSignal(IOperation item) => item.Type is { SpecialType: SpecialType.System_Boolean or SpecialType.System_Object or SpecialType.System_Byte } or { Name: "ValueTuple" or "Unit" or "Void" }
        || item.Bare() is IDefaultValueOperation or ITupleOperation { Elements.IsEmpty: true };

    // Who drops the item means to drop it; who waited until something was there, and looked at the answer, knows that there is.
    private static bool IsLeftEmpty(IInvocationOperation call, Body body) => call.Arguments.FirstOrDefault(argument => argument.Parameter?.RefKind == RefKind.Out) is { Value: not IDiscardOperation } item
        && !body.Operations.OfType<IInvocationOperation>().Any(other => other.TargetMethod.Name is "WaitToReadAsync" or "TryPeek" && other.Syntax.SpanStart < call.Syntax.SpanStart && IsLookedAt(other))
        && !body.Operations.OfType<IPropertyReferenceOperation>().Any(property => property.Property.Name == "Count" && property.Syntax.SpanStart < call.Syntax.SpanStart && body.Compilation.Known[property.Property.ContainingType] is KnownType.ChannelReader or KnownType.Chan)
        && !IsTested(item.Value, body, call);

    private static bool IsLookedAt(IInvocationOperation wait)
    {
        IOperation outer = wait;
        while (outer.Parent is IAwaitOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" or "GetAwaiter" or "GetResult" } or IArgumentOperation)
        {
            outer = outer.Parent;
        }

        return outer.Parent is not IExpressionStatementOperation;
    }

    // `if (item is null)` looks at the answer as well.
    private static bool IsTested(IOperation item, Body body, IOperation call) => ChannelTracer.SymbolOf(item) is { } variable && body.Operations.Any(operation =>
        operation.Syntax.SpanStart > call.Syntax.Span.End && operation is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation
        && SymbolEqualityComparer.Default.Equals(ChannelTracer.SymbolOf(operation), variable)
        && operation.Parent is IIsPatternOperation or IBinaryOperation or ICoalesceOperation or IConditionalAccessOperation or IIsTypeOperation or IConversionOperation { Parent: IBinaryOperation or IIsPatternOperation });
}
