namespace Sluice.Explore;

/// <content>Which steps others can see.</content>
internal sealed partial class Machine
{
    /// <summary>Whether it makes no difference to others when the process does the step: all that it touches is its own.</summary>
    private bool IsLocal(Step step) => step switch
    {
        Load load => load.IsStable || (load.IfKnown && !IsStaticKnown) || (load.Of is { } of && IsOwn(of)),
        Store store => (store.IfKnown && !IsStaticKnown) || (store.Of is { } of && IsOwn(of)),
        Await wait => IsOwnTask(Read(wait.Task)),
        Do act => IsLocal(act),
        Return => _process.Depth > 1 || !Watches(Watched.Ends) || IsOwn(_process.Task),
        _ => true,
    };

    private bool IsLocal(Do act)
    {
        switch (act.Act)
        {
            // Before it is given up, others do what this process has freed them for.
            case Act.Abandon:
                return false;
            case Act.Escape:
            case Act.Impossible:
            case Act.Something:
            case Act.EscapeAll:
            case Act.NewChannel:
            case Act.NewMonitor:
            case Act.NewSemaphore:
            case Act.NewReaderWriterLock:
            case Act.NewEvent:
            case Act.NewCountdown:
            case Act.NewBarrier:
            case Act.Start:
            case Act.StartThread:
            case Act.NewCompletion:
            case Act.CompletedTask:
            case Act.FailedTask:
            case Act.Delay:
            case Act.Never:
            case Act.WhenAll:
            case Act.ContinueWith:
            case Act.WaitAsync:
            case Act.TimedWaitAsync:
            case Act.NewCancellation:
            case Act.NewList:
            case Act.NewMap:
            case Act.Received:
                return true;

            // What is given back lets others go on, and they may do so later as well: nobody misses the time in between, unless somebody looks.
            case Act.ReleaseSemaphore:
                return true;
            case Act.Release:
            case Act.ExitRead:
            case Act.ExitWrite:
            case Act.ExitUpgradeable:
                return !Watches(Watched.Holding) || IsOwn(act.Arguments[0]);
            case Act.WhenAny:
                foreach (var argument in act.Arguments)
                {
                    if (World.Object(Read(argument)) is { } list && (list.IsShared || (list.Kind == NodeKind.List && HasSharedElement(list))))
                    {
                        return false;
                    }
                }

                return true;
            default:
                for (var i = 0; i < act.Arguments.Length; i++)
                {
                    // After the object itself only what is asked matters, not what is handed on.
                    if (World.Object(Read(act.Arguments[i])) is { } node && (i == 0 || act.Act == Act.Select || node.Kind is NodeKind.Cancellation) && !IsOwn(node))
                    {
                        return false;
                    }
                }

                return true;
        }
    }

    private bool HasSharedElement(Node list)
    {
        for (var i = 1; i < list.Count; i++)
        {
            if (World.Object(World.Resolve(list.Slots[i])) is { IsShared: true })
            {
                return true;
            }
        }

        return false;
    }

    private bool IsOwn(Operand operand) => IsOwn(Read(operand));

    private bool IsOwn(Value value) => World.Object(value) is not { } node || IsOwn(node);

    private bool IsOwn(Node node) => !node.IsShared && (node.Kind is not (NodeKind.Task or NodeKind.Cancellation) || IsOwnInDepth(node));

    private bool IsOwnTask(Value task) => World.Object(task) is not { } node || IsOwn(node);

    /// <summary>Tasks and sources hang on others: those that they were made from.</summary>
    private bool IsOwnInDepth(Node node)
    {
        if (node.IsShared)
        {
            return false;
        }

        // Only what was there before it, so that this ends: a result may be anything, the task itself too.
        var (first, end) = node.Kind == NodeKind.Task
            ? (Flavour.Token, node.Count)
            : (Cancellations.First, Cancellations.First + node.Slots[Cancellations.Links].AsNumber);
        for (var i = first; i < end; i++)
        {
            if (World.Object(node.Slots[i]) is { Kind: NodeKind.Task or NodeKind.Cancellation } other && !IsOwnInDepth(other))
            {
                return false;
            }
        }

        return true;
    }

    private bool MayChoose(Step step) => step switch
    {
        Test test => Holds(test) is null,
        Choose or Await => true,
        Invoke { MayFail: true } invoke => World.Object(Read(invoke.Delegate), NodeKind.Delegate) is null,
        Do act => act.Act is not (Act.Escape or Act.Impossible or Act.Something or Act.Start or Act.StartThread or Act.NewChannel or Act.NewList or Act.NewMap or Act.NewCancellation or Act.NewMonitor or Act.NewCompletion),
        _ => false,
    };
}
