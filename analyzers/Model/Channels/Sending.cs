using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.Model.Channels;

/// <summary>The code that does all the sending on a channel, one step after the other and once: when it has ended, the channel can be closed.</summary>
/// <param name="Code">The statements, or the expression that is the whole of a body.</param>
/// <param name="Close">What closes the channel there.</param>
internal sealed record Sending(Location Code, string Close)
{
    /// <summary>The sending on <paramref name="channel"/>; null where several do it, where it is done more than once, or where the channel has no name there.</summary>
    public static Sending? On(TracedChannel channel, TypeModel type)
    {
        var uses = channel.Uses.Where(use => use.IsSend).ToList();
        var ends = uses.Select(use => Step.Of(use)?.Outwards()).ToList();
        if (channel.Holder is not ILocalSymbol || ends.Count == 0 || ends.Contains(null) || ends.Exists(end => end!.Body.Declaration != ends[0]!.Body.Declaration) || !(ends[0]!.Body == channel.MadeIn || uses.TrueForAll(use => IsStartedOnce(use, uses[0], channel, type))))
        {
            return null;
        }

        var (body, last) = (ends[0]!.Body, ends[ends.Count - 1]!);
        var code = CodeOf(ends!, channel, type);
        return code is { } span && last.Close(type.Known) is { } close && !ReadersIn(channel, type, body, span) && (ends[0]!.Calls.IsEmpty || IsCalledOnce(body, type))
            ? new(Location.Create(body.Declaration.SyntaxTree, span), close)
            : null;
    }

    private static bool IsStartedOnce(ChannelUse use, ChannelUse other, TracedChannel channel, TypeModel type) =>
        Lane.Of(use, type).ToList() is [{ Start: not null, Repeats: false } lane] && lane.Body == channel.MadeIn && Lane.Of(other, type).All(lane.IsSame);

    // Another caller may have another channel, and close it.
    private static bool IsCalledOnce(Body body, TypeModel type) => body.Symbol is IMethodSymbol { Name: var name } method && (method.MethodKind == MethodKind.LocalFunction || method.DeclaredAccessibility == Accessibility.Private)
        && type.Parts.SelectMany(part => part.DescendantNodes()).Count(node => node is SimpleNameSyntax { Identifier.ValueText: var called } && called == name) == 1;

    private static TextSpan? CodeOf(List<Step> ends, TracedChannel channel, TypeModel type)
    {
        var (body, steps) = (ends[0].Body, ends.Select(end => end.Operation.Syntax));
        if (body != channel.MadeIn && ExpressionOf(body.Declaration) is { } expression)
        {
            return ends.TrueForAll(end => expression.Span.Contains(end.Operation.Syntax.Span) && !expression.Contains(end.Named)) ? expression.Span : null;
        }

        var list = ListOf(body, channel, type);
        var places = steps.Select(step => StatementList.IndexOf(list, step)).ToList();
        if (places.Count == 0 || places.Contains(-1))
        {
            return null;
        }

        // Behind what gives the channel its name, and ahead of what can fail while a reader waits.
        int named = ends.Max(end => StatementList.IndexOf(list, end.Named)) + 1;
        int early = body == channel.MadeIn
            ? channel.Uses.Where(use => !use.IsSend).Select(use => StatementList.IndexOf(list, use.Origin.Operation.Syntax) + 1).Where(place => place <= places.Min()).DefaultIfEmpty(0).Max()
            : list.TakeWhile(IsCheck).Count();
        early = Math.Max(named, early == 0 && body == channel.MadeIn ? places.Min() : early);
        int late = body == channel.MadeIn ? early + list.Skip(early).TakeWhile(IsConstant).Count() : Math.Max(named, places.Min());
        foreach (int first in new[] { early, late })
        {
            if (first <= places.Min() && StatementList.CanBeNested(list, first, places.Max()))
            {
                return TextSpan.FromBounds(list[first].SpanStart, list[places.Max()].Span.End);
            }
        }

        return null;
    }

