using System.Threading.Tasks;

namespace Sluice.EndToEnd;

/// <summary><c>dotnet format analyzers</c> mends what has a fix, and its check fails until that was done.</summary>
public sealed class FormatTests
{
    [Fact]
    public async Task Format_mends_and_then_verifies()
    {
        using var consumer = new Consumer("<OutputType>Exe</OutputType>");
        consumer.Write(Misuse.File, Misuse.Source);

        var (before, output) = await consumer.Dotnet("format", "analyzers", "--verify-no-changes");
        Assert.True(before != 0, output);
        Assert.Equal(Misuse.Source, consumer.Read(Misuse.File));

        (int mending, output) = await consumer.Dotnet("format", "analyzers", "--no-restore");
        Assert.True(mending == 0, output);
        Assert.Equal(Misuse.Mended, consumer.Read(Misuse.File));

        (int after, output) = await consumer.Dotnet("format", "analyzers", "--verify-no-changes", "--no-restore");
        Assert.True(after == 0, output);

        var build = await consumer.Build();
        build.Found([]);
        build.Succeeded();
    }
}
