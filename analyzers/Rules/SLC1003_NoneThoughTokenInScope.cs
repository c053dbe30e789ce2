using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>CancellationToken.None is passed although a token is in scope.</summary>
internal sealed class NoneThoughTokenInScope : Rule
{
    internal const string Id = "SLC1003";

    /// <summary>The expression of the token that is in scope.</summary>
    internal const string Replacement = nameof(Replacement);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "CancellationToken.None although a token is in scope",
        "'{0}' cannot be cancelled here, though '{1}' is in scope: who cancels that waits until this is over; pass it",
        Family.Context,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A call that is given CancellationToken.None goes on when its caller has given up. Where that is meant, as when something is cleaned up, it stands in a finally, a catch or after the cancellation.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Token | Mentions.Async;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.BodiesWithToken)
        {
            foreach (var call in body.Operations.OfType<IInvocationOperation>())
            {
                if (call.Arguments.FirstOrDefault(argument => IsNone(argument, body)) is { } none && IsMeant(call, body) && (Tokens.At(call, body).Select(Linked).FirstOrDefault(token => !token.IsBorrowed || token.IsOfArgument) ?? Tokens.MadeHere(call, body)) is { } token)
                {
                    report(Diagnostic.Create(
                        Descriptor,
                        none.Value.Syntax.GetLocation(),
                        ImmutableDictionary<string, string?>.Empty.Add(Replacement, token.Expression),
                        call.TargetMethod.Name,
                        token.Name));
                }
            }
        }
    }

    // Under a linked source its token is the one to pass.
    private static Token Linked(Token token) => token.LinkedBy is { } source ? new($"{source.Name}.Token", token.Symbol, token.IsBorrowed) : token;

    private static bool IsNone(IArgumentOperation argument, Body body) => argument is { IsImplicit: false, ArgumentKind: ArgumentKind.Explicit, Parameter.Type: { Name: "CancellationToken", ContainingNamespace.Name: "Threading" } }
        && (Tokens.IsNone(argument.Value) || (argument.Value.Bare() is ILocalReferenceOperation { Local: var local } && body.Locals.OnlyValue(local) is { } value && Tokens.IsNone(value)));

    // It waits for something, here and now, and is not there to clean up.
    private static bool IsMeant(IInvocationOperation call, Body body)
    {
        var known = body.Compilation.Known;
        return Waits.For(call, body, known)
            && !(known[call.TargetMethod.ContainingType] is KnownType.Task or KnownType.TaskOfT or KnownType.TaskFactory or KnownType.TaskFactoryOfT or KnownType.TaskCompletionSource or KnownType.TaskCompletionSourceOfT && call.TargetMethod.Name != "Delay")
            && (!Waits.IsAwaitable(call.Type, known) || Fate.Of(call, body.Places).Kind != FateKind.Dropped)
            && !CleanUp.Contains(call, known)
            && !Tokens.IsEnding(call.TargetMethod.Name)
            && !call.TargetMethod.Name.StartsWith("Rollback", StringComparison.Ordinal)
            && !(body.Outermost.Symbol is IMethodSymbol method && Tokens.IsEnding(method.Name));
    }
}
