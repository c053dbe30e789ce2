using Microsoft.CodeAnalysis;

namespace Sluice.Explore;

/// <summary>Which failures an exception type stands for.</summary>
internal static class Caught
{
    /// <summary>What a catch of the type takes for certain, and what else it may take.</summary>
    public static (Failures Sure, Failures Perhaps) By(ITypeSymbol? type) => type?.Name switch
    {
        null or "Object" or "Exception" or "SystemException" => (Failures.All, Failures.None),
        "OperationCanceledException" or "TaskCanceledException" => (Failures.Cancelled, Failures.None),
        "ChannelClosedException" => (Failures.Closed, Failures.None),
        "InvalidOperationException" => (Failures.Closed | Failures.Misused, Failures.Other),

        // What blocks on a task gets its failure wrapped.
        "AggregateException" => (Failures.None, Failures.All),
        "SemaphoreFullException" or "SynchronizationLockException" or "ObjectDisposedException" => (Failures.None, Failures.Misused | Failures.Other),
        _ => (Failures.None, Failures.Other),
    };

    /// <summary>Whether a catch of the type says that the failure is none: who sends on a channel that others may close.</summary>
    public static bool IsExpected(Failures failure, ITypeSymbol? type) => failure == Failures.Closed && type?.Name is "ChannelClosedException" or "InvalidOperationException";

    public static Failures ByThrowing(ITypeSymbol? type) => type?.Name switch
    {
        "OperationCanceledException" or "TaskCanceledException" => Failures.Cancelled,
        "ChannelClosedException" => Failures.Closed,
        _ => Failures.Other,
    };
}
