using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Depot.Platform;

namespace Depot.Parcels;

public sealed record CreateParcel(string Number, ParcelAddress Sender, ParcelAddress Receiver, IReadOnlyList<ParcelLine> Lines);

public sealed class ParcelController(IStore<Guid, Parcel> store, IClock clock, ILog log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<Reply> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        var parcel = await store.FindAsync(id, cancellationToken);
        return parcel is null ? Reply.Missing() : Reply.Ok(parcel);
    }

    public async Task<Reply> ListAsync(string? city, int page, CancellationToken cancellationToken)
    {
        const int size = 50;
        var found = new List<Parcel>();
        int skipped = 0;
        await foreach (var parcel in store.AllAsync(cancellationToken))
        {
            if (city is not null && !string.Equals(parcel.Receiver.City, city, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (skipped++ < page * size)
            {
                continue;
            }

            found.Add(parcel);
            if (found.Count == size)
            {
                break;
            }
        }

        return Reply.Ok(found.OrderBy(parcel => parcel.Number).ToList());
    }

    public async Task<Reply> CreateAsync(CreateParcel request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Number) || request.Lines.Count == 0)
        {
            return Reply.Bad("a number and at least one line are needed");
        }

        var parcel = new Parcel(Guid.NewGuid(), request.Number, request.Sender, request.Receiver) { Created = clock.Now };
        foreach (var line in request.Lines)
        {
            parcel.Add(line);
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Patience);
        try
        {
            await store.SaveAsync(parcel, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            log.Warn($"{parcel.Number}: the store took more than {Patience}");
            return new Reply(503);
        }

        return Reply.Created(parcel);
    }

    public async Task<Reply> MoveAsync(Guid id, ParcelState next, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } parcel)
        {
            return Reply.Missing();
        }

        if (!parcel.CanMoveTo(next))
        {
            return Reply.Bad($"{parcel.State} cannot become {next}");
        }

        parcel.State = next;
        if (next == ParcelState.Delivered)
        {
            parcel.Delivered = clock.Now;
        }

        await store.SaveAsync(parcel, cancellationToken);
        return Reply.Ok(parcel);
    }

    public async Task<Reply> MoveManyAsync(IReadOnlyCollection<Guid> ids, ParcelState next, CancellationToken cancellationToken)
    {
        var replies = await Task.WhenAll(ids.Distinct().Select(id => MoveAsync(id, next, cancellationToken)));
        int failed = replies.Count(reply => reply.Status >= 400);
        log.Info($"{replies.Length - failed} of {replies.Length} moved to {next}");
        return failed == 0 ? Reply.Ok() : Reply.Bad($"{failed} failed");
    }

    public async Task<Reply> DeleteAsync(Guid id, CancellationToken cancellationToken) =>
        await store.DeleteAsync(id, cancellationToken) ? Reply.Ok() : Reply.Missing();
}
