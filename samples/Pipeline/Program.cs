using Pipeline;

using var shutdown = new CancellationTokenSource(TimeSpan.FromSeconds(30));
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    shutdown.Cancel();
};

var statistics = new Statistics();
var queue = new OrderQueue();
var retry = new RetryPolicy(maxAttempts: 3, firstDelay: TimeSpan.FromMilliseconds(10));
var auditPath = Path.Combine(Path.GetTempPath(), $"orders-audit-{Environment.ProcessId}.log");

await using (var audit = new AuditLog(auditPath))
using (var gateway = new PaymentGateway(maxConcurrency: 3))
using (var orders = File.OpenText(Path.Combine(AppContext.BaseDirectory, "orders.csv")))
{
    var pool = new WorkerPool(queue, gateway, retry, statistics, audit);
    var printer = new ReceiptPrinter(pool.Receipts, statistics);
    await Task.WhenAll(
        queue.FillAsync(orders, shutdown.Token),
        pool.RunAsync(size: 4, shutdown.Token),
        printer.RunAsync(shutdown.Token));
}

Console.WriteLine(statistics.Summary());
Console.WriteLine($"rejected: {File.ReadAllText(auditPath).Trim()}");
File.Delete(auditPath);
