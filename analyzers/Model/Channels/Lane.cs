using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Channels;

/// <summary>Code that runs one step after the other: what some operation starts, or what runs in its caller.</summary>
/// <param name="Start">The operation that starts it; null where it runs in whoever calls the member.</param>
/// <param name="Body">Where the start stands; for a member that is called, its body.</param>
/// <param name="Fate">What becomes of the task.</param>
/// <param name="Repeats">Whether it is started more than once, so that it runs beside itself.</param>
internal sealed record Lane(IOperation? Start, Body Body, Fate Fate, bool Repeats)
{
    /// <summary>The lanes in which <paramref name="use"/> happens; several where a method of the type is started from several places.</summary>
    public static IEnumerable<Lane> Of(ChannelUse use, TypeModel type) => Of(use.Calls.Reverse().Prepend(new(use.Operation, use.Body)).ToList(), type, hops: 0);

    public bool IsSame(Lane other) => Start is null ? other.Start is null && other.Body.Declaration == Body.Declaration : other.Start is not null && other.Start.Syntax == Start.Syntax;

    /// <summary>Gets a value indicating whether it runs beside itself: it is started more than once, and nobody waits for one before the next.</summary>
    public bool RunsBesideItself => Repeats && (Fate.Kind is FateKind.Dropped or FateKind.Held || IsCombined(Start));

    /// <summary>
    /// Whether what two lanes of one member do may happen side by side: <paramref name="first"/> in the one, <paramref name="second"/> in the other. What is done to
    /// <paramref name="channel"/> waits for no lane to end.
    /// </summary>
    public static bool AreBeside(Lane one, IOperation first, Lane other, IOperation second, TracedChannel channel) => (one.Start, other.Start) switch
    {
        (null, null) => false,
        (null, not null) => one.Body.Outermost == other.Body.Outermost && other.MayStillRunAt(first, channel),
        (not null, null) => one.Body.Outermost == other.Body.Outermost && one.MayStillRunAt(second, channel),
        ({ } start, { } also) => one.Body == other.Body && !IsContinuation(start) && !IsContinuation(also) && (AreStartedTogether(start, also) || one.MayStillRunAt(also, channel) || other.MayStillRunAt(start, channel)),
    };

    /// <summary>Whether the work may still run when the code that started it comes to <paramref name="operation"/>: there is a way from the start that waits for nothing.</summary>
    public bool MayStillRunAt(IOperation operation, TracedChannel channel)
    {
        if (Start is null || Fate.Kind is not (FateKind.Dropped or FateKind.Held) || Body.Paths is not { } paths)
        {
            return false;
        }

        var known = Body.Compilation.Known;
        var ends = new HashSet<FlowNode>(paths.NodesOf(operation));
        bool Waits(FlowNode node) => (MayWait(node.Operation, known) || IsHeaderOfWait(node.Operation)) && !channel.IsUsedIn(node.Operation!);
        return ends.Count > 0 && paths.NodesOf(Start).Any(start => paths.Find(start, ends.Contains, Waits, throws: static _ => false) is not null);
    }

    /// <summary>Whether <paramref name="operation"/> may wait for work that was started: it is not known to wait for something else.</summary>
    public static bool MayWait(IOperation? operation, KnownTypes known) => operation switch
    {
        IAwaitOperation awaiting => awaiting.Awaited() is not IInvocationOperation call || TellsOfOthers(call, known),
        IInvocationOperation { TargetMethod.Name: "Wait" or "WaitAll" or "WaitAny" or "WaitOne" or "Join" or "GetResult" or "SignalAndWait" or "Take" } => true,
        IPropertyReferenceOperation { Property.Name: "Result" } => true,
        _ => false,
    };

