namespace Sluice.Interleavings;

/// <summary>What <c>await</c> does, for a thread of the explorer.</summary>
internal static class Waits
{
    public static (T Value, bool Ok) Receive<T>(Receiving<T> receiving)
    {
        Explorer.Step();
        if (!receiving.IsCompleted)
        {
            bool resumed = false;
            receiving.UnsafeOnCompleted(() => resumed = true);
            Explorer.WaitUntil(() => resumed);
        }

        return receiving.GetResult();
    }

    public static void Send(Sending sending)
    {
        Explorer.Step();
        if (!sending.IsCompleted)
        {
            bool resumed = false;
            sending.UnsafeOnCompleted(() => resumed = true);
            Explorer.WaitUntil(() => resumed);
        }

        sending.GetResult();
    }

    public static int Select(Tests.Select select)
    {
        Tests.Select.Awaiter awaiter = select.GetAwaiter();
        Explorer.Step();
        if (!awaiter.IsCompleted)
        {
            bool resumed = false;
            awaiter.UnsafeOnCompleted(() => resumed = true);
            Explorer.WaitUntil(() => resumed);
        }

        return awaiter.GetResult();
    }
}
