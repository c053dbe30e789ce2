using System;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Depot.Platform;

namespace Depot.Parcels;

/// <summary>Requests and replies over one connection, matched by number.</summary>
public sealed class ParcelClient : IAsyncDisposable
{
    private readonly ITransport _transport;
    private readonly ILog _log;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<byte[]>> _pending = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _reading;
    private int _sequence;

    public ParcelClient(ITransport transport, ILog log)
    {
        _transport = transport;
        _log = log;
        _reading = Task.Run(ReadLoopAsync);
    }

    public async Task<byte[]> RequestAsync(ReadOnlyMemory<byte> body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        int number = Interlocked.Increment(ref _sequence);
        var reply = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_pending.TryAdd(number, reply))
        {
            throw new InvalidOperationException($"{number} is in use");
        }

        using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        source.CancelAfter(timeout);
        using var registration = source.Token.Register(state => ((TaskCompletionSource<byte[]>)state!).TrySetCanceled(), reply);
        try
        {
            await SendAsync(number, body, source.Token).ConfigureAwait(false);
            return await reply.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no reply to {number} within {timeout}");
        }
        finally
        {
            _pending.TryRemove(number, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        try
        {
            await _reading.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            _log.Info("connection closed");
        }

        FailAll(new ObjectDisposedException(nameof(ParcelClient)));
        _transport.Dispose();
        _sending.Dispose();
        _closed.Dispose();
    }

    private async Task SendAsync(int number, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var frame = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, number);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), body.Length);
        body.CopyTo(frame.AsMemory(8));
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _transport.SendAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadLoopAsync()
    {
        var header = new byte[8];
        try
        {
            while (!_closed.IsCancellationRequested)
            {
                await FillAsync(header, _closed.Token).ConfigureAwait(false);
                int number = BinaryPrimitives.ReadInt32BigEndian(header);
                var body = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4))];
                await FillAsync(body, _closed.Token).ConfigureAwait(false);
                if (_pending.TryRemove(number, out var reply))
                {
                    reply.TrySetResult(body);
                }
                else
                {
                    _log.Warn($"nobody waits for {number}");
                }
            }
        }
        catch (IOException exception)
        {
            FailAll(exception);
        }
    }

    private async ValueTask FillAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            int count = await _transport.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw new EndOfStreamException();
            }

            buffer = buffer[count..];
        }
    }

    private void FailAll(Exception exception)
    {
        foreach (var number in new List<int>(_pending.Keys))
        {
            if (_pending.TryRemove(number, out var reply))
            {
                reply.TrySetException(exception);
            }
        }
    }
}
