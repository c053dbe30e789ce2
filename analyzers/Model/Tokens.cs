using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>A cancellation token that code can name.</summary>
/// <param name="Name">The expression that a person would write for it.</param>
/// <param name="Symbol">The parameter, local, property or field that is the token.</param>
/// <param name="IsBorrowed">It belongs to the object or to an argument rather than to the call that runs: it may end at another time.</param>
internal sealed record Token(string Name, ISymbol Symbol, bool IsBorrowed)
{
    /// <summary>Gets the expression of type CancellationToken: <see cref="Name"/> without its Nullable.</summary>
    public string Expression { get; init; } = Name;

    /// <summary>Gets a value indicating whether an argument of the call brings it along, so that it ends when the call is to end.</summary>
    public bool IsOfArgument { get; init; }

    /// <summary>Gets the local source that was linked to this token and is in scope: work made under it takes that source's token.</summary>
    public ISymbol? LinkedBy { get; init; }
}

/// <summary>Which cancellation tokens are in scope, and meant, at an operation.</summary>
internal static class Tokens
{
    // Calls that keep what they are given for later: the token of the call around them is not the token of that work.
    private static readonly string[] Registrations = ["Subscribe", "Register", "Add", "On", "Start", "Connect", "Consume", "Handle", "Map", "Use", "Configure", "Listen", "Schedule", "Enqueue", "Queue", "Post", "Set"];

    // Methods that end something: the object's own token is cancelled by then.
    private static readonly string[] Endings = ["Dispose", "Stop", "Close", "Shutdown", "ShutDown", "Disconnect", "Abort", "Cancel", "Terminate", "Cleanup", "CleanUp", "TearDown", "Teardown", "OnStop", "OnClose", "OnDisconnect"];

    /// <summary>The bodies whose text leaves a chance that a token is in scope, each with the lambdas and local functions in it. Of the others none is bound.</summary>
    public static IEnumerable<Body> BodiesIn(TypeModel type)
    {
        bool hasOwn = (type.Mentions & (Mentions.Token | Mentions.Async)) != 0 && (OfObject(type.Symbol, type.Compilation).Any() || SourcesOf(type.Symbol, type.Known).Any());
        return type.Bodies.Where(body => hasOwn || MayBeIn(body, type)).SelectMany(body => body.All);
    }

