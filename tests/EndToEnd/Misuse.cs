using System.Collections.Generic;

namespace Sluice.EndToEnd;

/// <summary>A program with known misuse: each comment announces what is reported on its line.</summary>
internal static class Misuse
{
    public const string File = "Program.cs";

    public const string RestFile = "Rest.cs";

    /// <summary>What has no fix.</summary>
    public const string Rest = """
        using System.Threading.Channels;

        internal static class Rest
        {
            public static async Task Finish(Channel<string> log, bool failed, CancellationToken cancellation)
            {
                log.Writer.Complete();
                if (failed)
                {
                    await log.Writer.WriteAsync("failed", cancellation); // SLC2002 error
                }
            }
        }

        """;

    /// <summary>Every line that is announced has a fix.</summary>
    public const string Source = """
        using System.Text; // SLC0001 error
        using System.Threading.Channels;

        internal static class Program
        {
            private static async Task Main()
            {
                using var stop = new CancellationTokenSource();
                await CountAsync(stop.Token);
                var numbers = new List<Task>();
                for (int i = 0; i < 3; i++)
                {
                    numbers.Add(Task.Run(() => Console.WriteLine(i))); // SLC3002 error
                }

                await Task.WhenAll(numbers);
                Parallel.ForEach(numbers, async number => await number); // SLC5005 error
            }

            private static async Task CountAsync(CancellationToken cancellation) // SLC1010 warning
            {
                await Task.Delay(1); // SLC1002 warning
            }

            private static async Task Produce(ChannelWriter<int> writer)
            {
                try
                {
                    await writer.WriteAsync(1);
                    writer.Complete();
                }
                finally
                {
                    writer.Complete(); // SLC2001 error
                }
            }
        }

        internal sealed class Counter
        {
            private readonly SemaphoreSlim _permits = new(1);
            private int _count;

            public void Add()
            {
                lock (this) // SLC4009 warning
                {
                    _count++;
                }
            }

            public async Task<string> Load(string path, CancellationToken cancellation)
            {
                await _permits.WaitAsync(cancellation); // SLC4003 warning
                string text = await File.ReadAllTextAsync(path, cancellation);
                _permits.Release();
                return text;
            }
        }

        """;

    /// <summary>What the fixes make of it.</summary>
    public const string Mended = """
        using System.Threading.Channels;

        internal static class Program
        {
            private static async Task Main()
            {
                using var stop = new CancellationTokenSource();
                await CountAsync(stop.Token);
                var numbers = new List<Task>();
                for (int i = 0; i < 3; i++)
                {
                    var currentI = i;
                    numbers.Add(Task.Run(() => Console.WriteLine(currentI))); // SLC3002 error
                }

                await Task.WhenAll(numbers);
                await Parallel.ForEachAsync(numbers, async (number, _) => await number); // SLC5005 error
            }

            private static async Task CountAsync(CancellationToken cancellation) // SLC1010 warning
            {
                await Task.Delay(1, cancellation); // SLC1002 warning
            }

            private static async Task Produce(ChannelWriter<int> writer)
            {
                try
                {
                    await writer.WriteAsync(1);
                    writer.Complete();
                }
                finally
                {
                    writer.TryComplete(); // SLC2001 error
                }
            }
        }

        internal sealed class Counter
        {
            private readonly Lock _gate = new();
            private readonly SemaphoreSlim _permits = new(1);
            private int _count;

            public void Add()
            {
                lock (_gate) // SLC4009 warning
                {
                    _count++;
                }
            }

            public async Task<string> Load(string path, CancellationToken cancellation)
            {
                await _permits.WaitAsync(cancellation); // SLC4003 warning
                try
                {
                    string text = await File.ReadAllTextAsync(path, cancellation);
                    return text;
                }
                finally
                {
                    _permits.Release();
                }
            }
        }

        """;

    public static IReadOnlyList<Finding> Announced { get; } = [.. Finding.Announced(File, Source), .. Finding.Announced(RestFile, Rest)];

    /// <summary>A consumer with all of it.</summary>
    public static Consumer Consumer(string properties = "", string framework = "net10.0")
    {
        var consumer = new Consumer("<OutputType>Exe</OutputType>" + properties, framework);
        consumer.Write(File, Source);
        consumer.Write(RestFile, Rest);
        return consumer;
    }
}
