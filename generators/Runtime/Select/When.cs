#nullable enable
using System;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>The case of a select that happens when a task is over, whether it succeeded or not. It happens once for each task that it is given.</summary>
[Embedded]
internal sealed class When : TaskCase
{
    private Task? _given;

    /// <summary>Happens when this task is over.</summary>
    /// <param name="task">The task; null switches the case off.</param>
    /// <exception cref="InvalidOperationException">The select waits.</exception>
    public void On(Task? task)
    {
        Watch(task);
        _given = task;
    }

    /// <summary>After the case happened: throws what the task failed with, if it did.</summary>
    /// <exception cref="InvalidOperationException">No task was given, or it is not over.</exception>
    public void Take()
    {
        if (_given is not { IsCompleted: true } task)
        {
            throw new InvalidOperationException("There is nothing to take: this case did not happen.");
        }

        task.GetAwaiter().GetResult();
    }

    internal override void Release()
    {
        base.Release();
        _given = null;
    }
}
