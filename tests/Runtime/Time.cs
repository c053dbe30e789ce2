using System;
using System.Threading.Tasks;

namespace Sluice.Tests;

/// <summary>Bounds on waiting.</summary>
internal static class Time
{
    /// <summary>The task, or a failure when it takes so long that it must be stuck.</summary>
    public static Task Soon(this Task task, int seconds = 30) => task.WaitAsync(TimeSpan.FromSeconds(seconds));

    /// <inheritdoc cref="Soon(Task, int)"/>
    public static Task<T> Soon<T>(this Task<T> task, int seconds = 30) => task.WaitAsync(TimeSpan.FromSeconds(seconds));

    /// <summary>Fails when the task is over although it should wait.</summary>
    public static async Task Waits(this Task task)
    {
        await Task.Delay(10);
        Assert.False(task.IsCompleted, "It should wait.");
    }
}
