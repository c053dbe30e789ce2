using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A call is given a token from further out, although a nearer one was made for this work.</summary>
internal sealed class WrongToken : Rule
{
    internal const string Id = "SLC1004";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "The wrong token",
        "'{0}' is given '{1}', {2}: pass '{3}'",
        Family.Context,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Work that is given an outer token is not stopped by the nearer one: a timeout does not end it, and a sibling's failure does not either.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Token | Mentions.Async;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.BodiesWithToken)
        {
            var sources = LinkedSource.In(body);
            foreach (var argument in body.Operations.OfType<IArgumentOperation>())
            {
                if (argument is { ArgumentKind: ArgumentKind.Explicit, Parent: IInvocationOperation call } && SymbolOf(argument.Value, type.Known) is { } given && IsWork(call, body)
                    && (OfSource(argument, given, sources) ?? OfCode(given, body) ?? OfObject(given, call, body)) is var (why, meant))
                {
                    report(Diagnostic.Create(
                        Descriptor,
                        argument.Value.Syntax.GetLocation(),
                        ImmutableDictionary<string, string?>.Empty.Add(NoneThoughTokenInScope.Replacement, meant),
                        call.TargetMethod.Name,
                        argument.Value.InOneLine(),
                        why,
                        meant));
                }
            }
        }
    }

    // The token, or the source whose token it is.
    private static ISymbol? SymbolOf(IOperation value, KnownTypes known) => value.Bare() switch
    {
        IParameterReferenceOperation { Parameter: var parameter } when Tokens.IsToken(parameter.Type, known) => parameter,
        ILocalReferenceOperation { Local: var local } when Tokens.IsToken(local.Type, known) => local,
        IFieldReferenceOperation { Field: var field, Instance: IInstanceReferenceOperation } when Tokens.IsToken(field.Type, known) => field,
        IPropertyReferenceOperation { Property: var property, Instance: IInstanceReferenceOperation } when Tokens.IsToken(property.Type, known) => property,
        IPropertyReferenceOperation { Property: { Name: "Token", ContainingType: var owner }, Instance: ILocalReferenceOperation { Local: var source } } when known[owner] == KnownType.CancellationTokenSource => source,
        _ => null,
    };

    // Making another source, and what cleans up, has its own reasons.
    private static bool IsWork(IInvocationOperation call, Body body) =>
        body.Compilation.Known[call.TargetMethod.ContainingType] is not (KnownType.CancellationTokenSource or KnownType.CancellationToken)
        && !call.TargetMethod.Name.StartsWith("TrySet", StringComparison.Ordinal)
        && !call.TargetMethod.Name.StartsWith("Set", StringComparison.Ordinal)
        && !CleanUp.Contains(call, body.Compilation.Known);

    private static (string Why, string Meant)? OfSource(IArgumentOperation argument, ISymbol given, ImmutableArray<LinkedSource> sources) =>
        sources.LastOrDefault(source => source.IsMeantFor(argument, given)) is { } source ? ($"though '{source.Local.Name}' was linked to it for this work", $"{source.Local.Name}.Token") : null;

    // A lambda or local function that is given a token of its own, and takes that of the code around.
    private static (string Why, string Meant)? OfCode(ISymbol given, Body body)
    {
        if (body.Outer is null || body.Symbol is not IMethodSymbol function || given is not (IParameterSymbol or ILocalSymbol) || IsDeclaredIn(given, body))
        {
            return null;
        }

        var own = function.Parameters.Where(parameter => Tokens.IsToken(parameter.Type, body.Compilation.Known) && parameter.Name.Trim('_').Length > 0).ToList();
        return own.Count == 1 && !IsCallback(body) ? ("which belongs to the code around", own[0].Name) : null;
    }

    private static bool IsDeclaredIn(ISymbol symbol, Body body) => symbol.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == body.Declaration.SyntaxTree && body.Declaration.Span.Contains(reference.Span));

    // `ct.Register((_, token) => …)`: by then the token is cancelled.
    private static bool IsCallback(Body body) => body.Root?.Parent is IDelegateCreationOperation { Parent: IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "Register" or "UnsafeRegister", ContainingType.Name: "CancellationToken" } } } };

    // A token of the object where the call has one of its own, which nothing in the method looks at.
    private static (string Why, string Meant)? OfObject(ISymbol given, IInvocationOperation call, Body body)
    {
        if (given is not (IFieldSymbol or IPropertySymbol) || body.Outer is not null || body.Symbol is not IMethodSymbol { MethodKind: MethodKind.Ordinary } method || !Joins.InPlace(call))
        {
            return null;
        }

        var own = method.Parameters.Where(parameter => Tokens.IsToken(parameter.Type, body.Compilation.Known) && parameter.Name.Trim('_').Length > 0).ToList();
        return own.Count == 1 && !body.All.SelectMany(part => part.Operations).Any(operation => operation is IParameterReferenceOperation use && SymbolEqualityComparer.Default.Equals(use.Parameter, own[0]))
            ? ("a token of the object, while nothing here looks at the one of the call", own[0].Name)
            : null;
    }

    /// <summary>A local source that is linked to tokens.</summary>
    private sealed class LinkedSource
    {
        private readonly ImmutableArray<ISymbol> _parents;
        private readonly ImmutableArray<IOperation> _uses;
        private readonly int _started;
        private readonly SyntaxNode _scope;
        private readonly SyntaxNode _made;
        private readonly bool _isHandedOn;

        private LinkedSource(ILocalSymbol local, SyntaxNode made, SyntaxNode scope, ImmutableArray<ISymbol> parents, ImmutableArray<IOperation> uses, int started, bool isHandedOn) =>
            (Local, _made, _scope, _parents, _uses, _started, _isHandedOn) = (local, made, scope, parents, uses, started, isHandedOn);

        public ILocalSymbol Local { get; }

        /// <summary>The linked sources that are in scope in <paramref name="body"/>: its own, and those around.</summary>
        public static ImmutableArray<LinkedSource> In(Body body)
        {
            var found = ImmutableArray.CreateBuilder<LinkedSource>();
            for (var here = body; here is not null; here = here.Outer)
            {
                found.AddRange(here.Declarators.Select(declarator => Of(declarator, here)).OfType<LinkedSource>());
            }

            return found.ToImmutable();
        }

        /// <summary>Whether the work that gets <paramref name="argument"/> is that for which the source was made, and <paramref name="given"/> is what the source was linked to.</summary>
        public bool IsMeantFor(IArgumentOperation argument, ISymbol given)
        {
            int position = argument.Syntax.SpanStart;
            if (_isHandedOn || position < _made.Span.End || !_scope.Span.Contains(position) || !_parents.Contains(given, SymbolEqualityComparer.Default))
            {
                return false;
            }

            // Never used: whatever it was made for does not get it. Else the work stands among that which does.
            return _uses.IsEmpty
                || (!_uses.All(IsOfDelay)
                    && (((_started < position || _uses.Any(use => use.Syntax.SpanStart < position)) && _uses.Any(use => use.Syntax.SpanStart > position && !IsOfDelay(use)))
                        || (_scope is UsingStatementSyntax && _uses.Any(use => use.Syntax.SpanStart < position))
                        || _uses.Any(use => AreGuardedTogether(use, argument) || AreCombined(use, argument) || IsDoneAgain(use, argument))));
        }

        private static LinkedSource? Of(IVariableDeclaratorOperation declarator, Body body)
        {
            if (body.Compilation.Known[declarator.Symbol.Type] != KnownType.CancellationTokenSource
                || body.Locals.OnlyValue(declarator.Symbol)?.Bare() is not IInvocationOperation { TargetMethod.Name: "CreateLinkedTokenSource" } made
                || declarator.Syntax.Ancestors().FirstOrDefault(node => node is BlockSyntax or SwitchSectionSyntax or UsingStatementSyntax or CompilationUnitSyntax) is not { } scope)
            {
                return null;
            }

            var parents = made.Arguments.SelectMany(argument => argument.Value.Items()).Select(token => SymbolOf(token, body.Compilation.Known)).OfType<ISymbol>().ToImmutableArray();
            var uses = body.UsesOf(declarator.Symbol).Select(use => use.Use).ToList();
            bool isHandedOn = uses.Exists(use => use.Parent is not (IPropertyReferenceOperation or IInvocationOperation or IConditionalAccessOperation or IUsingOperation));
            bool isTimed = parents.OfType<ILocalSymbol>().Any(parent => body.Locals.OnlyValue(parent)?.Bare() is IObjectCreationOperation { Arguments.IsEmpty: false } source && body.Compilation.Known[source.Type] == KnownType.CancellationTokenSource);
            int started = isTimed ? made.Syntax.Span.End - 1 : uses.Where(use => use.Parent is IInvocationOperation { TargetMethod.Name: "CancelAfter" }).Select(use => use.Syntax.SpanStart).DefaultIfEmpty(int.MaxValue).Min();
            return new(declarator.Symbol, made.Syntax, scope, parents, TokenUses(uses, body).ToImmutableArray(), started, isHandedOn);
        }

        // Where its token is taken: directly, or through a local that holds it.
        private static IEnumerable<IOperation> TokenUses(IEnumerable<IOperation> uses, Body body)
        {
            foreach (var token in uses.Select(use => use.Parent).OfType<IPropertyReferenceOperation>().Where(property => property.Property.Name == "Token"))
            {
                if (token.Parent is IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } })
                {
                    foreach (var (_, use) in body.UsesOf(local))
                    {
                        yield return use;
                    }
                }
                else
                {
                    yield return token;
                }
            }
        }

        // One that is made only to take a delay back.
        private static bool IsOfDelay(IOperation use) => use.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "Delay", ContainingType.Name: "Task" } } };

        // One try for both, whose handler asks who cancelled.
        private static bool AreGuardedTogether(IOperation use, IOperation argument) => TryAround(use) is { } attempt && attempt == TryAround(argument);

        private static ITryOperation? TryAround(IOperation operation)
        {
            for (var inner = operation; inner.Parent is { } outer; inner = outer)
            {
                if (outer is ITryOperation attempt && attempt.Body == inner && attempt.Catches.Any(handler => handler.Filter is not null && handler.ExceptionType.Name is "OperationCanceledException" or "TaskCanceledException"))
                {
                    return attempt;
                }
            }

            return null;
        }

        // The same is asked of the same object, the first time with the linked token, and one comes after the other.
        private static bool IsDoneAgain(IOperation use, IOperation argument) => use.Syntax.SpanStart < argument.Syntax.SpanStart
            && CallWith(use) is { Instance: { } first and not IInstanceReferenceOperation } one && CallWith(argument.ChildOperations.First()) is { Instance: { } second } other
            && SymbolEqualityComparer.Default.Equals(one.TargetMethod.OriginalDefinition, other.TargetMethod.OriginalDefinition) && first.Syntax.ToString() == second.Syntax.ToString()
            && use.Syntax.FirstAncestorOrSelf<StatementSyntax>() is { Parent: var block } && argument.Syntax.FirstAncestorOrSelf<StatementSyntax>()?.Parent == block;

        private static IInvocationOperation? CallWith(IOperation value)
        {
            while (value.Parent is IConversionOperation)
            {
                value = value.Parent;
            }

            return value.Parent is IArgumentOperation { Parent: IInvocationOperation call } ? call : null;
        }

        private static bool AreCombined(IOperation use, IOperation argument) => CombinationAround(use) is { } both && both == CombinationAround(argument);

        private static IOperation? CombinationAround(IOperation operation)
        {
            var outer = operation.Parent;
            while (outer is not (null or IBlockOperation or IInvocationOperation { TargetMethod: { Name: "WhenAll" or "WaitAll", ContainingType.Name: "Task" } }))
            {
                outer = outer.Parent;
            }

            return outer as IInvocationOperation;
        }
    }
}
