using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>A loop asks a channel again and again and waits for nothing.</summary>
internal sealed class Spin : Rule
{
    internal const string Id = "SLC2010";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Loop that asks a channel again and again",
        "When '{0}' answers false, the loop asks again at once and keeps a core busy until it answers true: await {1}",
        Family.Channels,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "TryRead and TryWrite do not wait. A loop that calls them until they answer true keeps a core busy, and the other side may not even get the core that it needs. Wait with WaitToReadAsync or WaitToWriteAsync, or read and write with ReadAsync and WriteAsync.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Channel;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var body in type.BodiesThatMention(Mentions.Channel))
        {
            foreach (var call in body.Operations.OfType<IInvocationOperation>().Where(call => IsTry(call, type.Known)))
            {
                if (EndlessLoopAround(call) is { } loop && !IsTold(call, loop) && body.Paths is { } paths && GoesRound(call, loop, body, paths))
                {
                    report(Diagnostic.Create(Descriptor, call.Syntax.GetLocation(), call.TargetMethod.Name, Waiting(call)));
                }
            }
        }
    }

    // `if (reader.TryRead(out var item)) { any = true; … } if (!any) break;`: when there was nothing it goes.
    private static bool IsTold(IInvocationOperation call, ILoopOperation loop) => call.Parent is IConditionalOperation { WhenTrue: var taken } choice && choice.Condition == call
        && taken.DescendantsAndSelf().OfType<ISimpleAssignmentOperation>().Where(assignment => assignment.Value.ConstantValue is { HasValue: true, Value: true }).Select(assignment => (assignment.Target as ILocalReferenceOperation)?.Local).FirstOrDefault(local => local is not null) is { } told
        && loop.Descendants().OfType<IConditionalOperation>().Any(exit => exit.Condition is IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Operand: ILocalReferenceOperation { Local: var asked } } && SymbolEqualityComparer.Default.Equals(asked, told)
            && exit.WhenTrue.DescendantsAndSelf().Any(way => way is IBranchOperation { BranchKind: BranchKind.Break } or IReturnOperation));

    private static bool IsTry(IInvocationOperation call, KnownTypes known) =>
        call.TargetMethod.Name is "TryRead" or "TryWrite" or "TryReceive" or "TrySend" && known[call.TargetMethod.ContainingType] is KnownType.ChannelReader or KnownType.ChannelWriter or KnownType.Chan;

    private static string Waiting(IInvocationOperation call) => call.TargetMethod.Name switch
    {
        "TryRead" => "WaitToReadAsync (or ReadAsync)",
        "TryWrite" => "WaitToWriteAsync (or WriteAsync)",
        "TryReceive" => "ReceiveAsync",
        _ => "SendAsync",
    };

    // The outermost loop that no counter and no collection ends.
    private static ILoopOperation? EndlessLoopAround(IOperation call)
    {
        ILoopOperation? found = null;
        for (var outer = call.Parent; outer is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation); outer = outer.Parent)
        {
            if (outer is IWhileLoopOperation or IForLoopOperation { AtLoopBottom.IsEmpty: true } or IForLoopOperation { Condition: null })
            {
                found = (ILoopOperation)outer;
            }
        }

        return found;
    }

    private static bool GoesRound(IInvocationOperation call, ILoopOperation loop, Body body, Paths paths)
    {
        // A loop over several channels, or so many times, in an endless one: then the endless one must do nothing else either.
        bool isInnermost = true;
        for (var outer = call.Parent; outer is not null && outer != loop; outer = outer.Parent)
        {
            isInnermost &= outer is not ILoopOperation or IWhileLoopOperation;
        }

        bool Stops(FlowNode node) => node.Operation is { } operation && (MayWait(operation, call, body) || !loop.Syntax.Span.Contains(operation.Syntax.Span));
        return (isInnermost || !loop.DescendantsAndSelf().Any(operation => MayWait(operation, call, body)))
            && paths.NodesOf(call).Any(node => paths.Find(node, again => again == node, Stops, throws: static _ => false, no: true) is not null);
    }

    // What is not known not to wait may wait; a channel that is served on the other end makes progress.
    private static bool MayWait(IOperation operation, IInvocationOperation call, Body body) => operation switch
    {
        IAwaitOperation or ILockOperation or IForEachLoopOperation { IsAsynchronous: true } or IDynamicInvocationOperation => true,
        IReturnOperation { Kind: OperationKind.YieldReturn } => true,
        IInvocationOperation other when IsTry(other, body.Compilation.Known) => other.TargetMethod.Name != call.TargetMethod.Name && body.Places.Of(other.Instance) is { } place && place.Equals(body.Places.Of(call.Instance)),
        IInvocationOperation other => !IsQuick(other),
        _ => false,
    };

    private static bool IsQuick(IInvocationOperation call) => (call.TargetMethod.ContainingType?.ToDisplayString(), call.TargetMethod.Name) is
        ("System.Threading.Thread", "Yield" or "SpinWait" or "MemoryBarrier") or ("System.Console", "WriteLine" or "Write") or ("System.Threading.Volatile", _) or ("System.Threading.Interlocked", _)
        or ("System.Diagnostics.Stopwatch", _) or ("System.Threading.CancellationToken", "ThrowIfCancellationRequested")
        || IsZero(call);

    private static bool IsZero(IInvocationOperation call) => call is { TargetMethod: { Name: "Sleep", ContainingType.Name: "Thread" }, Arguments: [{ Value.ConstantValue: { HasValue: true, Value: 0 } }] };
}
