using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A stream that its consumer cannot cancel: the iterator does not take the token, or the loop does not give it.</summary>
internal sealed class StreamWithoutToken : Rule
{
    internal const string Id = "SLC1011";

    /// <summary>The token that the fix gives to the loop; absent where there is a choice.</summary>
    internal const string Token = nameof(Token);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Stream that cannot be cancelled",
        "{0}",
        Family.Context,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Who enumerates a stream gives his token with WithCancellation, and an async iterator gets it in the parameter that is marked [EnumeratorCancellation]. Where either is missing, the stream goes on when nobody wants it any more.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Async;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.BodiesThatMention(Mentions.Async).Where(IsAsync))
        {
            if (UnmarkedToken(body) is { } token)
            {
                report(Diagnostic.Create(
                    Descriptor,
                    token.Locations[0],
                    $"The token of 'WithCancellation' never reaches '{token.Name}', so who enumerates this cannot cancel it: mark '{token.Name}' with [EnumeratorCancellation]"));
            }
        }

        var overloads = new TokenOverloads(type.Known);
        foreach (var body in type.BodiesWithToken)
        {
            foreach (var loop in body.Operations.OfType<IForEachLoopOperation>().Where(loop => loop.IsAsynchronous))
            {
                if (loop.Syntax is CommonForEachStatementSyntax syntax && loop.Collection.Bare() is var stream && IsStream(stream.Type, type.Known) && MayListen(stream, body)
                    && !stream.DescendantsAndSelf().OfType<IInvocationOperation>().Any(call => !TokenCalls.IsEnumerated(call, type.Known) && overloads.Target(call, body) is not null)
                    && TokenCalls.Meant(loop, body) is [var meant, ..] tokens)
                {
                    report(Diagnostic.Create(
                        Descriptor,
                        syntax.Expression.GetLocation(),
                        tokens is [{ LinkedBy: null }] ? ImmutableDictionary<string, string?>.Empty.Add(Token, meant.Expression) : null,
                        $"This loop goes on when '{meant.Name}' is cancelled: the stream is not given it; say '.WithCancellation({meant.Name})'"));
                }
            }
        }
    }

    private static bool IsAsync(Body body) => body.Symbol is IMethodSymbol { IsAsync: true };

    // The first token parameter of an async iterator none of whose parameters takes the token of the enumeration.
    private static IParameterSymbol? UnmarkedToken(Body body)
    {
        var known = body.Compilation.Known;
        if (body.Symbol is not IMethodSymbol method || known[method.ReturnType] != KnownType.AsyncEnumerable)
        {
            return null;
        }

        var tokens = method.Parameters.Where(parameter => known[parameter.Type] == KnownType.CancellationToken).ToList();
        return tokens.Count > 0 && !tokens.Exists(TokenCalls.IsOfEnumerator) && body.Operations.Any(operation => operation is IReturnOperation { Kind: OperationKind.YieldReturn or OperationKind.YieldBreak }) ? tokens[0] : null;
    }

    private static bool IsStream(ITypeSymbol? type, KnownTypes known) =>
        known[type] is KnownType.AsyncEnumerable or KnownType.ConfiguredCancelableAsyncEnumerable || (type?.AllInterfaces.Any(implemented => known[implemented] == KnownType.AsyncEnumerable) ?? false);

    // Whether a token given to the loop would reach the producer, and none has been given yet.
    private static bool MayListen(IOperation stream, Body body)
    {
        return stream.DescendantsAndSelf().All(part => part switch
        {
            ILocalReferenceOperation { Local: var local } when IsStream(local.Type, body.Compilation.Known) => body.Locals.OnlyValue(local) is { } value && value.Bare() is not ILocalReferenceOperation && MayListen(value.Bare(), body),
            IInvocationOperation call => call.TargetMethod.Name != "WithCancellation" && !IsDeaf(call.TargetMethod, body.Compilation.Known),
            IArgumentOperation { IsImplicit: true } or IDefaultValueOperation { IsImplicit: true } => true,
            _ => !TokenCalls.Carries(part, body.Compilation),
        });
    }

    // An iterator of this compilation without a token for the enumeration has nothing to look at.
    private static bool IsDeaf(IMethodSymbol producer, KnownTypes known) => producer.IsAsync
        && producer.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is MethodDeclarationSyntax or LocalFunctionStatementSyntax)
        && !producer.Parameters.Any(TokenCalls.IsOfEnumerator);
}
