#nullable enable
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>What a send case needs of a <see cref="ChannelWriter{T}"/>.</summary>
[Embedded]
internal sealed class ForeignWriter<T> : Readiness
{
    private volatile bool _isClosed;

    internal ForeignWriter(SelectCase @case, ChannelWriter<T> writer)
        : base(@case) => Writer = writer;

    internal ChannelWriter<T> Writer { get; }

    internal Outcome TryWrite(T value)
    {
        if (Writer.TryWrite(value))
        {
            return Outcome.Delivered;
        }

        if (!IsPending)
        {
            TryBegin(); // the only way to learn that it is closed
        }

        return _isClosed ? Outcome.Closed : Outcome.Pending;
    }

    private protected override ValueTask<bool> Wait() => Writer.WaitToWriteAsync();

    private protected override void End(bool result) => _isClosed = !result;
}
