using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>Which calls want a cancellation token, which one, and where it is written.</summary>
internal static class TokenCalls
{
    // A token given to these only stops them from starting, or says something else than "stop".
    private static readonly ImmutableHashSet<KnownType> NotMeant = ImmutableHashSet.Create(
        KnownType.CancellationToken, KnownType.CancellationTokenSource, KnownType.TaskFactory, KnownType.TaskFactoryOfT, KnownType.TaskCompletionSource, KnownType.TaskCompletionSourceOfT, KnownType.Parallel);

    // These put things back, whatever has been cancelled.
    private static readonly string[] CleaningUp = ["Dispose", "Rollback", "Release", "Unlock", "Abort", "Cancel"];

    /// <summary>The tokens whose cancellation is meant to stop this operation.</summary>
    public static ImmutableArray<Token> Meant(IOperation operation, Body body)
    {
        var known = body.Compilation.Known;
        if (CleanUp.Contains(operation, known) || IsInExpressionTree(body, known))
        {
            return ImmutableArray<Token>.Empty;
        }

        var tokens = Tokens.At(operation, body).RemoveAll(token => token.IsBorrowed && operation is IInvocationOperation call && ((Waits.IsAwaitable(call.Type, known) && !Joins.InPlace(call) && !(token.IsOfArgument && IsResult(call))) || ComesFromContext(call, body)));
        return tokens.Length > 1 && tokens[0].Symbol is ILocalSymbol ? tokens.RemoveRange(1, tokens.Length - 1) : tokens;
    }

    // Who called waits for it.
    private static bool IsResult(IOperation value)
    {
        while (value.Parent is IConversionOperation or IParenthesizedOperation)
        {
            value = value.Parent;
        }

        return value.Parent is IReturnOperation { Kind: OperationKind.Return };
    }

    /// <summary>Whether no token is meant for the call.</summary>
    public static bool IsElsewhere(IInvocationOperation call, KnownTypes known)
    {
        var method = call.TargetMethod;
        return NotMeant.Contains(known[method.ContainingType])
            || (known[method.ContainingType] is KnownType.Task or KnownType.TaskOfT && method.Name is not ("Delay" or "WaitAsync"))
            || CleaningUp.Any(name => method.Name.StartsWith(name, StringComparison.Ordinal))
            || IsTry(call)
            || GivesHandle(call, known)
            || TakesSeveral(call, known)
            || IsRacing(call, known);
    }

