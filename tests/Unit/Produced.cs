using System;
using System.IO;

namespace Sluice.Tests;

/// <summary>Files that are made from the rules. The tests fail when one is out of date; with SLUICE_UPDATE=1 they write it anew.</summary>
internal static class Produced
{
    public static void Keep(string path, string text)
    {
        if (Environment.GetEnvironmentVariable("SLUICE_UPDATE") == "1")
        {
            File.WriteAllText(Path.Combine(Repository.Root, path), text);
        }

        bool isCurrent = File.Exists(Path.Combine(Repository.Root, path)) && Repository.Read(path) == text;
        Assert.True(isCurrent, $"{path} is out of step with the rules. Run: SLUICE_UPDATE=1 dotnet test tests/Unit");
    }
}
