using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Depot.Platform;

namespace Depot.Parcels;

public interface IParcelCarrier
{
    string Name { get; }

    Task<decimal> QuoteAsync(Parcel parcel, CancellationToken cancellationToken);

    Task<string> BookAsync(Parcel parcel, CancellationToken cancellationToken);

    Task CancelAsync(string booking, CancellationToken cancellationToken);
}

public abstract class ParcelStep
{
    public virtual Task UndoAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public abstract Task DoAsync(Parcel parcel, CancellationToken cancellationToken);
}

public sealed class ParcelSaga
{
    private readonly IReadOnlyList<IParcelCarrier> _carriers;
    private readonly IStore<Guid, Parcel> _store;
    private readonly ILog _log;

    public ParcelSaga(IReadOnlyList<IParcelCarrier> carriers, IStore<Guid, Parcel> store, ILog log)
    {
        _carriers = carriers;
        _store = store;
        _log = log;
    }

    public async Task<string?> ShipAsync(Guid id, CancellationToken cancellationToken)
    {
        var parcel = await _store.FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw new KeyNotFoundException(id.ToString());
        var carrier = await CheapestAsync(parcel, cancellationToken).ConfigureAwait(false);
        if (carrier is null)
        {
            _log.Warn($"{parcel.Number}: no carrier wants it");
            return null;
        }

        string? booking = null;
        try
        {
            booking = await carrier.BookAsync(parcel, cancellationToken).ConfigureAwait(false);
            parcel.State = ParcelState.InTransit;
            await _store.SaveAsync(parcel, cancellationToken).ConfigureAwait(false);
            return booking;
        }
        catch (Exception exception) when (booking is not null)
        {
            _log.Error($"{parcel.Number}: booking {booking} is taken back", exception);
            await carrier.CancelAsync(booking, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    public async Task RunAsync(Parcel parcel, IEnumerable<ParcelStep> steps, CancellationToken cancellationToken)
    {
        var done = new Stack<ParcelStep>();
        try
        {
            foreach (var step in steps)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await step.DoAsync(parcel, cancellationToken).ConfigureAwait(false);
                done.Push(step);
            }
        }
        catch
        {
            while (done.TryPop(out var step))
            {
                await step.UndoAsync(CancellationToken.None).ConfigureAwait(false);
            }

            throw;
        }
    }

    private async Task<IParcelCarrier?> CheapestAsync(Parcel parcel, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(3));
        var quotes = new Dictionary<Task<decimal>, IParcelCarrier>();
        foreach (var carrier in _carriers)
        {
            quotes.Add(carrier.QuoteAsync(parcel, patience.Token), carrier);
        }

        IParcelCarrier? best = null;
        decimal lowest = decimal.MaxValue;
        while (quotes.Count > 0)
        {
            var finished = await Task.WhenAny(quotes.Keys).ConfigureAwait(false);
            quotes.Remove(finished, out var carrier);
            switch (finished.Status)
            {
                case TaskStatus.RanToCompletion when finished.Result < lowest:
                    (best, lowest) = (carrier, finished.Result);
                    break;
                case TaskStatus.Faulted:
                    _log.Warn($"{carrier!.Name} cannot quote", finished.Exception);
                    break;
                case TaskStatus.Canceled:
                    cancellationToken.ThrowIfCancellationRequested();
                    break;
            }
        }

        return best;
    }
}
