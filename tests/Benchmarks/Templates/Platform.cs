using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Depot.Platform;

public interface IClock
{
    DateTimeOffset Now { get; }
}

public interface ILog
{
    void Info(string message);

    void Warn(string message, Exception? exception = null);

    void Error(string message, Exception? exception = null);
}

public interface IRow
{
    T Get<T>(string column);

    bool IsNull(string column);
}

public interface IConnection : IAsyncDisposable
{
    Task<ITransaction> BeginAsync(CancellationToken cancellationToken = default);

    Task<int> ExecuteAsync(string sql, IReadOnlyDictionary<string, object?> parameters, CancellationToken cancellationToken = default);

    IAsyncEnumerable<IRow> QueryAsync(string sql, IReadOnlyDictionary<string, object?> parameters, CancellationToken cancellationToken = default);
}

public interface ITransaction : IAsyncDisposable
{
    Task CommitAsync(CancellationToken cancellationToken = default);

    Task RollbackAsync(CancellationToken cancellationToken = default);
}

public interface IConnectionFactory
{
    ValueTask<IConnection> OpenAsync(CancellationToken cancellationToken = default);
}

public interface IStore<TKey, TItem>
{
    Task<TItem?> FindAsync(TKey key, CancellationToken cancellationToken = default);

    Task SaveAsync(TItem item, CancellationToken cancellationToken = default);

    Task<bool> DeleteAsync(TKey key, CancellationToken cancellationToken = default);

    IAsyncEnumerable<TItem> AllAsync(CancellationToken cancellationToken = default);
}

public interface ITransport : IDisposable
{
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    ValueTask SendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);
}

public sealed record Reply(int Status, object? Body = null)
{
    public static Reply Ok(object? body = null) => new(200, body);

    public static Reply Created(object body) => new(201, body);

    public static Reply Missing() => new(404);

    public static Reply Bad(string reason) => new(400, reason);
}
