using System;
using System.Threading;
using System.Threading.Tasks;

namespace Sluice.Tour;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        var progress = new Progress();
        try
        {
            return await RunAsync(Options.Parse(args), progress, stop.Token);
        }
        catch (CannotVetException problem)
        {
            progress.Rest();
            Console.Error.WriteLine(problem.Message);
            return ExitCode.CouldNotVet;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            progress.Rest();
            Console.Error.WriteLine("Stopped.");
            return ExitCode.CouldNotVet;
        }
    }

    private static async Task<int> RunAsync(Options options, Progress progress, CancellationToken cancellation)
    {
        if (options.Help)
        {
            Console.WriteLine(Options.Usage);
            return ExitCode.Clean;
        }

        using var screen = new Screen(options.Svg is not null);
        var exitCode = options.Path is { } path
            ? await new UserVet(screen, progress, options).RunAsync(path, cancellation)
            : await new PipelineTour(screen, progress, options).RunAsync(cancellation);
        if (options.Svg is { } file)
        {
            screen.SavePicture(file, options.Path is null ? "dotnet run --project samples/Tour" : $"dotnet run --project samples/Tour -- {options.Path}");
        }

        return exitCode;
    }
}
