using System.Threading.Channels;
using Sluice;

namespace ChannelBenchmarks;

internal static class OneWay
{
    public static async Task Sluice(int n)
    {
        var chan = new Chan<int>();
        var sender = Sender.Start(n, chan);
        for (int i = 0; i < n; i++)
        {
            await chan.ReceiveAsync();
        }

        await sender;
    }

    public static async Task Bcl(int n)
    {
        var channel = Channel.CreateBounded<int>(0);
        var sender = Sender.Start(n, channel.Writer);
        for (int i = 0; i < n; i++)
        {
            await channel.Reader.ReadAsync();
        }

        await sender;
    }
}
