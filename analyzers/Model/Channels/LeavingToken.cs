using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Channels;

/// <summary>A token that is cancelled whenever the receivers of a channel leave before all is sent: a source that they cancel, or the token that makes them leave.</summary>
/// <param name="Symbol">The local or parameter: a token, or its source.</param>
/// <param name="Source">The local that is its source; null when the token comes from elsewhere.</param>
internal sealed record LeavingToken(ISymbol Symbol, ISymbol? Source)
{
    /// <summary>The argument that gives <paramref name="send"/>, which <paramref name="start"/> starts, such a token, and where it is written; null where there is none.</summary>
    public static (string Argument, int Index)? For(ChannelUse send, FlowNode start, TracedChannel channel, IReadOnlyCollection<IOperation> exits)
    {
        var body = channel.MadeIn;
        if (send.Operation is not IInvocationOperation { Syntax: InvocationExpressionSyntax syntax } call || body is not { Paths: { } paths, Flow: { } flow } || new TokenOverloads(body.Compilation.Known).Target(call, send.Body) is not { } parameter)
        {
            return null;
        }

        // A token first: a source that is disposed meanwhile gives none any more.
        return body.Outermost.All.SelectMany(part => part.Operations).Select(operation => VariableOf(operation, body.Compilation.Known))
            .Where(symbol => symbol is not null).Distinct(SymbolEqualityComparer.Default).Select(symbol => new LeavingToken(symbol!, SourceOf(symbol!, body)))
            .OrderBy(token => SymbolEqualityComparer.Default.Equals(token.Symbol, token.Source))
            .Where(token => token.EndsReceivers(channel, body) && token.IsCancelledWhereverTheyLeave(start, channel, body, paths, flow, exits))
            .Select(token => token.NameAt(send, body)).OfType<string>()
            .Select(name => TokenCalls.Insertion(syntax, parameter, name, send.Body)).FirstOrDefault(insertion => insertion is not null);
    }

    private static ISymbol? VariableOf(IOperation operation, KnownTypes known) => operation switch
    {
        IVariableDeclaratorOperation { Symbol: var local } when known[local.Type] is KnownType.CancellationToken => local,
        ILocalReferenceOperation or IParameterReferenceOperation when known[operation.Type] is KnownType.CancellationToken or KnownType.CancellationTokenSource => ChannelTracer.SymbolOf(operation),
        _ => null,
    };

    private static ISymbol? SourceOf(ISymbol symbol, Body body) => symbol is not ILocalSymbol local ? null
        : body.Compilation.Known[local.Type] == KnownType.CancellationTokenSource ? local
        : body.Locals.OnlyValue(local)?.Bare() is IPropertyReferenceOperation { Property.Name: "Token", Instance: { } source } ? ChannelTracer.SymbolOf(source.Bare())
        : null;

    // Who waits for an item without the token waits for ever when the sender is cancelled first, unless the receivers themselves cancel it when they are done.
    private bool EndsReceivers(TracedChannel channel, Body body)
    {
        var waits = channel.Uses.Where(use => use.Action is ChannelAction.Receive or ChannelAction.Range or ChannelAction.WaitToReceive or ChannelAction.Completion).Select(TokenOf).ToList();
        return waits.TrueForAll(token => token is not null && Is(token, body))
            || (waits.TrueForAll(token => token is null) && IsCancelledHereOnly(body) && channel.Uses.All(use => !use.IsClose || use.Operation.Syntax.Ancestors().Any(node => node is FinallyClauseSyntax)));
    }

    private static IOperation? TokenOf(ChannelUse use)
    {
        var value = use.Operation is IForEachLoopOperation loop ? loop.Collection.Bare() : use.Operation;
        for (var call = value as IInvocationOperation; call is not null; call = (call.Parent as IInvocationOperation) ?? (call.Parent as IArgumentOperation)?.Parent as IInvocationOperation)
        {
            if (call.Arguments.FirstOrDefault(argument => argument is { IsImplicit: false, Parameter.Type: { Name: "CancellationToken" } }) is { } passed)
            {
                return Tokens.IsNone(passed.Value) ? null : passed.Value;
            }
        }

        return null;
    }

    private bool Is(IOperation token, Body body) => token.Bare() switch
    {
        IPropertyReferenceOperation { Property.Name: "Token", Instance: { } source } => IsSource(source),
        ILocalReferenceOperation { Local: var local } when SourceOf(local, body) is { } source => SymbolEqualityComparer.Default.Equals(source, Source),
        var other => SymbolEqualityComparer.Default.Equals(ChannelTracer.SymbolOf(other), Symbol),
    };

    private bool IsSource(IOperation operation) => Source is not null && SymbolEqualityComparer.Default.Equals(ChannelTracer.SymbolOf(operation.Bare()), Source);

    // No timer, no other token and nobody else cancels it.
    private bool IsCancelledHereOnly(Body body) => Source is ILocalSymbol source && body.Locals.OnlyValue(source)?.Bare() is IObjectCreationOperation { Arguments.IsEmpty: true, Initializer: null }
        && body.UsesOf(source).All(use => use.Use.Parent is IPropertyReferenceOperation { Property.Name: "Token" } || (use.In == body && use.Use.Parent is IInvocationOperation { TargetMethod.Name: "Cancel" or "CancelAsync" or "Dispose" }));

