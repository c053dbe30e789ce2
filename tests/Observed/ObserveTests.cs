using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Threading;
using System.Threading.Tasks;

namespace Sluice.Tests;

/// <summary>Dumps and counters. One class, so that its tests run one by one: they look at all channels of the process.</summary>
public sealed class ObserveTests
{
    [Fact]
    public async Task Dump_says_who_waits_on_which_channel_and_that_everything_waits()
    {
        var jobs = new Chan<int> { Name = "jobs" };
        var results = new Chan<string>(1) { Name = "results" };
        await results.SendAsync("full");
        Task worker = Worker(jobs);
        Task sender = Sender(results);
        Task chooser = Chooser(jobs);
        await worker.Waits();
        string dump = Observe.Dump();
        Assert.Contains("jobs, Chan<Int32>, 0 of 0 buffered, receivers wait", dump, StringComparison.Ordinal);
        Assert.Contains("receive in Sluice.Tests.ObserveTests.Worker for 0.", dump, StringComparison.Ordinal);
        Assert.Contains("results, Chan<String>, 1 of 1 buffered, senders wait", dump, StringComparison.Ordinal);
        Assert.Contains("send in Sluice.Tests.ObserveTests.Sender for 0.", dump, StringComparison.Ordinal);
        Assert.Contains("ObserveTests.Chooser", dump, StringComparison.Ordinal);
        Assert.Contains("in a select", dump, StringComparison.Ordinal);
        Assert.Contains("3 wait", dump, StringComparison.Ordinal);
        Assert.Contains("Everything waits", dump, StringComparison.Ordinal);

        // A token may end one of the waits, so that not everything waits for ever.
        using var stop = new CancellationTokenSource();
        Task cancellable = jobs.ReceiveAsync(stop.Token).AsTask();
        Assert.DoesNotContain("Everything waits", Observe.Dump(), StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => cancellable.Soon());

        jobs.Close();
        await results.ReceiveAsync();
        await Task.WhenAll(worker, sender, chooser).Soon();
        Assert.DoesNotContain("Everything waits", Observe.Dump(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counters_count()
    {
        var counted = new Chan<int>(2) { Name = "counted" };
        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "Sluice")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags[0].Value is "counted")
            {
                seen[instrument.Name] = value;
            }
        });
        listener.Start();
        for (int i = 0; i < 5; i++)
        {
            await counted.SendAsync(i);
            await counted.ReceiveAsync();
        }

        await counted.SendAsync(1);
        await counted.SendAsync(2);
        Task waiting = counted.SendAsync(3).AsTask();
        listener.RecordObservableInstruments();
        Assert.Equal((7, 5, 1), (seen["sluice.channel.sent"], seen["sluice.channel.received"], seen["sluice.channel.waits"]));
        Assert.Equal((2, 1), (seen["sluice.channel.buffered"], seen["sluice.channel.waiting"]));
        await counted.ReceiveAsync();
        await waiting.Soon();
    }

    private static async Task Worker(Chan<int> jobs) => await jobs.ReceiveAsync();

    private static async Task Sender(Chan<string> results) => await results.SendAsync("more");

    private static async Task Chooser(Chan<int> jobs)
    {
        Receive<int> receive = new();
        receive.From(jobs);
        using var select = new Select(receive);
        await select;
    }
}
