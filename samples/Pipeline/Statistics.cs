using System.Diagnostics;
using System.Text;

namespace Pipeline;

/// <summary>Counts what happens while the service runs.</summary>
public sealed class Statistics
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly SortedDictionary<int, int> _ordersByWorker = [];
    private int _accepted;
    private int _rejected;
    private int _retries;
    private decimal _turnover;

    public void Accepted(Receipt receipt)
    {
        lock (this)
        {
            _accepted++;
            _retries += receipt.Attempts - 1;
            _turnover += receipt.Order.Amount;
            _ordersByWorker[receipt.Worker] = _ordersByWorker.GetValueOrDefault(receipt.Worker) + 1;
        }
    }

    public void Rejected()
    {
        lock (this)
        {
            _rejected++;
        }
    }

    public string Summary()
    {
        lock (this)
        {
            var text = new StringBuilder();
            text.AppendLine($"{_accepted} orders accepted, {_rejected} rejected, {_retries} retries, turnover {_turnover:0.00}");
            foreach (var (worker, orders) in _ordersByWorker)
            {
                text.AppendLine($"  worker {worker}: {orders} orders");
            }

            return text.Append($"done in {_clock.ElapsedMilliseconds} ms").ToString();
        }
    }
}
