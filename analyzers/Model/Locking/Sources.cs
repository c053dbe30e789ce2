using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model.Files;

namespace Sluice.Model.Locking;

/// <summary>A value that some code puts into a variable.</summary>
/// <param name="Value">The value, as it stands there.</param>
/// <param name="Body">The member that it stands in.</param>
/// <param name="Roots">Places of that member that are known to be the same object as places of the variable's own world: its object as <c>this</c>, parameters.</param>
internal sealed record Source(IOperation Value, Body Body, ImmutableArray<(Place From, Place To)> Roots);

/// <summary>
/// Which values a field, property, event or parameter may get, anywhere in the compilation: by looking for its name. It serves delegates, tasks
/// and locks, which are set in few places; where a name is too common nothing is claimed.
/// </summary>
internal sealed class Sources(CompilationModel compilation, CancellationToken cancellation)
{
    private const int Deepest = 3;
    private const int MostUses = 300;
    private const int MostSources = 24;

    /// <summary>The values; none when there are too many to look at.</summary>
    public IEnumerable<Source> Of(ISymbol variable) => Of(variable, Deepest).Take(MostSources);

    /// <summary>The tokens that name <paramref name="symbol"/> where it can be named at all.</summary>
    public IReadOnlyList<SyntaxToken> UsesOf(ISymbol symbol, string? name = null)
    {
        name ??= symbol.Name;
        var found = new List<SyntaxToken>();

        // A lambda has no name, and the empty text is found everywhere.
        if (name.Length == 0)
        {
            return found;
        }

        foreach (var node in ScopeOf(symbol))
        {
            string text = compilation.Text(node.SyntaxTree, cancellation);
            int end = Math.Min(node.FullSpan.End, text.Length);
            for (int at = text.IndexOf(name, node.FullSpan.Start, end - node.FullSpan.Start, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + name.Length, end - at - name.Length, StringComparison.Ordinal))
            {
                if (Word.IsAt(text, at, name.Length) && node.FindToken(at) is var token && token.ValueText == name)
                {
                    found.Add(token);
                    if (found.Count > MostUses)
                    {
                        return [];
                    }
                }
            }
        }

        return found;
    }

    /// <summary>The member that <paramref name="node"/> stands in, ready to be asked; null outside of all code.</summary>
    public Body? MemberOf(SyntaxNode node)
    {
        SyntaxNode? inner = node;
        while (inner is not null)
        {
            if (inner is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or GlobalStatementSyntax
                || (inner is ArrowExpressionClauseSyntax && inner.Parent is PropertyDeclarationSyntax or IndexerDeclarationSyntax)
                || (inner is EqualsValueClauseSyntax && inner.Parent is PropertyDeclarationSyntax or VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax }))
            {
                return Body.Of(inner is GlobalStatementSyntax ? inner.Parent! : inner, compilation, cancellation);
            }

            inner = inner.Parent;
        }

