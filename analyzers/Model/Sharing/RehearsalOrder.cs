using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <content>What puts strands in order: who waits, who tells, and who gets what another one has put there.</content>
internal sealed partial class Rehearsal
{
    /// <summary>Whether others can get at the task of the work, and so wait until it is over: a member that is not private has it.</summary>
    public bool IsHandedOut(Strand work)
    {
        var tasks = _self?.Fields.Where(cell => cell.Symbol is { DeclaredAccessibility: not Accessibility.Private }).SelectMany(cell => cell.Values) ?? [];
        return tasks.Any(task => task.Strands.Any(strand => IsPartOf(work, strand)));
    }

    // The work itself, or what it has started.
    private static bool IsPartOf(Strand work, Strand whole)
    {
        for (var above = work; above is not null; above = above.Parent)
        {
            if (above == whole)
            {
                return true;
            }
        }

        return false;
    }

    private Order MakeOrder()
    {
        var edges = SignalEdges();
        var stores = _stores.ToLookup(store => (store.Key.Cell, store.Key.Thing), store => store.Value);
        foreach (var load in _loads)
        {
            // What two put there may have been there before the second did.
            if (stores[(load.Key.Cell, load.Key.Thing)].ToList() is [var store] && store.Strand != load.Key.Strand)
            {
                edges.Add((store, load.Value));
            }
        }

        return new(edges);
    }

    private List<(Moment From, Moment To)> SignalEdges()
    {
        var edges = _edges.ToList();
        var met = new HashSet<(object, Strand)>();
        var waits = _waits.ToLookup(wait => wait.Signal);
        foreach (var (signal, at, isFirstOnly) in _signals)
        {
            if (met.Add((signal, at.Strand)) || !isFirstOnly)
            {
                edges.AddRange(waits[signal].Select(wait => (at, wait.At)));
            }
        }

        // Who waits for something from a channel that nobody has sent to yet goes on after the member at the earliest, unless the member waits for him.
        var joined = new HashSet<Strand>(edges.Where(edge => edge.To.Strand == Root).Select(edge => edge.From.Strand));
        edges.AddRange(_receives.Where(receive => IsUnsent(receive.Channel) && !joined.Contains(receive.At.Strand)).Select(receive => (Root.Last, receive.At)));
        return edges;
    }

    private bool IsUnsent(Thing channel) => channel.IsKnown && channel.Content.Values.IsEmpty && !_signals.Any(signal => signal.Signal == channel || signal.Signal == channel.Content);

    private void Join(ImmutableArray<Thing> tasks)
    {
        foreach (var thing in _isTooEarly ? ImmutableArray<Thing>.Empty : tasks)
        {
            Wait(thing);
            Wait(thing.Content);
            foreach (var part in thing.Content.Values)
            {
                Wait(part);
            }

            foreach (var strand in thing.Strands)
            {
                _syncs++;
                _edges.Add((strand.Last, _strand.Next()));
            }
        }
    }

    private ImmutableArray<Thing> Join(ImmutableArray<Thing> tasks, ImmutableArray<Thing> value)
    {
        Join(tasks);
        return value;
    }

    private void Wait(object signal)
    {
        if (!_isMuted)
        {
            _waits.Add((signal, _strand.Next()));
        }
    }

    private void Signal(object signal, bool isFirstOnly = false)
    {
        if (!_isMuted)
        {
            _syncs++;
            _signals.Add((signal, _strand.IsHandler ? _strand.Last : _strand.Next(), isFirstOnly));
        }
    }

    // Events, countdowns, barriers, sources of tasks and tokens, channels that are closed: who waits goes on after who signals.
    private void Order(string method, ImmutableArray<Thing> receiver, IInvocationOperation call)
    {
        foreach (var thing in receiver)
        {
            switch (method)
            {
                case "Join" or "Wait" or "WaitAsync" or "GetResult" or "WaitOne" or "Dispose" or "DisposeAsync" or "Stop":
                case var name when thing.Strands.Count > 0 && (name.StartsWith("Wait", StringComparison.Ordinal) || name.StartsWith("GetResult", StringComparison.Ordinal)): // an extension of somebody's: `task.WaitSafely()`
                    Join(One(thing));
                    break;
                case "Set" or "Signal" or "SetResult" or "TrySetResult" or "SetException" or "TrySetException" or "SetCanceled" or "TrySetCanceled" or "Cancel" or "CancelAsync":
                    Signal(thing);
                    break;
                case "Complete" or "TryComplete" or "CompleteAdding" or "Close":
                    Signal(thing.Content);
                    break;
                case "SignalAndWait":
                    Signal(thing);
                    Wait(thing);
                    break;
                case "ReadAllAsync" or "ReadAsync" or "WaitToReadAsync" or "TryRead" or "ReceiveAsync" or "TryReceive" or "Take" or "TryTake" or "GetConsumingEnumerable" or "ThrowIfCancellationRequested":
                    Wait(thing);
                    if (!_isMuted && (method is "ReadAllAsync" or "ReadAsync" or "WaitToReadAsync" or "ReceiveAsync" or "Take" or "GetConsumingEnumerable"))
                    {
                        _receives.Add((thing, _strand.Next()));
                    }

                    break;
                case "WriteAsync" or "TryWrite" or "SendAsync" or "TrySend" or "Post" when call.Arguments.All(argument => argument.Value.Type?.IsReferenceType != true):
                    Signal(thing, isFirstOnly: true);
                    break;
            }
        }
    }
}