    private static IReadOnlyList<StatementSyntax> ListOf(Body body, TracedChannel channel, TypeModel type)
    {
        var first = body == channel.MadeIn
            ? channel.Holder.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(type.Cancellation).FirstAncestorOrSelf<LocalDeclarationStatementSyntax>()).FirstOrDefault()
            : BlockOf(body.Declaration)?.Statements.FirstOrDefault();
        return first is null ? [] : StatementList.Around(first);
    }

    private static BlockSyntax? BlockOf(SyntaxNode function) => function switch
    {
        BaseMethodDeclarationSyntax method => method.Body,
        LocalFunctionStatementSyntax local => local.Body,
        AnonymousFunctionExpressionSyntax lambda => lambda.Block,
        _ => null,
    };

    private static ExpressionSyntax? ExpressionOf(SyntaxNode function) => function switch
    {
        MethodDeclarationSyntax method => method.ExpressionBody?.Expression,
        LocalFunctionStatementSyntax local => local.ExpressionBody?.Expression,
        LambdaExpressionSyntax lambda => lambda.ExpressionBody,
        _ => null,
    };

    // `ArgumentNullException.ThrowIfNull(writer);`
    private static bool IsCheck(StatementSyntax statement) => statement switch
    {
        IfStatementSyntax { Else: null, Statement: ThrowStatementSyntax or BlockSyntax { Statements: [ThrowStatementSyntax] } } => true,
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } } } => name.StartsWith("ThrowIf", StringComparison.Ordinal),
        _ => false,
    };

    // `int count = 0;` cannot fail.
    private static bool IsConstant(StatementSyntax statement) => statement is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, Declaration.Variables: var variables } && variables.All(variable => variable.Initializer is null or { Value: LiteralExpressionSyntax });

    // Who waits for a reader before the close waits for ever.
    private static bool ReadersIn(TracedChannel channel, TypeModel type, Body body, TextSpan code)
    {
        bool IsIn(IOperation operation) => operation.Syntax.SyntaxTree == body.Declaration.SyntaxTree && code.Contains(operation.Syntax.Span);
        var readers = channel.Uses.Where(use => !use.IsSend).ToList();
        return readers.Exists(use => IsIn(use.Operation) || IsIn(use.Origin.Operation))
            || readers.SelectMany(use => Lane.Of(use, type)).Any(lane => lane.Fate.Holder?.Symbol is ILocalSymbol task && body.UsesOf(task).Any(use => IsIn(use.Use)));
    }

    /// <summary>A step of the sending that is over when the code after it runs.</summary>
    /// <param name="Operation">The send, or what runs the code with the send and waits for it.</param>
    /// <param name="Body">Where it stands.</param>
    /// <param name="Channel">The variable that has the channel, or its writer, there.</param>
    /// <param name="Path">What leads from that to what sends: nothing, or <c>.Writer</c>.</param>
    /// <param name="Calls">The calls that hand the channel down to this body.</param>
    private sealed record Step(IOperation Operation, Body Body, IOperation Channel, string Path, ImmutableArray<ChannelUse.Call> Calls)
    {
        /// <summary>Gets where the variable is declared.</summary>
        public SyntaxNode Named => Symbol.DeclaringSyntaxReferences[0].GetSyntax();

        private ISymbol Symbol => ChannelTracer.SymbolOf(Channel)!;

        public static Step? Of(ChannelUse send) => send.Operation is IInvocationOperation { Instance: { } writer } && NameOf(writer) is var (channel, path) ? new(send.Operation, send.Body, channel, path, send.Calls) : null;

        /// <summary>The outermost step that is over when this one is; null when it is over at a time that nobody knows.</summary>
        public Step? Outwards() => Caller() is { } caller ? caller.Outwards() : IsOver(Operation) && !Body.RunsPerItem ? this : null;

        /// <summary>The call that closes the channel; null where the variable may have another one by then.</summary>
        public string? Close(KnownTypes known) => Body.Locals.CountOf(Symbol) > (Symbol is ILocalSymbol ? 1 : 0) ? null : (known[Channel.Type], Path) switch
        {
            (KnownType.Chan, "") => $"{Channel.Syntax}.Close()",
            (KnownType.ChannelOfT or KnownType.ChannelOfTwo, _) => $"{Channel.Syntax}.Writer.Complete()",
            (KnownType.ChannelWriter, "") => $"{Channel.Syntax}.Complete()",
            _ => null,
        };

        private Step? Caller()
        {
            if (Body is { RunsPerItem: true, Outer: { } outer, Root: IAnonymousFunctionOperation { Symbol.IsAsync: var isAsync, Parent.Parent.Parent: IInvocationOperation each } })
            {
                return each.TargetMethod.Name == "ForEach" && each.TargetMethod.ContainingType.Name != "Parallel" && isAsync ? null
                    : each.TargetMethod.Name.StartsWith("For", StringComparison.Ordinal) && Joins.Blocks(each) ? this with { Operation = each, Body = outer }
                    : null;
            }

            var (operation, body) = Calls.IsEmpty ? OnlyCall() : Calls[Calls.Length - 1];
            return operation is IInvocationOperation call && SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, Body.Symbol)
                && (IsOver(Operation) || Operation.Parent is IReturnOperation) && IsOver(call) && Given(call) is var (channel, path)
                ? new(call, body, channel, path, Calls.IsEmpty ? Calls : Calls.RemoveAt(Calls.Length - 1))
                : null;
        }

        // The one use of the local function that this stands in.
        private ChannelUse.Call OnlyCall()
        {
            var uses = Body.Root is not ILocalFunctionOperation { Symbol: var function } ? []
                : Body.Outermost.All.SelectMany(body => body.Operations.Select(operation => new ChannelUse.Call(operation, body)))
                    .Where(use => SymbolEqualityComparer.Default.Equals((use.Operation as IInvocationOperation)?.TargetMethod ?? (use.Operation as IMethodReferenceOperation)?.Method, function)).ToList();
            return uses.Count == 1 ? uses[0] : default;
        }

        // What the caller passes, or the variable that both see.
        private (IOperation Channel, string Path)? Given(IInvocationOperation call) => Symbol is not IParameterSymbol parameter || !SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, Body.Symbol) ? (Channel, Path)
            : call.Argument(parameter.Name) is { } argument && NameOf(argument) is var (channel, path) && (path.Length == 0 || Path.Length == 0) ? (channel, path + Path)
            : null;

        private static (IOperation Channel, string Path)? NameOf(IOperation value) => value.Bare() switch
        {
            IPropertyReferenceOperation { Property.Name: "Writer", Instance: { } channel } when channel.Bare() is ILocalReferenceOperation or IParameterReferenceOperation => (channel.Bare(), ".Writer"),
            ILocalReferenceOperation or IParameterReferenceOperation => (value.Bare(), string.Empty),
            _ => null,
        };

        private static bool IsOver(IOperation operation) => operation.Type is { Name: "Task" or "ValueTask" or "Sending" } ? Joins.InPlace(operation) : operation is not IInvocationOperation { TargetMethod.IsAsync: true };
    }
}
