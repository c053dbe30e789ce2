using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using Sluice.Model.Files;

namespace Sluice.Model.Sharing;

/// <summary>State of which each thread has its own: [ThreadStatic] and ThreadLocal, by itself and behind a member that does nothing but read or set it. Thread-safe.</summary>
internal sealed class ThreadOwn(CompilationModel compilation)
{
    private readonly ConcurrentDictionary<ISymbol, (ISymbol? State, bool IsMade)> _behind = new(SymbolEqualityComparer.Default);

    private string[]? _names;

    /// <summary>Whether the text names a type of the compilation that has such state: who uses it need not mention threads.</summary>
    public bool IsNamedIn(SyntaxTree tree, TextSpan span, CancellationToken cancellation) =>
        Names(cancellation) is { Length: > 0 } names && compilation.Text(tree, cancellation) is var text && names.Any(name => Word.IsIn(text, span.Start, span.End, name));

    /// <summary>The state that the operation reads or sets; null when there is none.</summary>
    public ISymbol? Of(IOperation operation, CancellationToken cancellation) => StateOf(operation) ?? (Behind(operation, cancellation) is { IsMade: false, State: var state } ? state : null);

    /// <summary>The state that keeps the object which the value is; also where each thread makes its own at first use.</summary>
    public ISymbol? Holding(IOperation value, CancellationToken cancellation) => value.Bare() switch
    {
        ICoalesceAssignmentOperation made => Of(made.Target, cancellation),
        ICoalesceOperation choice => Holding(choice.Value, cancellation),
        IInvocationOperation { Instance: { } owner, TargetMethod: { ContainingType.Name: "StringBuilder", ReturnType.Name: "StringBuilder" } } => Holding(owner, cancellation),
        var other => StateOf(other) ?? Behind(other, cancellation).State,
    };

    /// <summary>Whether each thread has a field of its own there.</summary>
    public static bool IsThreadStatic(IFieldSymbol field) => field.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "ThreadStaticAttribute");

    /// <summary>Whether the operation sets the state.</summary>
    public static bool IsWrite(IOperation operation) => operation is IInvocationOperation { TargetMethod.ReturnsVoid: true } || (operation.Parent is IAssignmentOperation assignment && assignment.Target == operation);

    /// <summary>Whether each thread gets one of its own at first use, as good as that of any other: <c>new ThreadLocal&lt;Random&gt;(() => new())</c>.</summary>
    public static bool IsMadeForEach(ISymbol state) => state.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: [{ Expression: not LiteralExpressionSyntax }, ..] } };

    private static ISymbol? StateOf(IOperation operation) => operation switch
    {
        IFieldReferenceOperation { Field: { IsStatic: true } field } when IsThreadStatic(field) => field,
        IPropertyReferenceOperation { Property: { Name: "Value", ContainingType: { Name: "ThreadLocal", ContainingNamespace.Name: "Threading" } }, Instance: IMemberReferenceOperation holder } => holder.Member,
        IPropertyReferenceOperation { Property: { Name: "Value", ContainingType: { Name: "ThreadLocal", ContainingNamespace.Name: "Threading" } }, Instance: ILocalReferenceOperation local } => local.Local,
        _ => null,
    };

    private (ISymbol? State, bool IsMade) Behind(IOperation operation, CancellationToken cancellation) => operation switch
    {
        IPropertyReferenceOperation { Property: var property } => Behind(property, cancellation),
        IInvocationOperation { TargetMethod: { MethodKind: MethodKind.Ordinary, Parameters.Length: <= 1 } method } => Behind(method, cancellation),
        _ => default,
    };

    private (ISymbol? State, bool IsMade) Behind(ISymbol member, CancellationToken cancellation)
    {
        if (!member.IsStatic || Names(cancellation).Length == 0 || !compilation.IsWrittenHere(member))
        {
            return default;
        }

        return _behind.TryGetValue(member, out var known) ? known : _behind.GetOrAdd(member, Read(member, cancellation));
    }

    // `Current { get => t_current; set => t_current = value; }`, `Set(user) => t_current = user`; `t_random ??= new()` is what each thread makes for itself.
    private (ISymbol? State, bool IsMade) Read(ISymbol member, CancellationToken cancellation)
    {
        var declaration = member.DeclaringSyntaxReferences[0].GetSyntax(cancellation);
        var model = compilation.SemanticModel(declaration.SyntaxTree);
        return declaration.DescendantNodes().Select(CodeIn).OfType<ExpressionSyntax>()
            .Select(code => code is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment ? assignment.Left : code)
            .Select(code => model.GetOperation(code, cancellation)).OfType<IOperation>()
            .Select(code => code switch
            {
                ICoalesceAssignmentOperation made => (State: StateOf(made.Target), IsMade: true),
                ICoalesceOperation { Value: var value, WhenNull: var none } when none.Bare() is IThrowOperation => (State: StateOf(value), IsMade: false),
                _ => (State: StateOf(code), IsMade: false),
            })
            .FirstOrDefault(read => read.State is not null);
    }

    private static ExpressionSyntax? CodeIn(SyntaxNode node) => node switch
    {
        ArrowExpressionClauseSyntax arrow => arrow.Expression,
        BlockSyntax { Statements: [ReturnStatementSyntax { Expression: var value }] } => value,
        BlockSyntax { Statements: [ExpressionStatementSyntax { Expression: var change }] } => change,
        _ => null,
    };

    // By the words of the files alone: the types that have such a field.
    private string[] Names(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _names) is { } known)
        {
            return known;
        }

        var names = compilation.Compilation.SyntaxTrees
            .Where(tree => (SourceFile.Of(tree).Mentions(cancellation).All & Mentions.ThreadOwn) != 0)
            .SelectMany(tree => tree.GetRoot(cancellation).DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax).OfType<TypeDeclarationSyntax>()
                .Where(type => (SourceFile.Of(tree).Mentions(cancellation).In(type.Span) & Mentions.ThreadOwn) != 0))
            .Select(type => type.Identifier.ValueText)
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        Volatile.Write(ref _names, names);
        return names;
    }
}
