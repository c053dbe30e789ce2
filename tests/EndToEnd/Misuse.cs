using System.Collections.Generic;

namespace Sluice.EndToEnd;

/// <summary>A program with known misuse: each comment announces what is reported on its line.</summary>
internal static class Misuse
{
    public const string File = "Program.cs";

    /// <summary>Every line that is announced has a fix.</summary>
    public const string Source = """
        using System.Text; // SLC0001 error

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

            private static async Task CountAsync(CancellationToken cancellation)
            {
                await Task.Delay(1); // SLC1002 warning
            }
        }

        """;

    /// <summary>What the fixes make of it.</summary>
    public const string Mended = """
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

            private static async Task CountAsync(CancellationToken cancellation)
            {
                await Task.Delay(1, cancellation); // SLC1002 warning
            }
        }

        """;

    public static IReadOnlyList<Finding> Announced { get; } = Finding.Announced(File, Source);
}
