using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A token parameter that promises what the method does not do, or that stands where nobody looks for it.</summary>
internal sealed class TokenParameter : Rule
{
    internal const string Id = "SLC1010";

    /// <summary>Set when the parameter is to be moved to the end.</summary>
    internal const string ToEnd = nameof(ToEnd);

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Token parameter that nothing uses, or that is not the last",
        "{0}",
        Family.Context,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A token parameter promises that the method ends early when it is cancelled. One that nothing uses breaks the promise without a word. By convention it is the last parameter: that is where callers, and tools that pass tokens on, look for it.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Token;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.BodiesThatMention(Mentions.Token))
        {
            if (body.Symbol is IMethodSymbol method && UnusedToken(method, body, type) is { } unused)
            {
                report(Diagnostic.Create(
                    Descriptor,
                    unused.Locations[0],
                    $"Nothing in '{NameOf(method)}' looks at '{unused.Name}', so it goes on when '{unused.Name}' is cancelled: pass '{unused.Name}' on, or take the parameter away"));
            }
        }

        var local = type.BodiesThatMention(Mentions.Token).Select(body => body.Symbol).OfType<IMethodSymbol>().Where(method => method.MethodKind == MethodKind.LocalFunction);
        foreach (var method in type.Symbol.GetMembers().OfType<IMethodSymbol>().Where(method => method is { MethodKind: MethodKind.Ordinary, IsImplicitlyDeclared: false }).Concat(local))
        {
            if (MisplacedToken(method, type.Known) is { } misplaced && !method.IsBound() && !method.IsHandedOn(type) && misplaced.Locations[0] is { IsInSource: true } location)
            {
                report(Diagnostic.Create(
                    Descriptor,
                    location,
                    ImmutableDictionary<string, string?>.Empty.Add(ToEnd, null),
                    $"'{misplaced.Name}' is not the last parameter of '{method.Name}', where callers look for it: move it to the end"));
            }
        }
    }

    private static string NameOf(IMethodSymbol method) => method.MethodKind == MethodKind.Constructor ? method.ContainingType.Name : method.Name;

    private static IParameterSymbol? UnusedToken(IMethodSymbol method, Body body, TypeModel type)
    {
        if (method is not { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction or MethodKind.Constructor, IsVirtual: false, IsAbstract: false, Name: not "GetAsyncEnumerator" }
            || method.Parameters.FirstOrDefault(parameter => Tokens.IsToken(parameter.Type, type.Known) && !parameter.Name.StartsWith("_", StringComparison.Ordinal) && parameter.RefKind == RefKind.None) is not { } token
            || body.All.SelectMany(part => part.Operations).Any(operation => operation is IParameterReferenceOperation use && SymbolEqualityComparer.Default.Equals(use.Parameter, token))
            || !TakesTime(body, type.Known))
        {
            return null;
        }

        // What the preprocessor left out may use it; what ends something goes on to its end.
        return Tokens.IsEnding(method) || method.IsBound() || method.IsHandedOn(type) || body.IsToBeWritten() || body.Declaration.ContainsDirectives ? null : token;
    }

    // Where nothing waits and nothing goes round, there is nothing to cancel.
    private static bool TakesTime(Body body, KnownTypes known) => body.Operations.Any(operation => operation switch
    {
        IAwaitOperation or ILoopOperation => true,
        IInvocationOperation call => (Waits.IsAwaitable(call.Type, known) && !call.TargetMethod.Name.StartsWith("From", StringComparison.Ordinal) && call.TargetMethod.ContainingType.Name != "TaskCompletionSource")
            || call.TargetMethod is { Name: "Sleep", ContainingType.Name: "Thread" }
            || IsOfFiles(call.TargetMethod),
        _ => false,
    });

    private static bool IsOfFiles(IMethodSymbol method) => method.ContainingType is { Name: "File" or "Stream" or "FileStream" or "StreamReader" or "TextReader", ContainingNamespace: { Name: "IO", ContainingNamespace.Name: "System" } }
        && (method.Name.StartsWith("Read", StringComparison.Ordinal) || method.Name.StartsWith("Write", StringComparison.Ordinal) || method.Name is "CopyTo" or "Copy");

    // The first token behind which stands something that has no reason to be last.
    private static IParameterSymbol? MisplacedToken(IMethodSymbol method, KnownTypes known)
    {
        var parameters = method.Parameters;
        for (int i = 0; i < parameters.Length - 1; i++)
        {
            if (known[parameters[i].Type] == KnownType.CancellationToken && !(i == 0 && method.IsExtensionMethod))
            {
                return parameters.Skip(i + 1).Any(later => !MayStandBehind(later, known)) ? parameters[i] : null;
            }
        }

        return null;
    }

    private static bool MayStandBehind(IParameterSymbol parameter, KnownTypes known) =>
        parameter.IsParams || parameter.IsOptional || parameter.RefKind != RefKind.None || Tokens.IsToken(parameter.Type, known) || parameter.Type.Name == "IProgress";
}