    /// <summary>
    /// The tokens at <paramref name="operation"/> of <paramref name="body"/>, of the innermost code that has any. The first is the best; two are equally good
    /// when both are parameters of the same code.
    /// </summary>
    public static ImmutableArray<Token> At(IOperation operation, Body body)
    {
        var known = body.Compilation.Known;
        var outermost = body;
        for (var here = body; here is not null; here = here.Outer)
        {
            outermost = here;
            var own = LocalsBefore(operation, here).Concat(OfParameters(here, known)).ToImmutableArray();
            if (!own.IsEmpty)
            {
                return own.Select(token => token with { LinkedBy = LinkedBy(token.Symbol, operation, here) }).ToImmutableArray();
            }

            // `MapGet("/", async (HttpContext context) => …)`
            if (here.Root is IAnonymousFunctionOperation && here.Symbol is IMethodSymbol lambda && OfArguments(lambda, body.Compilation).ToImmutableArray() is { IsEmpty: false } brought)
            {
                return brought;
            }

            if (here.Outer is not null && (here.Symbol is null or { IsStatic: true } || !RunsWithinOuter(here)))
            {
                return ImmutableArray<Token>.Empty;
            }
        }

        return outermost.Symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation } method
            ? Borrowed(method, outermost).ToImmutableArray()
            : ImmutableArray<Token>.Empty;
    }

    /// <summary>The name of a variable or member as it is written.</summary>
    public static string NameOf(ISymbol symbol) => SyntaxFacts.GetKeywordKind(symbol.Name) == SyntaxKind.None ? symbol.Name : "@" + symbol.Name;

    public static bool IsToken(ITypeSymbol? type, KnownTypes known) => known[type] == KnownType.CancellationToken || IsNullableToken(type, known);

    /// <summary>Whether <paramref name="token"/> can never be cancelled.</summary>
    public static bool IsNone(IOperation token) => token.Bare() is IDefaultValueOperation or IPropertyReferenceOperation { Property.Name: "None" } or IObjectCreationOperation { Arguments.IsEmpty: true };

    /// <summary>The last local before <paramref name="operation"/> that holds the token of a source which the code itself has made; null when there is none.</summary>
    public static Token? MadeHere(IOperation operation, Body body)
    {
        var known = body.Compilation.Known;
        return body.Declarators
            .Where(declarator => IsToken(declarator.Symbol.Type, known) && IsInScope(declarator, operation) && body.Locals.OnlyValue(declarator.Symbol)?.Bare() is IPropertyReferenceOperation { Property.Name: "Token" })
            .Select(declarator => Own(declarator.Symbol, declarator.Symbol.Type, known))
            .LastOrDefault();
    }

    /// <summary>Whether a method of this name ends something.</summary>
    public static bool IsEnding(string method) => Endings.Any(ending => method.StartsWith(ending, StringComparison.Ordinal));

    /// <summary>Whether the method ends its object, or all that this has: `CloseAsync()`, as opposed to `CloseAccountAsync(id)`.</summary>
    public static bool IsEnding(IMethodSymbol method) => IsEnding(method.Name)
        && (method.Name.StartsWith("Dispose", StringComparison.Ordinal) || Endings.Any(ending => method.Name == ending || method.Name == ending + "Async") || method.Parameters.All(parameter => parameter.Type.SpecialType is SpecialType.System_Boolean or SpecialType.System_Int32 || parameter.Type.Name is "CancellationToken" or "TimeSpan"));

    /// <summary>What <see cref="CompilationModel.TokenCarriedBy"/> remembers.</summary>
    internal static IPropertySymbol? CarriedBy(ITypeSymbol type, KnownTypes known)
    {
        if (known[type] is KnownType.CancellationTokenSource or KnownType.CancellationToken)
        {
            return null;
        }

        IPropertySymbol? found = null;
        foreach (var property in BasesOf(type).SelectMany(@base => @base.GetMembers()).OfType<IPropertySymbol>())
        {
            if (known[property.Type] == KnownType.CancellationToken && property is { IsStatic: false, DeclaredAccessibility: Accessibility.Public, GetMethod: not null, IsIndexer: false })
            {
                if (found is not null && found.Name != property.Name)
                {
                    return null;
                }

                found ??= property;
            }
        }

        // An exception's token tells what was cancelled; it is not for passing on.
        return found is null || BasesOf(type).Any(@base => known[@base] == KnownType.Exception) ? null : found;
    }

    private static bool MayBeIn(Body body, TypeModel type) =>
        (body.Mentions & Mentions.Token) != 0
        || (((body.Mentions & (Mentions.Async | Mentions.Context)) != 0 || (type.Mentions & Mentions.Token) != 0)
            && ((body.Declaration is MethodDeclarationSyntax && body.Symbol is IMethodSymbol method && (OfArguments(method, type.Compilation).Any() || method.Parameters.Any(parameter => IsToken(parameter.Type, type.Known))))
                || body.Declaration.DescendantNodes().OfType<LambdaExpressionSyntax>().Any(MayTakeToken)));

    private static bool IsNullableToken(ITypeSymbol? type, KnownTypes known) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable && known[nullable.TypeArguments[0]] == KnownType.CancellationToken;

    // A parameter without a type: only its name tells whether binding is worth it.
    private static bool MayTakeToken(LambdaExpressionSyntax lambda) => lambda switch
    {
        ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: { Count: > 0 } parameters } => IsLikeToken(parameters.Last().Identifier.ValueText)
            || parameters.Any(parameter => IsLikeContext(parameter.Identifier.ValueText) || (parameter.Type is { } type && type.ToString().TrimEnd('?').EndsWith("Context", StringComparison.Ordinal))),
        SimpleLambdaExpressionSyntax simple => IsLikeToken(simple.Parameter.Identifier.ValueText) || IsLikeContext(simple.Parameter.Identifier.ValueText),
        _ => false,
    };

    private static bool IsLikeToken(string name) =>
        name is "ct" || name.IndexOf("token", StringComparison.OrdinalIgnoreCase) >= 0 || name.IndexOf("cancel", StringComparison.OrdinalIgnoreCase) >= 0;

    private static bool IsLikeContext(string name) => name is "ctx" || name.EndsWith("context", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<Token> OfParameters(Body body, KnownTypes known) =>
        body.Symbol is IMethodSymbol method
            ? method.Parameters.Where(parameter => parameter.RefKind != RefKind.Out && IsToken(parameter.Type, known) && IsNamed(parameter.Name)).Select(parameter => Own(parameter, parameter.Type, known))
            : [];

    private static Token Own(ISymbol symbol, ITypeSymbol type, KnownTypes known) =>
        new(NameOf(symbol), symbol, IsBorrowed: false) { Expression = IsNullableToken(type, known) ? NameOf(symbol) + ".GetValueOrDefault()" : NameOf(symbol) };

    // Locals that stand for a token from outside: a copy, an unwrapped Nullable, the property of a context. A source made right here has work of its own.
    private static IEnumerable<Token> LocalsBefore(IOperation operation, Body body)
    {
        var known = body.Compilation.Known;
        return body.Declarators
            .Where(declarator => IsToken(declarator.Symbol.Type, known) && IsInScope(declarator, operation) && body.Locals.OnlyValue(declarator.Symbol) is { } value && ComesFromOutside(value, body))
            .Select(declarator => Own(declarator.Symbol, declarator.Symbol.Type, known))
            .Reverse()
            .Take(1);
    }

    private static bool ComesFromOutside(IOperation value, Body body) => value.Bare() switch
    {
        IParameterReferenceOperation => true,
        ILocalReferenceOperation { Local: var local } => body.Locals.OnlyValue(local) is { } other && other.Bare() is not ILocalReferenceOperation && ComesFromOutside(other, body),
        ICoalesceOperation coalesce => ComesFromOutside(coalesce.Value, body),
        IConditionalAccessOperation access => ComesFromOutside(access.Operation, body),
        IInvocationOperation { TargetMethod.Name: "GetValueOrDefault", Instance: { } nullable } => ComesFromOutside(nullable, body),
        IPropertyReferenceOperation { Property.Name: "Token" } => false,
        IPropertyReferenceOperation { Instance: { } instance } => instance.Bare() is IParameterReferenceOperation or IPropertyReferenceOperation || ComesFromOutside(instance, body),
        _ => false,
    };

    private static ISymbol? LinkedBy(ISymbol token, IOperation operation, Body body)
    {
        var known = body.Compilation.Known;
        return body.Declarators
            .FirstOrDefault(declarator => known[declarator.Symbol.Type] == KnownType.CancellationTokenSource
                && IsInScope(declarator, operation)
                && declarator.Own().OfType<IInvocationOperation>().Any(call => call.TargetMethod.Name == "CreateLinkedTokenSource" && call.Own().Any(inner => IsReferenceTo(inner, token))))
            ?.Symbol;
    }

    private static bool IsReferenceTo(IOperation operation, ISymbol symbol) => operation switch
    {
        ILocalReferenceOperation local => SymbolEqualityComparer.Default.Equals(local.Local, symbol),
        IParameterReferenceOperation parameter => SymbolEqualityComparer.Default.Equals(parameter.Parameter, symbol),
        _ => false,
    };

    private static bool IsInScope(IVariableDeclaratorOperation declarator, IOperation operation)
    {
        if (declarator.Syntax.Span.End > operation.Syntax.SpanStart)
        {
            return false;
        }

        var scope = declarator.Syntax.Ancestors().FirstOrDefault(ancestor => ancestor is BlockSyntax or SwitchSectionSyntax or UsingStatementSyntax or ForStatementSyntax or CompilationUnitSyntax);
        return scope is not null && scope.Span.Contains(operation.Syntax.Span);
    }

    // Whether the code around a lambda or local function waits until it has run: only then its token says when to stop.
    private static bool RunsWithinOuter(Body inner)
    {
        var outer = inner.Outer!;
        if (inner.Root is not ILocalFunctionOperation function)
        {
            return inner.Root is not null && RunsWithin(inner.Root, outer);
        }

        bool isUsed = false;
        foreach (var body in inner.Outermost.All)
        {
            foreach (var use in body.Operations)
            {
                if (use is IInvocationOperation call && SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, function.Symbol))
                {
                    isUsed = true;
                    if (!Waits.For(call, body, body.Compilation.Known) || (body != outer && body.Root is IAnonymousFunctionOperation && !RunsWithin(body.Root, body.Outer!)))
                    {
                        return false;
                    }
                }
                else if (use is IMethodReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Method.OriginalDefinition, function.Symbol))
                {
                    isUsed = true;
                    if (!RunsWithin(reference, body))
                    {
                        return false;
                    }
                }
            }
        }

        return isUsed;
    }

    private static bool RunsWithin(IOperation work, Body body)
    {
        var known = body.Compilation.Known;
        var value = work;
        while (value.Parent is IConversionOperation or IParenthesizedOperation or IDelegateCreationOperation)
        {
            value = value.Parent;
        }

        if (value.Parent is not IArgumentOperation { Parent: IInvocationOperation call })
        {
            return false;
        }

        return known[call.TargetMethod.ContainingType] switch
        {
            KnownType.Enumerable => Waits.For(call, body, known),
            KnownType.ListOfT or KnownType.Array => true,
            KnownType.Parallel => Joins.Blocks(call),
            KnownType.TaskFactory or KnownType.TaskFactoryOfT => false,
            _ => call.TargetMethod.Name != "ContinueWith"
                && Waits.IsAwaitable(call.Type, known)
                && Waits.For(call, body, known)
                && !Registrations.Any(name => call.TargetMethod.Name.StartsWith(name, StringComparison.Ordinal)),
        };
    }

    private static IEnumerable<Token> Borrowed(IMethodSymbol method, Body body)
    {
        var ofArguments = OfArguments(method, body.Compilation).ToImmutableArray();
        return ofArguments.IsEmpty && !method.IsStatic && !IsEnding(method.Name) ? OfObject(method.ContainingType, body.Compilation).Concat(OfSources(method.ContainingType, body)) : ofArguments;
    }

    // The object's own source, where the code looks at it anyway: `while (!_stop.IsCancellationRequested)`.
    private static IEnumerable<Token> OfSources(INamedTypeSymbol type, Body body) =>
        from field in SourcesOf(type, body.Compilation.Known)
        where body.Declaration.DescendantNodes().Any(node => node is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Token" or "IsCancellationRequested", Expression: var source } && source.ToString() is var text && (text == field.Name || text == "this." + field.Name))
        select new Token(NameOf(field) + ".Token", field, IsBorrowed: true);

    private static IEnumerable<IFieldSymbol> SourcesOf(INamedTypeSymbol type, KnownTypes known) =>
        type.GetMembers().OfType<IFieldSymbol>().Where(field => field is { IsStatic: false, IsImplicitlyDeclared: false, IsReadOnly: true } && known[field.Type] == KnownType.CancellationTokenSource);

    // The token of an event says when its source goes away: what answers the event may still be wanted.
    private static IEnumerable<Token> OfArguments(IMethodSymbol method, CompilationModel compilation) =>
        from parameter in method.Parameters
        where parameter.RefKind != RefKind.Out && !parameter.Type.Name.EndsWith("EventArgs", StringComparison.Ordinal)
        let property = compilation.TokenCarriedBy(parameter.Type)
        where property is not null
        select new Token($"{NameOf(parameter)}.{NameOf(property)}", property, IsBorrowed: true) { IsOfArgument = true };

    // One that is set now and then is the token of something else: of the call that the object serves just then.
    private static IEnumerable<Token> OfObject(INamedTypeSymbol type, CompilationModel compilation)
    {
        var known = compilation.Known;
        foreach (var member in type.GetMembers())
        {
            switch (member)
            {
                case IFieldSymbol { IsStatic: false, IsImplicitlyDeclared: false, IsReadOnly: true } field when known[field.Type] == KnownType.CancellationToken:
                case IPropertySymbol { IsStatic: false, GetMethod: not null, SetMethod: null or { IsInitOnly: true }, IsIndexer: false, ExplicitInterfaceImplementations.IsEmpty: true } property when known[property.Type] == KnownType.CancellationToken:
                    yield return new(NameOf(member), member, IsBorrowed: true);
                    break;
            }
        }

        foreach (var parameter in type.InstanceConstructors.Where(IsPrimary).SelectMany(constructor => constructor.Parameters))
        {
            if (known[parameter.Type] == KnownType.CancellationToken && !type.IsRecord)
            {
                yield return new(NameOf(parameter), parameter, IsBorrowed: true);
            }
        }

        // What a framework hands to the object for each call: `HttpContext.RequestAborted` of a controller.
        foreach (var property in BasesOf(type).SelectMany(@base => @base.GetMembers()).OfType<IPropertySymbol>())
        {
            if (property is { IsStatic: false, IsIndexer: false, GetMethod.DeclaredAccessibility: Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal } && property.Name.EndsWith("Context", StringComparison.Ordinal)
                && property.Type.Name.EndsWith("Context", StringComparison.Ordinal) && compilation.TokenCarriedBy(property.Type) is { } token)
            {
                yield return new($"{NameOf(property)}.{NameOf(token)}", token, IsBorrowed: true);
            }
        }
    }

    private static bool IsPrimary(IMethodSymbol constructor) => constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is TypeDeclarationSyntax;

    private static IEnumerable<ITypeSymbol> BasesOf(ITypeSymbol type)
    {
        if (type is ITypeParameterSymbol parameter)
        {
            return parameter.ConstraintTypes.SelectMany(BasesOf);
        }

        var bases = new List<ITypeSymbol>();
        for (var @base = type; @base is not null; @base = @base.BaseType)
        {
            bases.Add(@base);
        }

        return type.TypeKind == TypeKind.Interface ? bases.Concat(type.AllInterfaces) : bases;
    }

    // `_` says that the token is not wanted.
    private static bool IsNamed(string name) => name.Trim('_').Length > 0;
}
