using System.Threading.Channels;

namespace Pipeline;

/// <summary>Takes the receipts as they come and keeps the books.</summary>
public sealed class ReceiptPrinter(ChannelReader<Receipt> receipts, Statistics statistics)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var receipt in receipts.ReadAllAsync(cancellationToken))
        {
            statistics.Accepted(receipt);
            if (receipt.Attempts > 1)
            {
                Console.WriteLine($"order {receipt.Order.Number} for {receipt.Order.Customer}: accepted at attempt {receipt.Attempts}");
            }
        }
    }
}
