namespace ChannelBenchmarks;

/// <summary>One line of the table: the same work with Sluice, with the channels of .NET and, under the same name in main.go, with Go's.</summary>
/// <param name="Name">What main.go calls it.</param>
/// <param name="Title">What it is.</param>
/// <param name="Sluice">Does it so many times.</param>
/// <param name="Bcl">Does it so many times with System.Threading.Channels.</param>
/// <param name="IsVariant">Whether it shows another row in another way, so that it is not counted again.</param>
internal sealed record Row(string Name, string Title, Func<int, Task<Usage>> Sluice, Func<int, Task<Usage>> Bcl, bool IsVariant = false)
{
    public static IReadOnlyList<Row> All { get; } =
    [
        Of("PingPong", "ping-pong, unbuffered", PingPong.Sluice, PingPong.Bcl),
        Of("OneWay", "one way, unbuffered", OneWay.Sluice, OneWay.Bcl),
        Of("Buffer1", "buffer 100, 1 to 1", n => Buffered.Sluice(n, 1), n => Buffered.Bcl(n, 1)),
        Of("Buffer4", "buffer 100, 4 to 4", n => Buffered.Sluice(n, 4), n => Buffered.Bcl(n, 4)),
        Of("Alone", "send and receive, uncontended", Alone.Sluice, Alone.Bcl),
        Of("Select2", "select of 2", n => SelectAmong.Sluice(n, 2), n => SelectAmong.Bcl(n, 2)),
        Of("Select4", "select of 4", n => SelectAmong.Sluice(n, 4), n => SelectAmong.Bcl(n, 4)),
        Of("Select8", "select of 8", n => SelectAmong.Sluice(n, 8), n => SelectAmong.Bcl(n, 8)),
        Of("TryNone", "select with default, none ready", SelectWithDefault.SluiceNone, SelectWithDefault.BclNone),
        Of("TryReady", "select with default, ready", SelectWithDefault.SluiceReady, SelectWithDefault.BclReady),
        Of("OrToken", "receive or token", ReceiveOrToken.Sluice, ReceiveOrToken.Bcl),
        Of("OrTimer", "receive, timer or token", ReceiveOrTimer.Sluice, ReceiveOrTimer.Bcl),
        new(CloseName, "close with 1000 waiters, each", CloseMany.Sluice, CloseMany.Bcl),
        Of("Worker0", "whole worker loop, two selects a job", n => WorkerLoop.Sluice(n, 0), n => WorkerLoop.BclAfresh(n, 0)),
        Of("Worker0", "the same; .NET keeps its waits", n => WorkerLoop.Sluice(n, 0), n => WorkerLoop.Bcl(n, 0), isVariant: true),
        Of("Worker16", "the same; and results have a buffer", n => WorkerLoop.Sluice(n, 16), n => WorkerLoop.Bcl(n, 16), isVariant: true),
    ];

    public const string CloseName = "Close";
    public bool IsWorkerLoop => Name.StartsWith("Worker", StringComparison.Ordinal);

    private static Row Of(string name, string title, Func<int, Task> sluice, Func<int, Task> bcl, bool isVariant = false) =>
        new(name, title, n => Usage.Of(() => sluice(n)), n => Usage.Of(() => bcl(n)), isVariant);
}
