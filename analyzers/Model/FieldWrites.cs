using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model;

/// <summary>How a field is written by the code that may write it. Looked for in the syntax; only what looks like a write is bound.</summary>
internal sealed record FieldWrites
{
    private FieldWrites()
    {
    }

    /// <summary>Gets the first place that replaces the value after construction.</summary>
    public Location? Replaced { get; private init; }

    /// <summary>Gets a value indicating whether something sets it once, at first use, in place of a constructor or after deserialization.</summary>
    public bool IsSetOnce { get; private init; }

    /// <summary>Gets a value indicating whether code that was not looked at may write it.</summary>
    public bool IsOpen { get; private init; }

    /// <summary>Gets a value indicating whether <c>readonly</c> may be added.</summary>
    public bool CanBeReadonly { get; private init; }

    /// <summary>Gets a value indicating whether all that replaces the value holds another lock.</summary>
    public bool IsReplacedUnderLock { get; private init; }

    /// <summary>Whether a lock on something else than the field is held at <paramref name="node"/>, as far as the member shows.</summary>
    public static bool IsUnderOtherLock(SyntaxNode node, string field) =>
        node.Ancestors().OfType<LockStatementSyntax>().Any(locking => !Names(locking.Expression, field))
        || node.Ancestors().FirstOrDefault(outer => outer is MemberDeclarationSyntax or AccessorDeclarationSyntax)?.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Any(call => call.SpanStart < node.SpanStart && call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Enter" or "TryEnter" or "EnterScope" } && !Names(call, field)) == true;

    public static FieldWrites Of(IFieldSymbol field, CompilationModel compilation, CancellationToken cancellation)
    {
        var later = new List<IdentifierNameSyntax>();
        bool isSetOnce = false, isSetByConstruction = HasValue(field, cancellation);
        var (scope, isOpen) = ScopeOf(field);
        foreach (var part in scope.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation)))
        {
            foreach (var name in part.DescendantNodes().OfType<IdentifierNameSyntax>().Where(name => name.Identifier.ValueText == field.Name && IsWrite(name)))
            {
                if (!SymbolEqualityComparer.Default.Equals(compilation.SemanticModel(name.SyntaxTree).GetSymbolInfo(name, cancellation).Symbol?.OriginalDefinition, field))
                {
                    continue;
                }

                // Who locks null gets an exception, not company.
                if (IsLazy(name) || IsClearing(name) || IsOfNewCopy(name) || IsInUnusedSetter(name, scope, cancellation))
                {
                    isSetOnce = true;
                }
                else if (IsConstruction(name, field, compilation, cancellation))
                {
                    isSetByConstruction = true;
                }
                else
                {
                    later.Add(name);
                }
            }
        }

        // `Initialize()` in place of a constructor: nobody can lock the field before.
        if (later.Count == 1 && !isSetByConstruction && !isOpen && IsInitialization(later[0]))
        {
            isSetOnce = true;
            later.Clear();
        }

