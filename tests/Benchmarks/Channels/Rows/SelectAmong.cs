using System.Threading.Channels;
using Sluice;

namespace ChannelBenchmarks;

internal static class SelectAmong
{
    public static async Task Sluice(int n, int count)
    {
        var chans = Enumerable.Range(0, count).Select(_ => new Chan<int>()).ToArray();
        using var select = new EightSelect();
        for (int i = 0; i < count; i++)
        {
            select[i].From(chans[i]);
        }

        var sender = Sender.Start(n, chans);
        for (int i = 0; i < n; i++)
        {
            switch (await select)
            {
                case EightSelect.Case.A:
                    select.A.Take(out _);
                    break;
                case EightSelect.Case.B:
                    select.B.Take(out _);
                    break;
                case EightSelect.Case.C:
                    select.C.Take(out _);
                    break;
                case EightSelect.Case.D:
                    select.D.Take(out _);
                    break;
                case EightSelect.Case.E:
                    select.E.Take(out _);
                    break;
                case EightSelect.Case.F:
                    select.F.Take(out _);
                    break;
                case EightSelect.Case.G:
                    select.G.Take(out _);
                    break;
                case EightSelect.Case.H:
                    select.H.Take(out _);
                    break;
            }
        }

        await sender;
    }

    // As it is written by who knows the BCL: take what is there, and keep the waits that are not over.
    public static async Task Bcl(int n, int count)
    {
        var channels = Enumerable.Range(0, count).Select(_ => Channel.CreateBounded<int>(0)).ToArray();
        var waits = new Task<bool>[count];
        var sender = Sender.Start(n, channels.Select(channel => channel.Writer).ToArray());
        for (int left = n; left > 0;)
        {
            int before = left;
            foreach (var channel in channels)
            {
                if (channel.Reader.TryRead(out _))
                {
                    left--;
                }
            }

            if (left < before)
            {
                continue;
            }

            for (int i = 0; i < count; i++)
            {
                if (waits[i] is null or { IsCompleted: true })
                {
                    waits[i] = channels[i].Reader.WaitToReadAsync().AsTask();
                }
            }

            await Task.WhenAny(waits);
        }

        await sender;
    }
}
