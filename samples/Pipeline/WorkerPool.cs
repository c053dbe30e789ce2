using System.Threading.Channels;

namespace Pipeline;

/// <summary>A fixed number of workers that take orders from the queue, charge them and hand out receipts.</summary>
public sealed class WorkerPool(OrderQueue queue, PaymentGateway gateway, RetryPolicy retry, Statistics statistics, AuditLog audit)
{
    private readonly Channel<Receipt> _receipts = Channel.CreateUnbounded<Receipt>();

    public ChannelReader<Receipt> Receipts => _receipts.Reader;

    public async Task RunAsync(int size, CancellationToken cancellationToken)
    {
        var workers = new List<Task>();
        for (var number = 1; number <= size; number++)
        {
            workers.Add(Task.Run(() => WorkAsync(number, cancellationToken), cancellationToken));
        }

        try
        {
            await Task.WhenAll(workers);
        }
        catch (OperationCanceledException stopped)
        {
            Console.WriteLine("stopped before the queue was empty");
            _receipts.Writer.Complete(stopped);
        }

        _receipts.Writer.Complete();
    }

    private async Task WorkAsync(int number, CancellationToken cancellationToken)
    {
        await foreach (var order in queue.ReadAllAsync(cancellationToken))
        {
            try
            {
                var attempts = await retry.RunAsync((attempt, token) => gateway.ChargeAsync(order, attempt, token), cancellationToken);
                await _receipts.Writer.WriteAsync(new Receipt(order, number, attempts), cancellationToken);
            }
            catch (Exception failure) when (failure is PaymentRejectedException or TimeoutException)
            {
                statistics.Rejected();
                Report(order, failure, cancellationToken);
            }
        }
    }

    private async void Report(Order order, Exception failure, CancellationToken cancellationToken)
    {
        await audit.WriteAsync($"{order.Customer}: {failure.Message}", cancellationToken);
    }
}
