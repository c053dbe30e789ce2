using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A cancellation token is in scope and is not passed to a call that could take it.</summary>
internal sealed class ForwardToken : Rule
{
    public const string Id = "SLC1002";

    /// <summary>The argument that the fix inserts; without it the fix is not offered.</summary>
    public const string Argument = "argument";

    /// <summary>Where in the argument list the fix inserts it.</summary>
    public const string Index = "index";

    // A token given to these only stops them from starting, or says something else than "stop".
    private static readonly ImmutableHashSet<KnownType> NotMeant = ImmutableHashSet.Create(
        KnownType.CancellationToken, KnownType.CancellationTokenSource, KnownType.TaskFactory, KnownType.TaskFactoryOfT, KnownType.TaskCompletionSource, KnownType.TaskCompletionSourceOfT, KnownType.Parallel);

    // These put things back, whatever has been cancelled.
    private static readonly string[] CleaningUp = ["Dispose", "Rollback", "Release", "Unlock", "Abort", "Cancel"];

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Cancellation token not forwarded",
        "'{0}' is not given '{1}': it goes on after '{1}' is cancelled. Pass '{1}'.",
        Family.Context,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Cancellation reaches only the calls that get the token. When the caller cancels, a call without it keeps running, and the caller waits for work whose result nobody wants. Pass the token on, or pass CancellationToken.None to say that the work must be finished.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Token | Mentions.Async;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        var overloads = new TokenOverloads(type.Known);
        foreach (var body in type.Bodies.Where(body => Tokens.MayBeIn(body, type)).SelectMany(body => body.All))
        {
            foreach (var operation in body.Operations)
            {
                type.Cancellation.ThrowIfCancellationRequested();
                var found = operation switch
                {
                    IInvocationOperation call => OfCall(call, body, overloads),
                    IForEachLoopOperation { IsAsynchronous: true } loop => OfLoop(loop, body, overloads),
                    _ => null,
                };

                if (found is not null)
                {
                    report(found);
                }
            }
        }
    }

    private Diagnostic? OfCall(IInvocationOperation call, Body body, TokenOverloads overloads)
    {
        // The questions that most calls fail come first, and those that load types or bind come last.
        var known = body.Compilation.Known;
        if (call.Syntax is not InvocationExpressionSyntax syntax || IsElsewhere(call, known) || overloads.Target(call, body) is not { } target || !Waits.For(call, body, known))
        {
            return null;
        }

        var tokens = Meant(call, body);
        return !tokens.IsEmpty && !HasToken(call, body.Compilation) && Insertion(syntax, target, tokens[0], body) is { } insertion
            ? Found(NameIn(syntax), call.TargetMethod.Name, tokens, insertion.Argument, insertion.Index)
            : null;
    }

    private Diagnostic? OfLoop(IForEachLoopOperation loop, Body body, TokenOverloads overloads)
    {
        var known = body.Compilation.Known;
        var stream = loop.Collection.Bare();
        if (loop.Syntax is not CommonForEachStatementSyntax syntax || !IsStream(stream.Type, known) || !MayListen(stream, body))
        {
            return null;
        }

        var tokens = Meant(loop, body);
        return tokens.IsEmpty || stream.DescendantsAndSelf().OfType<IInvocationOperation>().Any(call => overloads.Target(call, body) is not null)
            ? null
            : Found(syntax.Expression.GetLocation(), syntax.Expression.ToString(), tokens, tokens[0].Expression, index: null);
    }

    private Diagnostic Found(Location location, string what, ImmutableArray<Token> tokens, string argument, int? index)
    {
        var properties = ImmutableDictionary<string, string?>.Empty;
        if (tokens.Length == 1)
        {
            properties = properties.Add(Argument, argument).Add(Index, index?.ToString(CultureInfo.InvariantCulture));
        }

        return Diagnostic.Create(Descriptor, location, properties, what, tokens[0].Name);
    }

    // The tokens whose cancellation is meant to stop this operation.
    private static ImmutableArray<Token> Meant(IOperation operation, Body body)
    {
        var known = body.Compilation.Known;
        if (CleanUp.Contains(operation, known) || IsInExpressionTree(body, known))
        {
            return ImmutableArray<Token>.Empty;
        }

        // Under a linked source its token is the one to pass: another rule's business.
        var tokens = Tokens.At(operation, body).RemoveAll(token => token.LinkedBy is not null || (token.IsBorrowed && operation is IInvocationOperation call && (!Joins.InPlace(call) || ComesFromContext(call, body))));
        return tokens.Length > 1 && tokens[0].Symbol is ILocalSymbol ? tokens.RemoveRange(1, tokens.Length - 1) : tokens;
    }

    // Calls that no token is meant for.
    private static bool IsElsewhere(IInvocationOperation call, KnownTypes known)
    {
        var method = call.TargetMethod;
        return NotMeant.Contains(known[method.ContainingType])
            || (known[method.ContainingType] is KnownType.Task or KnownType.TaskOfT && method.Name != "Delay")
            || CleaningUp.Any(name => method.Name.StartsWith(name, StringComparison.Ordinal))
            || IsTry(call)
            || GivesHandle(call, known)
            || TakesSeveral(call, known)
            || IsRacing(call, known);
    }

    private static bool HasToken(IInvocationOperation call, CompilationModel compilation) =>
        call.Arguments.Any(argument => argument.ArgumentKind == ArgumentKind.Explicit && Carries(argument.Value, compilation))
        || (call.Instance is { } receiver and not IInstanceReferenceOperation && Carries(receiver, compilation));

    // A token, its source, or a context that brings its own token along.
    private static bool Carries(IOperation value, CompilationModel compilation) =>
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
        var known = body.Compilation.Known;
        var receiver = call.Receiver()?.Bare();
        return receiver is ILocalReferenceOperation { Local: var local } && body.Locals.OnlyValue(local) is { } value
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

    private static bool IsInExpressionTree(Body body, KnownTypes known)
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

    // How the token is written into the call, made sure of by binding the result: null when it would not reach the parameter.
    private static (string Argument, int Index)? Insertion(InvocationExpressionSyntax call, IParameterSymbol parameter, Token token, Body body)
    {
        var method = (IMethodSymbol)parameter.ContainingSymbol;
        bool isReduced = method.IsExtensionMethod && method.ReducedFrom is null && !IsStaticCall(call, body);
        int ordinal = parameter.Ordinal - (isReduced ? 1 : 0);
        var arguments = call.ArgumentList.Arguments;
        bool inOrder = arguments.Count >= ordinal && arguments.Take(ordinal).All(argument => argument.NameColon is null);
        var (text, index) = inOrder ? (token.Expression, ordinal) : ($"{parameter.Name}: {token.Expression}", arguments.Count);
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

    private static Location NameIn(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.GetLocation(),
        MemberBindingExpressionSyntax member => member.Name.GetLocation(),
        _ => call.Expression.GetLocation(),
    };

    private static bool IsStream(ITypeSymbol? type, KnownTypes known) =>
        known[type] is KnownType.AsyncEnumerable or KnownType.ConfiguredCancelableAsyncEnumerable || (type?.AllInterfaces.Any(implemented => known[implemented] == KnownType.AsyncEnumerable) ?? false);

    // Whether a token given to the loop would reach the producer, and none has been given yet.
    private static bool MayListen(IOperation stream, Body body)
    {
        return stream.DescendantsAndSelf().All(part => part switch
        {
            ILocalReferenceOperation { Local: var local } when IsStream(local.Type, body.Compilation.Known) => body.Locals.OnlyValue(local) is { } value && value.Bare() is not ILocalReferenceOperation && MayListen(value.Bare(), body),
            IInvocationOperation call => call.TargetMethod.Name != "WithCancellation" && !IsDeaf(call.TargetMethod),
            _ => !Carries(part, body.Compilation),
        });
    }

    // An iterator of this compilation without a token of its own has nothing to look at.
    private static bool IsDeaf(IMethodSymbol producer) => producer.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is MethodDeclarationSyntax or LocalFunctionStatementSyntax
        && producer.IsAsync);
}
