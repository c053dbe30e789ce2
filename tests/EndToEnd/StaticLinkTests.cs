using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Sluice.EndToEnd;

/// <summary><c>SluiceStaticLink</c>: the sample service becomes one file that runs where nothing else is.</summary>
public sealed class StaticLinkTests
{
    private const string Properties = "<OutputType>Exe</OutputType><TreatWarningsAsErrors>true</TreatWarningsAsErrors><SluiceStaticLink>true</SluiceStaticLink>";

    [StaticLinkFact]
    public async Task Sample_is_one_static_file_that_runs_in_an_empty_root()
    {
        using var consumer = new Consumer(Properties + "<PublishAot>true</PublishAot>", otherSources: true);
        consumer.Write("Program.cs", File.ReadAllText(Path.Combine(Package.Repository, "samples", "StaticService", "Program.cs")));
        var (exitCode, output) = await consumer.Dotnet("publish", "--nologo", "--output", "root");
        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("warning IL", output, StringComparison.Ordinal);

        string file = Assert.Single(Directory.GetFileSystemEntries(consumer.PathOf("root")));
        Assert.Equal("Consumer", Path.GetFileName(file));
        Assert.False(AsksForALoader(await File.ReadAllBytesAsync(file)), "It asks for a dynamic loader.");
        var lines = await InRoot(consumer.PathOf("root"), "/Consumer", "10\nten\n1000\n100\n");
        Assert.Equal(["10 4", "100 25", "1000 168"], lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Says_what_is_missing()
    {
        using var consumer = new Consumer(Properties);
        consumer.Write("Program.cs", "System.Console.WriteLine(42);\n");
        var (exitCode, output) = await consumer.Dotnet("publish", "--nologo");
        Assert.True(exitCode != 0, output);
        Assert.Contains("error : SluiceStaticLink needs PublishAot: add <PublishAot>true</PublishAot> to the project file.", output, StringComparison.Ordinal);
    }

    // Whether the ELF file has a program header PT_INTERP.
    private static bool AsksForALoader(byte[] elf)
    {
        const int Interpreter = 3;
        long start = BitConverter.ToInt64(elf, 0x20);
        int size = BitConverter.ToUInt16(elf, 0x36), count = BitConverter.ToUInt16(elf, 0x38);
        Assert.InRange(count, 1, 64);
        return Enumerable.Range(0, count).Any(header => BitConverter.ToInt32(elf, (int)start + (header * size)) == Interpreter);
    }

    private static async Task<string[]> InRoot(string root, string program, string input)
    {
        var start = new ProcessStartInfo("chroot", [root, program]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
