using System.Diagnostics;
using System.Threading.Channels;
using Sluice;

namespace ChannelBenchmarks;

[Select]
internal sealed partial class OrTimerSelect
{
    public readonly Receive<int> Values = new();
    public readonly After Idle = new();
    public readonly Done Stop = new();
}

internal static class ReceiveOrTimer
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    public static async Task Sluice(int n)
    {
        using var cancellation = new CancellationTokenSource();
        var chan = new Chan<int>();
        using var select = new OrTimerSelect();
        select.Values.From(chan);
        select.Stop.On(cancellation.Token);
        var sender = Sender.Start(n, chan);
        for (int i = 0; i < n; i++)
        {
            select.Idle.In(Idle);
            if (await select != OrTimerSelect.Case.Values)
            {
                throw new UnreachableException();
            }

            select.Values.Take(out _);
        }

        await sender;
    }

    public static async Task Bcl(int n)
    {
        using var cancellation = new CancellationTokenSource();
        var channel = Channel.CreateBounded<int>(0);
        var sender = Sender.Start(n, channel.Writer);
        for (int i = 0; i < n; i++)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation.Token);
            timeout.CancelAfter(Idle);
            await channel.Reader.ReadAsync(timeout.Token);
        }

        await sender;
    }
}