    /// <summary>Whether the call makes the stream that an <c>await foreach</c> runs over, with a token that WithCancellation reaches: it is for the loop to give it.</summary>
    public static bool IsEnumerated(IInvocationOperation call, KnownTypes known)
    {
        var value = (IOperation)call;
        while (value.Parent is IConversionOperation or IParenthesizedOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } or IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } })
        {
            value = value.Parent;
        }

        return value.Parent is IForEachLoopOperation { IsAsynchronous: true } && call.TargetMethod.Parameters.Any(parameter => Tokens.IsToken(parameter.Type, known) && IsOfEnumerator(parameter));
    }

    /// <summary>Whether WithCancellation reaches the parameter.</summary>
    public static bool IsOfEnumerator(IParameterSymbol parameter) => parameter.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "EnumeratorCancellationAttribute");

    /// <summary>Whether the call is given a token, or is made on what has one.</summary>
    public static bool HasToken(IInvocationOperation call, CompilationModel compilation) =>
        call.Arguments.Any(argument => argument.ArgumentKind == ArgumentKind.Explicit && Carries(argument.Value, compilation))
        || (call.Instance is { } receiver and not IInstanceReferenceOperation && Carries(receiver, compilation));

    /// <summary>Whether the value is a token, its source, or a context that brings its own token along.</summary>
    public static bool Carries(IOperation value, CompilationModel compilation) =>
        value.Bare() is { Type: { } type } && (Tokens.IsToken(type, compilation.Known) || compilation.Known[type] == KnownType.CancellationTokenSource || compilation.TokenCarriedBy(type) is not null);

    // Wait(0) does not wait.
    private static bool IsTry(IInvocationOperation call) =>
        call.TargetMethod.Name is "Wait" or "WaitAsync" or "WaitOne" or "TryTake" or "TryAdd"
        && call.Arguments.Any(argument => argument.Value.ConstantValue is { HasValue: true, Value: 0 } || argument.Value is IFieldReferenceOperation { Field.Name: "Zero" });

    // The loser of WhenAny: if the token ended it, the winner would be mistaken.
    private static bool IsRacing(IInvocationOperation call, KnownTypes known)
    {
        var value = (IOperation)call;
        while (value.Parent is { } parent && (parent is IConversionOperation || parent.IsListing()))
        {
            value = parent;
        }

        return value.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "WhenAny" } race } && known[race.TargetMethod.ContainingType] == KnownType.Task;
    }

    // What was got from a context that carries the token knows the token, or goes on without it on purpose (to tell of a failure).
    private static bool ComesFromContext(IInvocationOperation call, Body body)
    {
        var receiver = call.Receiver()?.Bare();
        return receiver is ILocalReferenceOperation { Local: var local } && body.Locals.OnlyValue(local) is { } value
            && !value.DescendantsAndSelf().Any(part => part is IObjectCreationOperation)
            && value.DescendantsAndSelf().Any(part => part is IParameterReferenceOperation && body.Compilation.TokenCarriedBy(part.Type) is not null);
    }

    // A handle is given at once: the token would say how long it lives.
    private static bool GivesHandle(IInvocationOperation call, KnownTypes known) =>
        !Waits.IsAwaitable(call.Type, known) && (call.Type?.AllInterfaces.Any(implemented => implemented.SpecialType == SpecialType.System_IDisposable) ?? false);

    // One of several that are taken in a loop: cancelled half-way, the ones before would stay taken.
    private static bool TakesSeveral(IInvocationOperation call, KnownTypes known)
    {
        if (known[call.TargetMethod.ContainingType] != KnownType.SemaphoreSlim)
        {
            return false;
        }

        var loop = (IOperation)call;
        while (loop is not (null or ILoopOperation))
        {
            loop = loop.Parent;
        }

        return loop is not null && !loop.Descendants().Any(inner => inner is IInvocationOperation { TargetMethod.Name: "Release" });
    }

    /// <summary>Whether the code is only described, for somebody who translates it.</summary>
    public static bool IsInExpressionTree(Body body, KnownTypes known)
    {
        for (var here = body; here is not null; here = here.Outer)
        {
            if (here.Root?.Parent is IConversionOperation { Type: var type } && known[type] == KnownType.ExpressionOfT)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How <paramref name="token"/> is written into the call, made sure of by binding the result: null when it would not reach the parameter.</summary>
    public static (string Argument, int Index)? Insertion(InvocationExpressionSyntax call, IParameterSymbol parameter, string token, Body body)
    {
        var method = (IMethodSymbol)parameter.ContainingSymbol;
        bool isReduced = method.IsExtensionMethod && method.ReducedFrom is null && !IsStaticCall(call, body);
        int ordinal = parameter.Ordinal - (isReduced ? 1 : 0);
        var arguments = call.ArgumentList.Arguments;
        bool inOrder = arguments.Count >= ordinal && arguments.Take(ordinal).All(argument => argument.NameColon is null);
        var (text, index) = inOrder ? (token, ordinal) : ($"{parameter.Name}: {token}", arguments.Count);
        var forwarded = call.WithArgumentList(call.ArgumentList.WithArguments(arguments.Insert(index, SyntaxFactory.ParseArgumentList($"({text})").Arguments[0])));
        return Bound(call, forwarded, body) is { } bound && SymbolEqualityComparer.Default.Equals(TokenOverloads.Declared(bound), TokenOverloads.Declared(method))
            ? (text, index)
            : null;
    }

    private static bool IsStaticCall(InvocationExpressionSyntax call, Body body) =>
        call.Expression is not MemberAccessExpressionSyntax { Expression: var receiver }
            ? call.Expression is not MemberBindingExpressionSyntax
            : body.Semantics.GetSymbolInfo(receiver).Symbol is INamedTypeSymbol or INamespaceSymbol;

    private static IMethodSymbol? Bound(InvocationExpressionSyntax call, InvocationExpressionSyntax forwarded, Body body)
    {
        // `a?.B()` is bound as `a.B()`: its second half means nothing alone.
        if (call.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>() is { } access
            && access.WhenNotNull.Span.Contains(call.Span)
            && forwarded.DescendantNodes().OfType<MemberBindingExpressionSyntax>().FirstOrDefault() is { } binding)
        {
            forwarded = forwarded.ReplaceNode(binding, SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, access.Expression, binding.Name));
        }

        return body.Semantics.GetSpeculativeSymbolInfo(call.SpanStart, forwarded, SpeculativeBindingOption.BindAsExpression).Symbol as IMethodSymbol;
    }
}
