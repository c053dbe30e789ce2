using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Depot.Platform;

namespace Depot.Parcels;

public sealed class ParcelRepository : IStore<Guid, Parcel>
{
    private readonly IConnectionFactory _connections;
    private readonly ILog _log;

    public ParcelRepository(IConnectionFactory connections, ILog log)
    {
        _connections = connections ?? throw new ArgumentNullException(nameof(connections));
        _log = log ?? throw new ArgumentNullException(nameof(log));
    }

    public async Task<Parcel?> FindAsync(Guid key, CancellationToken cancellationToken = default)
    {
        await using var connection = await _connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        var parameters = new Dictionary<string, object?> { ["id"] = key };
        await foreach (var row in connection.QueryAsync("select * from parcels where id = @id", parameters, cancellationToken).ConfigureAwait(false))
        {
            return Read(row);
        }

        return null;
    }

    public async Task SaveAsync(Parcel item, CancellationToken cancellationToken = default)
    {
        await using var connection = await _connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var transaction = await connection.BeginAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var parameters = new Dictionary<string, object?>
            {
                ["id"] = item.Id,
                ["number"] = item.Number,
                ["state"] = (int)item.State,
                ["weight"] = item.Weight,
                ["city"] = item.Receiver.City,
            };
            int changed = await connection.ExecuteAsync("update parcels set state = @state, weight = @weight where id = @id", parameters, cancellationToken).ConfigureAwait(false);
            if (changed == 0)
            {
                await connection.ExecuteAsync("insert into parcels values (@id, @number, @state, @weight, @city)", parameters, cancellationToken).ConfigureAwait(false);
            }

            await SaveLinesAsync(connection, item, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _log.Error($"saving {item.Number} failed", exception);
            await transaction.RollbackAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    public async Task<bool> DeleteAsync(Guid key, CancellationToken cancellationToken = default)
    {
        await using var connection = await _connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        var parameters = new Dictionary<string, object?> { ["id"] = key };
        int deleted = await connection.ExecuteAsync("delete from parcels where id = @id", parameters, cancellationToken).ConfigureAwait(false);
        return deleted > 0;
    }

    public async IAsyncEnumerable<Parcel> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var connection = await _connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var row in connection.QueryAsync("select * from parcels", new Dictionary<string, object?>(), cancellationToken).ConfigureAwait(false))
        {
            yield return Read(row);
        }
    }

    public async Task<IReadOnlyDictionary<ParcelState, int>> CountAsync(CancellationToken cancellationToken)
    {
        var counts = new Dictionary<ParcelState, int>();
        await foreach (var parcel in AllAsync(cancellationToken))
        {
            counts[parcel.State] = counts.GetValueOrDefault(parcel.State) + 1;
        }

        return counts;
    }

    private static async Task SaveLinesAsync(IConnection connection, Parcel parcel, CancellationToken cancellationToken)
    {
        int position = 0;
        foreach (var line in parcel.Lines)
        {
            var parameters = new Dictionary<string, object?> { ["id"] = parcel.Id, ["position"] = position++, ["sku"] = line.Sku, ["quantity"] = line.Quantity };
            await connection.ExecuteAsync("insert into parcel_lines values (@id, @position, @sku, @quantity)", parameters, cancellationToken).ConfigureAwait(false);
        }
    }

    private static Parcel Read(IRow row)
    {
        var sender = new ParcelAddress(row.Get<string>("sender"), string.Empty, string.Empty, string.Empty, "NL");
        var receiver = new ParcelAddress(row.Get<string>("receiver"), row.Get<string>("street"), row.Get<string>("city"), row.Get<string>("code"), row.Get<string>("country"));
        return new Parcel(row.Get<Guid>("id"), row.Get<string>("number"), sender, receiver)
        {
            State = (ParcelState)row.Get<int>("state"),
            Weight = row.IsNull("weight") ? 0 : row.Get<double>("weight"),
            Created = row.Get<DateTimeOffset>("created"),
        };
    }
}
