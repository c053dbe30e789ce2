using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Files;

namespace Sluice.Rules;

/// <summary>An async method, local function or lambda that returns void: nobody can wait for it, and its exception ends the process.</summary>
internal sealed class AsyncVoid : Rule
{
    public const string Id = "SLC5005";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Async code that returns void",
        "{0} is async and returns void: {1}, and an exception in it ends the process",
        Family.Tasks,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "Code that is async and returns void goes on after its first await while its caller believes that it is done. An exception in it reaches no caller: it is thrown on the thread pool and ends the process. Return Task, and use an API that takes a delegate returning Task.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Async;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.Bodies)
        {
            type.Cancellation.ThrowIfCancellationRequested();
            if (body.Declaration is MethodDeclarationSyntax method && IsAsyncVoid(method.Modifiers, method.ReturnType))
            {
                CheckMethod(method, body, type, report);
            }

            if (HoldsCandidate(body.Declaration, type))
            {
                foreach (var inner in body.All.Where(inner => inner.Outer is not null))
                {
                    CheckInner(inner, type, report);
                }
            }
        }
    }

    // Words first, then syntax: few bodies hold async code that is not the method itself.
    private static bool HoldsCandidate(SyntaxNode declaration, TypeModel type)
    {
        var code = declaration is MethodDeclarationSyntax method ? (SyntaxNode?)method.Body ?? method.ExpressionBody ?? declaration : declaration;
        return (SourceFile.Of(code.SyntaxTree).Mentions(type.Cancellation).In(code.Span) & Mentions.AsyncCode) != 0 && code.DescendantNodes().Any(IsInnerCandidate);
    }

    private static bool IsInnerCandidate(SyntaxNode node) => node switch
    {
        AnonymousFunctionExpressionSyntax lambda => lambda.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword),
        LocalFunctionStatementSyntax function => IsAsyncVoid(function.Modifiers, function.ReturnType),
        _ => false,
    };

    private static bool IsAsyncVoid(SyntaxTokenList modifiers, TypeSyntax result) =>
        modifiers.Any(SyntaxKind.AsyncKeyword) && result is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };

    private void CheckMethod(MethodDeclarationSyntax syntax, Body body, TypeModel type, Action<Diagnostic> report)
    {
        if (body.Semantics.GetDeclaredSymbol(syntax, type.Cancellation) is not { } method
            || IsFixedElsewhere(method, type.Known)
            || IsHandler(method, type.Known)
            || IsSubscribed(method.Name, type)
            || CatchesAll(body))
        {
            return;
        }

        report(Diagnostic.Create(Descriptor, syntax.Identifier.GetLocation(), $"'{method.Name}'", "nobody can wait for it"));
    }

    private void CheckInner(Body inner, TypeModel type, Action<Diagnostic> report)
    {
        switch (inner.Root)
        {
            case ILocalFunctionOperation { Symbol: { IsAsync: true, ReturnsVoid: true } function, Syntax: LocalFunctionStatementSyntax syntax }
                when !IsHandler(function, type.Known) && !IsSubscribed(function.Name, type) && !CatchesAll(inner):
                report(Diagnostic.Create(Descriptor, syntax.Identifier.GetLocation(), $"'{function.Name}'", "nobody can wait for it"));
                break;

            case IAnonymousFunctionOperation { Symbol: { IsAsync: true, ReturnsVoid: true }, Syntax: AnonymousFunctionExpressionSyntax syntax } lambda
                when !IsHandler(lambda, type.Known):
                var call = CallWith(lambda);
                bool isWaitedFor = call is not null && ReturnsWhenDone(call, type.Known);
                if (isWaitedFor || !CatchesAll(inner))
                {
                    report(Diagnostic.Create(Descriptor, syntax.AsyncKeyword.GetLocation(), "This code", isWaitedFor ? $"'{call!.TargetMethod.Name}' returns before it is done" : "nobody can wait for it"));
                }

                break;
        }
    }

    // Somebody else has decided what it returns. A base or an interface of the same project can be changed with it.
    private static bool IsFixedElsewhere(IMethodSymbol method, KnownTypes known) =>
        (method.OverriddenMethod is { } overridden && IsElsewhere(overridden))
        || method.PartialDefinitionPart is not null
        || method.ExplicitInterfaceImplementations.Any(IsElsewhere)
        || HasUnknownBase(method.ContainingType)
        || method.GetAttributes().Any(attribute => known[attribute.AttributeClass] == KnownType.UnmanagedCallersOnlyAttribute)
        || method.ContainingType.AllInterfaces.SelectMany(implemented => implemented.GetMembers(method.Name))
            .Any(member => IsElsewhere(member) && SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method));

    private static bool IsElsewhere(ISymbol declared) => declared.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty || (declared is IMethodSymbol { OverriddenMethod: { } above } && IsElsewhere(above));

    // Code that is still being typed: an unknown base or interface may ask for this method.
    private static bool HasUnknownBase(INamedTypeSymbol type) =>
        type.BaseType?.TypeKind == TypeKind.Error || type.AllInterfaces.Any(implemented => implemented.TypeKind == TypeKind.Error);

    // (object sender, SomethingEventArgs e) in whatever delegate type, and the (object sender, object e) of WinUI: events have no other form.
    private static bool IsHandler(IMethodSymbol method, KnownTypes known) =>
        method.Parameters is [{ Type: { IsValueType: false } sender }, { Type: var arguments }]
        && (IsEventArgs(arguments, known) || (sender.SpecialType == SpecialType.System_Object && arguments.SpecialType == SpecialType.System_Object));

    private static bool IsEventArgs(ITypeSymbol type, KnownTypes known)
    {
        for (var @base = type; @base is not null; @base = @base.BaseType)
        {
            if (known[@base] == KnownType.EventArgs)
            {
                return true;
            }
        }

        return type.Name.EndsWith("Args", StringComparison.Ordinal);
    }

    private static bool IsHandler(IAnonymousFunctionOperation lambda, KnownTypes known)
    {
        IOperation value = lambda;
        while (value.Parent is IConversionOperation or IParenthesizedOperation or IDelegateCreationOperation)
        {
            value = value.Parent;
        }

        return value.Parent is IEventAssignmentOperation or ICompoundAssignmentOperation
            || (value.Type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } && IsHandler(invoke, known));
    }

    private static bool IsSubscribed(string method, TypeModel type) =>
        type.Parts.SelectMany(part => part.DescendantNodes()).OfType<AssignmentExpressionSyntax>()
            .Any(assignment => assignment.IsKind(SyntaxKind.AddAssignmentExpression) && IsNamed(assignment.Right, method));

    private static bool IsNamed(ExpressionSyntax handler, string method) => handler switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText == method,
        MemberAccessExpressionSyntax member => IsNamed(member.Name, method),
        ObjectCreationExpressionSyntax { ArgumentList.Arguments: [{ Expression: var target }] } => IsNamed(target, method),
        ParenthesizedExpressionSyntax inner => IsNamed(inner.Expression, method),
        CastExpressionSyntax cast => IsNamed(cast.Expression, method),
        _ => false,
    };

    // The call that gets the lambda as an argument.
    private static IInvocationOperation? CallWith(IAnonymousFunctionOperation lambda)
    {
        IOperation value = lambda;
        while (value.Parent is { } parent && (parent is IConversionOperation or IDelegateCreationOperation or IParenthesizedOperation || parent.IsListing()))
        {
            value = parent;
        }

        return value.Parent is IArgumentOperation { Parent: IInvocationOperation call } ? call : null;
    }

    // Calls whose caller takes the work to be done when they return.
    private static bool ReturnsWhenDone(IInvocationOperation call, KnownTypes known) => known[call.TargetMethod.ContainingType] switch
    {
        KnownType.Parallel => true,
        KnownType.ParallelEnumerable => call.TargetMethod.Name == "ForAll",
        KnownType.ListOfT or KnownType.ImmutableListOfT or KnownType.Array => call.TargetMethod.Name == "ForEach",
        _ => false,
    };

    // Fired once and caught as a whole: no exception can leave it.
    private static bool CatchesAll(Body body)
    {
        var statements = StatementsOf(body.Root).RemoveAll(statement => statement is IReturnOperation { IsImplicit: true });
        return statements.LastOrDefault() is ITryOperation attempt
            && statements.Take(statements.Length - 1).All(IsHarmless)
            && attempt.Catches.LastOrDefault() is { Filter: null } last
            && (body.Compilation.Known[last.ExceptionType] == KnownType.Exception || last.ExceptionType.SpecialType == SpecialType.System_Object)
            && !attempt.Catches.Any(handler => Throws(handler.Handler))
            && (attempt.Finally is null || !Throws(attempt.Finally));
    }

    private static ImmutableArray<IOperation> StatementsOf(IOperation? code) => code switch
    {
        IMethodBodyOperation { BlockBody: { } block } => block.Operations,
        IAnonymousFunctionOperation { Body: { } block } => block.Operations,
        ILocalFunctionOperation { Body: { } block } => block.Operations,
        _ => ImmutableArray<IOperation>.Empty,
    };

    private static bool Throws(IOperation code) => code.Own().Any(operation => operation is IThrowOperation);

    private static bool IsHarmless(IOperation statement) => !statement.Own().Any(operation => Model.Throws.May(operation, static _ => true));
}
