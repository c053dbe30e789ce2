using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Sluice.Model;
using Sluice.Model.Discipline;

namespace Sluice.Rules;

/// <summary>
/// A call whose answer is all it does, or tells whether it worked, and nobody looks. The name of what is called decides whether it is bound. Tasks that are started and dropped
/// are the business of SLC5001, items that a channel loses of SLC2005.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ResultUnused() : FileRule(Descriptor)
{
    internal const string Id = "SLC0005";

    /// <summary>Says what the fix may do: await the task, or put the new value in the place of the old.</summary>
    internal const string Fix = "Fix";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Result ignored",
        "The result of '{0}' is ignored: {1}; use it, or say with '_ =' that it does not matter",
        Family.Discipline,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Some calls do nothing but answer, and some say in their answer that they did nothing. Where nobody looks, the line has no effect or the failure goes unseen. Go's vet and errcheck refuse it.",
        helpLinkUri: Page.Of(Id));

    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context)
    {
        context.RegisterCompilationStartAction(start =>
        {
            var names = new MustUseNames(start.Compilation);
            var known = new KnownTypes(start.Compilation);
            start.RegisterSyntaxNodeAction(node => Vet(node, names, known), SyntaxKind.ExpressionStatement, SyntaxKind.ArrowExpressionClause, SyntaxKind.SimpleLambdaExpression, SyntaxKind.ParenthesizedLambdaExpression);
        });
    }

    private static void Vet(SyntaxNodeAnalysisContext context, MustUseNames names, KnownTypes known)
    {
        var (expression, isAwaited) = context.Node switch
        {
            ExpressionStatementSyntax statement => Called(statement.Expression),
            ArrowExpressionClauseSyntax arrow => Called(arrow.Expression),
            LambdaExpressionSyntax { ExpressionBody: { } body } => Called(body),
            _ => default,
        };

        if (expression is not { } call || !names.MayMatter(call, context.CancellationToken) || !IsDropped(context))
        {
            return;
        }

        var model = context.SemanticModel;
        if (model.GetSymbolInfo(call, context.CancellationToken).Symbol is IMethodSymbol { ReturnsVoid: false } method
            && Why(call, method, isAwaited, model, known, context) is { } why
            && !model.HasErrorsAround(call, context.CancellationToken))
        {
            var properties = Offer(call, method, model, known, context) is { } fix ? ImmutableDictionary<string, string?>.Empty.Add(Fix, fix) : null;
            context.ReportDiagnostic(Diagnostic.Create(Descriptor, call.GetLocation(), properties, method.Name, why));
        }
    }

    // The call that a statement ends with: `a.B()`, `a?.B()`, `await a.B()`.
    private static (InvocationExpressionSyntax? Call, bool IsAwaited) Called(ExpressionSyntax expression) => expression switch
    {
        InvocationExpressionSyntax call => (call, false),
        ConditionalAccessExpressionSyntax { WhenNotNull: var then } => Called(then),
        AwaitExpressionSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Expression: InvocationExpressionSyntax inner } } } => (inner, true),
        AwaitExpressionSyntax { Expression: InvocationExpressionSyntax call } => (call, true),
        _ => default,
    };

    private static bool IsDropped(SyntaxNodeAnalysisContext context) => context.Node switch
    {
        ExpressionStatementSyntax => true,
        LambdaExpressionSyntax lambda => context.SemanticModel.GetTypeInfo(lambda, context.CancellationToken).ConvertedType is INamedTypeSymbol { DelegateInvokeMethod.ReturnsVoid: true },
        { Parent: { } owner } => context.SemanticModel.GetDeclaredSymbol(owner, context.CancellationToken) is IMethodSymbol { ReturnsVoid: true },
        _ => false,
    };

    private static string? Why(InvocationExpressionSyntax call, IMethodSymbol method, bool isAwaited, SemanticModel model, KnownTypes known, SyntaxNodeAnalysisContext context)
    {
        if (isAwaited)
        {
            return WaitTimesOut(call, method, model, known) ? "when the time is over it goes on without what it waited for" : null;
        }

        if (Waits.IsAwaitable(method.ReturnType, known))
        {
            return method.Name is "Delay" or "Yield" or "WhenAny" && known[method.ContainingType] == KnownType.Task ? "nothing waits for this task" : null;
        }

        if (PureMethods.IsLazy(method, known))
        {
            return "nothing runs until somebody goes through it";
        }

        if (PureMethods.IsPure(method))
        {
            return "it changes nothing and does nothing but give the result";
        }

        return WaitTimesOut(call, method, model, known) || IsTryEnter(method, known)
            ? "when the time is over it goes on without what it waited for"
            : TryResult.WhyLooked(call, method, model, context.CancellationToken);
    }

    // An event is often waited for as one sleeps; a lock that was not taken is not held.
    private static bool WaitTimesOut(InvocationExpressionSyntax call, IMethodSymbol method, SemanticModel model, KnownTypes known) => method.Name is "Wait" or "WaitAsync" or "WaitOne"
        && method.Parameters.Any(parameter => parameter.Type.SpecialType == SpecialType.System_Int32 || parameter.Type.Name == "TimeSpan")
        && call.Expression is MemberAccessExpressionSyntax { Expression: var waited } && known[model.GetTypeInfo(waited).Type] is KnownType.SemaphoreSlim or KnownType.Mutex or KnownType.Semaphore;

    private static bool IsTryEnter(IMethodSymbol method, KnownTypes known) => method.ReturnType.SpecialType == SpecialType.System_Boolean && method.Name switch
    {
        "TryEnter" => known[method.ContainingType] is KnownType.Monitor or KnownType.Lock,
        "TryEnterReadLock" or "TryEnterWriteLock" or "TryEnterUpgradeableReadLock" => known[method.ContainingType] == KnownType.ReaderWriterLockSlim,
        _ => false,
    };

    private static string? Offer(InvocationExpressionSyntax call, IMethodSymbol method, SemanticModel model, KnownTypes known, SyntaxNodeAnalysisContext context)
    {
        if (call.Parent is not ExpressionStatementSyntax)
        {
            return null;
        }

        if (Waits.IsAwaitable(method.ReturnType, known))
        {
            return model.GetEnclosingSymbol(call.SpanStart, context.CancellationToken) is IMethodSymbol { IsAsync: true } && !call.Ancestors().Any(node => node is LockStatementSyntax) ? "Await" : null;
        }

        return call.Expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax receiver } && PureMethods.IsPure(method)
            && model.GetSymbolInfo(receiver, context.CancellationToken).Symbol is ILocalSymbol { IsConst: false, IsForEach: false, IsUsing: false } or IParameterSymbol { RefKind: RefKind.None or RefKind.Ref } or IFieldSymbol { IsReadOnly: false, IsConst: false }
            && SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(receiver, context.CancellationToken).Type, method.ReturnType) ? "Assign" : null;
    }
}
