using System.Threading.Channels;
using Sluice;

namespace ChannelBenchmarks;

internal static class PingPong
{
    public static async Task Sluice(int n)
    {
        var (ping, pong) = (new Chan<int>(), new Chan<int>());
        var other = Task.Run(async () =>
        {
            for (int i = 0; i < n; i++)
            {
                var (value, _) = await ping.ReceiveAsync();
                await pong.SendAsync(value);
            }
        });
        for (int i = 0; i < n; i++)
        {
            await ping.SendAsync(i);
            await pong.ReceiveAsync();
        }

        await other;
    }

    public static async Task Bcl(int n)
    {
        var (ping, pong) = (Channel.CreateBounded<int>(0), Channel.CreateBounded<int>(0));
        var other = Task.Run(async () =>
        {
            for (int i = 0; i < n; i++)
            {
                int value = await ping.Reader.ReadAsync();
                await pong.Writer.WriteAsync(value);
            }
        });
        for (int i = 0; i < n; i++)
        {
            await ping.Writer.WriteAsync(i);
            await pong.Reader.ReadAsync();
        }

        await other;
    }
}
