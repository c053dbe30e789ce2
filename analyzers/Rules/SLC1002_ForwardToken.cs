using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
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

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Cancellation token not forwarded",
        "'{0}' is not given '{1}': it goes on after '{1}' is cancelled. Pass '{1}'.",
        Family.Context,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Cancellation reaches only the calls that get the token. When the caller cancels, a call without it keeps running, and the caller waits for work whose result nobody wants. Pass the token on, or pass CancellationToken.None to say that the work must be finished.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Token | Mentions.Async | Mentions.Context;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        var overloads = new TokenOverloads(type.Known);
        foreach (var body in type.BodiesWithToken)
        {
            foreach (var operation in body.Operations)
            {
                type.Cancellation.ThrowIfCancellationRequested();
                if (operation is IInvocationOperation call && OfCall(call, body, overloads) is { } found)
                {
                    report(found);
                }
            }
        }
    }

    // What the call could take, and what it could be given. The questions that most calls fail come first, and those that load types or bind come last.
    private static (IParameterSymbol Target, ImmutableArray<Token> Tokens)? Missing(IInvocationOperation call, Body body, TokenOverloads overloads)
    {
        var known = body.Compilation.Known;
        if (TokenCalls.IsElsewhere(call, known) || TokenCalls.IsEnumerated(call, known) || overloads.Target(call, body) is not { } target || !Waits.For(call, body, known))
        {
            return null;
        }

        var tokens = TokenCalls.Meant(call, body);
        return tokens.IsEmpty || TokenCalls.HasToken(call, body.Compilation) ? null : (target, tokens);
    }

    private Diagnostic? OfCall(IInvocationOperation call, Body body, TokenOverloads overloads)
    {
        if (Missing(call, body, overloads) is not var (target, tokens) || call.Syntax is not InvocationExpressionSyntax syntax)
        {
            return null;
        }

        // What is listed for `params` has to become an array first: that is left to the reader.
        return TokenCalls.Insertion(syntax, target, tokens[0].Expression, body) is { } insertion ? Found(NameIn(syntax), call.TargetMethod.Name, tokens, insertion)
            : IsListed(call, target) ? Found(NameIn(syntax), call.TargetMethod.Name, tokens, null)
            : null;
    }

    private Diagnostic Found(Location location, string what, ImmutableArray<Token> tokens, (string Argument, int Index)? insertion)
    {
        var properties = ImmutableDictionary<string, string?>.Empty;
        // Under a linked source there are two to choose from.
        if (tokens is [{ LinkedBy: null }] && insertion is { } place)
        {
            properties = properties.Add(Argument, place.Argument).Add(Index, place.Index.ToString(CultureInfo.InvariantCulture));
        }

        return Diagnostic.Create(Descriptor, location, properties, what, tokens[0].Name);
    }

    private static bool IsListed(IInvocationOperation call, IParameterSymbol token) =>
        call.TargetMethod.Parameters is [.., { IsParams: true }] && !((IMethodSymbol)token.ContainingSymbol).Parameters.Any(parameter => parameter.IsParams) && call.Arguments.Any(argument => argument.ArgumentKind == ArgumentKind.ParamArray);

    private static Location NameIn(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.GetLocation(),
        MemberBindingExpressionSyntax member => member.Name.GetLocation(),
        _ => call.Expression.GetLocation(),
    };
}
