namespace Sluice;

/// <summary>Resumes a waiter where it was woken: in explored code that only sets a flag, and the explorer does the rest.</summary>
internal static class Runner
{
    internal static bool IsCurrent => false;

    internal static void Resume(Suspension suspension) => suspension.Invoke();

    internal static void Run(Suspension suspension) => suspension.Invoke();

    internal static void Queue(Suspension suspension)
    {
        for (Suspension? next = suspension; next is not null; next = suspension)
        {
            suspension = next.Following!;
            next.Following = null;
            next.Invoke();
        }
    }

    internal static void CompletedAtOnce()
    {
    }
}
