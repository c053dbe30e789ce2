using System.Threading.Channels;
using Sluice;

namespace ChannelBenchmarks;

internal static class Alone
{
    public static async Task Sluice(int n)
    {
        var chan = new Chan<int>(1);
        for (int i = 0; i < n; i++)
        {
            await chan.SendAsync(i);
            await chan.ReceiveAsync();
        }
    }

    public static async Task Bcl(int n)
    {
        var channel = Channel.CreateBounded<int>(1);
        for (int i = 0; i < n; i++)
        {
            await channel.Writer.WriteAsync(i);
            await channel.Reader.ReadAsync();
        }
    }
}