        return null;
    }

    // A private member is named in its type only, a parameter in its method only.
    private IEnumerable<SyntaxNode> ScopeOf(ISymbol symbol) => symbol switch
    {
        { DeclaredAccessibility: Accessibility.Private, ContainingType: { } type } and not IMethodSymbol { MethodKind: MethodKind.Constructor } => type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation)),
        ILocalSymbol => symbol.DeclaringSyntaxReferences.Select(reference => MemberOf(reference.GetSyntax(cancellation))?.Declaration).OfType<SyntaxNode>(),
        _ => compilation.Compilation.SyntaxTrees.Select(tree => tree.GetRoot(cancellation)),
    };

    /// <summary>Where objects of the type are made.</summary>
    public List<SyntaxNode> CreationsOf(INamedTypeSymbol type) => TokensOfCreations(type).Select(CallAt).OfType<BaseObjectCreationExpressionSyntax>().Distinct<SyntaxNode>().ToList();

    private IEnumerable<Source> Of(ISymbol variable, int depth)
    {
        if (depth == 0 || !(variable is ILocalSymbol || compilation.Owns(variable)))
        {
            return [];
        }

        return variable switch
        {
            IParameterSymbol { ContainingSymbol: IMethodSymbol method } parameter => OfParameter(parameter, method, depth),
            IFieldSymbol or IPropertySymbol or IEventSymbol or ILocalSymbol => OfMember(variable, depth),
            _ => [],
        };
    }

    private IEnumerable<Source> OfMember(ISymbol member, int depth)
    {
        foreach (var token in UsesOf(member))
        {
            if (ValueAt(token) is not { } value || MemberOf(value) is not { } body || !IsNamed(token, member) || OperationOf(value, body) is not { } operation)
            {
                continue;
            }

            var owner = OwnerAt(token, body);
            foreach (var source in Through(operation, body, depth))
            {
                yield return Compose(source, body, owner);
            }
        }
    }

    // What the value is when it is only passed on from a parameter; its places in the words of the variable's owner.
    private static Source Compose(Source source, Body body, Place? owner)
    {
        var roots = ImmutableArray<(Place From, Place To)>.Empty;
        if (owner is null)
        {
            return source with { Roots = roots };
        }

        if (source.Body == body)
        {
            return source with { Roots = ImmutableArray.Create((owner, Place.This)) };
        }

        return source with { Roots = source.Roots.Where(root => root.To.Equals(owner)).Select(root => (root.From, Place.This)).ToImmutableArray() };
    }

    private IEnumerable<Source> Through(IOperation operation, Body body, int depth)
    {
        switch (operation.Bare())
        {
            case IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol } parameter }:
                return Of(parameter.OriginalDefinition, depth - 1);
            case ICoalesceOperation either:
                return Through(either.Value, body, depth).Concat(Through(either.WhenNull, body, depth));
            case IConditionalOperation { WhenFalse: { } no } choice:
                return Through(choice.WhenTrue, body, depth).Concat(Through(no, body, depth));
            case ILocalReferenceOperation { Local: var local } when body.Locals.OnlyValue(local) is { } only && only.Bare() is not ILocalReferenceOperation:
                return Through(only, body, depth);
            case var value:
                return [new(value, body, ImmutableArray<(Place, Place)>.Empty)];
        }
    }

    private IEnumerable<Source> OfParameter(IParameterSymbol parameter, IMethodSymbol method, int depth)
    {
        bool isConstructor = method.MethodKind == MethodKind.Constructor;
        foreach (var token in isConstructor ? TokensOfCreations(method.ContainingType) : UsesOf(method))
        {
            if (CallAt(token) is not { } syntax || MemberOf(syntax) is not { } body || OperationOf(syntax, body) is not { } call)
            {
                continue;
            }

            var (target, arguments, receiver) = call switch
            {
                IInvocationOperation invocation => (invocation.TargetMethod, invocation.Arguments, body.Places.Of(invocation.Instance)),
                IObjectCreationOperation creation => (creation.Constructor, creation.Arguments, HolderOf(creation, body)),
                _ => default,
            };
            if (target is null || !Calls(target.OriginalDefinition, method) || arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal) is not { IsImplicit: false } passed)
            {
                continue;
            }

            var roots = ImmutableArray.CreateBuilder<(Place From, Place To)>();
            if (receiver is not null)
            {
                roots.Add((receiver, Place.This));
            }

            foreach (var argument in arguments)
            {
                if (argument.Parameter is { } other && other.Ordinal < method.Parameters.Length && body.Places.Of(argument.Value) is { } place)
                {
                    roots.Add((place, Place.Of(method.Parameters[other.Ordinal])));
                }
            }

            foreach (var source in Through(passed.Value, body, depth))
            {
                yield return source.Body == body
                    ? source with { Roots = roots.ToImmutable() }
                    : source with { Roots = source.Roots.SelectMany(root => roots.Where(outer => outer.From.Equals(root.To)).Select(outer => (root.From, outer.To))).ToImmutableArray() };
            }
        }
    }

    // A call of what the method overrides or implements may be a call of it.
    private static bool Calls(IMethodSymbol target, IMethodSymbol method)
    {
        if (SymbolEqualityComparer.Default.Equals(target, method.OriginalDefinition) || SymbolEqualityComparer.Default.Equals(target, method.OverriddenMethod?.OriginalDefinition))
        {
            return true;
        }

        return target.ContainingType.TypeKind == TypeKind.Interface
            && method.ContainingType.AllInterfaces.Any(one => SymbolEqualityComparer.Default.Equals(one.OriginalDefinition, target.ContainingType)
                && one.GetMembers(target.Name).Any(member => SymbolEqualityComparer.Default.Equals(member.OriginalDefinition, target) && SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member)?.OriginalDefinition, method.OriginalDefinition)));
    }

    // `new T(…)` names the type; `new(…)` names nothing, but stands where the type was named before.
    private IEnumerable<SyntaxToken> TokensOfCreations(INamedTypeSymbol type)
    {
        foreach (var token in UsesOf(type, type.Name))
        {
            yield return token;
            if (token.Parent?.FirstAncestorOrSelf<VariableDeclarationSyntax>() is { Variables: [{ Initializer.Value: ImplicitObjectCreationExpressionSyntax implied }] } && implied.SpanStart > token.SpanStart)
            {
                yield return implied.NewKeyword;
            }

            // `private readonly Part _part;`, and in a constructor `_part = new(…)`.
            if (token.Parent?.FirstAncestorOrSelf<FieldDeclarationSyntax>() is { Declaration.Variables: [{ Initializer: null, Identifier.ValueText: var field }] } declared)
            {
                foreach (var assignment in declared.Parent!.DescendantNodes().OfType<AssignmentExpressionSyntax>().Where(assignment => assignment.Right is ImplicitObjectCreationExpressionSyntax && Names(assignment.Left, field)))
                {
                    yield return ((ImplicitObjectCreationExpressionSyntax)assignment.Right).NewKeyword;
                }
            }

            if (token.Parent?.FirstAncestorOrSelf<PropertyDeclarationSyntax>() is { Initializer.Value: ImplicitObjectCreationExpressionSyntax initial } && initial.SpanStart > token.SpanStart)
            {
                yield return initial.NewKeyword;
            }
        }
    }

    private static bool Names(ExpressionSyntax target, string field) => (target is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } own ? own.Name : target) is IdentifierNameSyntax { Identifier.ValueText: var name } && name == field;

    private static Place? HolderOf(IObjectCreationOperation creation, Body body) => creation.Parent switch
    {
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => Place.Of(declarator.Symbol),
        ISimpleAssignmentOperation assignment => body.Places.OfTarget(assignment.Target),
        IFieldInitializerOperation { InitializedFields: [var field, ..] } => field.IsStatic ? Place.Of(field) : Place.This.Member(field),
        _ => null,
    };

    private static SyntaxNode? CallAt(SyntaxToken token)
    {
        if (token.Parent is ImplicitObjectCreationExpressionSyntax implied)
        {
            return implied;
        }

        SyntaxNode? name = token.Parent;
        while (name?.Parent is QualifiedNameSyntax or AliasQualifiedNameSyntax)
        {
            name = name.Parent;
        }

        return name?.Parent switch
        {
            InvocationExpressionSyntax call when call.Expression == name => call,
            MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access when access.Name == name && call.Expression == access => call,
            MemberBindingExpressionSyntax { Parent: InvocationExpressionSyntax call } => call,
            ObjectCreationExpressionSyntax creation when creation.Type == name => creation,
            _ => null,
        };
    }

    // The value that is assigned where the token names a variable.
    private static ExpressionSyntax? ValueAt(SyntaxToken token)
    {
        switch (token.Parent)
        {
            case VariableDeclaratorSyntax declarator when declarator.Identifier == token:
                return declarator.Initializer?.Value;
            case PropertyDeclarationSyntax property when property.Identifier == token:
                return property.Initializer?.Value;
            case IdentifierNameSyntax name:
                ExpressionSyntax target = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
                return target.Parent switch
                {
                    AssignmentExpressionSyntax assignment when assignment.Left == target && assignment.Kind() is SyntaxKind.SimpleAssignmentExpression or SyntaxKind.CoalesceAssignmentExpression or SyntaxKind.AddAssignmentExpression => assignment.Right,

                    // What is put into a collection: `_tasks.Add(task)`, `_tasks[i] = task`.
                    MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Add" or "Enqueue" or "Push" or "AddFirst" or "AddLast", Parent: InvocationExpressionSyntax { ArgumentList.Arguments: [.., { Expression: var added }] } } call when call.Expression == target => added,
                    ElementAccessExpressionSyntax { Parent: AssignmentExpressionSyntax set } element when element.Expression == target && set.Left == element => set.Right,
                    _ => null,
                };
            default:
                return null;
        }
    }

    private bool IsNamed(SyntaxToken token, ISymbol member)
    {
        var model = compilation.SemanticModel(token.SyntaxTree!);
        var named = token.Parent is VariableDeclaratorSyntax or PropertyDeclarationSyntax ? model.GetDeclaredSymbol(token.Parent, cancellation) : model.GetSymbolInfo(token.Parent!, cancellation).Symbol;
        return SymbolEqualityComparer.Default.Equals(named?.OriginalDefinition, member.OriginalDefinition);
    }

    // The object whose member is assigned.
    private static Place? OwnerAt(SyntaxToken token, Body body)
    {
        if (token.Parent is VariableDeclaratorSyntax or PropertyDeclarationSyntax)
        {
            return Place.This;
        }

        var name = token.Parent;
        if (name?.Parent is AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax { Parent: { } creation } })
        {
            return OperationOf(creation, body) is IObjectCreationOperation made ? HolderOf(made, body) : null;
        }

        return name?.Parent is MemberAccessExpressionSyntax access && access.Name == name
            ? OperationOf(access.Expression, body) is { } owner ? body.Places.Of(owner) : null
            : Place.This;
    }

    private static IOperation? OperationOf(SyntaxNode node, Body body) =>
        body.All.SelectMany(part => part.Operations).FirstOrDefault(operation => operation.Syntax == node && !operation.IsImplicit)
        ?? body.All.SelectMany(part => part.Operations).FirstOrDefault(operation => operation.Syntax == node);
}
