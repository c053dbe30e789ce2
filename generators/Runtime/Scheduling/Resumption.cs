#nullable enable
using System;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>Resumes many waiters at once: a few chains for the processors there are, not one work item for each.</summary>
[Embedded]
internal struct Resumption
{
    private const int SmallestShare = 32;

    private Suspension? _first;
    private Suspension? _last;
    private int _count;

    internal void Complete(Suspension? suspension)
    {
        if (suspension is null || !suspension.TryComplete() || suspension.TryPost())
        {
            return;
        }

        if (_last is null)
        {
            _first = suspension;
        }
        else
        {
            _last.Following = suspension;
        }

        _last = suspension;
        _count++;
    }

    internal readonly void Run()
    {
        int share = Math.Max(SmallestShare, (_count / Environment.ProcessorCount) + 1);
        Suspension? first = _first;
        while (first is not null)
        {
            Suspension last = first;
            for (int i = 1; i < share && last.Following is { } next; i++)
            {
                last = next;
            }

            Suspension? rest = last.Following;
            last.Following = null;
            Runner.Queue(first);
            first = rest;
        }
    }
}
