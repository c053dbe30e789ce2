using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Channels;

/// <summary>Follows one channel from where it is made to all that is done to it. It does not tell objects of one class apart: what any does, this one may do.</summary>
internal sealed class ChannelTracer(TypeModel type, Body madeIn)
{
    // Enough for any code that hands channels on in a way that a person follows.
    private const int MostNames = 60;
    private const int MostCalls = 4;

    private readonly Dictionary<SyntaxNode, Body> _bodies = type.Bodies.ToDictionary(body => body.Declaration);
    private readonly HashSet<(ISymbol, End, int)> _named = [];
    private readonly Queue<(ISymbol Symbol, End End, ImmutableArray<ChannelUse.Call> Calls)> _open = new();
    private readonly List<ChannelUse> _uses = [];
    private End _escaped;

    [Flags]
    private enum End
    {
        None = 0,
        Reader = 1,
        Writer = 2,
        Both = 3,
    }

    public static ISymbol? SymbolOf(IOperation target) => target switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field.OriginalDefinition,
        IPropertyReferenceOperation { Property.Parameters.IsEmpty: true } property => property.Property.OriginalDefinition,
        IDeclarationExpressionOperation declaration => SymbolOf(declaration.Expression),
        _ => null,
    };

    public TracedChannel Trace(ChannelMake make, ISymbol holder)
    {
        Follow(make.Creation, End.Both, madeIn, ImmutableArray<ChannelUse.Call>.Empty);
        while (_open.Count > 0)
        {
            type.Cancellation.ThrowIfCancellationRequested();
            var (symbol, end, calls) = _open.Dequeue();
            foreach (var body in BodiesThatSee(symbol))
            {
                foreach (var reference in body.Operations.Where(operation => SymbolEqualityComparer.Default.Equals(SymbolOf(operation), symbol)))
                {
                    Follow(reference, end, body, calls);
                }
            }
        }

        var uses = _uses.OrderBy(use => use.Operation.Syntax.SyntaxTree.FilePath, StringComparer.Ordinal).ThenBy(use => use.Operation.Syntax.SpanStart).ToImmutableArray();
        return new(holder.Name, holder, madeIn, make, uses, _escaped.HasFlag(End.Reader), _escaped.HasFlag(End.Writer));
    }

    // What the value becomes in the expression around it.
    private void Follow(IOperation value, End end, Body body, ImmutableArray<ChannelUse.Call> calls)
    {
        while (value.Parent is { } parent)
        {
            switch (parent)
            {
                case IConversionOperation or IParenthesizedOperation or ICoalesceOperation:
                case IConditionalOperation choice when choice.Condition != value:
                    value = parent;
                    continue;
                case IPropertyReferenceOperation property when property.Instance == value:
                    if (property.Property.Name is "Reader" or "Writer")
                    {
                        end = property.Property.Name == "Reader" ? End.Reader : End.Writer;
                        value = parent;
                        continue;
                    }

                    if (property.Property.Name == "Completion")
                    {
                        _uses.Add(new(ChannelAction.Completion, property, body, calls));
                    }

                    return;
                case IConditionalAccessOperation access when access.Operation == value:
                    foreach (var inside in access.WhenNotNull.DescendantsAndSelf().OfType<IConditionalAccessInstanceOperation>())
                    {
                        Follow(inside, end, body, calls);
                    }

                    return;
                case IInvocationOperation call when call.Instance == value:
                    if (FactReader.ChannelActionOf(call.TargetMethod.Name) is { } action)
                    {
                        _uses.Add(new(action, call, body, calls));
                    }
                    else if (call.TargetMethod.Name is not ("TryPeek" or "ToString" or "Equals" or "GetHashCode"))
                    {
                        _escaped |= end;
                    }

                    return;
                case IForEachLoopOperation loop when loop.Collection == value:
                    _uses.Add(new(ChannelAction.Range, loop, body, calls));
                    return;
                case IArgumentOperation argument:
                    HandOn(argument, end, body, calls);
                    return;
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                    Name(declarator.Symbol, end, calls);
                    return;
                case IFieldInitializerOperation initializer:
                    NameAll(initializer.InitializedFields, end, calls);
                    return;
                case IPropertyInitializerOperation initializer:
                    NameAll(initializer.InitializedProperties, end, calls);
                    return;
                case ISimpleAssignmentOperation assignment when assignment.Target == value || assignment.Target is IDiscardOperation:
                case INameOfOperation or IBinaryOperation or IIsPatternOperation or IIsTypeOperation or IExpressionStatementOperation:
                    return;
                case ISimpleAssignmentOperation assignment when SymbolOf(assignment.Target) is { } target:
                    Name(target, end, calls);
                    return;
                case IReturnOperation when OnlyNames(body) is { } getter:
                    Name(getter, end, calls);
                    return;
                default:
                    _escaped |= end;
                    return;
            }
        }
    }

    // A private property, or a private method without parameters, that only gives the channel is a name of it.
    private static ISymbol? OnlyNames(Body body) => body is { Outer: null, Symbol: IMethodSymbol { AssociatedSymbol: IPropertySymbol { DeclaredAccessibility: Accessibility.Private } property } } ? property : null;

    private void HandOn(IArgumentOperation argument, End end, Body body, ImmutableArray<ChannelUse.Call> calls)
    {
        var method = argument.Parent switch
        {
            IInvocationOperation call => call.TargetMethod,
            IObjectCreationOperation creation => creation.Constructor,
            _ => null,
        };

        // It is only looked at.
        if (method is { Name: "ThrowIfNull" or "KeepAlive" })
        {
            return;
        }

        if (method is null || argument.Parameter is not { RefKind: RefKind.None or RefKind.In, IsParams: false } parameter || calls.Length == MostCalls
            || method.IsAbstract || method.IsVirtual || method.IsOverride || !type.Compilation.Owns(method) || method.DeclaringSyntaxReferences.IsEmpty || method.ContainingType.IsRecord || IsPlumbing(method))
        {
            _escaped |= end;
            return;
        }

        // An object is made once and lives on: what it does, it does whenever it is asked.
        Name(parameter.OriginalDefinition, end, argument.Parent is IInvocationOperation ? calls.Add(new(argument.Parent, body)) : calls);
    }

    // A select, or what else the package generates: it does with a channel what the select is told.
    private static bool IsPlumbing(IMethodSymbol method) => method.ContainingNamespace is { Name: "Sluice", ContainingNamespace.IsGlobalNamespace: true };

    private void NameAll(IEnumerable<ISymbol> symbols, End end, ImmutableArray<ChannelUse.Call> calls)
    {
        foreach (var symbol in symbols)
        {
            Name(symbol, end, calls);
        }
    }

    private void Name(ISymbol symbol, End end, ImmutableArray<ChannelUse.Call> calls)
    {
        // A member that others see is theirs as well.
        if (symbol is (IFieldSymbol or IPropertySymbol) and not { DeclaredAccessibility: Accessibility.Private } || _named.Count > MostNames)
        {
            _escaped |= end;
        }

        if (_named.Count <= MostNames && _named.Add((symbol, end, calls.IsEmpty ? 0 : calls[calls.Length - 1].Operation.Syntax.SpanStart)))
        {
            _open.Enqueue((symbol, end, calls));
        }
    }

    private IEnumerable<Body> BodiesThatSee(ISymbol symbol)
    {
        switch (symbol)
        {
            case ILocalSymbol or IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.AnonymousFunction } }:
                return MemberAround(symbol) is { } member ? member.All : [];
            case IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } constructor } when constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(type.Cancellation) is TypeDeclarationSyntax:
                return BodiesOf(constructor.ContainingType);
            case IParameterSymbol { ContainingSymbol: IMethodSymbol method }:
                return type.Compilation.DeclarationOf(method, type.Cancellation) is { } declaration ? BodyOf(declaration).All : [];
            case IFieldSymbol or IPropertySymbol when type.Compilation.Owns(symbol):
                return BodiesOf(symbol.ContainingType);
            default:
                return [];
        }
    }

    private Body? MemberAround(ISymbol local) =>
        local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(type.Cancellation) is { } declared && declared.AncestorsAndSelf().FirstOrDefault(_bodies.ContainsKey) is { } member ? _bodies[member] : null;

    // Nested types see what is private as well.
    private IEnumerable<Body> BodiesOf(INamedTypeSymbol owner) => owner.DeclaringSyntaxReferences
        .SelectMany(reference => reference.GetSyntax(type.Cancellation).DescendantNodesAndSelf(node => node is TypeDeclarationSyntax).Where(node => node is TypeDeclarationSyntax))
        .SelectMany(MemberBodies.In)
        .Select(BodyOf)
        .Where(body => body.Root is not null)
        .SelectMany(body => body.All);

    private Body BodyOf(SyntaxNode declaration)
    {
        if (!_bodies.TryGetValue(declaration, out var body))
        {
            _bodies[declaration] = body = Body.Of(declaration, type.Compilation, type.Cancellation);
        }

        return body;
    }
}
