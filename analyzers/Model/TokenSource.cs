using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>A cancellation source that is made, and that something holds until it is disposed: the tokens that it is linked to, or a timer.</summary>
/// <param name="Made">The creation.</param>
/// <param name="Parent">The token from outside that it is linked to; null when there is none.</param>
/// <param name="IsTimed">Whether it is made with a timeout.</param>
internal sealed record TokenSource(IOperation Made, IOperation? Parent, bool IsTimed)
{
    /// <summary>The source that <paramref name="operation"/> makes; null when it makes none.</summary>
    public static TokenSource? Of(IOperation operation, Body body) => operation switch
    {
        IInvocationOperation { TargetMethod: { Name: "CreateLinkedTokenSource", ContainingType: { } owner } } call when body.Compilation.Known[owner] == KnownType.CancellationTokenSource
            => new(call, call.Arguments.SelectMany(argument => argument.Value.Items()).FirstOrDefault(token => IsFromOutside(token, body)), IsTimed: false),
        IInvocationOperation { TargetMethod: { Name: "CreateCancellationTokenSource", ContainingType.Name: "TimeProvider" or "TimeProviderTaskExtensions" } } call
            => new(call, null, call.Arguments.Any(argument => IsTime(argument.Value))),
        IObjectCreationOperation creation when body.Compilation.Known[creation.Type] == KnownType.CancellationTokenSource
            => new(creation, null, creation.Arguments.Any(argument => IsTime(argument.Value))),
        _ => null,
    };

    // The token of a source that is made in the same member dies with it.
    private static bool IsFromOutside(IOperation token, Body body) => !Tokens.IsNone(token) && token.Bare() switch
    {
        IPropertyReferenceOperation { Property.Name: "Token", Instance: { } source } => !IsMadeHere(source, body),
        ILocalReferenceOperation { Local: var local } when body.Locals.OnlyValue(local) is { } value && value.Bare() is IPropertyReferenceOperation { Property.Name: "Token", Instance: { } source } => !IsMadeHere(source, body),
        _ => true,
    };

    private static bool IsMadeHere(IOperation source, Body body) => source.Bare() switch
    {
        ILocalReferenceOperation { Local: var local } => body.Locals.OnlyValue(local) is { } value && value.Bare() is IObjectCreationOperation,
        IObjectCreationOperation => true,
        _ => false,
    };

    private static bool IsTime(IOperation value) => value.Type is { SpecialType: SpecialType.System_Int32 } or { Name: "TimeSpan" }
        && value.Bare() is var time && time.ConstantValue is not { HasValue: true, Value: -1 } && time is not IFieldReferenceOperation { Field.Name: "InfiniteTimeSpan" or "Infinite" };
}

/// <summary>What a use of a cancellation source does to it.</summary>
internal enum SourceUse
{
    /// <summary>Looks at it, or takes its token.</summary>
    Plain,

    /// <summary>Cancels or disposes it.</summary>
    Ends,

    /// <summary>Gives it to somebody else.</summary>
    HandsOn,
}

/// <summary>Tells the uses of cancellation sources from each other.</summary>
internal static class SourceUses
{
    private const int Deepest = 2;

    /// <summary>What is done with the source that <paramref name="use"/> denotes.</summary>
    public static SourceUse Of(IOperation use, Body body, System.Threading.CancellationToken cancellation) => Of(use, body, Deepest, cancellation);

    private static SourceUse Of(IOperation use, Body body, int depth, System.Threading.CancellationToken cancellation)
    {
        var value = use;
        while (value.Parent is IConversionOperation or IParenthesizedOperation)
        {
            value = value.Parent;
        }

        switch (value.Parent)
        {
            case IConditionalAccessOperation access when access.Operation == value:
                return access.WhenNotNull.DescendantsAndSelf().OfType<IConditionalAccessInstanceOperation>().FirstOrDefault() is { } inside ? Of(inside, body, depth, cancellation) : SourceUse.HandsOn;
            case IInvocationOperation call when call.Instance == value:
                return call.TargetMethod.Name is "Dispose" or "Cancel" or "CancelAsync" ? SourceUse.Ends : SourceUse.Plain;
            case IPropertyReferenceOperation or IBinaryOperation or INameOfOperation or IExpressionStatementOperation or IIsTypeOperation:
            case IIsPatternOperation { Pattern: IConstantPatternOperation or INegatedPatternOperation { Pattern: IConstantPatternOperation } }:
            case ISimpleAssignmentOperation assignment when assignment.Target == value:
            case ICoalesceAssignmentOperation coalesce when coalesce.Target == value:
                return SourceUse.Plain;
            case IUsingOperation:
                return SourceUse.Ends;
            case IVariableInitializerOperation when value.IsUsingResource():
                return SourceUse.Ends;
            case IArgumentOperation { Parameter: { RefKind: RefKind.None } parameter, Parent: IInvocationOperation call }:
                return OfArgument(parameter, call, body, depth, cancellation);
            default:
                return SourceUse.HandsOn;
        }
    }

    // A callee whose code is known may only look at it.
    private static SourceUse OfArgument(IParameterSymbol parameter, IInvocationOperation call, Body body, int depth, System.Threading.CancellationToken cancellation)
    {
        var method = call.TargetMethod;
        if (method is { Name: "ThrowIfNull" or "KeepAlive" })
        {
            return SourceUse.Plain;
        }

        if (depth == 0 || method.IsVirtual || method.IsAbstract || method.IsOverride)
        {
            return SourceUse.HandsOn;
        }

        var callee = method.MethodKind == MethodKind.LocalFunction
            ? body.Outermost.InnerOf(method)
            : body.Compilation.DeclarationOf(method.OriginalDefinition, cancellation) is { } declaration ? Body.Of(declaration, body.Compilation, cancellation) : null;
        if (callee?.Root is null)
        {
            return SourceUse.HandsOn;
        }

        var uses = from inner in callee.All
                   from reference in inner.Operations.OfType<IParameterReferenceOperation>()
                   where SymbolEqualityComparer.Default.Equals(reference.Parameter, parameter.OriginalDefinition)
                   select Of(reference, inner, depth - 1, cancellation);
        return Strongest(uses);
    }

    private static SourceUse Strongest(IEnumerable<SourceUse> uses) => uses.DefaultIfEmpty(SourceUse.Plain).Max();
}