        var replaced = later.FirstOrDefault()?.GetLocation();
        bool isGuarded = later.TrueForAll(name => IsUnderOtherLock(name, field.Name));
        bool isPlain = field.DeclaringSyntaxReferences.Length == 1
            && field.DeclaringSyntaxReferences[0].GetSyntax(cancellation) is VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: FieldDeclarationSyntax } };
        return new() { Replaced = replaced, IsReplacedUnderLock = isGuarded, IsSetOnce = isSetOnce, IsOpen = isOpen, CanBeReadonly = !isOpen && isPlain && !field.IsVolatile && replaced is null && !isSetOnce };
    }

    // A private field, or any field of a private nested type, can be written only by the type around.
    private static (INamedTypeSymbol Scope, bool IsOpen) ScopeOf(IFieldSymbol field)
    {
        var scope = field.ContainingType;
        if (field.DeclaredAccessibility == Accessibility.Private)
        {
            return (scope, false);
        }

        bool isOpen = true;
        for (var type = field.ContainingType; type.ContainingType is { } outer; type = outer)
        {
            if (type.DeclaredAccessibility == Accessibility.Private)
            {
                (scope, isOpen) = (outer, false);
            }
        }

        return (scope, isOpen);
    }

    private static bool HasValue(IFieldSymbol field, CancellationToken cancellation) => field.DeclaringSyntaxReferences
        .Any(reference => reference.GetSyntax(cancellation) is VariableDeclaratorSyntax { Initializer.Value: { } value } && !IsNull(value));

    private static bool IsNull(ExpressionSyntax value) => value is PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } suppressed
        ? IsNull(suppressed.Operand)
        : value is LiteralExpressionSyntax { RawKind: (int)SyntaxKind.NullLiteralExpression or (int)SyntaxKind.DefaultLiteralExpression };

    // A private setter that nothing in the type uses replaces nothing.
    private static bool IsInUnusedSetter(IdentifierNameSyntax name, INamedTypeSymbol scope, CancellationToken cancellation) =>
        name.FirstAncestorOrSelf<AccessorDeclarationSyntax>() is { RawKind: (int)SyntaxKind.SetAccessorDeclaration, Parent.Parent: PropertyDeclarationSyntax property } setter
        && IsPrivate(setter, property)
        && !scope.DeclaringSyntaxReferences.SelectMany(part => part.GetSyntax(cancellation).DescendantNodes()).OfType<IdentifierNameSyntax>().Any(other => other.Identifier.ValueText == property.Identifier.ValueText && IsWrite(other));

    private static bool IsPrivate(AccessorDeclarationSyntax setter, PropertyDeclarationSyntax property) =>
        (setter.Modifiers.Count > 0 ? setter.Modifiers : property.Modifiers) is var modifiers
        && !modifiers.Any(modifier => modifier.RawKind is (int)SyntaxKind.PublicKeyword or (int)SyntaxKind.InternalKeyword or (int)SyntaxKind.ProtectedKeyword)
        && property.ExplicitInterfaceSpecifier is null;

    private static bool IsClearing(IdentifierNameSyntax name) => AssignmentOf(name) is { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Right: var value } && IsNull(value);

    // A plain assignment. One that asks first whether the field is null is a race, unless it does so under another lock.
    private static bool IsInitialization(IdentifierNameSyntax name) => AssignmentOf(name) is { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment
        && (!assignment.Ancestors().Any(node => node is IfStatementSyntax or ConditionalExpressionSyntax && Names(node.ChildNodes().First(), name.Identifier.ValueText))
            || assignment.Ancestors().OfType<LockStatementSyntax>().Any(locking => !Names(locking.Expression, name.Identifier.ValueText)))
        && !assignment.Ancestors().Any(node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax && node.DescendantNodes().Any(inner => inner is LockStatementSyntax locking && Names(locking.Expression, name.Identifier.ValueText)));

    private static bool Names(SyntaxNode node, string name) => node.DescendantNodesAndSelf().Any(inner => inner is IdentifierNameSyntax other && other.Identifier.ValueText == name);

    private static AssignmentExpressionSyntax? AssignmentOf(IdentifierNameSyntax name)
    {
        SyntaxNode expression = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        return expression.Parent is AssignmentExpressionSyntax assignment && assignment.Left == expression ? assignment : null;
    }

    private static bool IsWrite(IdentifierNameSyntax name)
    {
        SyntaxNode expression = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        while (expression.Parent is ParenthesizedExpressionSyntax || expression.Parent is PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression })
        {
            expression = expression.Parent;
        }

        return expression.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == expression,
            ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword or (int)SyntaxKind.OutKeyword } => true,
            ArgumentSyntax { Parent: TupleExpressionSyntax tuple } => tuple.Ancestors().OfType<AssignmentExpressionSyntax>().FirstOrDefault()?.Left.Span.Contains(tuple.Span) == true,
            RefExpressionSyntax => true,
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression } => true,
            _ => false,
        };
    }

    // Only the first of several threads sets it, or the serializer in place of a constructor: all get the same object.
    private static bool IsLazy(IdentifierNameSyntax name) => IsDeserialization(name.FirstAncestorOrSelf<MethodDeclarationSyntax>())
        || (name.FirstAncestorOrSelf<ArgumentSyntax>()?.Parent?.Parent is InvocationExpressionSyntax { Expression: var called }
            && (called is MemberAccessExpressionSyntax access ? access.Name : called) is SimpleNameSyntax { Identifier.ValueText: "CompareExchange" or "EnsureInitialized" or "Read" });

    private static bool IsDeserialization(MethodDeclarationSyntax? method) =>
        method?.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString().Contains("OnDeserializ")) == true;

    // `var copy = (C)MemberwiseClone(); copy._gate = new();`: nobody else has the copy yet.
    private static bool IsOfNewCopy(IdentifierNameSyntax name) => name.Parent is MemberAccessExpressionSyntax access && access.Name == name && Made(access.Expression) is IdentifierNameSyntax { Identifier.ValueText: var copy }
        && name.Ancestors().FirstOrDefault(outer => outer is MemberDeclarationSyntax)?.DescendantNodes().OfType<VariableDeclaratorSyntax>()
            .Any(local => local.Identifier.ValueText == copy && local.SpanStart < name.SpanStart && Made(local.Initializer?.Value) is BaseObjectCreationExpressionSyntax or InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "MemberwiseClone" } or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "MemberwiseClone" } }) == true;

    private static ExpressionSyntax? Made(ExpressionSyntax? value) => value switch
    {
        CastExpressionSyntax cast => Made(cast.Expression),
        ParenthesizedExpressionSyntax inner => Made(inner.Expression),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } sure => Made(sure.Operand),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AsExpression } cast => Made(cast.Left),
        _ => value,
    };

    private static bool IsConstruction(IdentifierNameSyntax name, IFieldSymbol field, CompilationModel compilation, CancellationToken cancellation)
    {
        foreach (var node in name.Ancestors())
        {
            switch (node)
            {
                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax:
                    return false;
                case ConstructorDeclarationSyntax constructor:
                    return IsOfThis(name) && constructor.Modifiers.Any(SyntaxKind.StaticKeyword) == field.IsStatic
                        && SymbolEqualityComparer.Default.Equals(compilation.SemanticModel(node.SyntaxTree).GetDeclaredSymbol(constructor, cancellation)?.ContainingType.OriginalDefinition, field.ContainingType);
                case AccessorDeclarationSyntax accessor:
                    return accessor.IsKind(SyntaxKind.InitAccessorDeclaration) && IsOfThis(name);
                case MemberDeclarationSyntax:
                    return false;
            }
        }

        return false;
    }

    // `_gate = …`, `this._gate = …` or `C._gate = …`, but not `other._gate = …` or `new C { _gate = … }`.
    private static bool IsOfThis(IdentifierNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } => true,
        MemberAccessExpressionSyntax { Expression: SimpleNameSyntax owner } => name.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.ValueText == owner.Identifier.ValueText,
        AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } => false,
        var parent => parent is not MemberAccessExpressionSyntax,
    };
}