    private bool IsCancelledWhereverTheyLeave(FlowNode start, TracedChannel channel, Body body, Paths paths, Flow flow, IReadOnlyCollection<IOperation> exits)
    {
        var receives = new HashSet<FlowNode>(channel.Uses.Where(use => use.IsReceive).SelectMany(use => paths.NodesOf(use.Operation is IForEachLoopOperation loop ? loop.Collection.Bare() : use.Operation)));
        var cancels = flow.Nodes.Where(node => node.Operation is { } operation && Cancels(operation)).ToList();
        var asks = flow.Nodes.Where(node => node.Operation is IPropertyReferenceOperation { Property.Name: "IsCancellationRequested", Instance: { } asked } && (IsSource(asked) || Is(asked, body))).ToList();
        bool Leaves(FlowNode from, bool no) => paths.Find(
            from,
            node => node == flow.Exit || node == flow.Raise,
            node => cancels.Contains(node) || asks.Contains(node) || (exits.Count == 0 && receives.Contains(node)),
            throws: node => node.Operation?.IsWrittenThrow() == true || IsTimedWait(node.Operation),
            no: no) is not null;

        // What is received after that would be lost.
        return !cancels.Exists(node => paths.Find(node, receives.Contains, throws: static _ => false) is not null)
            && ((exits.Count > 0 && exits.All(exit => IsBehindCancel(exit, body))) || (!Leaves(start, no: false) && !asks.Exists(ask => Leaves(ask, no: true))));
    }

    private static bool IsTimedWait(IOperation? operation) => operation is IAwaitOperation awaiting && awaiting.Awaited() is IInvocationOperation { TargetMethod.Name: "WaitAsync", Arguments.Length: > 0, Instance.Type.Name: "Task" };

    private bool Cancels(IOperation operation) => operation is IInvocationOperation { TargetMethod.Name: "Cancel" or "CancelAsync", Instance: { } source } && IsSource(source);

    // `stop.Cancel(); break;` or `if (token.IsCancellationRequested) { break; }`
    private bool IsBehindCancel(IOperation exit, Body body)
    {
        var (statement, guard) = (StatementList.Of(exit.Syntax), exit.Syntax.Ancestors().OfType<IfStatementSyntax>().FirstOrDefault());
        return (statement is not null && body.Operations.Any(operation => Cancels(operation) && StatementList.Around(statement).TakeWhile(other => other != statement).Any(before => before.Contains(operation.Syntax) && before is ExpressionStatementSyntax)))
            || (guard is not null && guard.Statement.Contains(exit.Syntax) && body.Operations.Any(operation => operation.Syntax == guard.Condition && operation is IPropertyReferenceOperation { Property.Name: "IsCancellationRequested", Instance: { } asked } && (IsSource(asked) || Is(asked, body))));
    }

    // How the code that sends names it: a variable that both see, or a parameter that it is passed for.
    private string? NameAt(ChannelUse send, Body body)
    {
        if (!send.Calls.IsEmpty)
        {
            var passed = send.Calls is [{ Operation: IInvocationOperation call }] && SymbolEqualityComparer.Default.Equals(send.Body.Symbol, call.TargetMethod.OriginalDefinition)
                ? call.Arguments.FirstOrDefault(argument => argument is { IsImplicit: false, Parameter.Type.Name: "CancellationToken" } && Is(argument.Value, body))?.Parameter
                : null;
            return passed is not null && send.Body.Locals.CountOf(passed) == 0 ? Tokens.NameOf(passed) : null;
        }

        bool isSeen = Symbol is IParameterSymbol
            ? Enclosing(send.Body).Any(outer => SymbolEqualityComparer.Default.Equals(outer.Symbol, Symbol.ContainingSymbol))
            : Symbol.DeclaringSyntaxReferences[0].GetSyntax() is var declared && declared.Span.End < send.Operation.Syntax.SpanStart && declared.FirstAncestorOrSelf<StatementSyntax>(node => node.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax)?.Parent is { } scope
                && (scope is GlobalStatementSyntax ? scope.SyntaxTree == send.Operation.Syntax.SyntaxTree : scope.Span.Contains(send.Operation.Syntax.Span));
        return !isSeen || body.Locals.CountOf(Symbol) > (Symbol is ILocalSymbol ? 1 : 0) || Enclosing(send.Body).Any(inner => inner.Outer is not null && inner != body && inner.Symbol is { IsStatic: true }) ? null
            : !SymbolEqualityComparer.Default.Equals(Symbol, Source) ? Tokens.NameOf(Symbol)
            : IsDisposed(body) ? null
            : Tokens.NameOf(Symbol) + ".Token";
    }

    private bool IsDisposed(Body body) => Symbol.DeclaringSyntaxReferences[0].GetSyntax().Ancestors().Any(node => node is UsingStatementSyntax { Declaration.Variables: var declared } && declared.Any(variable => variable.Identifier.ValueText == Symbol.Name))
        || Symbol.DeclaringSyntaxReferences[0].GetSyntax().FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is { UsingKeyword.RawKind: not 0 }
        || body.UsesOf((ILocalSymbol)Symbol).Any(use => use.Use.Parent is IInvocationOperation { TargetMethod.Name: "Dispose" } or IUsingOperation);

    private static IEnumerable<Body> Enclosing(Body body)
    {
        for (var outer = body; outer is not null; outer = outer.Outer)
        {
            yield return outer;
        }
    }
}
