using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ChannelBenchmarks;

/// <summary>What channels and select cost beside Go's and those of .NET. For each number of cores there is a process that may use only those, from its start.</summary>
internal static class ChannelsProgram
{
    public static int Run(string[] args)
    {
        if (Options.Parse(args) is not { } options)
        {
            Console.Error.WriteLine(Options.Usage);
            return 1;
        }

        return options.Inside ? Measure(options) : Start(options, args);
    }

    private static int Start(Options options, string[] args)
    {
        string? tool = GoProgram.Tool();
        string go = tool is null ? "-" : GoProgram.Build(tool);
        Console.WriteLine($"{DateTime.Now:yyyy-MM-dd}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {(tool is null ? "no Go found" : GoProgram.Version(tool))}, {options.Rounds} rounds of {options.Milliseconds} ms");
        foreach (int cores in options.Cores)
        {
            if (cores > Environment.ProcessorCount)
            {
                Console.WriteLine($"\n{cores} cores: not on this machine.");
                continue;
            }

            // Threads and processes inherit what this thread may use.
            if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
            {
                using var self = Process.GetCurrentProcess();
                var before = self.ProcessorAffinity;
                self.ProcessorAffinity = First(cores, before);
                int code = RunInside([.. args, "--cores", $"{cores}", "--inside", go]);
                self.ProcessorAffinity = before;
                if (code != 0)
                {
                    return code;
                }
            }
        }

        return 0;
    }

    // As programs usually run: tiered compilation and the workstation's garbage collector, unlike the other benchmark of this project.
    private static int RunInside(IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["channels", .. args]);
        start.Environment["DOTNET_TieredCompilation"] = "1";
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "0"; // the last tier without the wait for a quiet start
        start.Environment["DOTNET_gcServer"] = "0";
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static nint First(int cores, nint allowed)
    {
        nint first = 0;
        for (int i = 0; i < 64 && cores > 0; i++)
        {
            nint bit = allowed & ((nint)1 << i);
            first |= bit;
            cores -= bit == 0 ? 0 : 1;
        }

        return first;
    }

    private static int Measure(Options options)
    {
        int cores = options.Cores[0];
        using var go = options.Go is null ? null : GoProgram.Start(options.Go, cores);
        Task.Run(() => new Session(options, go).Run()).GetAwaiter().GetResult();
        return 0;
    }
}
