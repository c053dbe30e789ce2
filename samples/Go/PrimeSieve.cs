using Sluice;

namespace Stories;

internal static class PrimeSieve
{
    // Every prime adds a filter to the chain. In Go the goroutines are left behind; here the group ends them.
    public static async Task RunAsync()
    {
        await using var group = new Group();
        var ch = new Chan<int>();
        var first = ch;
        group.Go(stop => GenerateAsync(first, stop));
        for (var i = 0; i < 10; i++)
        {
            var (prime, _) = await ch.ReceiveAsync(group.CancellationToken);
            Console.WriteLine(prime);
            var (previous, next) = (ch, new Chan<int>()); // `ch` is about to change: the lambda captures a variable, not its value
            group.Go(stop => FilterAsync(previous, next, prime, stop));
            ch = next;
        }

        group.Cancel();
    }

    // Sends 2, 3, 4, … for ever.
    private static async Task GenerateAsync(SendOnly<int> @out, CancellationToken stop)
    {
        for (var i = 2; ; i++)
        {
            await @out.SendAsync(i, stop);
        }
    }

    // Lets through what the prime does not divide.
    private static async Task FilterAsync(ReceiveOnly<int> @in, SendOnly<int> @out, int prime, CancellationToken stop)
    {
        while (true)
        {
            var (i, _) = await @in.ReceiveAsync(stop);
            if (i % prime != 0)
            {
                await @out.SendAsync(i, stop);
            }
        }
    }
}
