using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <content>Locks: which are held when.</content>
internal sealed partial class Rehearsal
{
    private void EvalLock(ILockOperation region)
    {
        var before = _locks;
        Hold(Eval(region.LockedValue), isShared: false);
        Eval(region.Body);
        _locks = before;
    }

    private void Hold(ImmutableArray<Thing> locks, bool isShared) => _locks = _locks.AddRange(locks.Select(one => new HeldThing(one, isShared)));

    private void Free(ImmutableArray<Thing> locks)
    {
        foreach (var one in locks)
        {
            int at = _locks.ToList().FindLastIndex(held => held.Lock == one);
            _locks = at < 0 ? _locks : _locks.RemoveAt(at);
        }
    }

    private void EvalUsing(IOperation resources, bool isAsynchronous, Action body)
    {
        var before = _locks;
        var things = new List<ImmutableArray<Thing>>();
        if (resources is IVariableDeclarationGroupOperation group)
        {
            foreach (var declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
            {
                Eval(declarator);
                things.Add(_frame.Find(declarator.Symbol, out _)?.Values ?? ImmutableArray<Thing>.Empty);
            }
        }
        else
        {
            things.Add(Eval(resources));
        }

        if (resources.DescendantsAndSelf().Any(part => part is IInvalidOperation))
        {
            Hold(One(_unknownLock), isShared: false);
        }

        bool isLock = resources.DescendantsAndSelf().OfType<IInvocationOperation>().Any(IsEnter);
        body();
        foreach (var thing in things.AsEnumerable().Reverse())
        {
            DisposeOf(thing, isAsynchronous, resources);
        }

        if (isLock || _locks.Length > before.Length)
        {
            _locks = before;
        }
    }

    private static bool IsEnter(IInvocationOperation call) =>
        call.TargetMethod.Name is "EnterScope" or "LockAsync" or "Lock" or "EnterAsync" or "AcquireAsync" or "Acquire" or "ReadLock" or "WriteLock" or "ReaderLock" or "WriterLock" or "ReaderLockAsync" or "WriterLockAsync";

    private ImmutableArray<Thing> OnMonitor(string method, List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> arguments)
    {
        var target = arguments.Count > 0 ? arguments[0].Value : ImmutableArray<Thing>.Empty;
        switch (method)
        {
            case "Enter" or "TryEnter":
                Hold(target, isShared: false);
                break;
            case "Exit":
                Free(target);
                break;
            case "Wait":
                foreach (var thing in target)
                {
                    Wait(thing);
                }

                break;
            case "Pulse" or "PulseAll":
                foreach (var thing in target)
                {
                    Signal(thing, isFirstOnly: true);
                }

                break;
        }

        return ImmutableArray<Thing>.Empty;
    }

    private bool OnLock(IInvocationOperation call, KnownType known, ImmutableArray<Thing> receiver)
    {
        string name = call.TargetMethod.Name;
        if (known is KnownType.Lock or KnownType.SpinLock or KnownType.ReaderWriterLockSlim or KnownType.LockScope || call.TargetMethod.ContainingType.Name == "ReaderWriterLock")
        {
            if (name.Contains("Enter") || name.StartsWith("Acquire", StringComparison.Ordinal))
            {
                Hold(receiver, isShared: name.Contains("Read") && !name.Contains("Upgradeable"));
                return true;
            }

            if (name.StartsWith("Exit", StringComparison.Ordinal) || name.StartsWith("Release", StringComparison.Ordinal) || name == "Dispose")
            {
                Free(receiver);
                return true;
            }
        }

        if (_compilation.Known[call.Instance?.Type] is KnownType.SemaphoreSlim or KnownType.Semaphore or KnownType.Mutex)
        {
            foreach (var thing in receiver)
            {
                OnSemaphore(thing, name, call);
            }

            return name.StartsWith("Wait", StringComparison.Ordinal);
        }

        return false;
    }

    // One that lets one in is a lock; one that lets none in tells who waits to go on; one that lets many in is neither, until somebody waits for all of them to be over.
    private void OnSemaphore(Thing semaphore, string method, IInvocationOperation call)
    {
        switch (method)
        {
            case "Wait" or "WaitAsync" or "WaitOne" when semaphore.Permits == Permits.Many:
                if (_strands.Count > 0 && _strand == Root && !_throttles.Contains(call.Syntax))
                {
                    Wait(semaphore);
                }
                else
                {
                    _throttles.Add(call.Syntax);
                }

                break;
            case "Wait" or "WaitAsync" or "WaitOne":
                Wait(semaphore);
                if (semaphore.Permits != Permits.None)
                {
                    Hold(One(semaphore), isShared: false);
                }

                break;
            case "Release" or "ReleaseMutex":
                if (semaphore.Permits != Permits.One || !_locks.Any(held => held.Lock == semaphore))
                {
                    Signal(semaphore);
                }

                Free(One(semaphore));
                break;
        }
    }
}
