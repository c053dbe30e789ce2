using Sluice;

namespace Stories;

internal static class Pipeline
{
    // Each stage is a function from channel to channel. Whoever has seen enough cancels, and every stage ends.
    public static async Task RunAsync()
    {
        await using (var stages = new Group())
        {
            await foreach (var n in Square(stages, Generate(stages)))
            {
                if (n > 50)
                {
                    break;
                }

                Console.WriteLine(n);
            }

            stages.Cancel();
        }

        Console.WriteLine("every stage has ended");
    }

    private static ReceiveOnly<int> Generate(Group stages)
    {
        var @out = new Chan<int>();
        stages.Go(async stop =>
        {
            try
            {
                for (var n = 1; ; n++)
                {
                    await @out.SendAsync(n, stop);
                }
            }
            finally
            {
                @out.Close();
            }
        });
        return @out;
    }

    private static ReceiveOnly<int> Square(Group stages, ReceiveOnly<int> @in)
    {
        var @out = new Chan<int>();
        stages.Go(async stop =>
        {
            try
            {
                await foreach (var n in @in)
                {
                    await @out.SendAsync(n * n, stop);
                }
            }
            finally
            {
                @out.Close();
            }
        });
        return @out;
    }
}
