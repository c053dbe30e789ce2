#nullable enable
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>What a receive case needs of a <see cref="ChannelReader{T}"/>.</summary>
[Embedded]
internal sealed class ForeignReader<T> : Readiness
{
    internal ForeignReader(SelectCase @case, ChannelReader<T> reader)
        : base(@case) => Reader = reader;

    internal ChannelReader<T> Reader { get; }

    internal bool IsReady => Reader.CanPeek ? Reader.TryPeek(out _) || Reader.Completion.IsCompleted : !IsPending;

    internal Outcome TryRead(out T? value)
    {
        if (Reader.TryRead(out value))
        {
            return Outcome.Delivered;
        }

        return Reader.Completion.IsCompleted ? Outcome.Closed : Outcome.Pending;
    }

    /// <summary>Throws what the channel was closed with.</summary>
    internal void ThrowIfFaulted()
    {
        if (Reader.Completion.IsFaulted)
        {
            Reader.Completion.GetAwaiter().GetResult();
        }
    }

    private protected override ValueTask<bool> Wait() => Reader.WaitToReadAsync();

    private protected override void End(bool result)
    {
    }
}
