namespace Pipeline;

public enum PaymentResult
{
    Accepted,
    Busy,
}

public sealed class PaymentRejectedException(string reason) : Exception(reason);

/// <summary>The client of the payment provider, who allows only a few requests at a time.</summary>
public sealed class PaymentGateway(int maxConcurrency) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(maxConcurrency, maxConcurrency);

    public async Task<PaymentResult> ChargeAsync(Order order, int attempt, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        var result = await SendAsync(order, attempt, cancellationToken);
        _slots.Release();
        return result;
    }

    public void Dispose() => _slots.Dispose();

    // Stands in for the provider: every seventh order meets a busy server once, and amounts must be positive.
    private static async Task<PaymentResult> SendAsync(Order order, int attempt, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(5 + order.Number % 4 * 3), cancellationToken);
        if (order.Amount <= 0)
        {
            throw new PaymentRejectedException($"order {order.Number}: amount {order.Amount} is not positive");
        }

        return order.Number % 7 == 0 && attempt == 1 ? PaymentResult.Busy : PaymentResult.Accepted;
    }
}
