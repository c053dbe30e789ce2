using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>Which method a call would reach if it were given a cancellation token. For the calls of one type; used by one thread.</summary>
internal sealed class TokenOverloads(KnownTypes known)
{
    private readonly Dictionary<(SyntaxTree Tree, ITypeSymbol Receiver, ITypeSymbol? Extends, string Name, bool WithExtensions), ImmutableArray<IMethodSymbol>> _candidates = [];

    /// <summary>The method as it was first declared: neither reduced, nor constructed, nor overridden.</summary>
    public static IMethodSymbol Declared(IMethodSymbol method)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        while (method.OverriddenMethod is { } overridden)
        {
            method = overridden.OriginalDefinition;
        }

        return method;
    }

    /// <summary>The method that the call would reach with a token, and the parameter for it.</summary>
    public IParameterSymbol? Target(IInvocationOperation call, Body body)
    {
        if (call.Arguments.Any(argument => argument.ArgumentKind == ArgumentKind.Explicit && Tokens.IsToken(argument.Parameter?.Type, known)))
        {
            return null;
        }

        var omitted = call.Arguments.Where(argument => argument.ArgumentKind == ArgumentKind.DefaultValue && Tokens.IsToken(argument.Parameter?.Type, known)).Select(argument => argument.Parameter!).ToList();
        return omitted.Count switch
        {
            0 => Overload(call, body),
            1 => omitted[0],
            _ => null,
        };
    }

    // Methods of the same name with one token parameter, as they can be called in this place. Looking them up is what costs, and few methods have any.
    private ImmutableArray<IMethodSymbol> Candidates(IInvocationOperation call, Body body)
    {
        var method = call.TargetMethod;
        var receiver = call.Receiver()?.Type ?? method.ContainingType;
        bool withExtensions = !method.IsStatic || method.IsExtensionMethod;
        var key = (call.Syntax.SyntaxTree, receiver, method.IsExtensionMethod ? method.ContainingType : null, method.Name, withExtensions);
        if (!_candidates.TryGetValue(key, out var candidates))
        {
            IEnumerable<ISymbol> found = body.Semantics.LookupSymbols(call.Syntax.SpanStart, receiver, method.Name, withExtensions);
            if (method.IsExtensionMethod)
            {
                found = found.Concat(method.ContainingType.GetMembers(method.Name));
            }

            candidates = found.OfType<IMethodSymbol>().Where(HasOneToken).ToImmutableArray();
            _candidates.Add(key, candidates);
        }

        return candidates;
    }

    private bool HasOneToken(IMethodSymbol method) => (method.ReducedFrom ?? method).Parameters.Count(parameter => Tokens.IsToken(parameter.Type, known)) == 1;

    private IParameterSymbol? Overload(IInvocationOperation call, Body body)
    {
        var method = call.TargetMethod;
        if (method.MethodKind is not (MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation or MethodKind.ReducedExtension))
        {
            return null;
        }

        IParameterSymbol? found = null;
        foreach (var candidate in Candidates(call, body))
        {
            if (TokenOf(candidate, call, body) is not { } token || IsHidden(candidate) || IsAround(candidate, call, body))
            {
                continue;
            }

            if (found is not null && !SymbolEqualityComparer.Default.Equals(Declared((IMethodSymbol)found.ContainingSymbol), Declared(candidate)))
            {
                return null;
            }

            found ??= token;
        }

        return found;
    }

    // The parameter that takes a token where candidate is the called method with just that parameter more.
    private IParameterSymbol? TokenOf(IMethodSymbol candidate, IInvocationOperation call, Body body)
    {
        var method = call.TargetMethod;
        var full = candidate.ReducedFrom ?? candidate;
        if (full.Arity != method.Arity || (!full.IsExtensionMethod && full.IsStatic != method.IsStatic))
        {
            return null;
        }

        var constructed = full.Arity == 0 ? full : full.ConstructedFrom.Construct(method.TypeArguments.ToArray());
        var rest = constructed.Parameters.Where(parameter => !Tokens.IsToken(parameter.Type, known)).ToList();
        var expected = method.Parameters.ToList();

        // What an instance method has in front of its parameters is the first parameter of an extension.
        if (full.IsExtensionMethod && !method.IsExtensionMethod)
        {
            rest.RemoveAt(0);
        }

        bool same = rest.Count == expected.Count
            && rest.Zip(expected, (one, other) => one.RefKind == other.RefKind && (one.IsParams == other.IsParams || other.IsParams) && SymbolEqualityComparer.Default.Equals(one.Type, other.Type)).All(equal => equal)
            && GivesTheSame(constructed.ReturnType, call, body);
        return same ? constructed.Parameters.First(parameter => Tokens.IsToken(parameter.Type, known)) : null;
    }

    private bool GivesTheSame(ITypeSymbol type, IInvocationOperation call, Body body) =>
        SymbolEqualityComparer.Default.Equals(type, call.Type)
        || (call.Type is { SpecialType: not (SpecialType.None or SpecialType.System_Void or SpecialType.System_Object) } && body.Compilation.Compilation.HasImplicitConversion(type, call.Type))
        || (Joins.InPlace(call) && Waits.IsAwaitable(type, known) && Waits.IsAwaitable(call.Type, known) && SymbolEqualityComparer.Default.Equals(ResultOf(type), ResultOf(call.Type)));

    private static ITypeSymbol? ResultOf(ITypeSymbol? task) => (task as INamedTypeSymbol)?.TypeArguments.FirstOrDefault();

    private bool IsHidden(IMethodSymbol candidate) => candidate.GetAttributes().Any(attribute => known[attribute.AttributeClass] switch
    {
        KnownType.ObsoleteAttribute => true,
        _ when attribute.AttributeClass?.Name == "ExperimentalAttribute" => true,
        KnownType.EditorBrowsableAttribute => attribute.ConstructorArguments is [{ Value: 1 }],
        _ => false,
    });

    // The method in which the call stands: it would call itself.
    private static bool IsAround(IMethodSymbol candidate, IInvocationOperation call, Body body)
    {
        var original = (candidate.ReducedFrom ?? candidate).OriginalDefinition;
        for (var here = body; here is not null; here = here.Outer)
        {
            if (SymbolEqualityComparer.Default.Equals(here.Symbol?.OriginalDefinition, original))
            {
                return call.Instance is null or IInstanceReferenceOperation;
            }
        }

        return false;
    }
}
