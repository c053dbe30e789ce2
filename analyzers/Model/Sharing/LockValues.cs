using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Sluice.Model.Files;

namespace Sluice.Model.Sharing;

/// <summary>The locks that are values: SpinLock, a struct that takes itself, and each struct with one of them in it. Thread-safe.</summary>
internal sealed class LockValues(CompilationModel compilation)
{
    private const int Deepest = 3;

    private string[]? _names;

    /// <summary>Whether the text names a struct of the compilation that may be a lock: who uses it need not mention anything concurrent.</summary>
    public bool AreNamedIn(SyntaxTree tree, TextSpan span, CancellationToken cancellation) =>
        Names(cancellation) is { Length: > 0 } names && compilation.Text(tree, cancellation) is var text && names.Any(name => Word.IsIn(text, span.Start, span.End, name));

    /// <summary>Whether a copy of such a value is another lock.</summary>
    public static bool IsLock(ITypeSymbol? type) => IsLock(type, Deepest);

    public static bool IsSpinLock(ITypeSymbol? type) => type is { IsValueType: true, Name: "SpinLock", ContainingNamespace: { Name: "Threading", ContainingNamespace.Name: "System" } };

    private static bool IsLock(ITypeSymbol? type, int depth) => IsSpinLock(type) || (depth > 0
        && type is INamedTypeSymbol { TypeKind: TypeKind.Struct, IsRefLikeType: false, DeclaringSyntaxReferences: { IsEmpty: false } parts } named
        && (named.GetMembers().Any(member => member is IFieldSymbol { IsStatic: false, Type: var held } && IsLock(held, depth - 1)) || (IsMainlyLock(named) && parts.Any(part => TakesItself(part.GetSyntax(), named)))));

    // What only changes its bits atomically is copied to be looked at, and so is a record of which some bits are a lock.
    private static bool IsMainlyLock(INamedTypeSymbol type)
    {
        var members = type.GetMembers().Where(member => member is IMethodSymbol { MethodKind: MethodKind.Ordinary, IsOverride: false } or IPropertySymbol).ToList();
        return members.Any(IsTaking) && (type.Name.Contains("Lock") || members.Count(IsTaking) * 4 >= members.Count);
    }

    private static bool IsTaking(ISymbol member) => member is IMethodSymbol { Name: var name } && (name.Contains("Lock") || name.Contains("Enter") || name.Contains("Acquire") || name.Contains("Take") || name.Contains("Wait"));

    // A lock of one's own: a struct that compares and exchanges its own field. A copy shares the object that a field leads to.
    private static bool TakesItself(SyntaxNode declaration, INamedTypeSymbol type) => declaration.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call =>
        call.Expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "Interlocked" }, Name.Identifier.ValueText: "CompareExchange" or "Exchange" }
        && call.ArgumentList.Arguments is [{ Expression: IdentifierNameSyntax { Identifier.ValueText: var name } }, ..]
        && type.GetMembers(name).Any(member => member is IFieldSymbol { IsStatic: false, Type.IsValueType: true }));

    // By the words of the structs alone. One that holds another lock is found by the name of that.
    private string[] Names(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _names) is { } known)
        {
            return known;
        }

        var files = compilation.Compilation.SyntaxTrees.Select(SourceFile.Of).ToList();
        var found = files.SelectMany(file => file.LockStructs(cancellation)).ToImmutableHashSet(StringComparer.Ordinal);
        for (int depth = 1; depth < Deepest && !found.IsEmpty; depth++)
        {
            found = found.Union(files.SelectMany(file => file.Structs(cancellation)).Where(made => made.FieldTypes.Any(found.Contains)).Select(made => made.Name));
        }

        var names = found.ToArray();
        Volatile.Write(ref _names, names);
        return names;
    }
}
