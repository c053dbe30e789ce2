using System.Threading.Channels;
using Sluice;

namespace ChannelBenchmarks;

internal static class ReceiveOrToken
{
    public static async Task Sluice(int n)
    {
        using var cancellation = new CancellationTokenSource();
        var chan = new Chan<int>();
        var sender = Sender.Start(n, chan);
        for (int i = 0; i < n; i++)
        {
            await chan.ReceiveAsync(cancellation.Token);
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
            await channel.Reader.ReadAsync(cancellation.Token);
        }

        await sender;
    }
}
