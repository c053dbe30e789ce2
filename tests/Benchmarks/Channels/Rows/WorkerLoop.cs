using System.Threading.Channels;
using Sluice;

#pragma warning disable SLC1003 // a wait that is kept must not end with one turn
#pragma warning disable SLC4013 // nobody is idle for as long as it takes to go home

namespace ChannelBenchmarks;

[Select]
internal sealed partial class WorkerSelect
{
    public readonly Receive<int> Jobs = new();
    public readonly Receive<int> Control = new();
    public readonly Send<int> Results = new();
    public readonly After Idle = new();
    public readonly Done Stop = new();
}

/// <summary>A worker that takes a job or an order, gives a result or takes an order, and goes home when it is idle or told to stop.</summary>
internal static class WorkerLoop
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    public static async Task Sluice(int n, int room)
    {
        using var cancellation = new CancellationTokenSource();
        var (jobs, control, results) = (new Chan<int>(), new Chan<int>(), new Chan<int>(room));
        var sender = Sender.Start(n, jobs);
        var worker = Task.Run(() => WorkAsync(jobs, control, results, cancellation.Token));
        for (int i = 0; i < n; i++)
        {
            await results.ReceiveAsync();
        }

        await sender;
        jobs.Close();
        await worker;
    }

    public static Task Bcl(int n, int room) => Bcl(n, room, KeepWaitsAsync);

    public static Task BclAfresh(int n, int room) => Bcl(n, room, WaitAfreshAsync);

    private static async Task Bcl(int n, int room, Func<ChannelReader<int>, ChannelReader<int>, ChannelWriter<int>, CancellationToken, Task> workAsync)
    {
        using var cancellation = new CancellationTokenSource();
        var (jobs, control, results) = (Channel.CreateBounded<int>(0), Channel.CreateBounded<int>(0), Channel.CreateBounded<int>(room));
        var sender = Sender.Start(n, jobs.Writer);
        var worker = Task.Run(() => workAsync(jobs.Reader, control.Reader, results.Writer, cancellation.Token));
        for (int i = 0; i < n; i++)
        {
            await results.Reader.ReadAsync();
        }

        await sender;
        jobs.Writer.Complete();
        await worker;
    }

    private static async Task WorkAsync(Chan<int> jobs, Chan<int> control, Chan<int> results, CancellationToken stop)
    {
        using var select = new WorkerSelect();
        select.Control.From(control);
        select.Stop.On(stop);
        int? next = null;
        while (true)
        {
            select.Jobs.From(next is null ? jobs : null);
            select.Results.To(next is null ? null : results, next ?? 0);
            select.Idle.In(Idle);
            switch (await select)
            {
                case WorkerSelect.Case.Jobs when select.Jobs.Take(out int job):
                    next = job;
                    break;
                case WorkerSelect.Case.Results:
                    next = null;
                    break;
                case WorkerSelect.Case.Control:
                    select.Control.Take(out _);
                    break;
                default:
                    return;
            }
        }
    }

    // With what .NET has, by who knows it well: a wait for each side, kept while it is not over, and a delay for each turn.
    private static async Task KeepWaitsAsync(ChannelReader<int> jobs, ChannelReader<int> control, ChannelWriter<int> results, CancellationToken stop)
    {
        var stopped = Task.Delay(Timeout.Infinite, stop);
        Task<bool>? job = null;
        Task<bool>? order = null;
        Task<bool>? room = null;
        while (true)
        {
            job = job is null or { IsCompleted: true } ? jobs.WaitToReadAsync(CancellationToken.None).AsTask() : job;
            order = order is null or { IsCompleted: true } ? control.WaitToReadAsync(CancellationToken.None).AsTask() : order;
            using (var idle = CancellationTokenSource.CreateLinkedTokenSource(stop))
            {
                var delay = Task.Delay(Idle, idle.Token);
                var first = await Task.WhenAny(job, order, delay, stopped);
                idle.Cancel();
                if (first == delay || first == stopped || (first == job && !await job))
                {
                    return;
                }
            }

            control.TryRead(out _);
            if (!jobs.TryRead(out int next))
            {
                continue;
            }

            while (!results.TryWrite(next))
            {
                room = room is null or { IsCompleted: true } ? results.WaitToWriteAsync(CancellationToken.None).AsTask() : room;
                order = order is { IsCompleted: true } ? control.WaitToReadAsync(CancellationToken.None).AsTask() : order;
                using var idle = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var delay = Task.Delay(Idle, idle.Token);
                var first = await Task.WhenAny(room, order, delay, stopped);
                idle.Cancel();
                if (first == delay || first == stopped)
                {
                    return;
                }

                control.TryRead(out _);
            }
        }
    }

    // As one translates a select at first: waits afresh, and cancels the losers, or they would pile up.
    private static async Task WaitAfreshAsync(ChannelReader<int> jobs, ChannelReader<int> control, ChannelWriter<int> results, CancellationToken stop)
    {
        while (true)
        {
            int next;
            using (var turn = CancellationTokenSource.CreateLinkedTokenSource(stop))
            {
                var job = jobs.WaitToReadAsync(turn.Token).AsTask();
                var order = control.WaitToReadAsync(turn.Token).AsTask();
                var idle = Task.Delay(Idle, turn.Token);
                var first = await Task.WhenAny(job, order, idle);
                turn.Cancel();
                if (first == idle || first.IsCanceled || (first == job && !await job))
                {
                    return;
                }

                control.TryRead(out _);
                if (!jobs.TryRead(out next))
                {
                    continue;
                }
            }

            bool isSent = false;
            while (!isSent)
            {
                using var turn = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var room = results.WaitToWriteAsync(turn.Token).AsTask();
                var order = control.WaitToReadAsync(turn.Token).AsTask();
                var idle = Task.Delay(Idle, turn.Token);
                var first = await Task.WhenAny(room, order, idle);
                turn.Cancel();
                if (first == idle || first.IsCanceled)
                {
                    return;
                }

                control.TryRead(out _);
                isSent = results.TryWrite(next);
            }
        }
    }
}
