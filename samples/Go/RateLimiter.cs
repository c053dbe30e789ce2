using System.Diagnostics;
using Sluice;

namespace Stories;

[Select]
internal sealed partial class RefillSelect
{
    public readonly Tick Ticker = new();
    public readonly Done Stop = new();
}

internal static class RateLimiter
{
    private const int Burst = 3;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    // A buffered channel holds the tokens: three at once, then one every 100 ms. A token that finds the buffer full is dropped.
    public static async Task RunAsync()
    {
        var tokens = new Chan<bool>(Burst);
        for (var i = 0; i < Burst; i++)
        {
            await tokens.SendAsync(true);
        }

        await using var group = new Group();
        group.Go(async stop =>
        {
            using var ticker = new PeriodicTimer(Every);
            using var select = new RefillSelect();
            select.Ticker.On(ticker);
            select.Stop.On(stop);
            while (await select == RefillSelect.Case.Ticker)
            {
                tokens.TrySend(true);
            }
        });

        var clock = Stopwatch.StartNew();
        for (var request = 1; request <= 6; request++)
        {
            if (tokens.TryReceive(out _))
            {
                Console.WriteLine($"request {request} at once");
            }
            else
            {
                await tokens.ReceiveAsync(group.CancellationToken);
                Console.WriteLine($"request {request} in its turn");
            }
        }

        Console.WriteLine($"held back: {(clock.Elapsed >= 2 * Every ? "true" : "false")}");
    }
}