    // `foreach (var task in tasks) { await task; }`: when there is nothing to wait for, it goes no round.
    private bool IsHeaderOfWait(IOperation? operation) => Fate.Holder?.Symbol is { Name: var holder }
        && operation?.Syntax.AncestorsAndSelf().FirstOrDefault(node => node is CommonForEachStatementSyntax or WhileStatementSyntax or ForStatementSyntax) is { } loop
        && loop.ChildNodes().OfType<StatementSyntax>().All(body => !body.Span.Contains(operation.Syntax.Span) && body.DescendantNodesAndSelf().Any(node => node is AwaitExpressionSyntax))
        && loop.ChildNodes().Where(part => part is not StatementSyntax).SelectMany(part => part.DescendantNodesAndSelf()).OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == holder);

    // Two tasks of one `Task.WhenAll(Task.Run(A), Task.Run(B))`.
    private static bool AreStartedTogether(IOperation start, IOperation also)
    {
        for (var outer = start.Parent; outer is not (null or IBlockOperation); outer = outer.Parent)
        {
            if (outer is IInvocationOperation { TargetMethod: { Name: "WhenAll" or "WhenAny" or "WaitAll" or "WaitAny", ContainingType.Name: "Task" } } && outer.Syntax.Span.Contains(also.Syntax.Span) && outer.Syntax.SyntaxTree == also.Syntax.SyntaxTree)
            {
                return start.Syntax != also.Syntax;
            }
        }

        return false;
    }

    // It runs when what it continues has ended.
    private static bool IsContinuation(IOperation start) => start is IInvocationOperation { TargetMethod.Name: "ContinueWith" };

    // Something that tasks, signals or channels are handed to, or that is a method of the object: it may know when others are done.
    private static bool TellsOfOthers(IInvocationOperation call, KnownTypes known) =>
        call.Instance is IInstanceReferenceOperation || call.Arguments.Any(argument => Tells(argument.Value.Bare().Type) || IsWorkThatWaits(argument.Value)) || (call.Instance is { } receiver && Tells(receiver.Type) && !IsOwnSend(call, known));

    // `Task.Run(() => all.Wait())`.
    private static bool IsWorkThatWaits(IOperation argument) => argument.Bare() switch
    {
        IMethodReferenceOperation { Instance: null } or IMethodReferenceOperation { Instance: IInstanceReferenceOperation } => true,
        IMethodReferenceOperation { Instance.Type: var type } => Tells(type),
        IAnonymousFunctionOperation or IFlowAnonymousFunctionOperation => argument.Syntax.DescendantNodes().Any(node => node is AwaitExpressionSyntax or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Wait" or "WaitAll" or "WaitAny" or "WaitOne" or "Join" or "GetResult" or "SignalAndWait" or "Take" or "Result" }),
        _ => false,
    };

    private static bool IsOwnSend(IInvocationOperation call, KnownTypes known) =>
        known[call.TargetMethod.ContainingType] is KnownType.ChannelWriter or KnownType.Chan && call.TargetMethod.Name is "WriteAsync" or "SendAsync";

    private static bool Tells(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => Tells(array.ElementType),
        INamedTypeSymbol { TypeArguments: var arguments } when arguments.Any(Tells) => true,
        { Name: "CancellationToken" or "CancellationTokenSource" or "ChannelWriter" } => false,
        not null => type.ContainingNamespace?.ToDisplayString() is "System.Threading" or "System.Threading.Tasks" or "System.Threading.Channels" or "Sluice",
        _ => false,
    };

    private static IEnumerable<Lane> Of(List<ChannelUse.Call> places, TypeModel type, int hops)
    {
        // From the innermost place outwards: the first that somebody starts beside its caller makes the lane.
        for (int i = 0; i < places.Count; i++)
        {
            var (operation, body) = (places[i].Operation, places[i].Body);
            if (i > 0 && operation is IInvocationOperation call && IsLeftRunning(call))
            {
                return [new(call, body, Fate.Of(call, body.Places), IsRepeated(call, body))];
            }

            if (i + hops > 0 && body is { RunsPerItem: true, Outer: { } outer, Root.Parent.Parent.Parent: IInvocationOperation each } && operation.Parent is IReturnOperation)
            {
                return [new(each, outer, Fate.Of(operation, body.Places), Repeats: true)];
            }

            if (Detached.In(body.Outermost).Where(detached => detached.Work.Declaration.Span.Contains(operation.Syntax.Span) && detached.Work.Declaration.SyntaxTree == operation.Syntax.SyntaxTree).OrderBy(detached => detached.Work.Declaration.Span.Length).FirstOrDefault() is { } work)
            {
                return [new(work.Start, work.StartedIn, work.Fate, work.Work.RunsPerItem || IsRepeated(work.Start, work.StartedIn))];
            }
        }

        var member = places[places.Count - 1].Body.Outermost;
        var called = member.Symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary } method && hops <= 1 ? OfMember(member, method, type, hops).ToList() : [];
        return called.Count > 0 ? called : [new(null, member, default, Repeats: false)];
    }

    private static IEnumerable<Lane> OfMember(Body member, IMethodSymbol method, TypeModel type, int hops)
    {
        if (method.DeclaredAccessibility != Accessibility.Private)
        {
            yield return new(null, member, default, Repeats: false);
        }

        foreach (var body in type.Bodies.SelectMany(body => body.All))
        {
            foreach (var operation in body.Operations)
            {
                if (operation is IInvocationOperation call && SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method))
                {
                    foreach (var lane in IsLeftRunning(call) && !IsWorkItself(call, body) ? [new(call, body, Fate.Of(call, body.Places), IsRepeated(call, body))] : Of([new(call, body)], type, hops + 1))
                    {
                        yield return lane;
                    }
                }
                else if (operation is IMethodReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Method.OriginalDefinition, method)
                    && body.Facts.OfType<SpawnFact>().FirstOrDefault(spawn => spawn.Works.Contains(reference)) is { } started)
                {
                    yield return new(started.Operation, body, started.IsJoined ? new(FateKind.Joined) : Fate.Of(started.Operation, body.Places), IsRepeated(started.Operation, body));
                }
            }
        }
    }

    // `Task.Run(() => Produce())`: the task of the call is the task of the lambda.
    private static bool IsWorkItself(IOperation call, Body body) => body.Root is IAnonymousFunctionOperation && call.Parent is IReturnOperation;

    private static bool IsLeftRunning(IInvocationOperation call) => call.Type is { Name: "Task" or "ValueTask" } && !Joins.InPlace(call) && call.Parent is not IReturnOperation;

    private static bool IsRepeated(IOperation start, Body body)
    {
        for (var outer = start.Parent; outer is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation); outer = outer.Parent)
        {
            if (outer is ILoopOperation loop && !LeavesAtOnce(loop, start))
            {
                return true;
            }
        }

        return body.RunsPerItem || IsMany(start);
    }

    // A loop that gets a new channel, or that comes to its end, in every round.
    private static bool LeavesAtOnce(ILoopOperation loop, IOperation start) => loop is IForEachLoopOperation { Collection: var collection } && collection.Syntax.Span.Contains(start.Syntax.Span);

    // `Task.WhenAll(items.Select(…))`: the tasks of one Select.
    private static bool IsCombined(IOperation? start)
    {
        var isMany = false;
        for (var outer = start; outer is not null; outer = outer.Parent)
        {
            if (outer is IInvocationOperation { TargetMethod: { Name: "WhenAll" or "WaitAll", ContainingType.Name: "Task" } })
            {
                return isMany;
            }

            isMany |= outer is IInvocationOperation { TargetMethod: { Name: "Select", ContainingType.Name: "Enumerable" } };
        }

        return false;
    }

    // `Enumerable.Range(0, 4).Select(_ => Task.Run(…))`.
    private static bool IsMany(IOperation start)
    {
        for (var outer = start.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IInvocationOperation { TargetMethod: { Name: "Select" or "Repeat", ContainingType.Name: "Enumerable" } } && start != outer && outer.Syntax != start.Syntax)
            {
                return true;
            }
        }

        return start is IInvocationOperation { TargetMethod: { Name: "Select", ContainingType.Name: "Enumerable" } };
    }
}
