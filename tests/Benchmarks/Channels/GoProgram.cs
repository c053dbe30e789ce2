using System.Diagnostics;
using System.Globalization;

namespace ChannelBenchmarks;

/// <summary>main.go, built by the go that is found, as a process that runs rows when asked.</summary>
internal sealed class GoProgram : IDisposable
{
    private readonly Process _process;

    private GoProgram(string path, int cores)
    {
        var start = new ProcessStartInfo(path) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["GOMAXPROCS"] = cores.ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(start)!;
    }

    /// <summary>The path of the go tool: what the variable GO says, or what PATH has.</summary>
    public static string? Tool() => Environment.GetEnvironmentVariable("GO") is { Length: > 0 } said
        ? said
        : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "go.exe" : "go")).FirstOrDefault(File.Exists);

    public static string Version(string tool) => Run(tool, "version").Trim();

    /// <summary>Builds the program beside this one; what was built is the result.</summary>
    public static string Build(string tool)
    {
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "channels-in-go.exe" : "channels-in-go");
        Run(tool, "build", "-o", program, Path.Combine(AppContext.BaseDirectory, "Channels", "main.go"));
        return program;
    }

    public static GoProgram Start(string program, int cores) => new(program, cores);

    /// <summary>Runs a row so many times, and gives the numbers that it answers with.</summary>
    public async Task<double[]> Ask(string row, int n)
    {
        await _process.StandardInput.WriteLineAsync($"{row} {n}");
        await _process.StandardInput.FlushAsync();
        string answer = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The Go program ended in {row}.");
        return [.. answer.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    public async Task<Usage> Use(string row, int n) => await Ask(row, n) is [var cpu, var wall, var bytes] ? new(cpu, wall, bytes) : throw new InvalidOperationException(row);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string Run(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{tool} {string.Join(' ', arguments)} failed.");
    }
}
