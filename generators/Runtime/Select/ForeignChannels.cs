#nullable enable
using System.Threading.Channels;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>
/// Receive and send cases over any <see cref="ChannelReader{T}"/> and <see cref="ChannelWriter{T}"/>. Such a case waits until it seems ready and then tries: it has no place in
/// a queue, so first in, first out and the single moment of <c>Try()</c> do not extend to it. (Extension methods, so that a null literal means no <see cref="Chan{T}"/>.)
/// </summary>
[Embedded]
internal static class ForeignChannels
{
    /// <summary>Receives from a reader.</summary>
    /// <param name="receive">The case.</param>
    /// <param name="reader">The reader; null switches the case off.</param>
    /// <typeparam name="T">What the channel carries.</typeparam>
    /// <exception cref="System.InvalidOperationException">The select waits.</exception>
    public static void From<T>(this Receive<T> receive, ChannelReader<T>? reader)
    {
        if (reader is ChanReader<T> ours)
        {
            receive.From(ours.Chan);
        }
        else
        {
            receive.FromForeign(reader);
        }
    }

    /// <summary>Sends a value to a writer.</summary>
    /// <param name="send">The case.</param>
    /// <param name="writer">The writer; null switches the case off, and the value is dropped.</param>
    /// <param name="value">The value.</param>
    /// <typeparam name="T">What the channel carries.</typeparam>
    /// <exception cref="System.InvalidOperationException">The select waits.</exception>
    public static void To<T>(this Send<T> send, ChannelWriter<T>? writer, T value)
    {
        if (writer is ChanWriter<T> ours)
        {
            send.To(ours.Chan, value);
        }
        else
        {
            send.ToForeign(writer, value);
        }
    }
}
