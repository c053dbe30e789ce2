using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Depot.Platform;

namespace Depot.Parcels;

/// <summary>Read, price, batch, save: four stages joined by channels.</summary>
public sealed class ParcelPipeline
{
    private readonly IStore<Guid, Parcel> _store;
    private readonly Func<Parcel, CancellationToken, ValueTask<decimal>> _price;
    private readonly ILog _log;

    public ParcelPipeline(IStore<Guid, Parcel> store, Func<Parcel, CancellationToken, ValueTask<decimal>> price, ILog log)
    {
        _store = store;
        _price = price;
        _log = log;
    }

    public async Task<int> RunAsync(IAsyncEnumerable<Parcel> source, int workers, CancellationToken cancellationToken)
    {
        var read = Channel.CreateBounded<Parcel>(100);
        var priced = Channel.CreateBounded<(Parcel Parcel, decimal Price)>(100);
        var batches = Channel.CreateUnbounded<IReadOnlyList<Parcel>>(new UnboundedChannelOptions { SingleReader = true });
        var reading = ReadAsync(source, read.Writer, cancellationToken);
        var pricing = Enumerable.Range(0, workers).Select(_ => PriceAsync(read.Reader, priced.Writer, cancellationToken)).ToArray();
        var closing = CloseAsync(pricing, priced.Writer);
        var batching = BatchAsync(priced.Reader, batches.Writer, cancellationToken);
        int saved = await SaveAsync(batches.Reader, cancellationToken);
        await Task.WhenAll(reading, closing, batching);
        return saved;
    }

    private static async Task ReadAsync(IAsyncEnumerable<Parcel> source, ChannelWriter<Parcel> output, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await foreach (var parcel in source.WithCancellation(cancellationToken))
            {
                await output.WriteAsync(parcel, cancellationToken);
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }
        finally
        {
            output.Complete(failure);
        }
    }

    private static async Task CloseAsync(Task[] pricing, ChannelWriter<(Parcel Parcel, decimal Price)> output)
    {
        try
        {
            await Task.WhenAll(pricing);
        }
        finally
        {
            output.TryComplete();
        }
    }

    private static async Task BatchAsync(ChannelReader<(Parcel Parcel, decimal Price)> input, ChannelWriter<IReadOnlyList<Parcel>> output, CancellationToken cancellationToken)
    {
        var batch = new List<Parcel>();
        var reading = input.WaitToReadAsync(cancellationToken).AsTask();
        try
        {
            while (true)
            {
                var finished = await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(1), cancellationToken));
                if (finished != reading)
                {
                    await FlushAsync();
                    continue;
                }

                if (!await reading)
                {
                    break;
                }

                while (input.TryRead(out var item))
                {
                    batch.Add(item.Parcel);
                    if (batch.Count >= 50)
                    {
                        await FlushAsync();
                    }
                }

                reading = input.WaitToReadAsync(cancellationToken).AsTask();
            }

            await FlushAsync();
        }
        finally
        {
            output.TryComplete();
        }

        async Task FlushAsync()
        {
            if (batch.Count > 0)
            {
                await output.WriteAsync(batch.ToArray(), cancellationToken);
                batch.Clear();
            }
        }
    }

    private async Task PriceAsync(ChannelReader<Parcel> input, ChannelWriter<(Parcel Parcel, decimal Price)> output, CancellationToken cancellationToken)
    {
        while (await input.WaitToReadAsync(cancellationToken))
        {
            while (input.TryRead(out var parcel))
            {
                try
                {
                    var price = await _price(parcel, cancellationToken);
                    await output.WriteAsync((parcel, price), cancellationToken);
                }
                catch (ArgumentException exception)
                {
                    _log.Warn($"{parcel.Number} has no price", exception);
                }
            }
        }
    }

    private async Task<int> SaveAsync(ChannelReader<IReadOnlyList<Parcel>> input, CancellationToken cancellationToken)
    {
        int saved = 0;
        await foreach (var batch in input.ReadAllAsync(cancellationToken))
        {
            await Task.WhenAll(batch.Select(parcel => _store.SaveAsync(parcel, cancellationToken)));
            saved += batch.Count;
            _log.Info($"{saved} saved");
        }

        return saved;
    }
}
