using System.Collections.Concurrent;

namespace Pipeline;

/// <summary>Keeps what went wrong for the bookkeepers.</summary>
public sealed class AuditLog : IAsyncDisposable
{
    private readonly StreamWriter _file;
    private readonly SemaphoreSlim _turn = new(1, 1);

    public AuditLog(string path) => _file = new StreamWriter(path);

    public async Task WriteAsync(string entry, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await _file.WriteLineAsync(entry.AsMemory(), cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _turn.Dispose();
    }
}
