namespace Sluice.Explore;

/// <content>Which operation does what.</content>
internal sealed partial class Machine
{
    private Outcome Perform(Do act)
    {
        Value Of(int at) => act.Arguments.Length > at ? Read(act.Arguments[at]) : Value.Null;
        Value Kept(int at) => act.Arguments.Length > at ? Copy(act.Arguments[at]) : Value.Null;

        // A number that something is counted by.
        Value Size(int at) => act.Arguments.Length > at ? Concrete(act.Arguments[at]) : Value.Null;

        switch (act.Act)
        {
            case Act.Escape:
                OpenAll(act.Arguments, 0);
                return Done();
            case Act.Abandon:
                IsAbandoned = true;
                return Done();
            case Act.Something:
                return Done(Unknowns.Without(Value.Unknown, Value.Null));
            case Act.Impossible:
                IsImpossible = true;
                return Done();
            case Act.EscapeAll:
                Seen |= Watched.Everything;
                for (var n = 0; n < World.NodeCount; n++)
                {
                    World.Open(Value.Reference(n));
                }

                return Done();

            case Act.NewChannel: return NewChannel(Size(0));
            case Act.Send: return Send(Of(0), Kept(1), Of(2));
            case Act.TrySend: return TrySend(Of(0), Kept(1));
            case Act.WaitToSend: return WaitToSend(Of(0), Of(1));
            case Act.Receive: return Receive(Of(0), Of(1), saysWhether: false);
            case Act.TryReceive: return TryReceive(Of(0));
            case Act.WaitToReceive: return WaitToReceive(Of(0), Of(1));
            case Act.Received: return Received();
            case Act.Close: return Close(Of(0), tries: false, how: 1);
            case Act.TryClose: return Close(Of(0), tries: true, how: 1);
            case Act.CloseWith: return Close(Of(0), tries: true, how: 2);
            case Act.Completion: return Completion(Of(0));
            case Act.ReceiveOk: return Receive(Of(0), Of(1), saysWhether: true);

            case Act.NewMonitor: return Done(World.New(NodeKind.Plain, Library.NoType));
            case Act.Acquire: return Acquire(Of(0), tries: false);
            case Act.TryAcquire: return Acquire(Of(0), tries: true);
            case Act.Release: return Release(Of(0));
            case Act.MonitorWait: return MonitorWait(Of(0), isTimed: false);
            case Act.MonitorTimedWait: return MonitorWait(Of(0), isTimed: true);
            case Act.Pulse: return Pulse(Of(0), all: false);
            case Act.PulseAll: return Pulse(Of(0), all: true);
            case Act.NewSemaphore: return NewSemaphore(Size(0));
            case Act.AcquireSemaphore: return AcquireSemaphore(Of(0), Of(1));
            case Act.TryAcquireSemaphore: return TryAcquireSemaphore(Of(0));
            case Act.ReleaseSemaphore: return ReleaseSemaphore(Of(0), act.Arguments.Length > 1 ? Size(1) : Value.Number(1));
            case Act.HowMany: return Done(World.Object(Of(0)) is { Kind: NodeKind.Semaphore or NodeKind.Event or NodeKind.Countdown, IsOpen: false } counter ? counter.Slots[0] : Value.Unknown);
            case Act.NewReaderWriterLock: return NewReaderWriter(Of(0));
            case Act.EnterRead: return EnterRead(Of(0));
            case Act.ExitRead: return ExitRead(Of(0));
            case Act.EnterWrite: return EnterWrite(Of(0));
            case Act.ExitWrite: return Exit(Of(0), Writer);
            case Act.EnterUpgradeable: return EnterUpgradeable(Of(0));
            case Act.ExitUpgradeable: return Exit(Of(0), Upgrader);

            case Act.NewEvent: return NewEvent(Of(0), Of(1));
            case Act.SetEvent: return SetEvent(Of(0), isSet: true);
            case Act.ResetEvent: return SetEvent(Of(0), isSet: false);
            case Act.WaitEvent: return WaitEvent(Of(0), Of(1));
            case Act.NewCountdown: return NewCountdown(Size(0));
            case Act.AddCount: return AddCount(Of(0), act.Arguments.Length > 1 ? Size(1) : Value.Number(1));
            case Act.Signal: return Signal(Of(0));
            case Act.WaitCountdown: return WaitCountdown(Of(0), Of(1));
            case Act.NewBarrier: return NewBarrier(Size(0));
            case Act.SignalAndWait: return SignalAndWait(Of(0));

            case Act.Start or Act.StartThread: return Start(Of(0));
            case Act.NewCompletion: return Done(NewTask(Flavour.Source));
            case Act.Complete: return Complete(Of(0), Kept(1), tries: false, Flavour.Succeeded);
            case Act.TryComplete: return Complete(Of(0), Kept(1), tries: true, Flavour.Succeeded);
            case Act.Fault: return Complete(Of(0), FailureOf(Of(1)), tries: true, Flavour.Failed);
            case Act.CompletedTask: return Done(NewOver(Flavour.Succeeded, Kept(0)));
            case Act.FailedTask: return Done(NewOver(Flavour.Failed, FailureOf(Of(0))));
            case Act.Delay: return Done(NewTask(Flavour.Delay, Of(0), act));
            case Act.Never: return Done(NewTask(Flavour.Never, Of(0), act));
            case Act.WhenAll: return NewGroup(act, Flavour.All);
            case Act.WhenAny: return NewGroup(act, Flavour.Any);
            case Act.ContinueWith: return ContinueWith(Kept(0), Of(1));
            case Act.WaitAsync: return NewWait(act, Flavour.Wait);
            case Act.TimedWaitAsync: return NewWait(act, Flavour.TimedWait);
            case Act.Join: return Wait(Of(0));
            case Act.TimedJoin: return TimedJoin(Of(0));
            case Act.IsOver: return Ask(Of(0), throws: false);

            case Act.NewCancellation: return NewCancellation(act.Arguments);
            case Act.CancelAfter: return CancelAfter(Of(0), act);
            case Act.Cancel: return Cancel(Of(0));
            case Act.IsCancelled:
                return Done(IsCancelled(Of(0)) ? Value.True : IsFromOutside(Of(0)) ? Value.Unknown : Value.False);
            case Act.ThrowIfCancelled: return IsCancelled(Of(0)) ? Threw(Failures.Cancelled) : Done();
            case Act.Register: return Register(Of(0), Of(1));
            case Act.Unregister: return Unregister(Of(0));

            case Act.NewList: return NewList(act.Arguments);
            case Act.Add or Act.Enqueue: return Add(Of(0), Kept(1));
            case Act.Remove: return Remove(Of(0), Of(1));
            case Act.Clear: return Clear(Of(0));
            case Act.Count: return Count(Of(0));
            case Act.ElementAt: return ElementAt(Of(0), Of(1));
            case Act.SetElement: return SetElement(Of(0), Of(1), Kept(2));
            case Act.Dequeue: return Dequeue(Of(0));
            case Act.NewMap: return NewMap();
            case Act.Put: return Put(Of(0), Kept(1), Kept(2));
            case Act.Get: return Get(Of(0), Of(1));
            case Act.ContainsKey: return ContainsKey(Of(0), Of(1));
            case Act.RemoveKey: return RemoveKey(Of(0), Of(1));
            case Act.Values: return ListOf(Of(0), offset: 1);
            case Act.Keys: return ListOf(Of(0), offset: 0);

            case Act.Select: return Select(act);
            default: return Done(Value.Unknown);
        }
    }

    private static Value FailureOf(Value failure) => failure.Tag == Tag.Number && failure.AsNumber != 0 ? failure : Value.Number((int)Failures.Other);
}
