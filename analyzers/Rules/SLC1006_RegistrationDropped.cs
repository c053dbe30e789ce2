using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>What Register gives is dropped, so the callback stays with the token for as long as that lives.</summary>
internal sealed class RegistrationDropped : Rule
{
    internal const string Id = "SLC1006";

    /// <summary>Set when a using to the end of the block is right: the code awaits there what the callback ends.</summary>
    internal const string ToUsing = nameof(ToUsing);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Registration with a token dropped",
        "Nobody disposes this registration, so '{0}' keeps the callback, and all that it uses, until it is cancelled or collected: one more each time",
        Family.Context,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A token often lives as long as the program. What is registered with it stays there, and is called when the program stops, unless the registration is disposed when its work is over.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Register;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.BodiesThatMention(Mentions.Register))
        {
            foreach (var call in body.Operations.OfType<IInvocationOperation>().Where(call => call.TargetMethod.Name is "Register" or "UnsafeRegister" && type.Known[call.TargetMethod.ContainingType] == KnownType.CancellationToken))
            {
                if (IsDropped(call, body) && call.Instance is { } token && Outlives(token, body))
                {
                    report(Diagnostic.Create(
                        Descriptor,
                        call.Syntax.GetLocation(),
                        IsAwaitedAfter(call, body) ? ImmutableDictionary<string, string?>.Empty.Add(ToUsing, null) : null,
                        token.Syntax.ToString()));
                }
            }
        }
    }

    // Nobody has it, or a local that nobody looks at again.
    private static bool IsDropped(IInvocationOperation call, Body body) => Fate.Of(call, body.Places) switch
    {
        { Kind: FateKind.Dropped } => true,
        { Kind: FateKind.Held, Holder.Symbol: ILocalSymbol local } => !call.IsUsingResource() && !body.UsesOf(local).Any(),
        _ => false,
    };

    // The token of a source that is made here dies with it; a token that tells the end of the program is there for that.
    private static bool Outlives(IOperation token, Body body) => token.Bare() switch
    {
        IParameterReferenceOperation { Parameter: var parameter } => body.Outermost.Symbol is not IMethodSymbol method || !IsOfHost(method) || !SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, method),
        IFieldReferenceOperation => true,
        IPropertyReferenceOperation { Property.Name: "Token" } property => property.Instance?.Bare() is IParameterReferenceOperation or IFieldReferenceOperation { Field: { IsReadOnly: false } or { DeclaredAccessibility: not Accessibility.Private } },
        IPropertyReferenceOperation property => !property.Property.Name.StartsWith("Application", StringComparison.Ordinal) && property.Instance is not IInstanceReferenceOperation,
        ILocalReferenceOperation { Local: var local } => body.Locals.OnlyValue(local) is { } value && Outlives(value, body),
        _ => false,
    };

    // Called once, with a token that lives as long.
    private static bool IsOfHost(IMethodSymbol method) => method is { Name: "Main" or "<Main>$" } or { Name: "ExecuteAsync" or "StartAsync" or "RunAsync", Parameters.Length: 1 };

    private static bool IsAwaitedAfter(IInvocationOperation call, Body body) => body.Symbol is IMethodSymbol { IsAsync: true }
        && call.Syntax.Parent is ExpressionStatementSyntax { Parent: BlockSyntax block }
        && body.Operations.OfType<IAwaitOperation>().Any(awaiting => awaiting.Syntax.SpanStart > call.Syntax.Span.End && block.Span.Contains(awaiting.Syntax.Span));
}
