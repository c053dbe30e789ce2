using System.Diagnostics;
using System.Threading.Channels;
using Sluice;

namespace ChannelBenchmarks;

internal static class SelectWithDefault
{
    public static Task SluiceNone(int n)
    {
        using var select = new EightSelect();
        select.A.From(new Chan<int>(1));
        select.B.From(new Chan<int>(1));
        for (int i = 0; i < n; i++)
        {
            if (select.Try() != EightSelect.Case.Default)
            {
                throw new UnreachableException();
            }
        }

        return Task.CompletedTask;
    }

    public static Task BclNone(int n)
    {
        var (a, b) = (Channel.CreateBounded<int>(1), Channel.CreateBounded<int>(1));
        for (int i = 0; i < n; i++)
        {
            if (a.Reader.TryRead(out _) || b.Reader.TryRead(out _))
            {
                throw new UnreachableException();
            }
        }

        return Task.CompletedTask;
    }

    public static Task SluiceReady(int n)
    {
        var (a, b) = (new Chan<int>(1), new Chan<int>(1));
        using var select = new EightSelect();
        select.A.From(a);
        select.B.From(b);
        for (int i = 0; i < n; i++)
        {
            _ = (i % 2 == 0 ? a : b).TrySend(i);
            switch (select.Try())
            {
                case EightSelect.Case.A:
                    select.A.Take(out _);
                    break;
                case EightSelect.Case.B:
                    select.B.Take(out _);
                    break;
                default:
                    throw new UnreachableException();
            }
        }

        return Task.CompletedTask;
    }

    public static Task BclReady(int n)
    {
        var (a, b) = (Channel.CreateBounded<int>(1), Channel.CreateBounded<int>(1));
        for (int i = 0; i < n; i++)
        {
            (i % 2 == 0 ? a : b).Writer.TryWrite(i);
            if (!a.Reader.TryRead(out _) && !b.Reader.TryRead(out _))
            {
                throw new UnreachableException();
            }
        }

        return Task.CompletedTask;
    }
}
