#nullable enable
using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>The case of a select that happens when a task is over, whether it succeeded or not. It happens once for each task that it is given.</summary>
[Embedded]
internal abstract class TaskCase : SelectCase
{
    private readonly Action _completed;
    private Task? _task;
    private Task? _watched;

    private protected TaskCase() => _completed = () => Select!.Offer(this, null);

    internal override bool MayEnd => Volatile.Read(ref _task) is not null;

    internal override bool IsReady => Volatile.Read(ref _task) is { IsCompleted: true };

    internal override bool TryHappen() => true;

    internal override void Arm()
    {
        if (_task is { } task && !ReferenceEquals(task, _watched))
        {
            _watched = task;
            task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_completed);
        }

        if (IsReady)
        {
            Select!.Offer(this, null);
        }
    }

    internal override void Conclude() => _task = null;

    internal override void Release()
    {
        _task = null;
        _watched = null;
    }

    private protected void Watch(Task? task)
    {
        ThrowIfWaiting();
        _task = task;
    }
}
