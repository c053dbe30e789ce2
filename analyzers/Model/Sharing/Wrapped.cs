using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <summary>What an object that is made here keeps as it is: the parts of a tuple or record, what its constructor puts away, what an initializer sets.</summary>
internal static class Wrapped
{
    private const int Deepest = 3;

    // Types of libraries that keep what their constructor gets, and copy nothing.
    private static readonly HashSet<string> Keepers = ["KeyValuePair", "Tuple", "ValueTuple", "ArraySegment", "Memory", "ReadOnlyMemory", "ReadOnlySequence", "MemoryStream", "ReadOnlyCollection"];

    /// <summary>The values that <paramref name="value"/>, or the local that it names, keeps.</summary>
    public static IEnumerable<IOperation> In(IOperation value, Body body) => In(value.Bare(), body, Deepest);

    private static IEnumerable<IOperation> In(IOperation value, Body body, int depth)
    {
        var made = value is ILocalReferenceOperation { Local: var local } && body.Locals.OnlyValue(local) is { } only ? only.Bare() : value;
        return depth == 0 ? [] : PartsOf(made).SelectMany(part => In(part.Bare(), body, depth - 1).Prepend(part.Bare()));
    }

    private static IEnumerable<IOperation> PartsOf(IOperation made) => made switch
    {
        ITupleOperation tuple => tuple.Elements,
        IAnonymousObjectCreationOperation record => record.Initializers.OfType<ISimpleAssignmentOperation>().Select(part => part.Value),
        IObjectCreationOperation creation => creation.Arguments.Where(argument => Keeps(creation, argument)).Select(argument => argument.Value).Concat(SetBy(creation.Initializer)),
        IWithOperation copy => SetBy(copy.Initializer),
        _ => [],
    };

    private static IEnumerable<IOperation> SetBy(IObjectOrCollectionInitializerOperation? initializer) => initializer?.Initializers.OfType<ISimpleAssignmentOperation>()
        .Where(assignment => assignment.Target is IFieldReferenceOperation || (assignment.Target is IPropertyReferenceOperation { Property: var property } && property.HasField())).Select(assignment => assignment.Value) ?? [];

    private static bool Keeps(IObjectCreationOperation creation, IArgumentOperation argument) => argument.Parameter is { RefKind: RefKind.None } parameter
        && creation.Constructor?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
        {
            null => creation.Type is { ContainingNamespace: { } space, Name: var name } && space.ToDisplayString().StartsWith("System", System.StringComparison.Ordinal) && Keepers.Contains(name),
            RecordDeclarationSyntax => !IsCopiedBy(creation.Type, parameter.Name),
            TypeDeclarationSyntax type => type.Members.Any(member => member is PropertyDeclarationSyntax { Initializer.Value: { } value } && IsNamed(value, parameter.Name))
                || type.Members.OfType<FieldDeclarationSyntax>().SelectMany(field => field.Declaration.Variables).Any(variable => variable.Initializer is { Value: var value } && IsNamed(value, parameter.Name)),
            ConstructorDeclarationSyntax constructor => constructor.DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(assignment => IsNamed(assignment.Right, parameter.Name)),
            _ => false,
        };

    // `record Chunk(byte[] Data) { public byte[] Data { get; } = Data.ToArray(); }`
    private static bool IsCopiedBy(ITypeSymbol? record, string parameter) => record?.GetMembers(parameter).OfType<IPropertySymbol>().Any(property =>
        property.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is PropertyDeclarationSyntax { Initializer.Value: var value } && !IsNamed(value, parameter))) == true;

    private static bool IsNamed(ExpressionSyntax value, string parameter) => value switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText == parameter,
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression, Left: var left } => IsNamed(left, parameter),
        _ => false,
    };
}
