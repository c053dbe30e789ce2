using Sluice;

namespace Stories;

internal static class WorkerPool
{
    // Three workers share the jobs; whoever is free takes the next one.
    public static async Task RunAsync()
    {
        var jobs = new Chan<int>(10);
        var results = new Chan<int>(10);

        await using var group = new Group();
        var workers = new WaitGroup();
        for (var w = 1; w <= 3; w++)
        {
            workers.Add();
            group.Go(async stop =>
            {
                try
                {
                    await foreach (var job in jobs)
                    {
                        await results.SendAsync(job * job, stop);
                    }
                }
                finally
                {
                    workers.Done();
                }
            });
        }

        group.Go(async stop =>
        {
            try
            {
                for (var job = 1; job <= 100; job++)
                {
                    await jobs.SendAsync(job, stop);
                }
            }
            finally
            {
                jobs.Close();
            }
        });

        group.Go(async () =>
        {
            await workers.WaitAsync();
            results.Close();
        });

        var (count, sum) = (0, 0);
        await foreach (var result in results)
        {
            count++;
            sum += result;
        }

        Console.WriteLine($"{count} jobs done, the squares add up to {sum}");
    }
}
