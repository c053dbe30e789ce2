namespace Pipeline;

/// <summary>Tries again while the other side is busy, a little later each time.</summary>
public sealed class RetryPolicy(int maxAttempts, TimeSpan firstDelay)
{
    public async Task<int> RunAsync(Func<int, CancellationToken, Task<PaymentResult>> attemptAsync, CancellationToken cancellationToken)
    {
        var delay = firstDelay;
        for (var attempt = 1; ; attempt++)
        {
            if (await attemptAsync(attempt, cancellationToken) == PaymentResult.Accepted)
            {
                return attempt;
            }

            if (attempt == maxAttempts)
            {
                throw new TimeoutException($"still busy after {attempt} attempts");
            }

            await Task.Delay(delay);
            delay *= 2;
        }
    }
}
