#nullable enable
using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>
/// Who waits on which channel since when, and counters of the meter <c>Sluice</c>. Off unless the switch <c>Sluice.Observe</c> is set before the first channel is made: in the project by
/// <c>&lt;RuntimeHostConfigurationOption Include="Sluice.Observe" Value="true" /&gt;</c>, or first thing in Main by <see cref="AppContext.SetSwitch"/>. Off, it costs nothing.
/// </summary>
[Embedded]
internal static class Observe
{
    /// <summary>Whether channels are observed.</summary>
    internal static readonly bool IsOn = AppContext.TryGetSwitch("Sluice.Observe", out bool on) && on;

    private static readonly List<WeakReference<Chan>> Channels = new();
    private static readonly Meter? Meter = IsOn ? CreateMeter() : null;
    private static long LastUse = Environment.TickCount64;
    private static int Running;

    /// <summary>Says of every channel in use who waits on it and since when: what Go shows of its goroutines. When all wait and nothing but each other can end that, it says so.</summary>
    /// <returns>Lines of text.</returns>
    public static string Dump()
    {
        if (!IsOn)
        {
            return "Channels are not observed: set the switch Sluice.Observe before the first one is made.";
        }

        var text = new StringBuilder();
        var parties = new HashSet<Suspension>();
        bool mayEnd = false;
        long now = Environment.TickCount64;
        foreach (Chan chan in Live())
        {
            List<Waiter> waiters = chan.Waiters();
            text.Append(chan).Append('\n');
            foreach (Waiter waiter in waiters)
            {
                Suspension party = waiter.Select ?? (Suspension)waiter;
                parties.Add(party);
                mayEnd |= waiter.MayEnd;
                string select = waiter.Select is null ? string.Empty : ", in a select";
                text.Append(CultureInfo.InvariantCulture, $"  {(waiter.Sends ? "send" : "receive")} in {Code.Of(party)} for {Seconds(now - waiter.Since)}{select}\n");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"{parties.Count} wait\n");
        int others = Volatile.Read(ref Running) - (Runner.IsCurrent ? 1 : 0);
        if (parties.Count > 0 && !mayEnd && others <= 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"Everything waits: none of them has a token, a timeout or a task to end its wait, none that was woken still runs, and no channel was used for {Seconds(now - Interlocked.Read(ref LastUse))}. ");
            text.Append("Unless other code is about to use one of these channels, they wait for ever.\n");
        }

        return text.ToString();
    }

    internal static void Add(Chan chan)
    {
        lock (Channels)
        {
            Channels.RemoveAll(static channel => !channel.TryGetTarget(out _));
            Channels.Add(new WeakReference<Chan>(chan));
        }
    }

    internal static void Used() => Interlocked.Exchange(ref LastUse, Environment.TickCount64);

    internal static void Resumed() => Interlocked.Increment(ref Running);

    internal static void Suspended() => Interlocked.Decrement(ref Running);

    private static List<Chan> Live()
    {
        lock (Channels)
        {
            return Channels.Select(static channel => channel.TryGetTarget(out Chan? chan) ? chan : null).OfType<Chan>().ToList();
        }
    }

    private static string Seconds(long milliseconds) => (milliseconds / 1000d).ToString("0.000", CultureInfo.InvariantCulture) + " s";

    private static Meter CreateMeter()
    {
        var meter = new Meter("Sluice");
        meter.CreateObservableCounter("sluice.channel.sent", static () => Measure(static chan => chan.Sent), description: "Values sent.");
        meter.CreateObservableCounter("sluice.channel.received", static () => Measure(static chan => chan.Received), description: "Values received.");
        meter.CreateObservableCounter("sluice.channel.waits", static () => Measure(static chan => chan.Waits), description: "Operations that had to wait.");
        meter.CreateObservableUpDownCounter("sluice.channel.buffered", static () => Measure(static chan => chan.Count), description: "Values in the buffer.");
        meter.CreateObservableUpDownCounter("sluice.channel.waiting", static () => Measure(static chan => chan.Waiters().Count), description: "Operations and cases that wait now.");
        return meter;
    }

    // Channels of one name count together.
    private static IEnumerable<Measurement<long>> Measure(Func<Chan, long> value) =>
        Live().GroupBy(static chan => chan.Name ?? "unnamed").Select(named => new Measurement<long>(named.Sum(value), new KeyValuePair<string, object?>("channel", named.Key)));
}
