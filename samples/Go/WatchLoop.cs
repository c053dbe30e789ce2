using Sluice;

namespace Stories;

[Select]
internal sealed partial class OperatorSelect
{
    public readonly Receive<string> Changes = new();
    public readonly After Due = new();
    public readonly After Resync = new();
    public readonly Done Stop = new();
}

internal static class WatchLoop
{
    public static async Task RunAsync()
    {
        using var cancellation = new CancellationTokenSource();
        var cluster = new Cluster([["web", "db", "web"], ["cache"]], refuse: 1);
        await OperateAsync(cluster, cancellation);
    }

    // The loop of an operator: gathers changes until they pause, reconciles, tries again later when that fails, watches again when the watch ends, and looks at everything now and then.
    private static async Task OperateAsync(Cluster cluster, CancellationTokenSource cancellation)
    {
        var (pause, retry, all) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(600));
        var dirty = new SortedSet<string>(StringComparer.Ordinal);
        using var select = new OperatorSelect();
        select.Changes.From(cluster.Watch());
        select.Resync.In(all);
        select.Stop.On(cancellation.Token);
        while (true)
        {
            switch (await select)
            {
                case OperatorSelect.Case.Changes when select.Changes.Take(out var name):
                    dirty.Add(name);
                    select.Due.In(pause);
                    break;
                case OperatorSelect.Case.Changes:
                    select.Changes.From(cluster.Watch());
                    break;
                case OperatorSelect.Case.Due when cluster.Reconcile(dirty):
                    dirty.Clear();
                    break;
                case OperatorSelect.Case.Due:
                    select.Due.In(retry);
                    break;
                case OperatorSelect.Case.Resync:
                    Console.WriteLine("looked at everything");
                    cancellation.Cancel();
                    break;
                case OperatorSelect.Case.Stop:
                    Console.WriteLine("stopped");
                    return;
            }
        }
    }

    // A cluster of which one can ask to be told what changes. A watch ends after a while, as real ones do, and is then begun again.
    private sealed class Cluster(string[][] watches, int refuse)
    {
        private int _watch;
        private int _refuse = refuse;

        public ReceiveOnly<string> Watch()
        {
            var changes = new Chan<string>(10);
            if (_watch == watches.Length)
            {
                return changes; // quiet from now on
            }

            foreach (var name in watches[_watch++])
            {
                _ = changes.TrySend(name); // there is room for ten
            }

            changes.Close();
            return changes;
        }

        public bool Reconcile(IEnumerable<string> names)
        {
            var succeeds = _refuse-- <= 0;
            Console.WriteLine($"{(succeeds ? "reconciled" : "conflict on")} {string.Join(", ", names)}");
            return succeeds;
        }
    }
}
