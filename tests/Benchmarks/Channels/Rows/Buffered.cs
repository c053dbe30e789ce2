using System.Threading.Channels;
using Sluice;

namespace ChannelBenchmarks;

internal static class Buffered
{
    public static async Task Sluice(int n, int parties)
    {
        var chan = new Chan<int>(100);
        var senders = Enumerable.Range(0, parties).Select(_ => Sender.Start(n / parties, chan)).ToList();
        var receivers = Enumerable.Range(0, parties).Select(_ => Task.Run(async () =>
        {
            await foreach (int value in chan)
            {
            }
        })).ToList();
        await Task.WhenAll(senders);
        chan.Close();
        await Task.WhenAll(receivers);
    }

    public static async Task Bcl(int n, int parties)
    {
        var channel = Channel.CreateBounded<int>(100);
        var senders = Enumerable.Range(0, parties).Select(_ => Sender.Start(n / parties, channel.Writer)).ToList();
        var receivers = Enumerable.Range(0, parties).Select(_ => Task.Run(async () =>
        {
            await foreach (int value in channel.Reader.ReadAllAsync())
            {
            }
        })).ToList();
        await Task.WhenAll(senders);
        channel.Writer.Complete();
        await Task.WhenAll(receivers);
    }
}
