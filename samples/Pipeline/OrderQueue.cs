using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Pipeline;

/// <summary>The orders of the day, read from a file and handed to the workers.</summary>
public sealed class OrderQueue
{
    private readonly Channel<Order> _orders = Channel.CreateBounded<Order>(new BoundedChannelOptions(16)
    {
        FullMode = BoundedChannelFullMode.Wait,
        SingleWriter = true,
    });

    public int Count => _orders.Reader.Count;

    public IAsyncEnumerable<Order> ReadAllAsync(CancellationToken cancellationToken) =>
        _orders.Reader.ReadAllAsync(cancellationToken);

    public async Task FillAsync(TextReader source, CancellationToken cancellationToken)
    {
        while (await source.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            await _orders.Writer.WriteAsync(Parse(line), cancellationToken);
        }

        _orders.Writer.Complete();
    }

    private static Order Parse(string line)
    {
        var fields = line.Split(';');
        if (fields.Length != 3)
        {
            throw new FormatException($"Expected 'number;customer;amount' but got '{line}'.");
        }

        return new Order(
            int.Parse(fields[0], CultureInfo.InvariantCulture),
            fields[1].Trim(),
            decimal.Parse(fields[2], CultureInfo.InvariantCulture));
    }
}
