using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;
using Sluice.Model.Plumbing;

namespace Sluice.Rules;

/// <summary>Work is started, and nobody learns when it ends or that it failed.</summary>
internal sealed class NeverAwaited : Rule
{
    internal const string Id = "SLC5001";

    /// <summary>Says that an await can be put in front of the call. Who writes <c>_ =</c> or <c>Task.Run</c> means it to go on beside: what comes next may be what it waits for.</summary>
    internal const string CanAwait = "CanAwait";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Work that nobody waits for",
        "Nobody waits for '{0}'{1}: when it fails, nobody learns of it, and it may still run when what it uses is gone; {2}",
        Family.Tasks,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A task that is dropped keeps its exception to itself. Await it, keep it and await it later on every path, or catch and log everything inside the work and say with '_ =' that nobody waits.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Spawn | Mentions.Async | Mentions.AsyncName;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        // The continuation that an awaiter is given keeps its failures for its own task.
        foreach (var body in type.BodiesThatMention(Needs).Where(body => body.Outermost.Symbol is not { Name: "OnCompleted" or "UnsafeOnCompleted" }))
        {
            foreach (var call in body.Operations.OfType<IInvocationOperation>().Where(call => IsWork(call, type.Known) && !(body.RunsPerItem && call.Parent is IReturnOperation)))
            {
                if (Why(call, body, type) is { } why && (MayFail(call, body, type) || IsOverlooked(call, body, type)) && !TokenCalls.IsInExpressionTree(body, type.Known) && !IsOfTest(call, body, type))
                {
                    bool canAwait = body.Symbol is IMethodSymbol { IsAsync: true } && Waits.IsAwaitable(call.Type, type.Known) && call.Syntax.Parent is ExpressionStatementSyntax && call.TargetMethod.Name is not ("Run" or "StartNew") && !call.IsInLockStatement();
                    report(Diagnostic.Create(Descriptor, call.Syntax.GetLocation(), canAwait ? ImmutableDictionary<string, string?>.Empty.Add(CanAwait, "true") : null, NameOf(call), why, "await it, or handle its failures in it"));
                }
            }

            foreach (var abandoned in AbandonedObject.In(body, type.Cancellation))
            {
                report(Diagnostic.Create(Descriptor, abandoned.Made.Syntax.GetLocation(), abandoned.Made.Syntax.ToString().Split('(')[0], $", or ends what it has started, {WayOut.Thrown(abandoned.Wait)}", $"call '{abandoned.End}' then"));
            }
        }
    }

    private static bool IsWork(IInvocationOperation call, KnownTypes known) => call.TargetMethod switch
    {
        // A continuation is somebody who learns of the end, and some methods say by their name that nobody is to wait.
        { Name: var name } when name.StartsWith("ContinueWith", StringComparison.Ordinal) || name.StartsWith("ContinueWhen", StringComparison.Ordinal) || name.Contains("FireAndForget") => false,
        { Name: "Delay" or "Yield" or "FromResult" or "FromException" or "FromCanceled" or "ConfigureAwait" or "AsTask" or "Preserve" or "Unwrap" or "WhenAny" or "DisposeAsync" or "CancelAsync" or "GetAwaiter" or "CompleteAsync" } => false,
        { Name: "ToList" or "ToArray" } => false,

        // It gives back what was there: `Interlocked.Exchange(ref _task, null)`.
        { OriginalDefinition.ReturnType: ITypeParameterSymbol } and not { MethodKind: MethodKind.DelegateInvoke } => false,

        // The group waits for it.
        { Name: "Go", ContainingType: { } owner } when SelectClass.IsPlumbing(owner, "WaitGroup") => false,

        // Something that is done with a task, as observing its failure, is no work of its own.
        _ when call.Receiver() is { } receiver && Waits.IsAwaitable(receiver.Bare().Type, known) => false,
        { Name: "Select", ContainingType: { } owner } when known[owner] == KnownType.Enumerable => call.Type is INamedTypeSymbol { TypeArguments: [var item] } && Waits.IsAwaitable(item, known),
        { Name: "Run" or "StartNew" } => known[call.Type] is KnownType.Task or KnownType.TaskOfT,
        var method => Waits.IsTask(call.Type, known) && (method.IsAsync || IsStatement(call) || (IsKept(call) && (method.MethodKind == MethodKind.DelegateInvoke || method.Name.EndsWith("Async", StringComparison.Ordinal)))),
    };

    // What a test leaves running on purpose its asserts wait for; a forgotten await in an async test is one all the same.
    private static bool IsOfTest(IInvocationOperation call, Body body, TypeModel type) => type.Compilation.IsOfTests
        && !(IsBare(call) && body.Symbol is IMethodSymbol { IsAsync: true } && call.TargetMethod.Name is not ("Run" or "StartNew"));

    private static bool IsKept(IOperation call) => call.Parent is IVariableInitializerOperation { Parent: IVariableDeclaratorOperation };

    private static bool IsStatement(IOperation call) => IsBare(call) || IsDiscarded(call.Syntax);

    // `SaveAsync();`, `stream?.FlushAsync();`: not even `_ =` says that this was meant.
    private static bool IsBare(IOperation call) => call.Parent is IExpressionStatementOperation or IConditionalAccessOperation { Parent: IExpressionStatementOperation }
        || (call.Parent is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" } adapted && adapted.Instance == call && IsBare(adapted));

    // It has no handler, and cannot fail as its code stands today: that it is over when the next line runs is nevertheless what the line says.
    private static bool IsOverlooked(IInvocationOperation call, Body body, TypeModel type) => IsBare(call) && !IsDisabled(call.Syntax) && !body.FactsAt(call).OfType<SpawnFact>().Any()
        && CodeOf(call.TargetMethod, body, type) is var code && (code is null || ((call.TargetMethod.IsAsync || call.TargetMethod.DeclaredAccessibility != Accessibility.Private) && !code.Operations.OfType<ITryOperation>().Any(attempt => attempt.Catches.Length > 0)));

    private static string NameOf(IInvocationOperation call) => call.Syntax is InvocationExpressionSyntax { Expression: var callee } ? string.Concat(callee.ToString().Split('\n').Select(line => line.Trim())).TrimStart('.') : call.TargetMethod.Name;

    private static string? Why(IInvocationOperation call, Body body, TypeModel type)
    {
        var fate = Fate.Of(call, body.Places);
        return fate.Kind switch
        {
            FateKind.Dropped => IsContinued(call) || IsForgotten(call) ? null : string.Empty,
            FateKind.Held when fate.Holder is { Owner: null, Symbol: ILocalSymbol local } => OfLocal(call, local, body),
            FateKind.Held when fate.Holder is { Owner.Symbol: null, Symbol: IFieldSymbol { DeclaredAccessibility: Accessibility.Private, IsStatic: false } field } && IsAssigned(call) => OfField(field, body, type),
            _ => null,
        };
    }

    // A continuation is somebody who learns of the end.
    private static bool IsContinued(IInvocationOperation call)
    {
        IOperation? outer = call.Parent;
        while (outer is IConversionOperation or IArgumentOperation or IInvocationOperation)
        {
            if (outer is IInvocationOperation { TargetMethod.Name: "ContinueWith" or "Forget" or "FireAndForget" or "SafeFireAndForget" or "OnCompleted" or "Received" or "DidNotReceive" })
            {
                return true;
            }

            outer = outer.Parent;
        }

        return call.DescendantsAndSelf().OfType<IInvocationOperation>().Any(inner => inner.TargetMethod.Name is "Received" or "DidNotReceive" or "ReceivedWithAnyArgs" or "DidNotReceiveWithAnyArgs" or "ContinueWith");
    }

    // Told so in its arguments: `flags: CommandFlags.FireAndForget`.
    private static bool IsForgotten(IInvocationOperation call) => call.Arguments.Any(argument => argument.Value.DescendantsAndSelf().Any(part => part is IFieldReferenceOperation { Field.Name: "FireAndForget" })
        || (argument.Parameter is { Name: "fireAndForget" } && argument.Value.ConstantValue is { HasValue: true, Value: true }));

    // As it is, or with others: `_all = Task.WhenAll(…)`.
    private static bool IsAssigned(IOperation call)
    {
        var value = call;
        while (value.Parent is IConversionOperation or IInvocationOperation { TargetMethod: { Name: "WhenAll", ContainingType.Name: "Task" } } || value.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "WhenAll" } } || value.Parent?.IsListing() == true)
        {
            value = value.Parent;
        }

        return value.Parent is ISimpleAssignmentOperation;
    }

    private static string? OfField(IFieldSymbol field, Body body, TypeModel type)
    {
        if (type.Symbol.GetTypeMembers().Length > 0)
        {
            return null;
        }

        var readers = type.Bodies.Where(member => member.All.Any(part => part.Operations.Any(operation => operation is IFieldReferenceOperation reference
            && SymbolEqualityComparer.Default.Equals(reference.Field.OriginalDefinition, field) && !(reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference)))).Select(member => member.Symbol).ToList();
        return readers.Count == 0 ? $" ('{field.Name}' is never read)"
            : readers is [IMethodSymbol reader] && Unused.Is(reader, type) && !Unused.Is(body.Outermost.Symbol, type) ? $" ('{field.Name}' is read only in '{(reader.AssociatedSymbol ?? reader).Name}', which nobody uses)"
            : null;
    }

    private static string? OfLocal(IInvocationOperation call, ILocalSymbol local, Body body)
    {
        var uses = body.UsesOf(local).Where(use => !IsFilling(use.Use)).ToList();
        if (uses.Count == 0)
        {
            return $" ('{local.Name}' is never awaited)";
        }

        // On the way out before the await: the value is returned or used in a lambda nowhere.
        if (body.Paths is not { } paths || body.Flow is not { } flow || uses.Any(use => use.In != body || IsReturned(use.Use)))
        {
            return null;
        }

        var spans = uses.Select(use => use.Use.Syntax.Span).ToList();
        bool IsUse(FlowNode node) => node.Operation is { } operation && spans.Any(span => operation.Syntax.Span.Contains(span));
        bool IsTested(FlowEdge edge) => edge.Condition is { } condition && spans.Any(span => condition.Syntax.Span.Contains(span));
        var path = paths.NodesOf(call).Select(node => paths.Find(node, end => end == flow.Exit || end == flow.Raise, IsUse, throws: static other => other.Operation is null || other.Operation.IsWrittenThrow())).FirstOrDefault(found => found is not null);
        return path is null || flow.Nodes.Any(node => node.Next.Any(IsTested)) || !LeavesEarly(path, uses[0].Use) ? null : $" when the method ends before '{local.Name}' is awaited";
    }

    // A `return` that stands before the await, as opposed to a loop that goes no round.
    private static bool LeavesEarly(FlowPath path, IOperation firstUse) =>
        path.Nodes.Select(node => node.Operation).OfType<IOperation>().All(operation => operation.Syntax.SpanStart < firstUse.Syntax.SpanStart)
        && firstUse.Syntax.Ancestors().All(node => node is not (ForEachStatementSyntax or ForStatementSyntax or WhileStatementSyntax or IfStatementSyntax or SwitchStatementSyntax or CatchClauseSyntax));

    // As it is, or in an object that is made for it: `return new Work(order, task);`.
    private static bool IsReturned(IOperation use) => use.Parent is IReturnOperation || (use.Parent is IConversionOperation or ITupleOperation or IArgumentOperation or IObjectCreationOperation && IsReturned(use.Parent));

    private static bool IsFilling(IOperation use) => use.Parent switch
    {
        ISimpleAssignmentOperation assignment => assignment.Target == use,
        IInvocationOperation call => call.Instance == use && (Fate.IsAdding(call) || call.TargetMethod.Name == "Clear"),
        IPropertyReferenceOperation { Property.Name: "Count" or "Length" or "Capacity" } => true,
        IArrayElementReferenceOperation { Parent: ISimpleAssignmentOperation assignment } element => assignment.Target == element,
        _ => false,
    };

    // What is known to handle all its failures needs nobody.
    private static bool MayFail(IInvocationOperation call, Body body, TypeModel type)
    {
        var works = body.FactsAt(call).OfType<SpawnFact>().SelectMany(spawn => spawn.Works).ToList();
        if (call.TargetMethod is { Name: "Select" } && call.Arguments.Length > 1)
        {
            works.Add(call.Arguments[1].Value.Bare());
        }

        // Code that cannot be seen, and that is dropped on purpose, may handle its failures itself.
        return works.Count > 0 ? works.Any(work => Fails(work, body, type))
            : !IsDiscarded(call.Syntax) ? MayFail(call.TargetMethod, body, type)
            : CodeOf(call, type).Any(code => MayFail(code, body, type));
    }

    // What a dropped call runs, as far as it can be seen: its own code, or that of the few who implement it.
    private static IEnumerable<IMethodSymbol> CodeOf(IInvocationOperation call, TypeModel type)
    {
        var method = call.TargetMethod.OriginalDefinition;
        return method.IsAbstract ? type.Compilation.Overrides.Of(method, call.Instance?.Type, type.Cancellation)
            : type.Compilation.DeclarationOf(method, type.Cancellation) is not null ? [method]
            : [];
    }

    private static bool IsDiscarded(SyntaxNode call) => call.Parent is AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } } || IsDisabled(call);

    // `#pragma warning disable CS4014` says of the await that is missing that it is meant to be.
    private static bool IsDisabled(SyntaxNode call)
    {
        bool isDisabled = false;
        var root = call.SyntaxTree.GetRoot();
        for (var directive = root.ContainsDirectives ? root.GetFirstDirective() : null; directive is not null && directive.SpanStart < call.SpanStart; directive = directive.GetNextDirective())
        {
            if (directive is PragmaWarningDirectiveTriviaSyntax { IsActive: true } pragma && pragma.ErrorCodes.Any(code => code.ToString() is "CS4014" or "4014"))
            {
                isDisabled = pragma.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword);
            }
        }

        return isDisabled;
    }

    private static bool Fails(IOperation work, Body body, TypeModel type)
    {
        var code = work.Bare();
        if (code is ILocalReferenceOperation { Local: var local } && body.Locals.OnlyValue(local) is { } only)
        {
            code = only.Bare();
        }

        return code switch
        {
            IMethodReferenceOperation { Method: { MethodKind: not MethodKind.LocalFunction } method } => MayFail(method, body, type),
            _ => body.Outermost.InnerOf(code) is not { } inner || MayFail(inner, type),
        };
    }

    private static bool MayFail(IMethodSymbol method, Body body, TypeModel type)
    {
        var code = CodeOf(method, body, type);
        return code is null || (!KeepsOrIsDone(code) && MayFail(code, type));
    }

    // What it returns it has itself: `return _loop = RunAsync();`. Or it is done, and has thrown what there was to throw.
    private static bool KeepsOrIsDone(Body code)
    {
        var returned = code.Symbol is IMethodSymbol { IsAsync: false } ? code.Operations.OfType<IReturnOperation>().Select(leaving => leaving.ReturnedValue?.Bare()).ToList() : [];
        return returned.Count > 0 && returned.All(value => value is IFieldReferenceOperation or ISimpleAssignmentOperation { Target: IFieldReferenceOperation } or ICoalesceAssignmentOperation { Target: IFieldReferenceOperation }
            or IPropertyReferenceOperation { Property: { Name: "CompletedTask", IsStatic: true } } or IInvocationOperation { TargetMethod.Name: "FromResult" } or IDefaultValueOperation);
    }

    private static Body? CodeOf(IMethodSymbol method, Body body, TypeModel type) => method.MethodKind == MethodKind.LocalFunction
        ? body.Outermost.InnerOf(method)
        : type.Compilation.DeclarationOf(method.OriginalDefinition, type.Cancellation) is { } declaration && !method.IsAbstract ? Body.Of(declaration, type.Compilation, type.Cancellation) : null;

    private static bool MayFail(Body code, TypeModel type)
    {
        if (IsHandled(code) || IsAnswer(code))
        {
            return false;
        }

        if (code.Paths is not { } paths || code.Flow is not { } flow)
        {
            return true;
        }

        // Work that hands on the task of another method fails as that does.
        var handed = new List<FlowNode>(flow.Nodes.Where(node => node.Operation is IInvocationOperation call && code.Symbol is IMethodSymbol { IsAsync: false } && Waits.IsAwaitable(call.Type, type.Known)));
        return handed.Any(node => MayFailInside((IInvocationOperation)node.Operation!, code, type))
            || paths.Find(flow.Entry, node => node == flow.Raise, IsLogged, throws: node => !handed.Contains(node) && !IsReport(node.Operation) && !IsSafe(node)) is not null;

        // Work that awaits another method, or is a call of it, fails as that does.
        bool IsSafe(FlowNode node) => (node.Operation is IAwaitOperation awaiting && awaiting.Awaited() is IInvocationOperation { TargetMethod.IsAsync: true } call && !MayFailInside(call, code, type))
            || (node.Operation is IInvocationOperation { TargetMethod: { ReturnsVoid: true, IsAsync: false } method } && CodeOf(method, code, type) is { } callee && callee.Declaration != code.Declaration && IsHandled(callee));
    }

    private static bool MayFailInside(IInvocationOperation call, Body code, TypeModel type)
    {
        var declaration = type.Compilation.DeclarationOf(call.TargetMethod.OriginalDefinition, type.Cancellation);
        var callee = call.TargetMethod.MethodKind == MethodKind.LocalFunction ? code.Outermost.InnerOf(call.TargetMethod) : declaration is null || declaration == code.Declaration ? null : Body.Of(declaration, type.Compilation, type.Cancellation);
        return callee is not { Paths: { } paths, Flow: { } flow } || (!IsHandled(callee) && paths.Find(flow.Entry, node => node == flow.Raise, IsLogged, throws: node => !IsReport(node.Operation)) is not null);
    }

    // All that it waits for stands in a `try` whose `catch` takes whatever comes: it has handlers, and that a line before it may throw is not what it is told for.
    private static bool IsHandled(Body code)
    {
        var awaits = code.Operations.OfType<IAwaitOperation>().Where(awaiting => !IsReport(awaiting) && awaiting.Awaited() is not IInvocationOperation { TargetMethod: { Name: "WaitAsync", ContainingType.Name: "SemaphoreSlim" } }).ToList();
        return !code.Operations.Any(operation => operation is IForEachLoopOperation { IsAsynchronous: true } && operation.Syntax.Ancestors().TakeWhile(node => node != code.Declaration).All(node => node is not TryStatementSyntax))
            && code.Operations.OfType<ITryOperation>().Any(attempt => attempt.Catches.Any(IsCatchAll)
            && awaits.All(awaiting => attempt.Syntax.Span.Contains(awaiting.Syntax.Span))
            && (awaits.Count > 0 || IsLast(attempt.Syntax)));
    }

    private static bool IsCatchAll(ICatchClauseOperation clause) => clause.ExceptionType is null or { Name: "Exception" or "Object" } && clause.Syntax is CatchClauseSyntax { Block: var block } handler
        && (handler.Filter is null || !handler.Filter.DescendantNodes().Any(node => node is IdentifierNameSyntax { Identifier.ValueText: "OperationCanceledException" or "TaskCanceledException" or "IsCancellationRequested" } && handler.Filter.ToString().IndexOf("not", StringComparison.Ordinal) < 0 && handler.Filter.ToString().IndexOf('!') < 0))
        && !block.DescendantNodes(node => node is not AnonymousFunctionExpressionSyntax).Any(node => node is ThrowStatementSyntax or ThrowExpressionSyntax);

    private static bool IsLast(SyntaxNode attempt) => attempt.Parent is BlockSyntax { Statements: [.., var last] } block && last == attempt && (block.Parent is not StatementSyntax outer || outer is WhileStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax || IsLast(outer));

    // `() => answer.TrySetResult(value)`: who waits for the answer learns of it.
    private static bool IsAnswer(Body code) => code.Operations.OfType<IInvocationOperation>().Where(call => call.Parent is IReturnOperation or IExpressionStatementOperation).ToList() is [{ TargetMethod: { ContainingType.Name: "TaskCompletionSource", Name: var name } }]
        && (name.StartsWith("TrySet", StringComparison.Ordinal) || name.StartsWith("Set", StringComparison.Ordinal));

    // Who handles the failure, or logs it, has done what can be done; who is cancelled has not failed.
    private static bool IsReport(IOperation? operation) => operation switch
    {
        IAwaitOperation awaiting when awaiting.Awaited() is IInvocationOperation { TargetMethod: { Name: "Delay" or "SafeDelay" or "WaitForNextTickAsync" or "WaitToReadAsync" or "Yield" } } => true,
        IInvocationOperation { TargetMethod: { Name: "ThrowIfCancellationRequested", ContainingType.Name: "CancellationToken" } } => true,
        IInvocationOperation or IAwaitOperation => operation.Syntax.Ancestors().Any(node => node is CatchClauseSyntax or FinallyClauseSyntax),
        _ => false,
    };

    // `catch (Exception e) { log.Error(e); throw; }`, and who keeps it for somebody: `error = e; throw;`.
    private static bool IsLogged(FlowNode node) => (node.Operation is ISimpleAssignmentOperation { Syntax: AssignmentExpressionSyntax { Right: IdentifierNameSyntax kept } assignment } && assignment.FirstAncestorOrSelf<CatchClauseSyntax>()?.Declaration?.Identifier.ValueText == kept.Identifier.ValueText)
        || (node.Operation is IInvocationOperation { Syntax: InvocationExpressionSyntax call }
        && call.FirstAncestorOrSelf<CatchClauseSyntax>() is { Declaration.Identifier.ValueText: { Length: > 0 } failure } && IsLogging(call, failure));

    private static bool IsLogging(InvocationExpressionSyntax call, string failure) => call.Expression.ToString() is var name && (name.IndexOf("log", StringComparison.OrdinalIgnoreCase) >= 0 || name.StartsWith("Console.", StringComparison.Ordinal))
        && call.ArgumentList.Arguments.Any(argument => argument.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(part => part.Identifier.ValueText == failure));
}
